//! What of it waits: documents whose last day comes near or is over, for who bids.

use super::{PLACE, store};
use crate::app::App;
use crate::web::{Actor, Task, Who};
use kit::db::{self, Tx};

pub fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(member) = actor.member().filter(|_| Who::Bidder.admits(actor).is_ok()) else { return Ok(Vec::new()) };
    Ok(match store::near(tx, member.company)? {
        0 => Vec::new(),
        n => vec![Task {
            what: "library-waiting",
            args: vec![("n", n.into())],
            path: PLACE.to_owned(),
            due: None,
            glyph: "clock",
            act: "library-waiting-act",
        }],
    })
}
