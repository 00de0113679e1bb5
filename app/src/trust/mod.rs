//! Why people may trust the platform.

pub mod access;
pub mod cancellation;
pub mod closing;
pub mod complaint;
pub mod consent;
pub mod cookies;
pub mod data;
pub mod drill;
pub mod export;
pub mod leak;
pub mod log;
pub mod policy;
pub mod processor;
pub mod register;
pub mod schedule;
pub mod terms;
pub mod usage;
