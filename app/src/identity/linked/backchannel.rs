//! An issuer says that somebody is signed out there (OpenID Connect Back-Channel Logout 1.0): what they had opened here through it
//! ends at once. Outside the shell: no cookie, no actor and no page, the order's signature says who sends it.

use super::arrive::{called, sealed_text};
use super::claims::{REMEMBERED, logout};
use super::issuer::{Issuer, Trouble};
use super::jws;
use crate::app::App;
use crate::identity::account::link;
use crate::web::limit::{self, Limit};
use crate::web::{Error, session};
use aws_lc_rs::digest::{SHA256, digest};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::values;
use policy::Control;
use serde_json::json;

/// Where an issuer sends its orders.
pub const PATH: &str = "/session/linked/{issuer}/logout";

/// Orders of one issuer.
static ORDERS: Limit = Limit { name: "linked-logout", burst: 600, every: SignedDuration::from_millis(100) };

/// The route.
pub fn routes() -> Router<App> {
    Router::new().route(PATH, post(end).layer(DefaultBodyLimit::max(jws::LONGEST + 100)))
}

/// § 2.8: 200, or 400 with a JSON object, never to be kept.
fn answer(status: StatusCode, body: String) -> Response {
    (status, [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, "application/json")], body).into_response()
}

fn refused(why: &str) -> Response {
    answer(StatusCode::BAD_REQUEST, json!({ "error": "invalid_request", "error_description": why }).to_string())
}

async fn end(State(app): State<App>, Path(code): Path<String>, body: Bytes) -> Response {
    let Some(issuer) = app.issuers().find(&code) else { return answer(StatusCode::NOT_FOUND, "{}".into()) };
    let mut fields = url::form_urlencoded::parse(&body);
    let Some((_, token)) = fields.find(|(name, _)| name == "logout_token") else {
        return refused("there is no logout_token");
    };
    match obey(&app, issuer, &token).await {
        Ok(()) => answer(StatusCode::OK, "{}".into()),
        Err(Refused::Order(trouble @ Trouble::Token(_))) => {
            tracing::warn!(issuer = issuer.config.code, %trouble, "an order to sign out does not count");
            refused(&trouble.to_string())
        }
        // Its keys cannot be read now: it sends the order again.
        Err(Refused::Order(trouble)) => {
            tracing::warn!(issuer = issuer.config.code, %trouble, "an order to sign out cannot be checked");
            answer(StatusCode::SERVICE_UNAVAILABLE, "{}".into())
        }
        Err(Refused::Fault(error)) => {
            error.log("linked");
            answer(error.status, "{}".into())
        }
    }
}

enum Refused {
    Order(Trouble),
    Fault(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Fault(error)
    }
}

async fn obey(app: &App, issuer: &Issuer, token: &str) -> Result<(), Refused> {
    limit::take(app.db(), &[app.limits().of(&ORDERS, &[issuer.config.code.as_bytes()])]).await?;
    let now = app.clock().now();
    let payload = issuer.verify(token, now).await.map_err(Refused::Order)?;
    let names = (issuer.config.issuer.as_str(), issuer.config.client_id.as_str());
    let order = logout(&payload, names, now).map_err(|why| Refused::Order(Trouble::Token(why)))?;
    let index = match &order.subject {
        Some(subject) => Some(app.accounts().identity_index(&sealed_text(issuer, subject)?)),
        None => None,
    };
    let session = called(app, issuer, order.session.as_deref());
    let name = digest(&SHA256, format!("{}\n{}", issuer.config.code, order.id).as_bytes()).as_ref().to_vec();
    let unit = move |tx: &mut Tx| take(tx, &name, index.as_ref(), session.as_deref());
    let is_new = app.db().write::<_, db::Error>(unit).await.map_err(|error| Refused::Fault(error.into()))?;
    if is_new { Ok(()) } else { Err(Refused::Order(Trouble::Token("it was sent before"))) }
}

/// One unit: the order is remembered, and the sessions end. Answers whether it is new.
fn take(tx: &mut Tx, name: &[u8], index: Option<&[u8; 32]>, session: Option<&[u8]>) -> Result<bool, db::Error> {
    let now = tx.now();
    let ends = now.checked_add(REMEMBERED).unwrap_or(now);
    let sql = "INSERT INTO logout_token (token, ends_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    if tx.execute(sql, values![name, ends])? == 0 {
        return Ok(false);
    }
    if !policy::holds(Control::IssuerSignsOut) {
        return Ok(true);
    }
    match (index, session) {
        (Some(index), session) => link::end_sessions(tx, index, session)?,
        (None, Some(session)) => session::end_called(tx, session)?,
        (None, None) => 0,
    };
    Ok(true)
}
