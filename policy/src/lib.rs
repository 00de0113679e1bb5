//! The privacy policy as the program knows it: its text in every version, and the matrix field x purpose x basis x
//! recipient.
//!
//! Both are data (`matrix.toml`, `versions/`), compiled by `build.rs`, and so are the agreements and rules that companies
//! accept (`agreements/`), the impact assessments (`assessments.toml`) and the register of what keeps each promise (`controls.toml`). Each row of the matrix becomes one
//! implementation of [`Permits`]; a use of personal data that has no row does not compile:
//!
//! ```
//! use policy::{Permits, field::Email, purpose::Notification, recipient::Delivery};
//! assert_eq!(<Notification as Permits<Email, Delivery>>::BASIS, policy::Basis::Contract);
//! ```
//! ```compile_fail,E0277
//! use policy::{Permits, field::Ip, purpose::Notification, recipient::Delivery};
//! let _ = <Notification as Permits<Ip, Delivery>>::BASIS;
//! ```

mod assessment;
mod control;
mod kept;
mod matrix;
mod periods;
mod terms;
mod text;
mod version;

pub use assessment::*;
pub use control::*;
pub use kept::*;
pub use matrix::*;
pub use periods::Period;
pub use terms::*;
pub use text::*;
pub use version::*;

include!(concat!(env!("OUT_DIR"), "/compiled.rs"));
