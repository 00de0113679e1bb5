//! The wing of the guide's room.

pub mod maintenance;
