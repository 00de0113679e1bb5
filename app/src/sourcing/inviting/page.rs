//! The view model of the form.

use super::store;
use crate::app::App;
use crate::identity::approval::{self, Act, Open, Step};
use crate::sourcing::guests::Invited;
use crate::sourcing::tender::{self, Named, Tender, named};
use crate::web::{Actor, Context, Error, Form, Purchaser, filters};
use askama::Template;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The form that invites further providers.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/inviting/form.html")]
#[schemars(rename = "InvitingForm")]
pub struct FormPage {
    form: Form,
    /// As it stands.
    tender: Named,
    /// Who is invited.
    named: Vec<Invited>,
    /// The steps by which it is approved first; none where nothing is asked for.
    approval: Vec<Step>,
    /// What the reader has asked approval for.
    request: Option<Open>,
}

impl FormPage {
    /// Reads a tender that takes further guests; a form that was refused comes back.
    ///
    /// # Errors
    /// 404, 409 as [`store::open`].
    pub async fn read(
        app: &App,
        context: &Context,
        buyer: Purchaser,
        id: Id<Tender>,
        refused: Option<Form>,
    ) -> Result<Self, Error> {
        let locale = context.locale;
        let read = move |tx: &mut Tx| {
            let tender = store::open(tx, &buyer, id)?;
            let lots = tender::store::lots(tx, id)?;
            let blank = || Form::filled([("version", tender.version.to_string())]);
            Ok(Self {
                form: refused.clone().unwrap_or_else(blank),
                named: named::shown(tx, &tender, &Actor::Member((**buyer).clone()))?,
                approval: approval::needed(tx, &buyer, Act::Amend, tender::amount(&lots))?,
                request: approval::open(tx, &buyer, Act::Amend, id)?,
                tender: Named::new(tender, locale),
            })
        };
        app.db().read(read).await
    }
}
