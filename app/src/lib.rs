//! Ziyun: the business, and what the binary is made of.

use mimalloc::MiMalloc;

/// Rows, units and answers are made on one thread and dropped on another, dozens of small pieces for each request: the
/// case in which the system's allocator takes longest.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

pub mod apart;
pub mod app;
pub mod backup;
mod business;
pub mod config;
pub mod demo;
pub mod description;
mod discard;
pub mod doctor;
pub mod drill;
mod folders;
mod health;
pub mod identity;
mod index;
pub mod lock;
pub mod operate;
mod paper;
pub mod reach;
pub mod recovery;
pub mod restore;
pub mod server;
pub mod sourcing;
pub mod sweep;
pub mod tombstones;
pub mod trust;
pub mod watch;
pub mod web;
mod work;
mod workday;
