//! Public notices: what a buyer makes known to everybody. Immutable, at a stable address, readable signed out.

pub mod source;
