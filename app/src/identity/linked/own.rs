//! A person's own links: seen, taken away, and let sign in again after a leak.

use super::arrive::tell;
use super::issuer::Issuer;
use super::page::{Confirmed, Offer, Own, Removed};
use super::{PLACE, PURPOSE};
use crate::app::App;
use crate::identity::account::Link;
use crate::identity::account::link;
use crate::trust::consent::Works;
use crate::web::{At, Ctx, Error, Input, Page, Person, Said, Saved};
use axum::extract::State;
use kit::db::{self, Tx};
use kit::id::Id;

/// How it stands, for the privacy centre.
pub fn state(tx: &mut Tx, app: &App, person: &Person) -> Result<Said, db::Error> {
    let links = link::count(tx, person.account())?;
    Ok(match links {
        0 if app.config().issuers.is_empty() => Said::new("links-state-none"),
        0 => Said::new("links-state-off"),
        some => Said::new("links-state-on").with("n", some),
    })
}

/// The page.
pub async fn show(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    let (theirs, locale) = (app.clone(), context.locale);
    let read = app.db().read::<_, db::Error>(move |tx| {
        let links = link::links(tx, &theirs, (person.account(), person.subject()), locale)?;
        let orders = link::order::of_account(tx, person.account())?;
        Ok((Works::read(tx, PURPOSE, person.subject(), None)?, links, orders))
    });
    let (works, links, orders) = read.await?;
    let is_linked = |code: &str| links.iter().any(|linked| linked.issuer == code);
    let offer = |issuer: &Issuer| Offer::of(&app, issuer, locale, context.now, is_linked(&issuer.config.code));
    let issuers = app.issuers().all().map(offer).collect();
    let is_fresh = person.assurance().is_fresh(context.now);
    Ok(Page::new("links", Own { works, issuers, orders, is_fresh, links }))
}

fn name_of(app: &App, code: &str) -> String {
    app.issuers().find(code).map_or_else(|| code.to_owned(), |issuer| issuer.config.names[0].clone())
}

/// Unlinks one. Password, codes and passkeys stay: nobody is left without a way in.
pub async fn remove(
    State(app): State<App>,
    person: Person,
    At(id): At<Id<Link>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let theirs = app.clone();
    let unit = move |tx: &mut Tx| {
        let code = link::remove(tx, person.account(), id)?.ok_or_else(Error::not_found)?;
        tell(tx, person, id, "removed", &name_of(&theirs, &code))?;
        Ok(code)
    };
    let code = app.db().write::<_, Error>(unit).await?;
    let account_url = app.issuers().find(&code).map(|issuer| issuer.config.account().to_owned());
    Ok(Saved::at(format!("{PLACE}?done=link-removed"), Removed { removed: id, account_url }))
}

/// Lets one sign in again: its person has looked, and it is theirs.
pub async fn confirm(
    State(app): State<App>,
    person: Person,
    At(id): At<Id<Link>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let theirs = app.clone();
    let unit = move |tx: &mut Tx| {
        let code = link::resume(tx, person.account(), id)?.ok_or_else(Error::not_found)?;
        Ok(tell(tx, person, id, "confirmed", &name_of(&theirs, &code))?)
    };
    app.db().write::<_, Error>(unit).await?;
    Ok(Saved::at(format!("{PLACE}?done=link-confirmed"), Confirmed { confirmed: id }))
}
