//! Ziyun: the business, and what the binary is made of.

pub mod app;
pub mod config;
pub mod demo;
pub mod description;
pub mod doctor;
mod health;
pub mod identity;
pub mod lock;
pub mod operate;
pub mod reach;
pub mod recovery;
pub mod server;
pub mod sourcing;
pub mod sweep;
pub mod trust;
pub mod watch;
pub mod web;
mod work;
