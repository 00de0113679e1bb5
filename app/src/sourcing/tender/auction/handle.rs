//! The page on which a draft says whether there is an auction.

use super::super::handle::Done;
use super::super::page::Named;
use super::super::store::own_draft;
use super::super::tender::Tender;
use super::form::{Given, filled};
use super::{earliest, store};
use crate::app::App;
use crate::sourcing::profile::AuctionBounds;
use crate::web::{At, Ctx, Error, Form, Input, Locale, Page, Preparer, Saved, filters};
use askama::Template;
use axum::extract::State;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The form.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/tender/auction/form.html")]
#[schemars(rename = "AuctionTermsForm")]
pub struct FormPage {
    tender: Named,
    /// What the method allows; none where it has no auction.
    bounds: Option<&'static AuctionBounds>,
    form: Form,
}

impl FormPage {
    async fn read(
        app: &App,
        buyer: Preparer,
        id: Id<Tender>,
        typed: Option<Form>,
        locale: Locale,
    ) -> Result<Self, Error> {
        let zone = app.zone();
        let read = move |tx: &mut kit::db::Tx| {
            let tender = own_draft(tx, &buyer, id)?;
            let (known, bounds) = (store::find(tx, id)?, tender.method.profile().auction.as_ref());
            let proposed = bounds.map_or(tender.closes_at(), |bounds| earliest(bounds, tender.closes_at()));
            let form = typed.clone().unwrap_or_else(|| filled(&tender, known.as_ref(), &zone, proposed));
            Ok::<_, Error>(Self { tender: Named::new(tender, locale), bounds, form })
        };
        app.db().read(read).await
    }
}

pub async fn edit(
    State(app): State<App>,
    context: Ctx,
    buyer: Preparer,
    At(id): At<Id<Tender>>,
) -> Result<Page, Error> {
    Ok(Page::new("auction", FormPage::read(&app, buyer, id, None, context.locale).await?))
}

pub async fn update(
    State(app): State<App>,
    context: Ctx,
    buyer: Preparer,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let again =
        async |form: Form| Ok(("auction", FormPage::read(&app, buyer.clone(), id, Some(form), context.locale).await?));
    let act = async |given: Given, form: Form| {
        let buyer = buyer.clone();
        app.db().write(move |tx| store::save(tx, &buyer, id, &given, &form)).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/tenders/{id}/draft?done=auction-saved#auction"), Done { id }))
}
