//! The identity document (身份证件) of who acts for a company (clause 2.5): kind, name and number as its person typed them, beside a page
//! of it. The number is sensitive (PIPL 28): sealed under the person's key, found again by a keyed index, and shown whole to the one
//! reviewer who has the case, each look on record; everybody else, its person among them, sees it masked.
//!
//! The program compares what it can (`check`): form, check digit, day of birth, age, and the name with the one on the company's
//! record. The rest is the reviewer's, who also says what they found where another account has the same number (`found`). It goes
//! with the verification (`store`, `super::ending`).

mod check;
mod found;
mod kind;
mod look;
mod store;

pub use check::{Typed, check};
pub use found::{Finding, as_filed, as_typed, is_outdated, numbers_of, others};
pub use kind::IdKind;
pub use look::{Seen, bare, own, reviewed};
pub use store::{
    Document, Written, attestable, held, of, outlived, put, remove, remove_of_company, remove_of_subject, seal,
};
