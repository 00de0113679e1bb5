//! What must hold, looked at behind the counter while the program serves.

mod doctor;
mod files;
mod openings;
mod rows;
mod shares;

pub use doctor::doctor;
pub use files::{files, orphans};
pub use openings::openings;
pub use rows::{always, at_rest};
pub use shares::shares;
