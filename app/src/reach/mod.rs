//! Reaching people, and being found: public notices, regions, categories.

pub mod announcement;
pub mod category;
pub mod conversation;
pub mod digest;
pub mod inbox;
pub mod notice;
pub mod ocds;
pub mod provider;
pub mod region;
pub mod remembered;
pub mod report;
pub mod subscription;
pub mod webhook;
