//! Reading, inviting, granting, taking; and accepting an invitation.

use super::form::{Accepted, One, Wanted};
use super::page::{Accept, Appointed, Invited, List, Show};
use super::{key, store};
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::account::operator::Hired;
use crate::trust::policy::{Agreement, Channel, Shown};
use crate::web::limit::{self, Limit, source};
use crate::web::{Administrator, At, Context, Ctx, Error, Form, Input, OperatorDuties, Page, Saved};
use axum::extract::State;
use jiff::{SignedDuration, Timestamp, ToSpan};
use kit::id::Id;

/// For how long an auditor is appointed at most.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);

/// Accounts from one source: hashing a password costs.
static FROM_ONE_SOURCE: Limit = Limit { name: "operator-accept", burst: 5, every: SignedDuration::from_mins(10) };

/// Tries by one link: an answer tells whether a phone has an account already, and nobody shall ask that of many.
static BY_ONE_LINK: Limit = Limit { name: "operator-link", burst: 5, every: SignedDuration::from_hours(24) };

pub async fn index(State(app): State<App>, context: Ctx, administrator: Administrator) -> Result<Page, Error> {
    Ok(Page::new("operators", list(&app, &context, &administrator, Form::default()).await?))
}

async fn list(app: &App, context: &Context, reader: &Administrator, form: Form) -> Result<List, Error> {
    let reader = reader.clone();
    let read = app.db().read::<_, Error>(move |tx| Ok((store::list(tx, &reader)?, store::invitations(tx)?)));
    let (operators, invitations) = read.await?;
    let is_new = form.value("id").is_empty();
    let id = || Id::<store::Invitation>::v7(context.now, app.random()).to_string();
    let form = if is_new { form.with("id", id()) } else { form };
    Ok(List { operators, invitations, form })
}

pub async fn invite(
    State(app): State<App>,
    context: Ctx,
    administrator: Administrator,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("operators", list(&app, &context, &administrator, form).await?));
    let made = input.act_on(again, async |wanted: Wanted, form: Form| {
        let until = wanted.until.map(|day| end_of(&app, day));
        let end = until.unwrap_or(Timestamp::MAX);
        if end <= context.now || (until.is_some() && LONGEST < end.duration_since(context.now)) {
            return Err(form.refuse("until", "operators-day"));
        }
        let by = administrator.clone();
        app.db().write(move |tx| store::invite(tx, &by, &wanted, until)).await
    });
    let invitation = made.await?;
    let link = app.config().address(&format!("/operator-invitations/{}", key::text(&app, invitation.id)));
    Ok(Saved::here("operators-invited", Invited { invitation, link }))
}

/// The end of a day in the installation's zone.
fn end_of(app: &App, day: jiff::civil::Date) -> Timestamp {
    let next = day.saturating_add(1.days());
    app.zone().to_timestamp(next.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

pub async fn show(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<Id<Account>>,
) -> Result<Page, Error> {
    let read = app.db().read::<_, Error>(move |tx| Ok((store::find(tx, &administrator, id)?, store::changes(tx, id)?)));
    let (operator, changes) = read.await?;
    Ok(Page::new("operators-one", Show { operator, changes }))
}

pub async fn grant(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<Id<Account>>,
    input: Input,
) -> Result<Saved, Error> {
    let One(duty) = input.parse()?;
    let operator = app.db().write(move |tx| store::grant(tx, &administrator, id, duty)).await?;
    Ok(Saved::at(format!("/desk/operators/{id}?done=operators-granted"), operator))
}

pub async fn take(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<Id<Account>>,
    input: Input,
) -> Result<Saved, Error> {
    let One(duty) = input.parse()?;
    let operator = app.db().write(move |tx| store::take(tx, &administrator, id, duty)).await?;
    Ok(Saved::at(format!("/desk/operators/{id}?done=operators-taken"), operator))
}

pub async fn withdraw(
    State(app): State<App>,
    administrator: Administrator,
    At(id): At<Id<store::Invitation>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let invitation = app.db().write(move |tx| store::withdraw(tx, &administrator, id)).await?;
    Ok(Saved::at("/desk/operators?done=operators-withdrawn", invitation))
}

/// What the link is for. Who cannot take it up any more reads that.
pub async fn invited(State(app): State<App>, context: Ctx, At(text): At<String>) -> Result<Page, Error> {
    Ok(Page::new("operators-accept", page(&app, &context, text, Form::default()).await?))
}

async fn page(app: &App, context: &Context, text: String, form: Form) -> Result<Accept, Error> {
    let id = key::read(app, &text).ok_or_else(Error::not_found)?;
    let invitation = app.db().read::<_, Error>(move |tx| Ok(store::invitation(tx, id)?)).await?;
    let invitation = invitation.ok_or_else(Error::not_found)?;
    Ok(Accept { invitation, policy: Shown::in_force(app, context)?, key: text, form })
}

/// Makes the account: phone, e-mail and password are the person's own, and so is the agreement.
pub async fn accept(State(app): State<App>, context: Ctx, At(text): At<String>, input: Input) -> Result<Saved, Error> {
    let id = key::read(&app, &text).ok_or_else(Error::not_found)?;
    let again = async |form| Ok(("operators-accept", page(&app, &context, text.clone(), form).await?));
    let post = input.act_on(again, async |wanted: Accepted, form: Form| {
        let limits = app.limits();
        let counted = [limits.of(&FROM_ONE_SOURCE, &[&source(context.ip)]), limits.of(&BY_ONE_LINK, &[id.as_bytes()])];
        limit::take(app.db(), &counted).await?;
        let agreement = Agreement::now(&app, context.locale, Channel::of(context.accept)).await?;
        if agreement.version != wanted.policy {
            return Err(form.refuse("policy", "policy-superseded"));
        }
        let hired = Hired::new(&app, &wanted.phone, &wanted.email, wanted.password, agreement).await?;
        app.db()
            .write::<_, Error>(move |tx| {
                let (post, by) = store::take_up(tx, id, hired.id)?;
                hired.record(tx, &post, Some(by))?;
                Ok(post)
            })
            .await
    });
    let post = post.await?;
    let duties: Vec<_> = OperatorDuties::each(post.duties).collect();
    Ok(Saved::at("/session/new?done=operators-appointed", Appointed { title: post.title, duties }))
}
