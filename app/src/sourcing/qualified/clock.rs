//! The clock engine of qualified lists: one routine wakes at each list's next check and applies every timed event whose hour has come.

use super::event::{Closed, Ended};
use super::list::QualifiedList;
use super::rule::{Due, MINIMUM, Standing, State, come};
use super::{application, store};
use crate::app::App;
use crate::web::{Error, Routine};
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use kit::values;

/// How many lists one step looks at.
const BATCH: i64 = 50;

/// The routine.
pub const ROUTINE: Routine = Routine { name: "qualified.clock", step: |app| Box::pin(step(app)) };

/// One list that cannot be read does not keep the others from their hour.
async fn step(app: App) -> Result<usize, Error> {
    let due = app.db().read::<_, Error>(|tx| Ok(due_now(tx)?)).await?;
    let (mut done, mut failed) = (0, None);
    for id in due {
        match app.db().write(move |tx| apply(tx, id)).await {
            Ok(()) => done += 1,
            Err(error) => drop(failed.get_or_insert(error)),
        }
    }
    failed.map_or(Ok(done), Err)
}

fn due_now(tx: &mut Tx) -> Result<Vec<Id<QualifiedList>>, db::Error> {
    let now = tx.now();
    let sql = "SELECT id FROM qualified_list WHERE next_check <= $1 ORDER BY next_check, id LIMIT $2";
    tx.all(sql, values![now, BATCH], |row| row.next())
}

/// Applies all events of a list whose time has come, earliest first, in one unit. Another process may have been faster: then nothing is
/// due any more, and nothing is written.
fn apply(tx: &mut Tx, id: Id<QualifiedList>) -> Result<(), Error> {
    let now = tx.now();
    let (mut list, mut is_changed) = (store::load(tx, id)?, false);
    while let Some(what) = come(list.times(), now) {
        is_changed = true;
        match what {
            Due::ApplicationsEnd => {
                list.applications_closed = true;
                event::record(tx, list.scope(), &Closed { list: id })?;
                if application::count(tx, id, Standing::Submitted)? < MINIMUM {
                    store::fail(tx, &mut list, now)?;
                }
            }
            Due::TermEnd => {
                (list.state, list.ended_at) = (State::Ended, Some(now));
                event::record(tx, list.scope(), &Ended { list: id })?;
            }
        }
    }
    if is_changed { Ok(store::move_on(tx, &list)?) } else { Ok(()) }
}
