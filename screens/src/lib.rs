//! Risk signals of bidding (围标串标): pure functions over prices, groups of lots, texts, files, and records of procurement as OCDS has
//! them. No database, no clock, no word of a room.
//!
//! A [`Signal`] is a hint with the numbers that it rests on, for a person who judges; it is never a verdict. How often a method has
//! been right where the truth is known stands in [`measured`], where it fails too.

pub mod combine;
pub mod evaluation;
pub mod file;
pub mod gap;
pub mod group;
pub mod measure;
pub mod measured;
pub mod person;
pub mod price;
pub mod red_flag;
mod signal;
pub mod text;

pub use price::{Screen, Screens};
pub use signal::{Fact, Kind, Signal};
