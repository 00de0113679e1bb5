//! Why people may trust the platform.

pub mod policy;
pub mod register;
