//! The name of who stands for a company no more goes three years later, with its key.

use super::representative::{self, MONTHS};
use crate::app::App;
use crate::identity::account::erase;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::{Span, Timestamp, tz::TimeZone};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;
use vault::Subject;

/// The routine's name.
pub const SWEEP: &str = "company.sweep";

type Over = (Id<()>, Id<Subject>);

/// One step: one name.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        if !policy::holds(Control::FormerNamesEnd) {
            return Ok(0);
        }
        let Some((row, subject)) = app.db().read::<_, db::Error>(over).await? else { return Ok(0) };
        app.db().write::<_, Error>(move |tx| end(tx, row, subject)).await?;
        Ok(1)
    }
    .boxed()
}

/// The one whose time has been over for longest.
fn over(tx: &mut Tx) -> Result<Option<Over>, db::Error> {
    let before = tx.now().to_zoned_datetime(TimeZone::UTC).checked_sub(Span::new().months(MONTHS));
    let before = before.map_or(Timestamp::MIN, |at| at.timestamp());
    let sql = "SELECT id, subject FROM company_representative WHERE until <= $1 ORDER BY until, id LIMIT 1";
    tx.first(sql, values![before], |row| Ok((row.next()?, row.next()?)))
}

fn end(tx: &mut Tx, row: Id<()>, subject: Id<Subject>) -> Result<(), Error> {
    representative::forget(tx, row)?;
    erase(tx, subject)
}
