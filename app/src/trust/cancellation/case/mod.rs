//! Assisted requests (代办): somebody asks by phone, letter or mail. One operator makes sure who asks and opens a case;
//! another approves it; then the same cancellation runs, with its time to think and its notices to the known phone and
//! e-mail. No operator sees either: the case is found by what the person says, and shows the company only.

mod handle;
mod page;
mod store;

pub use handle::{approve, close, create, index, show};
pub use page::{CasePage, Cases, waiting};
pub use store::{Case, New, queue};

/// Where operators work on them.
pub const PLACE: &str = "/desk/privacy/cases";

/// How a request came.
pub const CHANNELS: [&str; 3] = ["phone", "letter", "mail"];

/// How it was made sure that the person themselves asks.
pub const CHECKS: [&str; 3] = ["callback", "papers", "in-person"];
