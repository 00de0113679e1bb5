//! Terminating, for who publishes the buyer's tenders; and tendering again.

use super::again;
use super::form::{Ended, filled};
use super::page::FormPage;
use super::store;
use crate::app::App;
use crate::identity::mandate::{self, Target};
use crate::sourcing::tender::{Done, Lot, Tender};
use crate::web::{At, Ctx, Error, Form, Input, NewRow, Page, Preparer, Purchaser, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;

pub async fn new(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Tender>>,
) -> Result<Page, Error> {
    let termination = Id::v7(context.now, app.random());
    let fill = move |tender: &Tender| filled(termination, tender);
    Ok(Page::new("termination-new", FormPage::read(&app, &context, buyer, id, fill).await?))
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
        Ok(("termination-new", page))
    };
    let act = async |given: Ended, form: Form| {
        let (buyer, target) = (buyer.clone(), Target::of(&app, buyer.company, id, None::<Id<Lot>>));
        let unit = move |tx: &mut Tx| {
            buyer.still(tx)?;
            mandate::may(tx, &buyer, mandate::Act::Publish, &target)?;
            store::publish(tx, &buyer, id, &given, &form)
        };
        app.db().write(unit).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/tenders/{id}?done=termination-published#terminations"), Done { id }))
}

pub async fn again(
    State(app): State<App>,
    buyer: Preparer,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let given: NewRow<Tender> = input.parse()?;
    let draft = again::draft(&app, buyer, id, given.id).await?;
    Ok(Saved::at(format!("/tenders/{draft}/draft?done=tender-again"), Done { id: draft }))
}
