//! A passkey as the second factor, after the password.

use super::super::factor::Claim;
use super::super::session::set;
use super::super::session::step;
use super::challenge::{self, Purpose};
use super::form::Wanted;
use super::relying::Relying;
use super::store;
use crate::app::App;
use crate::web::{Ctx, Error, Form, Input, Saved};
use axum::extract::State;
use axum::response::IntoResponse;
use kit::db;

/// Asks the browser for one of this account's.
pub async fn ask(State(app): State<App>, context: Ctx, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let (_, (account, _)) = step::waiting(&app, &context).await?;
    let relying = Relying::of(&app)?;
    let keys = app.db().read::<_, db::Error>(move |tx| store::keys(tx, account, false)).await?;
    if keys.is_empty() {
        return Err(Error::conflict("passkeys-none"));
    }
    let asked = challenge::pose(&app, &context, (Purpose::Factor, Some(account)), relying.ask(&keys)?).await?;
    Ok(Saved::at("/session/factor", asked))
}

/// Takes the answer: now the person is signed in.
pub async fn create(State(app): State<App>, context: Ctx, input: Input) -> Result<impl IntoResponse, Error> {
    let (id, owner) = step::waiting(&app, &context).await?;
    let page = async |form: Form| Ok(("sign-in-step", step::StepPage::read(&app, owner, form).await?));
    let act = async |wanted: Wanted, form: Form| {
        let claim = Claim::of_passkey(&app, &context, (Purpose::Factor, owner), &wanted.answer).await?;
        step::finish(&app, &context, (id, owner), (claim, wanted.next), form, "credential").await
    };
    let begun = input.act_on(page, act).await?;
    Ok((set(&begun.cookies), Saved::at(begun.next.clone(), begun)))
}
