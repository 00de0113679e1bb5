//! Tables as spreadsheet programs have them: read from what strangers send (xlsx, csv), written for people to keep (xlsx).
//!
//! What is read is text, cell by cell, as a person sees it: a number without an exponent, a formula by what it last came to.
//! Nothing of a file is ever computed, followed or run. Everything is bounded before it is held in memory ([`Bounds`]);
//! whoever reads files of strangers does it in a process with limits of its own, all the same.

mod csv;
mod read;
mod write;
mod xlsx;

pub use read::{Bounds, Flaw, Line, Table, plain, read};
pub use write::{Cell, Column, Rule, Sheet, WriteError, write};

/// The media type of what [`write`](fn@write) makes.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
