//! What an operator watches: figures of requests, units of work, jobs, followers, stores and the process, served in the
//! Prometheus text format on a listener of their own; the log, a line for each request; and traces for a
//! collector.
//!
//! **The rule.** Before the hour nothing here may tell that a sealed bid exists, let alone how many there are. So what
//! members do is never told apart: every route that asks for more than a visitor and less than the operator is counted
//! and logged under one name ([`name::MEMBERS`]), and so is every job that a member's act may leave behind. No rows, events, files
//! or bytes are counted (only how far behind a follower is), and free disk space is told in whole percents. Labels come
//! from the program itself: routes, methods, classes of status, kinds, names of followers and stores. Never an id, an
//! address or a value of somebody.

mod connection;
mod disk;
mod figures;
mod lines;
mod listener;
pub mod log;
pub mod name;
mod process;
mod request;
mod scrape;
pub mod trace;

pub use disk::{Disk, free};
pub use figures::Figures;
pub use listener::{Error, Listener};
pub use name::Names;
pub use request::watch;
pub use scrape::scrape;

pub(crate) use connection::counted;
