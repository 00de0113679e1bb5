//! Evidence that holds without the program: signed receipts, the transparency log that they are in, and the offline
//! verification of both.
//!
//! The log is a Merkle tree (RFC 9162) with one entry for every ten seconds ([`epoch`]). It is served as tiles
//! ([`tile`]) under signed checkpoints ([`checkpoint`]), so that tools for any such log can follow it. `docs/log.md` has
//! the format and what it proves.

pub mod checkpoint;
pub mod draw;
mod entered;
pub mod epoch;
mod hash;
mod key;
pub mod proof;
mod proven;
mod receipt;
pub mod tile;
mod tree;

pub use entered::{Entered, EventFormat};
pub use hash::Hash;
pub use key::{PublicKey, Signer};
pub use proven::{EVENT, Format, Proof, Proven, named_key, verify};
pub use receipt::{Flaw, Receipt};
pub use tree::{Place, Tree};
