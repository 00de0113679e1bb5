//! The contact's own side, at the public door: what is kept, to be corrected. The number and the e-mail are proven ones; another
//! one is entered by the company and proven anew.

use super::ending;
use super::form::Correction;
use super::page::{Card, Correct, Corrected};
use super::store::{self, SealedWords};
use crate::app::App;
use crate::web::{Context, Ctx, Error, Form, Guest, Input, Page, Saved};
use axum::extract::State;
use kit::db::{self, Tx};
use policy::purpose;
use vault::Grant;

async fn read(app: &App, context: &Context, guest: Guest, form: Option<Form>) -> Result<Correct, Error> {
    let found = app.db().read::<_, db::Error>(move |tx| store::of(tx, guest.subject())).await?;
    let one = found.ok_or_else(Error::not_found)?;
    let grant = Grant::<purpose::OwnData, _>::new(&*guest, context.request);
    let cards = Card::open(app.vault(), &grant, std::slice::from_ref(&one)).await?;
    let card = cards.into_iter().next().ok_or_else(Error::not_found)?;
    let form = form.unwrap_or_else(|| card.form());
    Ok(Correct { card, form })
}

/// The page. It opens the person's own data, on record.
pub async fn show(State(app): State<App>, context: Ctx, guest: Guest) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("contacts-own", read(&app, &context, guest, None).await?))
}

pub async fn correct(State(app): State<App>, context: Ctx, guest: Guest, input: Input) -> Result<Saved, Error> {
    let again = async |form| Ok(("contacts-own", read(&app, &context, guest, Some(form)).await?));
    let Correction(words) = input.parse_on(again).await?;
    let subject = guest.subject();
    let found = app.db().read::<_, db::Error>(move |tx| store::of(tx, subject)).await?;
    let id = found.ok_or_else(Error::not_found)?.id;
    let sealed = SealedWords::new(app.vault(), subject, id, &words).await?;
    let unit = move |tx: &mut Tx| {
        let one = store::correct(tx, subject, &sealed)?;
        Ok(ending::tell(tx, &one, "letter-contacts-corrected")?)
    };
    app.db().write::<_, Error>(unit).await?;
    Ok(Saved::at("/privacy/door/contact?done=contacts-corrected", Corrected { corrected: id }))
}
