//! Making, reading, accepting, leaving.

use super::form::{Accepted, New};
use super::page::{FormPage, List, ShowPage};
use super::store::{self, Made, Own};
use crate::app::App;
use crate::discard;
use crate::identity::company::data_region;
use crate::identity::verification::is_clean;
use crate::sourcing::bid::joint::{self, Agreement, Consortium, Key, Lying, TERMS};
use crate::sourcing::tender::Lot;
use crate::web::{At, Bidder, Ctx, Error, Form, Input, Page, Provider, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The answer to an act in a consortium.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConsortiumDone")]
pub struct Done {
    id: Id<Consortium>,
}

pub async fn index(State(app): State<App>, context: Ctx, provider: Provider) -> Result<Page, Error> {
    Ok(Page::new("consortium-mine", List::read(&app, provider, context.locale).await?))
}

pub async fn new(State(app): State<App>, context: Ctx, provider: Bidder, At(lot): At<Id<Lot>>) -> Result<Page, Error> {
    let id: Id<Consortium> = Id::v7(context.now, app.random());
    let page = FormPage::read(&app, provider, lot, Form::filled([("id", id.to_string())])).await?;
    Ok(Page::new("consortium-new", page))
}

pub async fn create(
    State(app): State<App>,
    provider: Bidder,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| Ok(("consortium-new", FormPage::read(&app, provider.clone(), lot, form).await?));
    let act = async |new: New, form: Form| make(&app, &provider, lot, (new, form)).await;
    let id = input.act_on(page, act).await?;
    Ok(Saved::at(format!("/consortia/{id}?done=consortium-made"), Done { id }))
}

/// Finds whom the form names, writes their agreement, and stores it sealed.
async fn make(app: &App, provider: &Bidder, lot: Id<Lot>, (new, form): (New, Form)) -> Result<Id<Consortium>, Error> {
    let (who, named, typed) = (provider.clone(), new.clone(), form.clone());
    let read = move |tx: &mut Tx| {
        let (tender, parts) = store::parts(tx, &who, lot, (&named, &typed))?;
        Ok::<_, Error>((tender.id, parts, data_region(tx, tender.company)?))
    };
    let (tender, parts, region) = app.db().read(read).await?;
    if let Err(rule) = is_clean(new.signed.as_slice(), app.config().clamd_address).await? {
        return Err(form.refuse("signed", rule));
    }
    let (key, salt): (Key, [u8; 16]) = (Key::of(app, new.id).await?, app.random().bytes());
    let (clauses, terms, salt) = (new.clauses, TERMS.to_owned(), hex::encode(salt));
    let agreement =
        Agreement { tender, lot, parts, clauses, terms, salt, signed: new.signed.as_ref().map(joint::Signed::of) };
    let signed = match &new.signed {
        Some(file) => Some(Lying { blob: joint::keep(app, &key, &region, file).await?, region: region.clone() }),
        None => None,
    };
    let blobs = signed.iter().map(|file| file.blob.clone()).collect();
    let made = Made {
        id: new.id,
        lot,
        signed,
        agreement: key.seal(&agreement),
        sha256: agreement.sha256(),
        marks: agreement.parts.iter().map(|part| joint::mark(app, tender, part.company)).collect(),
        own: Own::of(app, provider.company, tender, lot),
    };
    let who = provider.clone();
    discard::naming(app, (&region, blobs), move |tx| store::make(tx, &who, &made)).await?;
    Ok(new.id)
}

pub async fn show(
    State(app): State<App>,
    context: Ctx,
    provider: Provider,
    At(id): At<Id<Consortium>>,
) -> Result<Page, Error> {
    Ok(Page::new("consortium-one", ShowPage::read(&app, provider, id, (context.now, context.locale)).await?))
}

pub async fn accept(
    State(app): State<App>,
    provider: Bidder,
    At(id): At<Id<Consortium>>,
    input: Input,
) -> Result<Saved, Error> {
    let Accepted { agreement } = input.parse()?;
    let theirs = app.clone();
    app.db().write(move |tx| store::accept(tx, &theirs, &provider, id, &agreement)).await?;
    Ok(Saved::at(format!("/consortia/{id}?done=consortium-accepted"), Done { id }))
}

pub async fn depart(
    State(app): State<App>,
    provider: Bidder,
    At(id): At<Id<Consortium>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let theirs = app.clone();
    app.db().write(move |tx| store::depart(tx, &theirs, &provider, id)).await?;
    Ok(Saved::at(format!("/consortia/{id}?done=consortium-departed"), Done { id }))
}
