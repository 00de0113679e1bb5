//! What the job that carries a list out does for each row.

use super::judge::{Verdict, judge};
use super::store::{self, Kept, SHELF};
use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::account::operator;
use crate::identity::listing::{Carrier, Shelf, Turn};
use crate::web::limit::{self, Limit};
use crate::web::{Error, OperatorDuty};
use jiff::SignedDuration;
use kit::db::{self, Tx};
use policy::Control;

/// The kind of the job.
pub const KIND: &str = "company-list.carry-out";

/// Letters of all lists.
static LETTERS: Limit = Limit { name: "prepared-letters", burst: 100, every: SignedDuration::from_mins(1) };

/// An administrator's word.
pub struct Companies;

impl Carrier for Companies {
    type Row = Kept;

    const SHELF: &'static Shelf = &SHELF;

    fn begin(tx: &mut Tx, turn: &Turn) -> Result<Result<Self, &'static str>, Error> {
        let now = tx.now();
        let held = operator::held_by(tx, turn.list.account)?;
        let is_one = held.is_some_and(|held| held.has(OperatorDuty::Administrator, now));
        Ok(if is_one { Ok(Self) } else { Err("administrator-gone") })
    }

    fn next(&self, tx: &mut Tx, turn: &Turn, most: i64) -> Result<Vec<Kept>, db::Error> {
        store::next(tx, turn.list.id, most)
    }

    fn carry_out(&mut self, tx: &mut Tx, app: &App, turn: &Turn, row: &Kept) -> Result<Option<i64>, Error> {
        let (Some(entry), Some((.., index))) = (&row.entry, &row.whom) else {
            return Err(Error::fault("a row that waits has no address"));
        };
        let (import, number) = (turn.list.id, row.number);
        match judge(tx, &entry.identity.credit_code, index)? {
            Verdict::Invite => {
                let counted = app.limits().of(&LETTERS, &[]);
                let wait = limit::take_in(tx, &[counted])?.filter(|_| policy::holds(Control::GuessingSlowed));
                if wait.is_some() {
                    return Ok(wait);
                }
                store::prepare(tx, turn, row)?;
            }
            Verdict::Same => SHELF.outcome(tx, import, number, "same", "")?,
            Verdict::Refuse { why } => SHELF.outcome(tx, import, number, "refused", why)?,
        }
        Ok(None)
    }

    fn done(&self, tx: &mut Tx, app: &App, turn: &Turn) -> Result<(), db::Error> {
        let address = app.config().address(&format!("{}/{}", super::PLACE, turn.list.id));
        letter::to_account(tx, turn.list.account, &Letter::new("letter-company-list-done").with("path", address))
    }
}
