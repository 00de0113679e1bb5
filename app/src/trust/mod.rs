//! Why people may trust the platform.

pub mod log;
pub mod policy;
pub mod register;
