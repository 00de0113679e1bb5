//! The way to an issuer. Nobody is sent there at once: the page says whose it is, where it leads and what is exchanged, and the reader
//! goes on by a link of their own.

use super::attempt::{self, Attempt, Way};
use super::issuer::{Issuer, Trouble};
use super::page::Go;
use super::{PLACE, PURPOSE};
use crate::app::App;
use crate::trust::consent::Works;
use crate::web::limit::{self, Limit, source};
use crate::web::{At, Context, Ctx, Error, Fields, Input, Parse, Person, Saved, local_path};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::SET_COOKIE;
use jiff::SignedDuration;
use kit::db::{self, Tx};

/// Ways begun, and returns, from one source: each costs the issuer, too.
pub(super) static WAYS: Limit = Limit { name: "linked-ways", burst: 30, every: SignedDuration::from_secs(30) };

/// Where the reader wanted to go.
pub struct Next(String);

impl Parse for Next {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let next = fields.like("next", "/tenders").optional("next", local_path);
        Some(Self(next?.unwrap_or_else(|| "/".to_owned())))
    }
}

/// The issuer of an address, while the contract with it holds.
///
/// # Errors
/// 404.
pub(super) fn open<'a>(app: &'a App, code: &str, context: &Context) -> Result<&'a Issuer, Error> {
    let issuer = app.issuers().find(code).filter(|issuer| issuer.config.is_open(context.now, app.zone()));
    issuer.ok_or_else(Error::not_found)
}

/// What a reader is told of an issuer's trouble; the log has the whole of it.
pub(super) fn told(issuer: &Issuer, trouble: Trouble) -> Error {
    tracing::warn!(issuer = issuer.config.code, %trouble, "an issuer's answer does not count");
    if trouble.is_refusal() { Error::conflict("link-refused") } else { Error::unavailable("issuer-unavailable") }
}

/// Counts a way or a return.
pub(super) async fn counted(app: &App, context: &Context) -> Result<(), Error> {
    limit::take(app.db(), &[app.limits().of(&WAYS, &[&source(context.ip)])]).await
}

/// To sign in.
pub async fn sign_in(
    State(app): State<App>,
    context: Ctx,
    At(code): At<String>,
    input: Input,
) -> Result<Response, Error> {
    let Next(next) = input.parse()?;
    let issuer = open(&app, &code, &context)?;
    go(&app, &context, issuer, Attempt { account: None, next }).await
}

/// To link an account: the function is on, and its person was proved a short while ago.
pub async fn link(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    At(code): At<String>,
    input: Input,
) -> Result<Response, Error> {
    input.empty()?;
    let issuer = open(&app, &code, &context)?;
    let works = move |tx: &mut Tx| Works::read(tx, PURPOSE, person.subject(), None);
    if app.db().read::<_, db::Error>(works).await? != Works::On {
        return Err(Error::forbidden("no-consent"));
    }
    go(&app, &context, issuer, Attempt { account: Some(person.account()), next: PLACE.to_owned() }).await
}

async fn go(app: &App, context: &Context, issuer: &Issuer, attempt: Attempt) -> Result<Response, Error> {
    counted(app, context).await?;
    let way = Way::new(app, issuer);
    let address = issuer.address(&way, context.now).await.map_err(|trouble| told(issuer, trouble))?;
    let links = attempt.account.is_some();
    attempt::begin(app, context, issuer, &way, attempt).await?;
    let page = Go {
        name: issuer.config.name(context.locale).to_owned(),
        who: issuer.config.who.name.clone(),
        host: address.host_str().unwrap_or_default().to_owned(),
        privacy_url: issuer.config.privacy().to_owned(),
        address: address.into(),
        links,
    };
    let cookie = context.form_secret(app).1.map(|cookie| [(SET_COOKIE, cookie)]);
    Ok((cookie, Saved::here("link-go", page)).into_response())
}
