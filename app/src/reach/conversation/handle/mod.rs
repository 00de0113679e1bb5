//! Handlers, one file for what one page is about.

pub mod address;
pub mod award_contact;
pub mod look;
pub mod request;
pub mod send;
pub mod sharing;
pub mod thread;

use super::page::Named;
use super::thread::Side;
use crate::app::App;
use crate::web::{Context, Error};

/// The other company of a thread.
fn other(side: &Side) -> Named {
    Named { id: side.other, name: side.other_name.clone() }
}

/// The key behind the cursor of a list that belongs to this.
fn after(app: &App, context: &Context, bound: &str) -> Result<Option<(i64, [u8; 16])>, Error> {
    let given = context.parameter("after").filter(|cursor| !cursor.is_empty());
    given.map(|cursor| app.cursors().open(&cursor, bound)).transpose()
}
