//! Listing, keeping, forgetting, and how lists are shown.

use super::document::{self, Document, Search};
use super::form::{Display, New};
use super::page::{FormPage, Gone, Line, List};
use super::store::{self, Row};
use super::{CONTENT, PLACE};
use crate::app::App;
use crate::trust::consent::Works;
use crate::web::{At, Context, Ctx, Error, Form, Input, Page, Person, Saved};
use axum::extract::State;
use kit::db;
use kit::id::Id;
use policy::purpose;
use vault::Grant;

/// How often a change is tried while others are faster.
const TRIES: usize = 3;

pub(super) async fn index(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("searches", list(&app, &context, person, None).await?))
}

pub(super) async fn new(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    let filter = document::filter(&context.query)?;
    let id: Id<Search> = Id::v7(context.now, app.random());
    let form = Form::filled([("id", id.to_string()), ("name", filter.words.clone()), ("query", filter.query_text())]);
    let (works, _) = app.db().read::<_, db::Error>(move |tx| store::read(tx, person)).await?;
    Ok(Page::new("search-new", FormPage::new(works, &filter, form)))
}

pub(super) async fn keep(State(app): State<App>, context: Ctx, person: Person, input: Input) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let filter = document::filter(form.value("query")).unwrap_or_default();
        let (works, _) = app.db().read::<_, db::Error>(move |tx| store::read(tx, person)).await?;
        Ok(("search-new", FormPage::new(works, &filter, form)))
    };
    let new: New = input.parse_on(again).await?;
    let document = change(&app, &context, person, |document| document.keep(&new)).await?;
    let kept = document.searches.iter().find(|search| search.id == new.id).ok_or_else(Error::not_found)?;
    Ok(Saved::at(format!("{PLACE}?done=search-kept"), Line::new(kept, &document.display)))
}

pub(super) async fn remove(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    At(id): At<Id<Search>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    change(&app, &context, person, |document| document.remove(id)).await?;
    Ok(Saved::at(format!("{PLACE}?done=search-forgotten"), Gone { removed: id }))
}

pub(super) async fn display(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("searches", list(&app, &context, person, Some(form)).await?));
    let display: Display = input.parse_on(again).await?;
    let set = |document: &mut Document| {
        document.display = display;
        Ok(())
    };
    change(&app, &context, person, set).await?;
    Ok(Saved::at(format!("{PLACE}?done=search-display"), display))
}

async fn list(app: &App, context: &Context, person: Person, refused: Option<Form>) -> Result<List, Error> {
    let (works, row) = app.db().read::<_, db::Error>(move |tx| store::read(tx, person)).await?;
    let document = match &row {
        Some(row) => open(app, context, person, row).await?,
        None => Document::default(),
    };
    Ok(List::new(works, document, refused))
}

/// Opens the document, changes it and seals it anew; from the start again when another page of the person's was faster.
///
/// # Errors
/// 403 `no-consent`, 412 `stale`, what `change` refuses.
async fn change(
    app: &App,
    context: &Context,
    person: Person,
    change: impl Fn(&mut Document) -> Result<(), Error>,
) -> Result<Document, Error> {
    for _ in 0..TRIES {
        let (works, row) = app.db().read::<_, db::Error>(move |tx| store::read(tx, person)).await?;
        if works != Works::On {
            return Err(Error::forbidden("no-consent"));
        }
        let mut document = match &row {
            Some(row) => open(app, context, person, row).await?,
            None => Document::default(),
        };
        change(&mut document)?;
        let (id, version) = row.map_or_else(|| (app.random().id(), 1), |row| (row.id, row.version + 1));
        let content = app.vault().seal(CONTENT, person.subject(), id, &document.to_seal()?).await?;
        let row = Row { id, version, content };
        if app.db().write(move |tx| store::replace(tx, person, &row)).await? {
            return Ok(document);
        }
    }
    Err(Error::stale())
}

async fn open(app: &App, context: &Context, person: Person, row: &Row) -> Result<Document, Error> {
    let grant = Grant::<purpose::RememberedSearch, _>::new(&person, context.request);
    Document::of(&app.vault().open(&grant, &row.content).await?)
}
