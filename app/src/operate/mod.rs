//! Where people find what waits for them.

pub mod desk;
pub mod exception;
pub mod privacy;
pub mod styles;
