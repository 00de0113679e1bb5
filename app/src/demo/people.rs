//! `GET /demo`: who plays, with a button to become each of them.

use super::kept::{Account, Kept, folder};
use crate::app::App;
use crate::web::{Error, Page, filters};
use askama::Template;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Template, Serialize, JsonSchema)]
#[template(path = "demo/people.html")]
#[schemars(rename = "DemoPeople")]
pub struct People {
    accounts: Vec<Account>,
}

/// Everybody, once the demo is prepared.
pub async fn show(State(app): State<App>) -> Result<Page, Error> {
    let kept = Kept::read(&folder(app.config())).map_err(Error::busy)?;
    let accounts = kept.map(|kept| kept.accounts).unwrap_or_default();
    Ok(Page::new("demo-people", People { accounts }))
}
