//! Ziyun: the business, and what the binary is made of.

pub mod config;
