//! Sessions on the desk of who takes part: when they begin, and that they go on.

use crate::app::App;
use crate::sourcing::tender::Lot;
use crate::web::{Actor, Task, Who};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// For who bids: the sessions of their company that come or go on.
pub(super) fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(member) = actor.member().filter(|_| Who::Bidder.admits(actor).is_ok()) else { return Ok(Vec::new()) };
    let sql = "SELECT a.lot, t.title, a.phase, a.starts_at, a.ends_at FROM auction_bidder b JOIN auction a ON a.lot = b.lot \
               JOIN tender t ON t.id = a.tender WHERE b.company = $1 AND a.phase IN ('waiting', 'running') \
               ORDER BY a.starts_at, a.lot LIMIT 20";
    tx.all(sql, values![member.company], |row| {
        let (lot, title) = (row.next::<Id<Lot>>()?, row.next::<String>()?);
        let runs = row.next::<String>()? == "running";
        let (starts_at, ends_at) = (row.next()?, row.next()?);
        Ok(Task {
            what: if runs { "auction-waiting-runs" } else { "auction-waiting-comes" },
            args: vec![("title", title.into())],
            path: format!("/lots/{lot}/auction"),
            due: Some(if runs { ends_at } else { starts_at }),
            glyph: "gavel",
            act: "auction-waiting-act",
        })
    })
}
