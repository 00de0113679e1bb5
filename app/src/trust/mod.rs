//! Why people may trust the platform.

pub mod access;
pub mod consent;
pub mod drill;
pub mod log;
pub mod policy;
pub mod register;
pub mod usage;
