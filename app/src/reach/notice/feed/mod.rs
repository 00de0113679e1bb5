//! `GET /notices.atom`: the list as a feed (RFC 4287) that programs follow without an account, with the list's filters, the
//! newest first also where words are searched for. Further pages are linked (RFC 5005, 3): a paged feed, not an archived one,
//! since an import may bring an older notice, which then stands where it belongs.

mod atom;
mod exact;
mod store;

pub use exact::exact as exactly;

use super::filter::Filter;
use super::row::Notice;
use super::store::Summary;
use crate::app::App;
use crate::web::syndication::{ANEW, ATOM, language};
use crate::web::text::Words;
use crate::web::{Changed, Ctx, Error, InAddress, tagged};
use atom::{Atom, Entry};
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use kit::db;
use kit::id::Id;
use kit::search::Query;
use store::Later;

/// Its address.
pub const PLACE: &str = "/notices.atom";

/// Notices of a page.
const PAGE: usize = 50;

/// What a page is made of.
struct Found {
    rows: Vec<Summary>,
    later: Later,
    next: Option<String>,
}

pub async fn show(State(app): State<App>, context: Ctx, headers: HeaderMap) -> Result<Response, Error> {
    let (filter, after) = Filter::read(&context, app.zone())?;
    // How the list is shown is no matter here.
    let filter = Filter { compact: false, ..filter };
    let language = language(&context);
    let found = match filter.words.is_empty() {
        true => listed(&app, &filter, after.as_deref()).await?,
        false => searched(&app, &filter, after.as_deref()).await?,
    };
    let changed = found.later.changed.map(|at| Changed { at, now: context.now });
    let words = Words::new(app.catalogue(), context.locale);
    let entries = found.rows.iter().map(|row| Entry { row, updated: found.later.updated(row) }).collect();
    let pages = Pages { app: &app, filter: &filter, language, this: after.as_deref(), next: found.next.as_deref() };
    let text = Atom { pages, words, zone: app.zone(), entries }.text()?;
    let mut response = tagged(ATOM, text, ANEW, changed, &headers);
    response.extensions_mut().insert(InAddress);
    Ok(response)
}

async fn listed(app: &App, filter: &Filter, after: Option<&str>) -> Result<Found, Error> {
    let bound = bound(filter);
    let after = after.map(|cursor| app.cursors().open(cursor, &bound)).transpose()?;
    let asked = filter.clone();
    let (rows, later) = app
        .db()
        .read::<_, db::Error>(move |tx| {
            let rows = super::store::page(tx, &asked, after, PAGE + 1)?;
            let later = store::later(tx, &rows[..rows.len().min(PAGE)])?;
            Ok((rows, later))
        })
        .await?;
    let last = rows.get(PAGE - 1).filter(|_| rows.len() > PAGE);
    let next = last.map(|row| app.cursors().seal(row.published.at.as_microsecond(), row.id.as_bytes(), &bound));
    Ok(Found { rows: rows.into_iter().take(PAGE).collect(), later, next })
}

async fn searched(app: &App, filter: &Filter, after: Option<&str>) -> Result<Found, Error> {
    let bound = bound(filter);
    let after = after.map(|cursor| app.cursors().open_position(cursor, &bound)).transpose()?;
    let query = Query { after, limit: PAGE, newest: true, ..filter.query() };
    let found = super::handle::search(app, query).await?;
    let next = found.hits.last().filter(|_| found.more).map(|hit| app.cursors().seal_position(hit.position, &bound));
    let ids: Vec<Id<Notice>> = found.hits.iter().map(|hit| Id::from_bytes(hit.id)).collect();
    let (rows, later) = app
        .db()
        .read::<_, db::Error>(move |tx| {
            let rows = super::store::of_ids(tx, &ids)?;
            let later = store::later(tx, &rows)?;
            Ok((rows, later))
        })
        .await?;
    Ok(Found { rows, later, next })
}

fn bound(filter: &Filter) -> String {
    format!("atom {}", filter.address(None))
}

/// The addresses of a feed's pages.
struct Pages<'a> {
    app: &'a App,
    filter: &'a Filter,
    language: Option<&'static str>,
    this: Option<&'a str>,
    next: Option<&'a str>,
}

impl Pages<'_> {
    /// The list that the feed follows.
    fn list(&self) -> String {
        self.app.config().address(&self.filter.address(self.lang()))
    }

    fn first(&self) -> String {
        self.page(None)
    }

    fn itself(&self) -> String {
        self.page(self.this)
    }

    fn next(&self) -> Option<String> {
        self.next.map(|cursor| self.page(Some(cursor)))
    }

    fn lang(&self) -> Option<(&'static str, &str)> {
        self.language.map(|tag| ("lang", tag))
    }

    fn page(&self, cursor: Option<&str>) -> String {
        let after = cursor.map(|cursor| ("after", cursor));
        let query = self.filter.query_with(self.lang().into_iter().chain(after));
        let path = if query.is_empty() { PLACE.to_owned() } else { format!("{PLACE}?{query}") };
        self.app.config().address(&path)
    }
}
