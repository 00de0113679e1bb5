//! What a machine reads in the words of a procurement notice: sums of money, points in time, lots, and what is asked of those
//! who take part; each with its place in the text, so that a reader can check it.
//!
//! [`money`] and [`deadline`] read a field that holds nothing else. [`read`] looks through running text, where most figures
//! are something else: what a reference project cost, how long a warranty lasts. It takes a figure only where the words beside
//! it say what the figure is, and where two places disagree it takes none. **Nothing is guessed**: a budget is not the largest
//! sum, and a deadline not the last date. How often that is right is measured in `tests/real.rs` against labelled notices.

mod budget;
mod clause;
pub mod deadline;
mod due;
mod experience;
mod folded;
mod lot;
pub mod money;
mod reading;
pub mod text;

pub use clause::{Asks, Clause};
pub use deadline::{Moment, Precision};
pub use experience::Experience;
pub use lot::Lot;
pub use money::{BareFigure, Budget, Tax};
pub use reading::{Field, Found, Reading, Spot, Texts, read};
