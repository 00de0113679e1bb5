//! `/log`: what the log is, how far it has come, and how anybody can verify it.

use super::producing::end_of;
use super::{audit, proving, store};
use crate::app::App;
use crate::web::{Error, Instant, Page, filters};
use askama::Template;
use axum::extract::State;
use jiff::Timestamp;
use kit::db::{self, Tx};
use schemars::JsonSchema;
use serde::Serialize;

/// The log as everybody sees it.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/log/show.html")]
#[schemars(rename = "LogPage")]
pub struct Show {
    /// The log's name in checkpoints.
    origin: String,
    /// The key that signs checkpoints and receipts, as `log.pub` has it.
    key: String,
    /// The same for tools that read signed notes.
    verifier: String,
    /// How many entries are shown.
    size: u64,
    /// The root over them.
    root: String,
    /// Until when they reach; none while the log is empty.
    #[schemars(with = "Option<Instant>")]
    until: Option<Timestamp>,
    /// The signed checkpoint.
    checkpoint: String,
    /// When the operator's own audit ran last.
    #[schemars(with = "Option<Instant>")]
    audited_at: Option<Timestamp>,
    /// Whether it found everything as it was signed; none before the first.
    audit_ok: Option<bool>,
    /// The names of the witnesses whose cosignatures are taken.
    witnesses: Vec<String>,
}

/// Shows it.
pub async fn show(State(app): State<App>) -> Result<Page, Error> {
    let theirs = app.clone();
    let page = app.db().read::<_, db::Error>(move |tx| read(tx, &theirs)).await?;
    Ok(Page::public("log", page))
}

fn read(tx: &mut Tx, app: &App) -> Result<Show, db::Error> {
    let (size, key) = (proving::size(tx)?, app.signer().key());
    let root = proving::root(tx, size)?;
    let newest = store::entries(tx, size.saturating_sub(1), 1)?;
    let until = newest.first().filter(|_| size > 0).map(|(_, entry)| end_of(entry.span().1));
    let audited = audit::last(tx)?;
    Ok(Show {
        audited_at: audited.map(|(at, _)| at),
        audit_ok: audited.map(|(_, ok)| ok),
        origin: key.origin(),
        key: key.to_string(),
        verifier: key.verifier(),
        size,
        root: root.to_string(),
        until,
        checkpoint: app.signer().checkpoint(size, root),
        witnesses: app.log().witnesses().iter().map(|witness| witness.name.clone()).collect(),
    })
}
