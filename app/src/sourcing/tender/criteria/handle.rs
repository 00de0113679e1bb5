//! The page on which a draft says how it is evaluated.

use super::super::handle::Done;
use super::super::page::Named;
use super::super::store::own_draft;
use super::super::tender::Tender;
use super::form::{Given, SEATS, filled};
use super::store;
use crate::app::App;
use crate::sourcing::profile::Profile;
use crate::web::{At, Ctx, Error, Form, Input, Locale, Page, Preparer, Saved, filters};
use askama::Template;
use axum::extract::State;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The form.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/tender/criteria/form.html")]
#[schemars(rename = "EvaluationMethodForm")]
pub struct FormPage {
    tender: Named,
    profile: &'static Profile,
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
        let read = move |tx: &mut kit::db::Tx| {
            let tender = own_draft(tx, &buyer, id)?;
            let (known, profile) = (store::find(tx, id)?, tender.method.profile());
            let fresh = filled(tender.version, known.as_ref(), profile.committee_least);
            let form = typed.clone().unwrap_or(fresh);
            Ok::<_, Error>(Self { tender: Named::new(tender, locale), profile, form })
        };
        app.db().read(read).await
    }

    /// The sizes that the method allows.
    fn seats(&self) -> Vec<(i64, i64)> {
        SEATS.into_iter().filter(|seats| *seats >= self.profile.committee_least).map(|seats| (seats, seats)).collect()
    }
}

pub async fn edit(
    State(app): State<App>,
    context: Ctx,
    buyer: Preparer,
    At(id): At<Id<Tender>>,
) -> Result<Page, Error> {
    Ok(Page::new("criteria", FormPage::read(&app, buyer, id, None, context.locale).await?))
}

pub async fn update(
    State(app): State<App>,
    context: Ctx,
    buyer: Preparer,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let again =
        async |form: Form| Ok(("criteria", FormPage::read(&app, buyer.clone(), id, Some(form), context.locale).await?));
    let act = async |given: Given, form: Form| {
        let buyer = buyer.clone();
        app.db().write(move |tx| store::save(tx, &buyer, id, &given, &form)).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/tenders/{id}/draft?done=criteria-saved#criteria"), Done { id }))
}
