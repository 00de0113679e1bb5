//! Why people may trust the platform.

pub mod log;
pub mod access;
pub mod consent;
pub mod policy;
pub mod register;
