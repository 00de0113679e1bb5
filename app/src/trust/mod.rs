//! Why people may trust the platform.

pub mod access;
pub mod complaint;
pub mod consent;
pub mod data;
pub mod export;
pub mod log;
pub mod policy;
pub mod register;
