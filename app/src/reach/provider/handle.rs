//! Reading: the list, a page, and the provider's own.

use super::filter::Filter;
use super::page::{Editor, List, Show};
use super::public::{Public, as_if};
use super::{directory, store};
use crate::app::App;
use crate::identity::company::Company;
use crate::web::{At, Context, Ctx, Error, Form, Page, Provider, kept};
use axum::extract::State;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use kit::db;
use kit::id::Id;

/// For how many days closing down is announced beforehand: 电子商务法 16.
pub const NOTICE_DAYS: i64 = 30;

pub async fn index(State(app): State<App>, context: Ctx) -> Result<Response, Error> {
    kept(&app, &context, list(&app, &context)).await
}

pub async fn show(State(app): State<App>, context: Ctx, At(id): At<Id<Company>>) -> Result<Response, Error> {
    kept(&app, &context, one(&app, &context, id)).await
}

async fn list(app: &App, context: &Context) -> Result<Page, Error> {
    let (filter, after) = Filter::read(context)?;
    let first = after.is_none();
    let (providers, next, total) = directory::page(app, &filter, after).await?;
    let next = next.map(|cursor| filter.address(Some(("after", &cursor))));
    Ok(Page::public("provider-list", List { filter, total, providers, next, first }))
}

async fn one(app: &App, context: &Context, id: Id<Company>) -> Result<Page, Error> {
    let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, id)).await?;
    let provider = found.ok_or_else(Error::not_found)?;
    let name = provider.name.clone();
    Ok(Page::public(name, Show::new(provider, today(app, context), &address(app, id))))
}

/// The page's whole address, where the installation knows its own.
fn address(app: &App, id: Id<Company>) -> String {
    let path = format!("/providers/{id}");
    let root = app.config().public_url.as_ref();
    root.and_then(|root| root.join(&path).ok()).map_or(path, |url| url.to_string())
}

/// The day in the installation's zone.
pub fn today(app: &App, context: &Context) -> Date {
    context.now.to_zoned_datetime(app.zone()).date()
}

/// The provider's own page, to be changed.
pub async fn own(State(app): State<App>, context: Ctx, provider: Provider) -> Result<Page, Error> {
    Ok(Page::new("provider-own", editor(&app, &context, &provider).await?))
}

/// What the provider's own page shows.
pub async fn editor(app: &App, context: &Context, provider: &Provider) -> Result<Editor, Error> {
    let (company, today) = (provider.company, today(app, context));
    let read = app.db().read::<_, Error>(move |tx| {
        let newest = store::newest(tx, company)?;
        let page = as_if(tx, company, newest.as_ref().map(|(_, profile)| profile.clone()))?;
        Ok((newest, page, store::find(tx, company)?.is_some()))
    });
    let (newest, page, is_public) = read.await?;
    let page: Public = page.ok_or_else(|| Error::forbidden("providers-only"))?;
    let (version, profile) = newest.unwrap_or_default();
    let earliest_end = today.checked_add(NOTICE_DAYS.days()).map_err(Error::fault)?;
    let closing = Form::filled([("closes_on", page.closes_on.unwrap_or(earliest_end).to_string())]);
    Ok(Editor { provider: page, is_public, version, earliest_end, form: profile.form(version), closing })
}
