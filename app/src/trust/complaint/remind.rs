//! The officer is told when the day is near, once for each request.

use super::Complaint;
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::account::letter::{self, Letter};
use crate::web::{Error, OperatorDuties, OperatorDuty};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;

/// How long before its end the time is short.
const BEFORE: SignedDuration = SignedDuration::from_hours(72);

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let short = app.db().read::<_, db::Error>(short).await?;
        if short.is_empty() || !policy::holds(Control::RequestsReminded) {
            return Ok(0);
        }
        Ok(app.db().write::<_, db::Error>(remind).await?)
    }
    .boxed()
}

fn short(tx: &mut Tx) -> Result<Vec<[u8; 16]>, db::Error> {
    let until = tx.now().checked_add(BEFORE).unwrap_or(tx.now());
    let sql = "SELECT id FROM complaint WHERE state = 'open' AND due_at < $1 AND reminded_at IS NULL \
         ORDER BY due_at, id LIMIT 100";
    tx.all(sql, values![until], |row| row.next())
}

fn remind(tx: &mut Tx) -> Result<usize, db::Error> {
    let (short, now) = (short(tx)?, tx.now());
    for id in &short {
        tx.execute("UPDATE complaint SET reminded_at = $1 WHERE id = $2", values![now, id])?;
    }
    tell_officers(tx, &Letter::new("letter-complaint-due").with("n", short.len().to_string()))?;
    Ok(short.len())
}

/// Tells at once of a request whose time is short from the beginning: no reminder follows.
///
/// # Errors
/// [`db::Error`].
pub fn tell_at_once(tx: &mut Tx, id: Id<Complaint>, letter: &Letter) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute("UPDATE complaint SET reminded_at = $1 WHERE id = $2", values![now, id])?;
    tell_officers(tx, letter)
}

/// Writes to all who answer requests now.
fn tell_officers(tx: &mut Tx, letter: &Letter) -> Result<(), db::Error> {
    let now = tx.now();
    let officers = "SELECT id, operator_duties FROM account WHERE operator = 1 AND ended_at IS NULL \
         AND (operator_until IS NULL OR operator_until > $1) ORDER BY id";
    let read = |row: &mut db::Row<'_>| Ok((row.next::<Id<Account>>()?, OperatorDuties::kept(&row.next::<String>()?)));
    let officers = tx
        .all(officers, values![now], read)?
        .into_iter()
        .filter(|(_, duties)| duties.has(OperatorDuty::PrivacyOfficer));
    for (officer, _) in officers {
        letter::to_account(tx, officer, letter)?;
    }
    Ok(())
}
