//! What the job that carries a list out does for each row.

use super::judge::{Verdict, follow, judge};
use super::store::{self, Kept, SHELF};
use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::listing::{Carrier, Shelf, Turn};
use crate::identity::people::{self, Acting, Picture};
use crate::web::{Error, limit};
use kit::db::{self, Tx};
use kit::id::Id;
use policy::Control;

/// The kind of the job.
pub const KIND: &str = "roster.carry-out";

/// An owner's word, and the company's people as they are.
pub struct Roster {
    acting: Acting,
    picture: Picture,
}

impl Carrier for Roster {
    type Row = Kept;

    const SHELF: &'static Shelf = &SHELF;

    fn begin(tx: &mut Tx, turn: &Turn) -> Result<Result<Self, &'static str>, Error> {
        let company = Id::from_bytes(turn.holder);
        let Some(acting) = Acting::again(tx, company, turn.list.account)? else { return Ok(Err("owner-gone")) };
        Ok(Ok(Self { acting, picture: Picture::read(tx, company)? }))
    }

    fn next(&self, tx: &mut Tx, turn: &Turn, most: i64) -> Result<Vec<Kept>, db::Error> {
        store::next(tx, turn.list.id, most)
    }

    fn carry_out(&mut self, tx: &mut Tx, app: &App, turn: &Turn, row: &Kept) -> Result<Option<i64>, Error> {
        let import = turn.list.id;
        let index = row.index.as_deref().ok_or_else(|| Error::fault("a row that waits has no index"))?;
        let verdict = judge(&self.picture, self.acting.account, index, row.duties);
        match verdict {
            Verdict::Invite => {
                let counted = people::counted(app, self.acting.company, index);
                let wait = limit::take_in(tx, &counted)?.filter(|_| policy::holds(Control::GuessingSlowed));
                if wait.is_some() {
                    return Ok(wait);
                }
                store::invite(tx, &self.acting, (import, turn.locale), row)?;
            }
            Verdict::Change { account, .. } => {
                let one = people::of(tx, self.acting.company, account)?;
                let version = one.version;
                people::assign(tx, &self.acting, &one, version, row.duties)?;
                SHELF.outcome(tx, import, row.number, "changed", "")?;
            }
            Verdict::Same => SHELF.outcome(tx, import, row.number, "same", "")?,
            Verdict::Refuse { why } => SHELF.outcome(tx, import, row.number, "refused", why)?,
        }
        follow(&mut self.picture, index, row.duties, verdict);
        Ok(None)
    }

    fn done(&self, tx: &mut Tx, app: &App, turn: &Turn) -> Result<(), db::Error> {
        let address = app.config().address(&format!("{}/{}", super::PLACE, turn.list.id));
        letter::to_account(tx, self.acting.account, &Letter::new("letter-roster-done").with("path", address))
    }
}
