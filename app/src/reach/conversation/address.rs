//! The postal address of a company, which one of its owners shares with the other side of one thread: as it was previewed, until an
//! owner takes it back. What the company files afterwards is not shown until it is shared anew.

use super::form::Seen;
use super::seal::{Keys, Place};
use super::thread::{self, Side};
use super::{Thread, block};
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::company::part;
use crate::identity::company::part::addresses::Addresses;
use crate::reach::region;
use crate::web::{Error, Instant, Owner};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// A company's postal address in one line; the registered one where it has no other.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, company: Id<Company>) -> Result<Option<String>, db::Error> {
    let Some(filed) = part::newest::<Addresses>(tx, company)? else { return Ok(None) };
    let Addresses { registered, postal, postcode } = filed.content;
    let place = postal.unwrap_or(registered);
    let region = region::by_code(&place.region).map_or("", |region| region.name_zh);
    let parts = [region, &place.line, postcode.as_deref().unwrap_or_default()];
    Ok(Some(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")))
}

/// What the preview of an address shows, as a keyed hash.
pub fn seen(app: &App, side: &Side, address: &str) -> Seen {
    let parts = [&side.thread.as_bytes()[..], side.company.as_bytes(), address.as_bytes()];
    Seen::new(app.mark("conversation/address", &parts))
}

/// Shares it, sealed before the unit; refused when the company has filed another one since.
///
/// # Errors
/// 404; 409 `thread-closed`, `not-previewed`, or as [`block::between`].
pub fn share(tx: &mut Tx, owner: &Owner, thread: Id<Thread>, address: &str, sealed: &[u8]) -> Result<(), Error> {
    owner.still(tx)?;
    let side = thread::find(tx, owner, thread)?;
    side.goes_on()?;
    block::between(tx, side.company, side.other)?;
    if of(tx, side.company)?.as_deref() != Some(address) && policy::holds(Control::SharedAfterPreview) {
        return Err(Error::conflict("not-previewed"));
    }
    let now = tx.now();
    let sql = "UPDATE thread_side SET address = $1, address_at = $2 WHERE thread = $3 AND company = $4";
    tx.execute(sql, values![sealed.to_vec(), now, thread, side.company])?;
    record(tx, owner, &side, "shared")
}

/// Takes it back. Done twice it is done once.
///
/// # Errors
/// 404.
pub fn unshare(tx: &mut Tx, owner: &Owner, thread: Id<Thread>) -> Result<(), Error> {
    owner.still(tx)?;
    let side = thread::find(tx, owner, thread)?;
    let sql = "UPDATE thread_side SET address = NULL, address_at = NULL \
         WHERE thread = $1 AND company = $2 AND address IS NOT NULL";
    if tx.execute(sql, values![thread, side.company])? > 0 {
        record(tx, owner, &side, "ended")?;
    }
    Ok(())
}

fn record(tx: &mut Tx, owner: &Owner, side: &Side, act: &str) -> Result<(), Error> {
    let changed = super::sharing::Changed {
        thread: side.thread,
        company: side.company,
        with: side.other,
        what: "address".to_owned(),
        act: act.to_owned(),
    };
    event::record(tx, owner.scope(), &changed)?;
    Ok(())
}

/// Whether the other side shares its address with this one now.
///
/// # Errors
/// [`db::Error`].
pub fn visible(tx: &mut Tx, side: &Side) -> Result<Option<(Vec<u8>, Timestamp)>, db::Error> {
    let shut = side.closed.is_some()
        || block::is_set(tx, side.other, side.company)?
        || block::is_set(tx, side.company, side.other)?;
    if shut && policy::holds(Control::ContactSharedFirst) {
        return Ok(None);
    }
    let sql = "SELECT address, address_at FROM thread_side WHERE thread = $1 AND company = $2";
    let found = tx.one(sql, values![side.thread, side.other], |row| {
        Ok((row.next::<Option<Vec<u8>>>()?, row.next::<Option<Timestamp>>()?))
    })?;
    Ok(found.0.zip(found.1))
}

/// Notes that a side looks at the other's address, before it does.
///
/// # Errors
/// [`db::Error`].
pub fn note_view(tx: &mut Tx, side: &Side) -> Result<(), db::Error> {
    let (id, now): (Id<Viewed>, _) = (tx.id(), tx.now());
    let sql = "INSERT INTO thread_address_view (id, thread, viewer, at) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, values![id, side.thread, side.company, now]).map(drop)
}

/// A look at a company's address, for its own people.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ThreadAddressView")]
pub struct Viewed {
    /// When the other company looked.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
}

/// When the other side has looked at a company's address, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn views(tx: &mut Tx, side: &Side) -> Result<Vec<Viewed>, db::Error> {
    let sql = "SELECT at FROM thread_address_view WHERE thread = $1 AND viewer = $2 ORDER BY at DESC, id LIMIT 100";
    tx.all(sql, values![side.thread, side.other], |row| Ok(Viewed { at: row.next()? }))
}

/// Opens a sealed address.
///
/// # Errors
/// 503 while the key database cannot be asked.
pub async fn open(app: &App, company: Id<Company>, thread: Id<Thread>, sealed: &[u8]) -> Result<String, Error> {
    Keys::of(app, [company]).await?.open(company, Place::Address, thread, sealed)
}
