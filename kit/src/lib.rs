//! Tools without a business word, on which every other crate stands.
//!
//! `db` is the unit of work (SQLite or PostgreSQL behind one `Tx`), `event` and `job` what a unit leaves behind for
//! others, `blobs`, `search`, `mail` the stores and ports beside the database, `clock`, `random`, `id` what would
//! otherwise be ambient, `identifier` the check digits of Chinese identifiers, `sheet` tables as spreadsheets have them.

pub mod blobs;
pub mod clock;
pub mod db;
pub mod event;
pub mod follower;
pub mod id;
pub mod identifier;
pub mod job;
pub mod mail;
pub mod money;
pub mod outgoing;
pub mod random;
pub mod search;
pub mod sheet;
