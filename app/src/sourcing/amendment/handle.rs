//! Amending, for who publishes the buyer's tenders.

use super::form::{Amended, filled};
use super::page::FormPage;
use super::store;
use crate::app::App;
use crate::discard::naming;
use crate::identity::company::data_region;
use crate::identity::mandate::{self, Target};
use crate::sourcing::tender::document::{Kept, keep};
use crate::sourcing::tender::{Done, Lot, Tender};
use crate::web::{At, Ctx, Error, Form, Input, Page, Purchaser, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;

pub async fn new(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Tender>>,
) -> Result<Page, Error> {
    let amendment = Id::v7(context.now, app.random());
    let zone = app.zone();
    let fill = move |tender: &Tender| filled(amendment, tender, &zone);
    Ok(Page::new("amendment-new", FormPage::read(&app, &context, buyer, id, fill).await?))
}

pub async fn publish(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let page = FormPage::read(&app, &context, buyer.clone(), id, move |_| form.clone()).await?;
        Ok(("amendment-new", page))
    };
    let act = async |given: Amended, form: Form| amend(&app, buyer.clone(), id, given, form).await;
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/tenders/{id}?done=amendment-published#amendments"), Done { id }))
}

/// The documents of a form, which lie in the blob store and have no rows yet.
pub struct Lying {
    pub region: String,
    pub files: Vec<Kept>,
    pub blobs: Vec<String>,
}

/// Writes the documents of a form to the store of the buyer's data centre.
///
/// # Errors
/// 404 when the tender is another's; 503.
pub async fn lay(app: &App, buyer: &Purchaser, id: Id<Tender>, given: &Amended) -> Result<Lying, Error> {
    let owner = buyer.clone();
    let read = move |tx: &mut Tx| {
        crate::sourcing::tender::store::own(tx, &owner, id)?;
        Ok::<_, Error>(data_region(tx, owner.company)?)
    };
    let region = app.db().read(read).await?;
    let mut files: Vec<Kept> = Vec::new();
    for file in &given.documents {
        files.push(keep(app, &region, file).await?);
    }
    let blobs = files.iter().map(|file| file.blob.clone()).collect();
    Ok(Lying { region, files, blobs })
}

/// Blobs first, then what names them.
async fn amend(app: &App, buyer: Purchaser, id: Id<Tender>, given: Amended, form: Form) -> Result<(), Error> {
    let Lying { region, files, blobs } = lay(app, &buyer, id, &given).await?;
    let target = Target::of(app, buyer.company, id, None::<Id<Lot>>);
    let unit = move |tx: &mut Tx| {
        buyer.still(tx)?;
        mandate::may(tx, &buyer, mandate::Act::Publish, &target)?;
        store::publish(tx, &buyer, id, &given, &files, &form)
    };
    naming(app, (&region, blobs), unit).await
}
