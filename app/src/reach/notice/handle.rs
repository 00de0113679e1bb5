//! `GET /notices`, `GET /notices/{id}`.

use super::filter::Filter;
use super::page::{Line, List, Show};
use super::row::{Notice, Origin};
use super::store::{self, PAGE};
use crate::app::App;
use crate::sourcing::tender::named;
use crate::web::{At, Context, Ctx, Error, Page, kept};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kit::db;
use kit::id::Id;
use kit::search::{Found, Query};

pub async fn index(State(app): State<App>, context: Ctx) -> Result<Response, Error> {
    // Within a second hardly anybody types the same words: how far the publications have come is not worth asking.
    match context.parameter("words").is_some_and(|words| !words.trim().is_empty()) {
        true => Ok(list(&app, &context).await?.into_response()),
        false => kept(&app, &context, list(&app, &context)).await,
    }
}

pub async fn show(State(app): State<App>, context: Ctx, At(id): At<Id<Notice>>) -> Result<Response, Error> {
    kept(&app, &context, one(&app, &context, id)).await
}

async fn list(app: &App, context: &Context) -> Result<Page, Error> {
    let (filter, after) = Filter::read(context, app.zone())?;
    let first = after.is_none();
    let (notices, next, total) = match filter.words.is_empty() {
        true => listed(app, &filter, after).await?,
        false => searched(app, &filter, after).await?,
    };
    let next = next.map(|cursor| filter.address(Some(("after", &cursor))));
    let feed = filter.feed();
    Ok(Page::public("notice-list", List { filter, total, notices, next, first, now: context.now }).fed(feed))
}

async fn one(app: &App, context: &Context, id: Id<Notice>) -> Result<Page, Error> {
    let found = app.db().read::<_, db::Error>(move |tx| {
        let Some(notice) = store::find(tx, id)? else { return Ok(None) };
        let (series, is_closed) = match notice.origin {
            Origin::Own { tender, .. } => {
                (store::of_tender(tx, tender)?, named::is_closed(tx, Id::<()>::from_bytes(tender))?)
            }
            Origin::List { list, .. } => (store::of_list(tx, list)?, false),
            Origin::External { .. } => (Vec::new(), false),
        };
        Ok(Some((notice, series, is_closed)))
    });
    let (notice, series, is_closed) = found.await?.ok_or_else(Error::not_found)?;
    let (title, mut page) = (notice.title.clone(), Show::new(notice, series, context.now));
    if is_closed {
        // The page is one for all, and most are not invited.
        page.tender = None;
    }
    Ok(Page::public(title, page))
}

/// The lines of a page, the cursor of the next one, and how many there are.
type Answer = (Vec<Line>, Option<String>, usize);

async fn listed(app: &App, filter: &Filter, after: Option<String>) -> Result<Answer, Error> {
    let bound = filter.address(None);
    let after = after.map(|cursor| app.cursors().open(&cursor, &bound)).transpose()?;
    let asked = filter.clone();
    let mut rows = app.db().read::<_, db::Error>(move |tx| store::page(tx, &asked, after, PAGE + 1)).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().filter(|_| more);
    let next = last.map(|row| app.cursors().seal(row.published.at.as_microsecond(), row.id.as_bytes(), &bound));
    let total = match filter.is_everything() {
        true => usize::try_from(app.search().len()).unwrap_or(usize::MAX),
        false => search(app, filter.query()).await?.total,
    };
    Ok((rows.into_iter().map(|row| Line::new(row, None)).collect(), next, total))
}

async fn searched(app: &App, filter: &Filter, after: Option<String>) -> Result<Answer, Error> {
    let bound = filter.address(None);
    let after = after.map(|cursor| app.cursors().open_position(&cursor, &bound)).transpose()?;
    let found = search(app, Query { after, limit: PAGE, ..filter.query() }).await?;
    let next = found.hits.last().filter(|_| found.more).map(|hit| app.cursors().seal_position(hit.position, &bound));
    let ids: Vec<Id<Notice>> = found.hits.iter().map(|hit| Id::from_bytes(hit.id)).collect();
    let rows = app.db().read::<_, db::Error>(move |tx| store::of_ids(tx, &ids)).await?;
    let mut hits = found.hits;
    let lines = rows.into_iter().map(|row| {
        let hit = hits.iter_mut().find(|hit| hit.id == *row.id.as_bytes());
        let marks = hit.map(|hit| (std::mem::take(&mut hit.title), std::mem::take(&mut hit.snippet)));
        Line::new(row, marks)
    });
    Ok((lines.collect(), next, found.total))
}

pub(super) async fn search(app: &App, query: Query) -> Result<Found, Error> {
    app.on_index(move |app| app.search().search(&query)).await
}
