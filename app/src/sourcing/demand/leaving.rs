//! What of a demand stands against its company's leaving, and what goes when it has closed.

use super::demand::{Demand, State};
use super::event::Closed;
use super::{interest, store};
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::attached;
use crate::web::{Error, Leaving, Obstacle};
use kit::db::{self, Tx};
use kit::event::{self, Scope};
use kit::id::Id;
use kit::values;

/// Those who have answered a published one wait for what becomes of it; to close it ends that at once.
pub(super) fn obstacles(tx: &mut Tx, _: &App, leaving: &Leaving) -> Result<Vec<Obstacle>, db::Error> {
    let Some(company) = leaving.company else { return Ok(Vec::new()) };
    let sql = format!("SELECT {} WHERE d.company = $1 AND d.state = $2 ORDER BY d.id", store::COLUMNS);
    let mut found = Vec::new();
    for demand in tx.all(&sql, values![company, State::Published.code()], store::read)? {
        if interest::interested(tx, demand.id)?.is_empty() {
            continue;
        }
        let (what, ends) = ("demand-obstacle", "demand-obstacle-ends");
        let path = format!("/demands/{}", demand.id);
        let args = vec![("title", demand.content.title.into())];
        found.push(Obstacle { what, args, path, ends_at: None, ends });
    }
    Ok(found)
}

/// Drafts go, answers of the company's go, what is published and nobody has answered is closed; what was public stays.
pub(super) fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    forget_drafts(tx, company)?;
    interest::forget(tx, company)?;
    let now = tx.now();
    let sql = "UPDATE demand SET state = 'closed', closed_at = $1, outcome = 'ended', version = version + 1 \
               WHERE company = $2 AND state = 'published' RETURNING id";
    let scope = Scope { company: Some(*company.as_bytes()), ..Scope::default() };
    for demand in tx.all(sql, values![now, company], |row| row.next::<Id<Demand>>())? {
        event::record(tx, scope, &Closed { demand, tender: None })?;
    }
    tx.execute("DELETE FROM demand_invitation WHERE company = $1", values![company])?;
    let sql = "SELECT 1 FROM demand WHERE company = $1 LIMIT 1";
    Ok(tx.first(sql, values![company], |row| row.next::<i64>())?.is_some())
}

/// Drafts that nobody has seen go with their documents.
fn forget_drafts(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    let sql = "SELECT id FROM demand WHERE company = $1 AND state = 'draft' ORDER BY id";
    let drafts: Vec<Id<Demand>> = tx.all(sql, values![company], |row| row.next())?;
    for draft in drafts {
        attached::discard_all(tx, draft)?;
        tx.execute("DELETE FROM demand_invitation WHERE demand = $1", values![draft])?;
        tx.execute("DELETE FROM demand WHERE id = $1", values![draft])?;
    }
    Ok(())
}
