//! Faults: the real program is killed with SIGKILL again and again while people register, bid, publish and import, and
//! after each start and at the end everything that it acknowledged must be there, and nothing half.
//!
//! What is done and when the program is killed follows from a seed. How the threads of two programs meet does not: a seed
//! repeats the plan of a run, not each of its interleavings.

mod bidding;
mod buying;
mod calling;
mod checks;
mod importing;
mod judging;
mod ledger;
mod node;
mod officers;
mod person;
mod place;
mod plan;
mod registering;
mod run;
mod summary;

pub use plan::Plan;
pub use run::{Failure, run};
pub use summary::Summary;
