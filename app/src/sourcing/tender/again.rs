//! Tenders that tender others again, as their pages name them.

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

/// The tender that this one tenders again. What was published stays public.
///
/// # Errors
/// [`Error`].
pub fn earlier(tx: &mut Tx, tender: &Tender) -> Result<Option<Reference>, Error> {
    let Some(id) = tender.again_of else { return Ok(None) };
    tx.first("SELECT id, number, state FROM tender WHERE id = $1", values![id], read)
}

/// A tender by its id, as far as this actor may see it: drafts for their own company only.
///
/// # Errors
/// [`Error`].
pub fn referred(tx: &mut Tx, actor: &Actor, id: Id<Tender>) -> Result<Option<Reference>, Error> {
    let company = actor.member().map(|member| member.company);
    let sql = "SELECT id, number, state, company FROM tender WHERE id = $1";
    let found = tx.first(sql, values![id], |row| Ok((read(row)?, row.next()?)))?;
    Ok(found.filter(|(one, of)| !one.is_draft || company == Some(*of)).map(|(one, _)| one))
}

/// Those that tender this one again: drafts for their own company only.
///
/// # Errors
/// [`Error`].
pub fn later(tx: &mut Tx, actor: &Actor, tender: &Tender) -> Result<Vec<Reference>, Error> {
    let is_own = actor.member().is_some_and(|member| member.company == tender.company);
    let sql = "SELECT id, number, state FROM tender WHERE again_of = $1 ORDER BY created_at, id LIMIT 20";
    let mut all = tx.all(sql, values![tender.id], read)?;
    all.retain(|one| is_own || !one.is_draft);
    Ok(all)
}

fn read(row: &mut Row<'_>) -> Result<Reference, Error> {
    let (id, number, state) = (row.next()?, row.next()?, row.next::<String>()?);
    Ok(Reference { id, number, is_draft: state == State::Draft.code() })
}
