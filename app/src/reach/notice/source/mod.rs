//! Other people's notices, as they are found on the pages where they were published: one JSON object a line, written by
//! whoever collected them, with figures and times in the words of the page.
//!
//! [`read`] makes one line a [`SourceNotice`] or says what is wrong with it. What a notice cannot do without (id, title,
//! address, date) must be right; anything else that cannot be read leaves its field empty and a remark behind, and its
//! words are kept. Nothing is guessed: what the source says is not corrected by what is likely, except where it is known
//! to be unreliable, and then the better witness is named in the code.
//!
//! Where a line has no field for budget or deadline, both are looked for in its texts by the crate `notices`, and it is said
//! that a program did so.

mod fields;
pub mod kind;
pub mod line;
#[cfg(test)]
mod real;

pub use crate::reach::category::{self, Category};
pub use kind::Kind;
pub use line::{Flaw, Rule, SourceNotice, read};
use notices::text;
pub use notices::{Budget, Moment, Precision, Tax, deadline, money};
