//! Why people may trust the platform.

pub mod access;
pub mod consent;
pub mod cookies;
pub mod log;
pub mod policy;
pub mod register;
pub mod schedule;
pub mod terms;
