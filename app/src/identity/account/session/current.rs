//! `GET /session`: who acts, and the token that acts need. For scripts and integrators with a cookie jar.

use crate::app::App;
use crate::identity::company::{Company, State};
use crate::web::{Actor, Ctx, Error, Page, filters};
use askama::Template;
use axum::extract::State as Of;
use axum::response::IntoResponse;
use http::header::SET_COOKIE;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// Who acts.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/account/session/current.html")]
#[schemars(rename = "CurrentSession")]
pub struct Current {
    signed_in: bool,
    operator: bool,
    company: Option<Acting>,
    /// Goes into the field `csrf` or the header `x-csrf-token` of every POST.
    csrf: String,
}

#[derive(Serialize, JsonSchema)]
pub struct Acting {
    id: Id<Company>,
    name: String,
    buyer: bool,
    provider: bool,
    state: State,
}

pub async fn show(Of(app): Of<App>, context: Ctx) -> Result<impl IntoResponse, Error> {
    let (secret, cookie) = context.form_secret(&app);
    let company = context.actor.member().map(|member| Acting {
        id: member.company,
        name: member.company_name.clone(),
        buyer: member.is_buyer,
        provider: member.is_provider,
        state: member.state,
    });
    let view = Current {
        signed_in: context.actor.person().is_some(),
        operator: matches!(context.actor, Actor::Operator(_)),
        company,
        csrf: app.form_tokens().of(&secret),
    };
    Ok((cookie.map(|cookie| [(SET_COOKIE, cookie)]), Page::new("session-current", view)))
}
