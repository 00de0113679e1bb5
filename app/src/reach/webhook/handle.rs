//! Registering, looking, trying, sending again.

use super::form::{From, New};
use super::page::{Left, List, Made, Removed, Replayed, Show};
use super::sign::Secret;
use super::{Delivery, SECRET, Webhook, kind, store};
use crate::app::App;
use crate::identity::company::State as Standing;
use crate::identity::people::Duty;
use crate::web::{Agent, At, Ctx, Error, Form, Input, Member, NewRow, Owner, Page, Saved};
use axum::extract::State;
use kit::db::{self, Tx};
use kit::id::Id;
use serde_json::json;

pub async fn index(State(app): State<App>, context: Ctx, member: Member) -> Result<Page, Error> {
    Ok(Page::new("webhooks", list(&app, &context, member, None).await?))
}

async fn list(app: &App, context: &Ctx, member: Member, form: Option<Form>) -> Result<List, Error> {
    let next: Id<Webhook> = Id::v7(context.now, app.random());
    let blank = || Form::filled([("id", next.to_string())]);
    let may_make = member.state == Standing::Approved && member.duties.has(Duty::Owner);
    let webhooks = app.db().read::<_, db::Error>(move |tx| store::list(tx, &member)).await?;
    Ok(List { webhooks, form: form.unwrap_or_else(blank), may_make })
}

pub async fn create(State(app): State<App>, context: Ctx, owner: Owner, input: Input) -> Result<Saved, Error> {
    let reach = app.config().webhook_reach;
    let parsed = input.parse_with_form::<New>().and_then(|(new, form)| match new.check(reach) {
        Ok(()) => Ok(new),
        Err(rule) => Err(form.refuse("url", rule)),
    });
    let new = match parsed {
        Ok(new) => new,
        Err(refused) => {
            let page = list(&app, &context, (*owner).clone(), refused.form.as_deref().cloned()).await?;
            return Err(refused.on("webhooks", |_| page));
        }
    };
    let (secret, sealed) = fresh(&app, new.id).await?;
    let webhook = app.db().write(move |tx| store::make(tx, &owner, &new, &sealed)).await?;
    Ok(Saved::here("webhook-made", Made { webhook, secret: secret.expose() }))
}

/// A new secret, and as it is kept.
async fn fresh(app: &App, id: Id<Webhook>) -> Result<(Secret, Vec<u8>), Error> {
    let secret = Secret::new(app.random());
    let sealed = app.vault().secrets().seal(SECRET, &id.to_string(), secret.bytes()).await?;
    Ok((secret, sealed))
}

pub async fn show(
    State(app): State<App>,
    context: Ctx,
    member: Member,
    At(id): At<Id<Webhook>>,
) -> Result<Page, Error> {
    let bound = format!("webhook {id}");
    let after = context.parameter("after").filter(|cursor| !cursor.is_empty());
    let after = after.map(|cursor| app.cursors().open(&cursor, &bound)).transpose()?;
    let (is_owner, is_agent) = (member.duties.has(Duty::Owner), member.duties.has_any(&Duty::ACTING));
    let read = move |tx: &mut Tx| {
        let webhook = store::find(tx, &member, id)?;
        Ok::<_, Error>((webhook, store::deliveries(tx, id, after.map(|(n, _)| n))?))
    };
    let (webhook, mut deliveries) = app.db().read(read).await?;
    let more = deliveries.len() > store::PAGE;
    deliveries.truncate(store::PAGE);
    let last = deliveries.last().filter(|_| more);
    let next = last.map(|last| app.cursors().seal(last.n, last.id.as_bytes(), &bound));
    let next = next.map(|cursor| format!("/company/webhooks/{id}?after={cursor}"));
    let trial: Id<Delivery> = Id::v7(context.now, app.random());
    Ok(Page::new("webhook", Show { webhook, deliveries, next, is_owner, is_agent, trial }))
}

pub async fn rotate(
    State(app): State<App>,
    owner: Owner,
    At(id): At<Id<Webhook>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let (secret, sealed) = fresh(&app, id).await?;
    let webhook = app.db().write(move |tx| store::rotate(tx, &owner, id, &sealed)).await?;
    Ok(Saved::here("webhook-made", Made { webhook, secret: secret.expose() }))
}

pub async fn on(State(app): State<App>, owner: Owner, At(id): At<Id<Webhook>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let webhook = app.db().write(move |tx| store::switch(tx, &owner, id, true)).await?;
    Ok(Saved::at(format!("/company/webhooks/{id}?done=webhook-on"), webhook))
}

pub async fn off(State(app): State<App>, owner: Owner, At(id): At<Id<Webhook>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let webhook = app.db().write(move |tx| store::switch(tx, &owner, id, false)).await?;
    Ok(Saved::at(format!("/company/webhooks/{id}?done=webhook-off"), webhook))
}

pub async fn test(State(app): State<App>, agent: Agent, At(id): At<Id<Webhook>>, input: Input) -> Result<Saved, Error> {
    let trial: NewRow<Delivery> = input.parse()?;
    let unit = move |tx: &mut Tx| {
        let body = json!({ "type": kind::TEST, "timestamp": tx.now(), "data": { "webhook": id } });
        store::trial(tx, &agent, id, trial.id, &body.to_string())
    };
    let delivery = app.db().write(unit).await?;
    Ok(Saved::at(format!("/company/webhooks/{id}?done=webhook-test"), Left { delivery }))
}

pub async fn replay(
    State(app): State<App>,
    agent: Agent,
    At(id): At<Id<Webhook>>,
    input: Input,
) -> Result<Saved, Error> {
    let From { delivery } = input.parse()?;
    let (count, next) = app.db().write(move |tx| store::replay(tx, &agent, id, delivery)).await?;
    Ok(Saved::at(format!("/company/webhooks/{id}?done=webhook-replay"), Replayed { count, next }))
}

pub async fn remove(
    State(app): State<App>,
    owner: Owner,
    At(id): At<Id<Webhook>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    app.db().write(move |tx| store::remove(tx, &owner, id)).await?;
    Ok(Saved::at("/company/webhooks?done=webhook-removed", Removed { removed: id }))
}
