//! Login sessions (登录会话): signing in, signing out.

pub mod begin;
pub mod current;
pub mod form;
pub mod sign_in;
pub mod step;

use super::passkey;
use crate::app::App;
use crate::web::{Ctx, Error, Form, Input, Locale, Page, Person, Saved, filters, local_path, session};
use askama::Template;
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use http::HeaderName;
use http::header::SET_COOKIE;
use kit::db;
use schemars::JsonSchema;
use serde::Serialize;

pub use form::Wanted;
pub use sign_in::Begun;

/// The sign-in form.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/account/session/new.html")]
pub struct SignIn {
    form: Form,
    /// On whose pages a passkey signs in; none where the installation's address is not fit for passkeys.
    passkey_origin: Option<String>,
    /// Through whose accounts one may sign in.
    issuers: Vec<Through>,
}

/// An account elsewhere through which one may sign in.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SignInThrough")]
pub struct Through {
    /// The issuer's code.
    pub code: String,
    /// What people call that account.
    pub name: String,
}

impl Through {
    /// Those that are open now.
    pub fn open(app: &App, locale: Locale) -> Vec<Self> {
        let now = app.clock().now();
        let open = app.config().issuers.iter().filter(|issuer| issuer.is_open(now, app.zone()));
        open.map(|issuer| Self { code: issuer.code.clone(), name: issuer.name(locale).to_owned() }).collect()
    }
}

impl SignIn {
    /// With this form.
    pub fn of(app: &App, locale: Locale, form: Form) -> Self {
        Self { form, passkey_origin: passkey::origin(app), issuers: Through::open(app, locale) }
    }
}

/// Shows the form; `next` is where the reader wanted to go.
pub async fn start(State(app): State<App>, context: Ctx) -> Page {
    let next = context.parameter("next").and_then(|path| local_path(&path).ok()).unwrap_or_default();
    Page::new("sign-in", SignIn::of(&app, context.locale, Form::filled([("next", next)])))
}

/// Signs in.
pub async fn create(State(app): State<App>, context: Ctx, input: Input) -> Result<impl IntoResponse, Error> {
    let begun = match input.parse_with_form() {
        Ok((wanted, form)) => sign_in::sign_in(&app, &context, wanted, form).await,
        Err(refused) => Err(refused),
    };
    let begun = begun.map_err(|refused| refused.on("sign-in", |form| SignIn::of(&app, context.locale, form)))?;
    Ok((set(&begun.cookies), Saved::at(begun.location(), begun)))
}

/// The cookies of an answer.
pub fn set(cookies: &[String]) -> AppendHeaders<Vec<(HeaderName, String)>> {
    AppendHeaders(cookies.iter().map(|cookie| (SET_COOKIE, cookie.clone())).collect())
}

/// Nobody is signed in any more.
#[derive(Serialize, JsonSchema)]
pub struct SignedOut {
    signed_in: bool,
}

/// Signs out.
pub async fn end(State(app): State<App>, person: Person, input: Input) -> Result<impl IntoResponse, Error> {
    input.empty()?;
    app.db().write::<_, db::Error>(move |tx| session::end(tx, person.account(), person.session())).await?;
    let cookie = app.cookies().clear(app.cookies().session());
    Ok(([(SET_COOKIE, cookie)], Saved::at("/?done=signed-out", SignedOut { signed_in: false })))
}
