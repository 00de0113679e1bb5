//! Asking a guardian, and what a guardian does by their link.

use super::form::{Agree, Ask};
use super::key::{Key, Permission, TIME};
use super::page::{Asked, Done, Show, Stage, Start};
use super::store;
use crate::app::App;
use crate::trust::policy::Shown;
use crate::web::limit::{self, Limit, source};
use crate::web::text::{Arg, Words};
use crate::web::{At, Context, Ctx, Error, Form, Input, Page, Saved};
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use kit::db;
use kit::mail::Mail;
use vault::Email;

/// Mails asked for from one source.
static FROM_ONE_SOURCE: Limit = Limit { name: "guardian-source", burst: 5, every: SignedDuration::from_mins(20) };
/// Mails to one address: nobody is flooded in a minor's name. The limit keeps a keyed hash of it.
static TO_ONE_ADDRESS: Limit = Limit { name: "guardian-address", burst: 2, every: SignedDuration::from_hours(12) };

pub(super) async fn start() -> Page {
    Page::new("guardian", Start { form: Form::default() })
}

/// Sends at once and in this request: a job would have to keep the address.
pub(super) async fn ask(State(app): State<App>, context: Ctx, input: Input) -> Result<Saved, Error> {
    let Ask { email } = input.parse().map_err(|refused: Error| refused.on("guardian", |form| Start { form }))?;
    let limits = app.limits();
    let index = app.mark("guardian/address", &[email.expose().as_bytes()]);
    let counted = [limits.of(&FROM_ONE_SOURCE, &[&source(context.ip)]), limits.of(&TO_ONE_ADDRESS, &[&index])];
    limit::take(app.db(), &counted).await?;
    let asked_at = Timestamp::from_second(context.now.as_second()).unwrap_or(context.now);
    let key = Key { id: app.random().id(), asked_at };
    app.mailer().send(&mail(&app, &context, key, &email)).await.map_err(|_| Error::unavailable("guardian-mail"))?;
    let until = asked_at.checked_add(TIME).unwrap_or(asked_at);
    Ok(Saved::at("/guardian?done=guardian-asked", Asked { until }))
}

fn mail(app: &App, context: &Context, key: Key, to: &Email) -> Mail {
    let words = Words::new(app.catalogue(), context.locale);
    let address = app.config().address(&format!("/guardian/{}", key.text(app)));
    Mail {
        id: key.id.cast(),
        at: context.now,
        to: to.expose().to_owned(),
        subject: words.text("guardian-mail-subject", &[]),
        text: words.text("guardian-mail", &[("address", Arg::from(address))]),
        html: None,
        one_click: None,
    }
}

pub(super) async fn show(State(app): State<App>, context: Ctx, At(text): At<String>) -> Result<Page, Error> {
    Ok(Page::new("guardian-page", page(&app, &context, text, Form::default()).await?))
}

pub(super) async fn agree(
    State(app): State<App>,
    context: Ctx,
    At(text): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    let key = Key::read(&app, &text)?;
    let again = async |form| Ok(("guardian-page", page(&app, &context, text.clone(), form).await?));
    let Agree = input.parse_on(again).await?;
    if !key.is_fresh(context.now) {
        return Err(Error::conflict("guardian-late"));
    }
    let shown = Shown::in_force(&app, &context)?;
    app.db().write(move |tx| store::agree(tx, key.id, &shown)).await?;
    let done = Done { stage: Stage::Agreed, permission: Some(permission(&app, key)) };
    Ok(Saved::at(format!("/guardian/{text}?done=guardian-agreed"), done))
}

pub(super) async fn withdraw(State(app): State<App>, At(text): At<String>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let key = Key::read(&app, &text)?;
    app.db().write(move |tx| store::withdraw(tx, key.id)).await?;
    let done = Done { stage: Stage::Withdrawn, permission: None };
    Ok(Saved::at(format!("/guardian/{text}?done=guardian-withdrawn"), done))
}

async fn page(app: &App, context: &Context, text: String, form: Form) -> Result<Show, Error> {
    let key = Key::read(app, &text)?;
    let consent = app.db().read::<_, db::Error>(move |tx| store::find(tx, key.id)).await?;
    let stage = Stage::of(consent.as_ref(), key.is_fresh(context.now));
    Ok(Show {
        stage,
        agreed_at: consent.map(|consent| consent.agreed_at),
        permission: (stage == Stage::Agreed).then(|| permission(app, key)),
        policy: Shown::in_force(app, context)?,
        key: text,
        form,
    })
}

fn permission(app: &App, key: Key) -> String {
    app.config().address(&format!("/registration?guardian={}", Permission::text(app, key.id)))
}
