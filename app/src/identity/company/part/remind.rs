//! What ends is told: by letter thirty days before and on the day, and on the desk for as long as it lasts.

use super::permits::{Permits, Valid};
use super::store;
use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::company::Company;
use crate::web::{Error, Member};
use crate::work;
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// How many letters a step leaves.
const STEP: i64 = 50;

/// A reminder that is due: document, whether it is the last, company, name, last day.
type Due = ([u8; 16], i64, Id<Company>, String, String);

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    work::where_due(app, due, tell)
}

fn due(tx: &mut Tx) -> Result<Vec<Due>, db::Error> {
    let now = tx.now();
    let sql = "SELECT document, last, company, name, ends_on FROM company_reminder WHERE at <= $1 \
               ORDER BY at, document LIMIT $2";
    tx.all(sql, values![now, STEP], |row| Ok((row.next()?, row.next()?, row.next()?, row.next()?, row.next()?)))
}

fn tell(tx: &mut Tx) -> Result<usize, db::Error> {
    let due = due(tx)?;
    for (document, last, company, name, ends_on) in &due {
        tx.execute("DELETE FROM company_reminder WHERE document = $1 AND last = $2", values![document, *last])?;
        let key = if *last == 1 { "letter-company-document-ended" } else { "letter-company-document-soon" };
        letter::to_company(tx, *company, &Letter::new(key).with("name", name).with("day", ends_on))?;
    }
    Ok(due.len())
}

/// How many of the member's documents end soon or have ended.
///
/// # Errors
/// [`db::Error`].
pub fn soon(tx: &mut Tx, member: &Member, zone: TimeZone) -> Result<usize, db::Error> {
    let today = tx.now().to_zoned_datetime(zone).date();
    let permits = store::newest::<Permits>(tx, member.company)?.map(|version| version.content).unwrap_or_default();
    Ok(permits.documents.iter().filter(|document| document.on(today) != Valid::Good).count())
}
