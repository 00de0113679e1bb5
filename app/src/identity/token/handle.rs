//! Making, listing, revoking.

use super::page::{List, Made};
use super::store;
use crate::app::App;
use crate::identity::company::State as Standing;
use crate::identity::people::Duty;
use crate::web::{Agent, ApiToken, At, Ctx, Error, Form, Input, Member, Page, Saved, Secret};
use axum::extract::State;
use kit::db;
use kit::id::Id;

pub async fn index(State(app): State<App>, context: Ctx, member: Member) -> Result<Page, Error> {
    Ok(Page::new("tokens", list(&app, &context, member, None).await?))
}

pub async fn create(State(app): State<App>, context: Ctx, agent: Agent, input: Input) -> Result<Saved, Error> {
    let new: super::form::New = match input.parse() {
        Ok(new) => new,
        Err(refused) => {
            let page = list(&app, &context, (*agent).clone(), refused.form.as_deref().cloned()).await?;
            return Err(refused.on("tokens", |_| page));
        }
    };
    let secret = Secret::new(app.random());
    let shown = secret.expose().to_owned();
    let token = app.db().write(move |tx| store::make(tx, &agent, &new, &secret)).await?;
    Ok(Saved::here("token-made", Made { token, secret: shown }))
}

pub async fn revoke(
    State(app): State<App>,
    agent: Agent,
    At(id): At<Id<ApiToken>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let token = app.db().write(move |tx| store::revoke(tx, &agent, id)).await?;
    Ok(Saved::at("/company/tokens?done=token-revoked", token))
}

async fn list(app: &App, context: &Ctx, member: Member, form: Option<Form>) -> Result<List, Error> {
    let next: Id<ApiToken> = Id::v7(context.now, app.random());
    let blank = || Form::filled([("id", next.to_string()), ("read", "1".to_owned()), ("days", "90".to_owned())]);
    let may_revoke = member.duties.has_any(&Duty::ACTING);
    let may_make = member.state == Standing::Approved && may_revoke;
    let tokens = app.db().read::<_, db::Error>(move |tx| store::list(tx, &member)).await?;
    Ok(List { tokens, form: form.unwrap_or_else(blank), next, may_make, may_revoke })
}
