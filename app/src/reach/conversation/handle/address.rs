//! The company's postal address: an owner sees what the other side would see, shares it, takes it back.

use super::super::form::Seen;
use super::super::seal::{Keys, Place};
use super::super::shown::{Address, Shared, Unshared};
use super::super::{PLACE, Thread, address, thread};
use super::other;
use crate::app::App;
use crate::web::{At, Error, Input, Owner, Page, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;

async fn read(app: &App, owner: &Owner, id: Id<Thread>) -> Result<Address, Error> {
    let who = owner.clone();
    let read = move |tx: &mut Tx| {
        let side = thread::find(tx, &who, id)?;
        let filed = address::of(tx, side.company)?;
        let views = address::views(tx, &side)?;
        Ok::<_, Error>((side, filed, views))
    };
    let (side, filed, views) = app.db().read(read).await?;
    let (shown, since) = match &side.address {
        Some((sealed, since)) => (Some(address::open(app, side.company, id, sealed).await?), Some(*since)),
        None => (None, None),
    };
    let seen = filed.as_deref().map(|filed| address::seen(app, &side, filed).hex()).unwrap_or_default();
    Ok(Address { thread: id, other: other(&side), address: filed, shown, since, views, seen })
}

pub async fn show(State(app): State<App>, owner: Owner, At(id): At<Id<Thread>>) -> Result<Page, Error> {
    Ok(Page::new("conversation-address-title", read(&app, &owner, id).await?))
}

/// Shares it as it was previewed.
pub async fn share(State(app): State<App>, owner: Owner, At(id): At<Id<Thread>>, input: Input) -> Result<Saved, Error> {
    let again = async |_| Ok(("conversation-address-title", read(&app, &owner, id).await?));
    let seen: Seen = input.parse_on(again).await?;
    let now = read(&app, &owner, id).await?;
    let filed = now.address.ok_or(Error::conflict("address-none"))?;
    if now.seen != seen.hex() {
        return Err(Error::conflict("not-previewed"));
    }
    let keys = Keys::of(&app, [owner.company]).await?;
    let sealed = keys.seal(owner.company, Place::Address, id, &filed)?;
    app.db().write(move |tx| address::share(tx, &owner, id, &filed, &sealed)).await?;
    let shared = Shared { thread: id, what: vec!["address"] };
    Ok(Saved::at(format!("{PLACE}/{id}/address?done=contact-shared"), shared))
}

pub async fn unshare(
    State(app): State<App>,
    owner: Owner,
    At(id): At<Id<Thread>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    app.db().write(move |tx| address::unshare(tx, &owner, id)).await?;
    Ok(Saved::at(format!("{PLACE}/{id}/address?done=contact-unshared"), Unshared { thread: id }))
}
