//! What of a qualified list stands against its company's leaving, and what goes when it has closed.

use super::event::Ended;
use super::list::QualifiedList;
use super::rule::State;
use super::{applying, store};
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::attached;
use crate::sourcing::tender::of_list;
use crate::web::{Error, Leaving, Obstacle};
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use kit::values;

/// Whoever has applied to a published one waits for what becomes of it; to end it ends that at once. Whether somebody has is not said.
pub(super) fn obstacles(tx: &mut Tx, _: &App, leaving: &Leaving) -> Result<Vec<Obstacle>, db::Error> {
    let Some(company) = leaving.company else { return Ok(Vec::new()) };
    let found = of_company(tx, company, State::Published)?;
    let obstacle = |(id, title): (Id<QualifiedList>, String)| Obstacle {
        what: "qualified-obstacle",
        args: vec![("title", title.into())],
        path: format!("/qualified-lists/{id}"),
        ends_at: None,
        ends: "qualified-obstacle-ends",
    };
    Ok(found.into_iter().map(obstacle).collect())
}

/// Drafts go, what the company has applied with goes, lists of its own that last end; what was public stays.
pub(super) fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    for (draft, _) in of_company(tx, company, State::Draft)? {
        attached::discard_all(tx, draft)?;
        tx.execute("DELETE FROM qualified_list WHERE id = $1", values![draft])?;
    }
    for state in [State::Published, State::Concluded] {
        for (id, _) in of_company(tx, company, state)? {
            let (mut list, now) = (store::load(tx, id)?, tx.now());
            if list.content.kind.has_deadline() && list.takes_applications(now) {
                applying::destroy(tx, id)?;
            }
            (list.state, list.ended_at) = (State::Ended, Some(now));
            store::move_on(tx, &list)?;
            event::record(tx, list.scope(), &Ended { list: id })?;
        }
    }
    let sql = "SELECT DISTINCT list FROM qualified_application WHERE company = $1 ORDER BY list";
    let lists: Vec<Id<QualifiedList>> = tx.all(sql, values![company], |row| row.next())?;
    applying::forget(tx, company)?;
    lists.iter().try_for_each(|list| of_list::renew(tx, *list))?;
    let sql =
        "SELECT 1 FROM qualified_list WHERE company = $1 UNION SELECT 1 FROM qualified_application WHERE company = $1";
    Ok(tx.first(sql, values![company], |row| row.next::<i64>())?.is_some())
}

fn of_company(tx: &mut Tx, company: Id<Company>, state: State) -> Result<Vec<(Id<QualifiedList>, String)>, db::Error> {
    let sql = "SELECT id, title FROM qualified_list WHERE company = $1 AND state = $2 ORDER BY id";
    tx.all(sql, values![company, state.code()], |row| Ok((row.next()?, row.next()?)))
}
