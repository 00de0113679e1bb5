//! Keeping, replacing, removing and reading documents; and handing their files to a bid.

use super::file::{self, Written};
use super::form::{Facts, New, Replacement};
use super::page::{Line, List, Removed, Shown};
use super::{Document, Edition, Kept, PLACE, store};
use crate::app::App;
use crate::business::Keys;
use crate::discard::naming;
use crate::identity::company::data_region;
use crate::identity::company::part::permits::Valid;
use crate::identity::verification::is_clean;
use crate::web::{At, Bidder, Context, Ctx, Error, Form, Input, Page, Saved, Seen, Upload, attachment};
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use kit::db::{self, Tx};
use kit::id::Id;

/// The library of a bidder's company, each document in its newest edition.
///
/// # Errors
/// 503 while the company's key cannot be asked for.
pub async fn of(app: &App, bidder: &Bidder, today: Date) -> Result<Vec<Line>, Error> {
    let who = bidder.clone();
    let kept = app.db().read::<_, db::Error>(move |tx| store::list(tx, &who)).await?;
    lines(app, bidder, &kept, today).await
}

async fn lines(app: &App, bidder: &Bidder, kept: &[Kept], today: Date) -> Result<Vec<Line>, Error> {
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let keys = Keys::of(app, [bidder.company]).await?;
    kept.iter().map(|one| file::line(&keys, bidder.company, one, today)).collect()
}

/// The files of these editions, in this order, for an envelope of the same company; no more than so many bytes together. Each is
/// opened for this one use, and nothing is noted of it.
///
/// # Errors
/// The rule that they break, `library-gone` or `library-large`; 503 while a data region cannot be reached.
pub async fn take(
    app: &App,
    bidder: &Bidder,
    files: &[Id<Edition>],
    most: i64,
) -> Result<Result<Vec<Upload>, &'static str>, Error> {
    let (who, wanted) = (bidder.clone(), files.to_vec());
    let read = move |tx: &mut Tx| wanted.iter().map(|id| store::edition(tx, &who, *id)).collect::<Result<Vec<_>, _>>();
    let found = app.db().read::<_, db::Error>(read).await?;
    let Some(found) = found.into_iter().collect::<Option<Vec<_>>>() else { return Ok(Err("library-gone")) };
    if found.iter().map(|one| one.size).sum::<i64>() > most {
        return Ok(Err("library-large"));
    }
    let mut taken = Vec::with_capacity(found.len());
    for one in &found {
        taken.push(file::open(app, bidder.company, one).await?);
    }
    Ok(Ok(taken))
}

fn today(app: &App, context: &Context) -> Date {
    context.now.to_zoned_datetime(app.zone()).date()
}

async fn list(app: &App, context: &Context, bidder: &Bidder, form: Option<Form>) -> Result<List, Error> {
    let documents = of(app, bidder, today(app, context)).await?;
    let id: Id<Document> = Id::v7(context.now, app.random());
    Ok(List { documents, form: form.unwrap_or_else(|| Form::filled([("id", id.to_string())])) })
}

async fn shown(
    app: &App,
    context: &Context,
    bidder: &Bidder,
    id: Id<Document>,
    form: Option<Form>,
) -> Result<Shown, Error> {
    let who = bidder.clone();
    let kept = app.db().read(move |tx| store::editions(tx, &who, id)).await?;
    let mut all = lines(app, bidder, &kept, today(app, context)).await?.into_iter();
    let document = all.next().ok_or_else(Error::not_found)?;
    let next: Id<Edition> = Id::v7(context.now, app.random());
    let filled = || {
        Form::filled([
            ("id", next.to_string()),
            ("version", document.edition.to_string()),
            ("name", document.name.clone()),
            ("number", document.number.clone().unwrap_or_default()),
            ("issuer", document.issuer.clone().unwrap_or_default()),
            ("ends_on", document.ends_on.map(|day| day.to_string()).unwrap_or_default()),
        ])
    };
    let form = form.unwrap_or_else(filled);
    Ok(Shown { document, earlier: all.collect(), form })
}

/// `GET /company/library`.
pub async fn index(State(app): State<App>, context: Ctx, bidder: Bidder) -> Result<Page, Error> {
    Ok(Page::new("library", list(&app, &context, &bidder, None).await?))
}

/// `POST /company/library`.
pub async fn create(State(app): State<App>, context: Ctx, bidder: Bidder, input: Input) -> Result<Saved, Error> {
    let page = async |form: Form| Ok(("library", list(&app, &context, &bidder, Some(form)).await?));
    let act = async |new: New, form: Form| {
        let New { id, kind, facts, file } = new;
        let edition = app.random().id();
        let written = written(&app, &context, &bidder, (id, edition), (&facts, file), form).await?;
        let (who, zone) = (bidder.clone(), app.zone());
        store_or_discard(&app, written, move |tx, new| store::file(tx, &who, kind, new, &zone)).await?;
        Ok(id)
    };
    let id = input.act_on(page, act).await?;
    let location = format!("{PLACE}/{id}?done=library-filed");
    Ok(Saved::at(location, shown(&app, &context, &bidder, id, None).await?.document))
}

/// `GET /company/library/{id}`.
pub async fn show(
    State(app): State<App>,
    context: Ctx,
    bidder: Bidder,
    At(id): At<Id<Document>>,
) -> Result<Page, Error> {
    let page = shown(&app, &context, &bidder, id, None).await?;
    Ok(Page::new(page.document.name.clone(), page))
}

/// `POST /company/library/{id}/editions`.
pub async fn replace(
    State(app): State<App>,
    context: Ctx,
    bidder: Bidder,
    At(id): At<Id<Document>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| {
        let page = shown(&app, &context, &bidder, id, Some(form)).await?;
        Ok((page.document.name.clone(), page))
    };
    let act = async |new: Replacement, form: Form| {
        let Replacement { id: edition, version, facts, file } = new;
        let who = bidder.clone();
        let known = app.db().read(move |tx| store::own(tx, &who, id)).await?;
        let file = match file {
            Some(file) => file,
            // Each edition has a file of its own.
            None => file::open(&app, bidder.company, &known).await?,
        };
        let written = written(&app, &context, &bidder, (id, edition), (&facts, file), form).await?;
        let (who, zone) = (bidder.clone(), app.zone());
        store_or_discard(&app, written, move |tx, new| store::replace(tx, &who, version, new, &zone)).await
    };
    input.act_on(page, act).await?;
    let location = format!("{PLACE}/{id}?done=library-replaced");
    Ok(Saved::at(location, shown(&app, &context, &bidder, id, None).await?.document))
}

/// `POST /company/library/{id}/removal`.
pub async fn remove(
    State(app): State<App>,
    bidder: Bidder,
    At(id): At<Id<Document>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    app.db().write(move |tx| store::remove(tx, &bidder, id, version)).await?;
    Ok(Saved::at(format!("{PLACE}?done=library-removed"), Removed { id }))
}

/// `GET /library-files/{id}`: the file of an edition, for the company's own people who bid, and for the script that seals their bid.
pub async fn file(State(app): State<App>, bidder: Bidder, At(id): At<Id<Edition>>) -> Result<Response, Error> {
    let who = bidder.clone();
    let kept = app.db().read::<_, db::Error>(move |tx| store::edition(tx, &who, id)).await?;
    let opened = file::open(&app, bidder.company, &kept.ok_or_else(Error::not_found)?).await?;
    Ok(attachment(&opened.name, opened.content))
}

/// Looks at a file and puts it, sealed, where the company's files lie. What has ended already is not kept anew.
async fn written(
    app: &App,
    context: &Context,
    bidder: &Bidder,
    (document, edition): (Id<Document>, Id<Edition>),
    (facts, file): (&Facts, Upload),
    form: Form,
) -> Result<Written, Error> {
    if Valid::of(facts.ends_on, today(app, context)) == Valid::Ended {
        return Err(form.refuse("ends_on", "document-ended"));
    }
    let files = [file];
    if let Err(rule) = is_clean(&files, app.config().clamd_address).await? {
        return Err(form.refuse("file", rule));
    }
    let company = bidder.company;
    let region = app.db().read::<_, db::Error>(move |tx| data_region(tx, company)).await?;
    let [file] = files;
    file::write(app, (company, &region), (document, edition), facts, &file).await
}

/// Gives a written file its row; a file that gets none is deleted.
async fn store_or_discard(
    app: &App,
    written: Written,
    unit: impl Fn(&mut Tx, &Written) -> Result<(), Error> + Send + 'static,
) -> Result<(), Error> {
    let (region, blobs) = (written.region.clone(), vec![written.blob.clone()]);
    naming(app, (&region, blobs), move |tx| unit(tx, &written)).await
}
