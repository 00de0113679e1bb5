//! The product through its front doors.
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod command;
