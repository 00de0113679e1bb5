//! `GET /ocds`, `/ocds/releases`, `/ocds/releases/{id}`, `/ocds/records/{ocid}`.

use super::package::{self, BOUND};
use super::page::Show;
use super::release::Release;
use super::store;
use crate::app::App;
use crate::web::{At, Ctx, Error, Page, tagged};
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use kit::db;
use kit::id::Id;

/// The media type.
pub const JSON: &str = "application/json";

/// What never changes may be kept for a day (who publishes it, and under which licence, may change); the rest is asked for anew.
const DAY: &str = "public, max-age=86400";
const ANEW: &str = "public, max-age=0, must-revalidate";

/// What the open data are, and where.
pub async fn show(State(app): State<App>) -> Result<Page, Error> {
    let total = app.db().read::<_, db::Error>(store::newest).await?;
    Ok(Page::public("ocds", Show::new(&app, total)))
}

/// A page of the feed, the oldest release first.
pub async fn feed(State(app): State<App>, context: Ctx, headers: HeaderMap) -> Result<Response, Error> {
    let cursor = url::form_urlencoded::parse(context.query.as_bytes()).find(|(name, _)| name == "after");
    let after = match &cursor {
        None => 0,
        Some((_, cursor)) => app.cursors().open(cursor, BOUND)?.0,
    };
    let path = match cursor {
        None => package::FEED.to_owned(),
        Some((_, cursor)) => format!("{}?after={cursor}", package::FEED),
    };
    let found = app.db().read::<_, db::Error>(move |tx| store::page(tx, after)).await?;
    let (text, is_full) = package::page(&app, &path, after, found)?;
    Ok(answer(text, if is_full { DAY } else { ANEW }, &headers))
}

/// One release, in a package of its own.
pub async fn release(State(app): State<App>, headers: HeaderMap, At(id): At<Id<Release>>) -> Result<Response, Error> {
    let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, id)).await?;
    let path = format!("{}/{id}", package::FEED);
    Ok(answer(package::single(&app, &path, found.ok_or_else(Error::not_found)?)?, DAY, &headers))
}

/// The record of a process.
pub async fn record(State(app): State<App>, headers: HeaderMap, At(ocid): At<String>) -> Result<Response, Error> {
    // No other text is one, and not every text can be asked a database for.
    if ocid.len() > 64 || !ocid.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(Error::not_found());
    }
    let asked = ocid.clone();
    let found = app.db().read::<_, db::Error>(move |tx| store::of_process(tx, &asked)).await?;
    let text = package::record(&app, &format!("/ocds/records/{ocid}"), &ocid, found)?;
    Ok(answer(text, ANEW, &headers))
}

/// The text with its tag, or nothing for who has it.
fn answer(text: String, kept: &'static str, headers: &HeaderMap) -> Response {
    tagged(JSON, text, kept, None, headers)
}
