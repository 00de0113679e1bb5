//! Sourcing: from a tender's draft to its award.
//!
//! One engine serves every method of tendering; a [`profile`] says what differs. The rooms stand in one order and call
//! only backwards: archive → dossier → qualified → demand → termination → award → candidates → negotiation → evaluation → auction → extension → opening → consortium → bid → clarification → amendment → inviting → tender.

pub mod amendment;
pub mod archive;
pub mod attached;
pub mod auction;
pub mod award;
pub mod bid;
pub mod candidates;
pub mod circle;
pub mod clarification;
pub mod consortium;
pub mod demand;
pub mod dossier;
pub mod evaluation;
pub mod extension;
mod facts;
pub mod guests;
pub mod inviting;
pub mod low_price;
pub mod negotiation;
pub mod opening;
pub mod profile;
pub mod qualified;
pub mod regime;
pub mod rounds;
pub mod tender;
pub mod termination;
