//! View models of amendments.

use super::rule::{Change, Class, Field};
use super::store;
use crate::app::App;
use crate::identity::approval::{self, Act, Open, Step};
use crate::sourcing::profile::Profile;
use crate::sourcing::tender::{self, Lot, Named, Tender};
use crate::trust::policy::{Difference, differences};
use crate::web::{Context, Error, Form, Purchaser, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The form of an amendment.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/amendment/form.html")]
#[schemars(rename = "AmendmentForm")]
pub struct FormPage {
    form: Form,
    /// As it stands.
    tender: Named,
    lots: Vec<Lot>,
    profile: &'static Profile,
    /// The steps by which one that changes more than dates is approved first; none where nothing is asked for.
    approval: Vec<Step>,
    /// What the reader has asked approval for.
    request: Option<Open>,
    /// The earliest deadline that a material amendment may have now.
    #[schemars(with = "crate::web::Instant")]
    earliest: Timestamp,
}

impl FormPage {
    /// Reads a tender that can be amended; `fill` makes the form.
    ///
    /// # Errors
    /// 404, 409 `amendment-ended`.
    pub async fn read(
        app: &App,
        context: &Context,
        buyer: Purchaser,
        id: Id<Tender>,
        fill: impl Fn(&Tender) -> Form + Send + 'static,
    ) -> Result<Self, Error> {
        let (now, locale) = (context.now, context.locale);
        let read = move |tx: &mut kit::db::Tx| {
            let tender = store::amendable(tx, &buyer, id)?;
            let (profile, lots) = (tender.method.profile(), store::going_on(tx, id)?);
            Ok(Self {
                approval: approval::needed(tx, &buyer, Act::Amend, tender::amount(&lots))?,
                request: approval::open(tx, &buyer, Act::Amend, id)?,
                form: fill(&tender),
                lots,
                earliest: tender.earliest_after_amendment(now),
                profile,
                tender: Named::new(tender, locale),
            })
        };
        app.db().read(read).await
    }
}

impl FormPage {
    /// The lots to choose from.
    fn numbered(&self) -> Vec<(String, String)> {
        self.lots.iter().map(|lot| (lot.position.to_string(), format!("{} {}", lot.position, lot.title))).collect()
    }

    /// Whether the form changes a lot.
    fn changes_lot(&self) -> bool {
        ["lot_number", "lot_description", "lot_budget", "lot_ceiling"]
            .iter()
            .any(|field| !self.form.value(field).is_empty())
    }
}

impl Change {
    /// An instant's change: what stood there, and what stands there now.
    pub fn instants(&self) -> Option<(Timestamp, Timestamp)> {
        let read = |text: &str| text.parse().ok();
        self.field.is_instant().then_some(())?;
        Some((read(self.before.as_deref()?)?, read(&self.after)?))
    }

    /// An amount's change, in fen: what stood there, if anything did, and what stands there now.
    pub fn money(&self) -> Option<(Option<i64>, i64)> {
        matches!(self.field, Field::LotBudget | Field::LotCeiling).then_some(())?;
        Some((self.before.as_deref().and_then(|fen| fen.parse().ok()), self.after.parse().ok()?))
    }

    /// Whether its reader does not see what it is.
    pub fn is_unseen(&self) -> bool {
        self.hidden && self.after.is_empty()
    }

    /// A text's change, word by word.
    pub fn words(&self) -> Vec<Difference> {
        match (self.field, &self.before) {
            (Field::Summary | Field::LotDescription, Some(before)) => differences(before, &self.after),
            _ => Vec::new(),
        }
    }
}

impl Class {
    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dates => "amendment-class-dates",
            Self::Editorial => "amendment-class-editorial",
            Self::Material => "amendment-class-material",
        }
    }
}
