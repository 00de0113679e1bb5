//! Where people find what waits for them.

pub mod audit;
pub mod desk;
pub mod exception;
pub mod figures;
pub mod history;
pub mod jobs;
pub mod operators;
pub mod privacy;
pub mod risk;
pub mod styles;
