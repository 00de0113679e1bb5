//! Reaching people, and being found: public notices, search, regions.

pub mod notice;
pub mod region;
