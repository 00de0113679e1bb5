//! Inviting, for who publishes the buyer's tenders.

use super::page::FormPage;
use super::{Further, store};
use crate::app::App;
use crate::identity::approval;
use crate::identity::mandate::{self, Target};
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
    Ok(Page::new("inviting", FormPage::read(&app, &context, buyer, id, None).await?))
}

pub async fn invite(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let again =
        async |form: Form| Ok(("inviting", FormPage::read(&app, &context, buyer.clone(), id, Some(form)).await?));
    let act = async |given: Further, form: Form| {
        let (buyer, target) = (buyer.clone(), Target::of(&app, buyer.company, id, None::<Id<Lot>>));
        let unit = move |tx: &mut Tx| {
            buyer.still(tx)?;
            mandate::may(tx, &buyer, mandate::Act::Publish, &target)?;
            store::invite(tx, &buyer, id, (&given, &form))
        };
        app.db().write(unit).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/tenders/{id}?done=inviting-done#named"), Done { id }))
}

pub async fn ask(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let again =
        async |form: Form| Ok(("inviting", FormPage::read(&app, &context, buyer.clone(), id, Some(form)).await?));
    let act = async |given: Further, form: Form| {
        let buyer = buyer.clone();
        let unit = move |tx: &mut Tx| {
            buyer.still(tx)?;
            store::ask(tx, &buyer, id, (&given, &form))
        };
        app.db().write(unit).await
    };
    let request = input.act_on(again, act).await?;
    Ok(approval::Done::saved(request, "approval-asked"))
}
