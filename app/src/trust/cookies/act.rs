//! Choosing. The server sets and removes; no script is needed.

use crate::app::App;
use crate::web::{COOKIES, Choice, Ctx, Erased, Error, Fields, Gone, Input, Parse, Saved};
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use http::header::SET_COOKIE;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;
use vault::Subject;
use vault::consent::Method;

/// Yes or no to all optional cookies.
pub struct Answer(Choice);

impl Parse for Answer {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let optional = fields.one_of("optional", ["yes", "no"]).parse("optional", |text| match text {
            "yes" => Ok(Choice::Allowed),
            "no" => Ok(Choice::Declined),
            _ => Err("choice"),
        });
        Some(Self(optional?))
    }
}

/// What holds now.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CookieChosen")]
pub struct Chosen {
    choice: Choice,
}

/// Keeps the choice: in this browser, and for a member on the server. A no removes what is there.
pub async fn choose(State(app): State<App>, context: Ctx, input: Input) -> Result<impl IntoResponse, Error> {
    let Answer(choice) = input.parse()?;
    if let Some(person) = context.actor.person() {
        let (subject, allowed) = (person.subject(), choice == Choice::Allowed);
        app.db().write::<_, db::Error>(move |tx| keep(tx, subject, allowed, Method::Click)).await?;
    }
    let cookies = app.cookies();
    let mut set = vec![(SET_COOKIE, cookies.choice(choice))];
    if choice == Choice::Declined {
        let optional = COOKIES.iter().filter(|cookie| !cookie.is_necessary);
        set.extend(optional.map(|cookie| (SET_COOKIE, cookies.clear(cookie.name))));
    }
    let done = if choice == Choice::Allowed { "cookies-allowed" } else { "cookies-declined" };
    Ok((AppendHeaders(set), Saved::at(format!("/cookies?done={done}"), Chosen { choice })))
}

/// Forgets what a member has said, in the unit that erases them.
pub(super) fn erased(tx: &mut Tx, _: &App, gone: &Gone) -> Result<Vec<Erased>, Error> {
    let choices = tx.execute("DELETE FROM cookie_choice WHERE subject = $1", values![gone.subject])?;
    Ok(vec![Erased::new("erased-cookie-choice", choices)])
}

/// What a member has said. A signal comes after nothing that was said before.
pub(super) fn keep(tx: &mut Tx, subject: Id<Subject>, allowed: bool, method: Method) -> Result<(), db::Error> {
    let now = tx.now();
    let conflict = match method {
        Method::Click => {
            "ON CONFLICT (subject) DO UPDATE SET optional = excluded.optional, method = excluded.method, at = excluded.at"
        }
        _ => "ON CONFLICT (subject) DO NOTHING",
    };
    let sql = format!("INSERT INTO cookie_choice (subject, optional, method, at) VALUES ($1, $2, $3, $4) {conflict}");
    tx.execute(&sql, values![subject, allowed, method.code(), now]).map(drop)
}
