//! View models of drafting, of changing and of publishing.

use super::demand::{Audience, Demand, Outcome, State, Unready};
use super::form::filled;
use super::invitation::INVITED;
use super::store;
use crate::app::App;
use crate::identity::approval::{self, Act, Open, State as Approval, Step};
use crate::identity::people::{Duties, Duty};
use crate::reach::category::choices as categories;
use crate::reach::region::choices as regions;
use crate::sourcing::attached::{self, Document};
use crate::sourcing::guests::Invited;
use crate::sourcing::tender::{category_named, region_named};
use crate::web::{Buyer, Context, Error, Form, Locale, Purchaser, filters};
use askama::Template;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The answer to an act on a demand.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DemandDone")]
pub struct Done {
    /// The demand.
    pub id: Id<Demand>,
}

/// A demand with the names that its codes have for this reader.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "DemandNamed")]
pub struct Named {
    /// The demand.
    #[serde(flatten)]
    pub demand: Demand,
    /// Its category's name.
    pub category_name: String,
    /// Its region's name.
    pub region_name: String,
}

impl Named {
    /// In the reader's language.
    pub fn new(demand: Demand, locale: Locale) -> Self {
        let category_name = category_named(&demand.content.category, locale);
        let region_name = region_named(&demand.content.region, locale);
        Self { demand, category_name, region_name }
    }

    /// Colour, glyph and key of the word of its state.
    pub fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match (self.demand.state, self.demand.outcome) {
            (State::Draft, _) => ("", "edit", "demand-state-draft"),
            (State::Published, _) => ("live", "unlock", "demand-state-published"),
            (State::Closed, Some(Outcome::Tender)) => ("", "tender", "demand-state-tender"),
            (State::Closed, _) => ("", "stop", "demand-state-closed"),
        }
    }

    /// Where its company finds it: a draft at its draft page.
    pub fn href(&self) -> String {
        let draft = if self.demand.state == State::Draft { "/draft" } else { "" };
        format!("/demands/{}{draft}", self.demand.id)
    }
}

/// Whether these duties prepare demands and tenders.
pub(super) fn prepares(duties: Duties) -> bool {
    duties.has_any(&Duty::PREPARING)
}

/// The form of a draft.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/demand/form.html")]
#[schemars(rename = "DemandForm")]
pub struct FormPage {
    form: Form,
    id: Option<Id<Demand>>,
    #[serde(skip)]
    locale: Locale,
}

impl FormPage {
    /// A new draft's form, or that of the draft with this id.
    pub fn new(form: Form, id: Option<Id<Demand>>, locale: Locale) -> Self {
        Self { form, id, locale }
    }

    fn action(&self) -> String {
        self.id.map_or_else(|| "/demands".to_owned(), |id| format!("/demands/{id}/draft"))
    }
}

/// A draft with its files, and what is still missing.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/demand/draft.html")]
#[schemars(rename = "DemandDraft")]
pub struct DraftPage {
    demand: Named,
    documents: Vec<Document>,
    invited: Vec<Invited>,
    unready: Vec<Unready>,
    /// Whether others will see the budget.
    budget_shown: bool,
    #[serde(skip)]
    documents_form: Form,
    /// Whether its reader publishes, too.
    #[serde(skip)]
    may_publish: bool,
}

impl DraftPage {
    /// Reads a draft of the company's own.
    ///
    /// # Errors
    /// 404, 409 `demand-not-draft`.
    pub async fn read(app: &App, context: &Context, buyer: &Buyer, id: Id<Demand>) -> Result<Self, Error> {
        let (locale, buyer, zone) = (context.locale, buyer.clone(), app.zone());
        let read = move |tx: &mut Tx| {
            let demand = store::own_draft(tx, &buyer, id)?;
            let today = store::today(tx, &zone);
            Ok(Self {
                documents: attached::list(tx, id)?,
                invited: INVITED.list(tx, id)?,
                unready: store::unready(tx, &demand, today)?,
                budget_shown: demand.content.budget_shown,
                documents_form: Form::default(),
                may_publish: buyer.duties.has(Duty::Buyer),
                demand: Named::new(demand, locale),
            })
        };
        app.db().read(read).await
    }

    /// The same with a refused form of files.
    pub fn with_documents(self, documents_form: Form) -> Self {
        Self { documents_form, ..self }
    }

    /// The draft's own title.
    pub fn title(&self) -> String {
        self.demand.demand.content.title.clone()
    }
}

/// The page before publication: everything once more, and what publishing means.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/demand/review.html")]
#[schemars(rename = "DemandReview")]
pub struct ReviewPage {
    demand: Named,
    documents: Vec<Document>,
    invited: Vec<Invited>,
    unready: Vec<Unready>,
    /// Whether others will see the budget.
    budget_shown: bool,
    /// The steps of approval that the company asks for; none where it can be published at once.
    approval: Vec<Step>,
    /// What the reader has asked for.
    request: Option<Open>,
}

impl ReviewPage {
    /// Reads a draft of the company's own.
    ///
    /// # Errors
    /// 404, 409 `demand-not-draft`.
    pub async fn read(app: &App, context: &Context, buyer: &Purchaser, id: Id<Demand>) -> Result<Self, Error> {
        let DraftPage { demand, documents, invited, unready, budget_shown, .. } =
            DraftPage::read(app, context, buyer, id).await?;
        let (member, amount) = (buyer.clone(), demand.demand.content.budget);
        let read = app.db().read::<_, Error>(move |tx| {
            let steps = approval::needed(tx, &member, Act::Demand, amount)?;
            Ok((steps, approval::open(tx, &member, Act::Demand, id)?))
        });
        let (approval, request) = read.await?;
        Ok(Self { demand, documents, invited, unready, budget_shown, approval, request })
    }

    /// Whether it can be published now: nothing is asked for, or all is given.
    fn may_publish(&self) -> bool {
        self.approval.is_empty() || self.request.is_some_and(|open| open.state == Approval::Approved)
    }

    /// What is asked for already, and not over.
    fn is_asked(&self) -> bool {
        self.request.is_some_and(|open| open.state == Approval::Waiting)
    }
}

/// The form of another edition of what is published.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/demand/change.html")]
#[schemars(rename = "DemandChange")]
pub struct ChangePage {
    demand: Named,
    form: Form,
    /// The steps by which it is approved first; none where nothing is asked for.
    approval: Vec<Step>,
    /// What the reader has asked approval for.
    request: Option<Open>,
    #[serde(skip)]
    locale: Locale,
}

impl ChangePage {
    /// Reads a published demand of the company's own; without a form it is filled as the demand stands.
    ///
    /// # Errors
    /// 404, 409 `demand-not-open`.
    pub async fn read(
        app: &App,
        context: &Context,
        buyer: &Purchaser,
        id: Id<Demand>,
        form: Option<Form>,
    ) -> Result<Self, Error> {
        let (locale, buyer) = (context.locale, buyer.clone());
        let read = move |tx: &mut Tx| {
            let demand = store::own_open(tx, &buyer, id)?;
            let codes: Vec<_> = INVITED.list(tx, id)?.into_iter().map(|one| one.credit_code).collect();
            Ok(Self {
                approval: approval::needed(tx, &buyer, Act::Demand, demand.content.budget)?,
                request: approval::open(tx, &buyer, Act::Demand, id)?,
                form: form.clone().unwrap_or_else(|| filled(&demand, &codes)),
                demand: Named::new(demand, locale),
                locale,
            })
        };
        app.db().read(read).await
    }

    /// The same with a refused form, and its title.
    ///
    /// # Errors
    /// As [`ChangePage::read`].
    pub async fn refused(
        app: &App,
        context: &Context,
        buyer: &Purchaser,
        id: Id<Demand>,
        form: Form,
    ) -> Result<(&'static str, Self), Error> {
        Ok(("demand-change", Self::read(app, context, buyer, id, Some(form)).await?))
    }
}
