//! The joint bidding agreement as it was signed on paper: for who is named in the consortium from the first, for the buyer once the bid is opened
//! and its bidders' names are told, for nobody else.

use crate::app::App;
use crate::sourcing::bid::joint::{self, Consortium, Key, Lying};
use crate::sourcing::tender::auction::NAMES_TOLD;
use crate::sourcing::tender::{self, Tender};
use crate::web::{Actor, At, Error, Member, attachment};
use axum::extract::State;
use axum::response::Response;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;

/// `GET /consortia/{id}/signed-agreement`.
pub async fn show(State(app): State<App>, member: Member, At(id): At<Id<Consortium>>) -> Result<Response, Error> {
    let theirs = app.clone();
    let (agreement, lying) = app.db().read(move |tx| find(tx, &theirs, &member, id)).await?;
    let key = Key::of(&app, id).await?;
    let agreement = key.open(&agreement)?;
    let (name, content) = joint::read_signed(&app, (&key, &agreement), &lying).await?;
    Ok(attachment(&name, content))
}

/// The sealed agreement, and where its file lies.
fn find(tx: &mut Tx, app: &App, member: &Member, id: Id<Consortium>) -> Result<(Vec<u8>, Lying), Error> {
    let sql = "SELECT tender, agreement, region, blob FROM consortium WHERE id = $1 AND blob IS NOT NULL";
    let found = tx.first(sql, values![id], |row| {
        let (tender, agreement) = (row.next::<Id<Tender>>()?, row.next::<Vec<u8>>()?);
        let (region, blob) = (row.next::<Option<String>>()?, row.next::<Option<String>>()?);
        Ok((tender, agreement, Lying { region: region.unwrap_or_default(), blob: blob.unwrap_or_default() }))
    })?;
    let (tender, agreement, lying) = found.ok_or_else(Error::not_found)?;
    // Who does not read the tender reads nothing of it.
    let tender = tender::store::find(tx, &Actor::Member(member.clone()), tender)?;
    let sql = "SELECT 1 FROM consortium_member WHERE consortium = $1 AND member = $2";
    let mark = joint::mark(app, tender.id, member.company);
    let is_named = tx.first(sql, values![id, mark], |row| row.next::<i64>())?.is_some();
    let may = is_named || !policy::holds(Control::ConsortiumSealed);
    if may || (tender.company == member.company && is_told(tx, id)?) {
        return Ok((agreement, lying));
    }
    Err(Error::not_found())
}

/// Whether the bid of a consortium is open, with the names of its members.
fn is_told(tx: &mut Tx, id: Id<Consortium>) -> Result<bool, db::Error> {
    let sql = format!(
        "SELECT 1 FROM bid b JOIN lot l ON l.id = b.lot WHERE b.consortium = $1 AND b.state = 'opened' AND {NAMES_TOLD} \
         AND EXISTS (SELECT 1 FROM consortium_member m WHERE m.consortium = b.consortium AND m.company IS NOT NULL) LIMIT 1"
    );
    Ok(tx.first(&sql, values![id], |row| row.next::<i64>())?.is_some())
}
