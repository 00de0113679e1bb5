//! Tenders that tender others again, as their pages name them.

use super::named;
use super::tender::{State, Tender};
use crate::web::Actor;
use kit::db::{Error, Row, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// Another tender, as a page refers to it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "TenderReference")]
pub struct Reference {
    /// Its id.
    pub id: Id<Tender>,
    /// The number that people quote.
    pub number: String,
    #[serde(skip)]
    is_draft: bool,
}

impl Reference {
    /// Where it is found: a draft at its own page.
    pub fn href(&self) -> String {
        let draft = if self.is_draft { "/draft" } else { "" };
        format!("/tenders/{}{draft}", self.id)
    }
}

/// The tender that this one tenders again, as far as this actor may see it.
///
/// # Errors
/// [`Error`].
pub fn earlier(tx: &mut Tx, actor: &Actor, tender: &Tender) -> Result<Option<Reference>, Error> {
    match tender.again_of {
        Some(id) => referred(tx, actor, id),
        None => Ok(None),
    }
}

/// A tender by its id, as far as this actor may see it.
///
/// # Errors
/// [`Error`].
pub fn referred(tx: &mut Tx, actor: &Actor, id: Id<Tender>) -> Result<Option<Reference>, Error> {
    Ok(of(tx, actor, "t.id = $1", id)?.pop())
}

/// Those that tender this one again, as far as this actor may see them.
///
/// # Errors
/// [`Error`].
pub fn later(tx: &mut Tx, actor: &Actor, tender: &Tender) -> Result<Vec<Reference>, Error> {
    of(tx, actor, "t.again_of = $1", tender.id)
}

/// Drafts are for their own company only, what was published for its readers.
fn of(tx: &mut Tx, actor: &Actor, which: &str, id: Id<Tender>) -> Result<Vec<Reference>, Error> {
    let company = actor.member().map_or_else(named::nobody, |member| member.company);
    let sql = format!(
        "SELECT t.id, t.number, t.state FROM tender t WHERE {which} AND (t.company = $2 OR (t.state <> 'draft' AND {})) \
         ORDER BY t.created_at, t.id LIMIT 20",
        named::read(2)
    );
    tx.all(&sql, values![id, company], read)
}

fn read(row: &mut Row<'_>) -> Result<Reference, Error> {
    let (id, number, state) = (row.next()?, row.next()?, row.next::<String>()?);
    Ok(Reference { id, number, is_draft: state == State::Draft.code() })
}
