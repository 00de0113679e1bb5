//! The view model of the form.

use super::{rule, store};
use crate::app::App;
use crate::sourcing::tender::{self, Lot, Named, Tender};
use crate::web::{Context, Error, Form, Purchaser, filters};
use askama::Template;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The form of a termination.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/termination/form.html")]
#[schemars(rename = "TerminationForm")]
pub struct FormPage {
    form: Form,
    /// As it stands.
    tender: Named,
    /// Those that are not over.
    lots: Vec<Lot>,
}

impl FormPage {
    /// Reads a tender that can be terminated; `fill` makes the form.
    ///
    /// # Errors
    /// 404, 409 `termination-ended`.
    pub async fn read(
        app: &App,
        context: &Context,
        buyer: Purchaser,
        id: Id<Tender>,
        fill: impl Fn(&Tender) -> Form + Send + 'static,
    ) -> Result<Self, Error> {
        let locale = context.locale;
        let read = move |tx: &mut kit::db::Tx| {
            let tender = store::endable(tx, &buyer, id)?;
            let lots = tender::store::lots(tx, id)?;
            let lots = rule::endable(&lots).cloned().collect();
            Ok(Self { form: fill(&tender), lots, tender: Named::new(tender, locale) })
        };
        app.db().read(read).await
    }
}
