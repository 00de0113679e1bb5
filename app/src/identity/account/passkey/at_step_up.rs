//! A passkey as the fresh proof in a login session: it is as strong as the second factor.

use super::super::factor::Claim;
use super::super::step_up::{self, Proved, StepUp};
use super::challenge::{self, Purpose};
use super::form::Wanted;
use super::own::limit_asking;
use super::relying::Relying;
use super::store;
use crate::app::App;
use crate::web::{Ctx, Error, Form, Input, Person, Saved};
use axum::extract::State;
use axum::response::IntoResponse;
use http::header::SET_COOKIE;
use kit::db;

/// Asks the browser for one of this person's.
pub async fn ask(State(app): State<App>, context: Ctx, person: Person, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let (relying, account) = (Relying::of(&app)?, person.account());
    limit_asking(&app, person).await?;
    let keys = app.db().read::<_, db::Error>(move |tx| store::keys(tx, account, false)).await?;
    if keys.is_empty() {
        return Err(Error::conflict("passkeys-none"));
    }
    let asked = challenge::pose(&app, &context, (Purpose::StepUp, Some(account)), relying.ask(&keys)?).await?;
    Ok(Saved::at("/me/step-up", asked))
}

/// Takes the answer: the login session is proved.
pub async fn create(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    input: Input,
) -> Result<impl IntoResponse, Error> {
    let page = async |form: Form| Ok(("step-up", StepUp::read(&app, person, form).await?));
    let act = async |wanted: Wanted, form: Form| {
        let owner = (person.account(), person.subject());
        let claim = Claim::of_passkey(&app, &context, (Purpose::StepUp, owner), &wanted.answer).await?;
        let cookie = step_up::hold(&app, person, Some(claim)).await?;
        let cookie = cookie.ok_or_else(|| form.refuse("credential", "passkey-refused"))?;
        Ok((cookie, wanted.next))
    };
    let (cookie, next) = input.act_on(page, act).await?;
    Ok(([(SET_COOKIE, cookie)], Saved::at(next.clone(), Proved { by_second: true, next })))
}
