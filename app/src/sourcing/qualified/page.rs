//! View models of drafting and of publishing.

use super::list::QualifiedList;
use super::rule::{self, Kind, State};
use super::store;
use crate::app::App;
use crate::identity::approval::{self, Act, Open, State as Approval, Step};
use crate::identity::people::{Duties, Duty};
use crate::reach::category::choices as categories;
use crate::reach::region::choices as regions;
use crate::sourcing::attached::{self, Document};
use crate::sourcing::regime::Regime;
use crate::sourcing::tender::{category_named, region_named};
use crate::web::{Buyer, Context, Error, Form, Instant, Locale, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The answer to an act on a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "QualifiedDone")]
pub struct Done {
    /// The list.
    pub id: Id<QualifiedList>,
}

/// A list with the names that its codes have for this reader.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "QualifiedNamed")]
pub struct Named {
    /// The list.
    #[serde(flatten)]
    pub list: QualifiedList,
    /// Its category's name.
    pub category_name: String,
    /// Its region's name.
    pub region_name: String,
    /// Whether it takes applications now.
    pub is_open: bool,
}

impl Named {
    /// In the reader's language, at this instant.
    pub fn new(list: QualifiedList, locale: Locale, now: Timestamp) -> Self {
        let category_name = category_named(&list.content.category, locale);
        let region_name = region_named(&list.content.region, locale);
        let is_open = list.takes_applications(now);
        Self { list, category_name, region_name, is_open }
    }

    /// Colour, glyph and key of the word of its state.
    pub fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match self.list.state {
            State::Draft => ("", "edit", "qualified-state-draft"),
            State::Published if self.is_open => ("live", "unlock", "qualified-state-open"),
            State::Published if self.list.content.kind.has_deadline() => ("", "half", "qualified-state-review"),
            State::Published | State::Ended => ("", "stop", "qualified-state-ended"),
            State::Concluded => ("live", "ok", "qualified-state-concluded"),
            State::Failed => ("bad", "x", "qualified-state-failed"),
        }
    }
}

/// Whether these duties prepare lists and tenders.
pub(super) fn prepares(duties: Duties) -> bool {
    duties.has_any(&Duty::PREPARING)
}

/// The form of a draft.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/qualified/form.html")]
#[schemars(rename = "QualifiedForm")]
pub struct FormPage {
    form: Form,
    id: Option<Id<QualifiedList>>,
    #[serde(skip)]
    locale: Locale,
}

impl FormPage {
    /// A new draft's form, or that of the draft with this id.
    pub fn new(form: Form, id: Option<Id<QualifiedList>>, locale: Locale) -> Self {
        Self { form, id, locale }
    }

    fn action(&self) -> String {
        self.id.map_or_else(|| "/qualified-lists".to_owned(), |id| format!("/qualified-lists/{id}/draft"))
    }

    /// The regimes that the program can follow.
    fn regimes(&self) -> impl Iterator<Item = Regime> {
        Regime::ALL.into_iter().filter(|regime| regime.refusal().is_none())
    }
}

/// A draft with its files; also once more before it is published.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/qualified/draft.html")]
#[schemars(rename = "QualifiedDraft")]
pub struct DraftPage {
    list: Named,
    documents: Vec<Document>,
    /// The earliest deadline that publication now would allow, where the draft's is sooner.
    #[schemars(with = "Option<Instant>")]
    earliest: Option<Timestamp>,
    /// Whether this is the page that publishes.
    publishing: bool,
    /// The steps of approval that the company asks for; none where it can be published at once.
    approval: Vec<Step>,
    /// What the reader has asked for.
    request: Option<Open>,
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
    /// 404, 409 `qualified-not-draft`.
    pub async fn read(app: &App, context: &Context, buyer: &Buyer, id: Id<QualifiedList>) -> Result<Self, Error> {
        let (locale, buyer) = (context.locale, buyer.clone());
        let read = move |tx: &mut Tx| {
            let (list, now) = (store::own_draft(tx, &buyer, id)?, tx.now());
            let earliest = rule::earliest_deadline(list.content.regime, now);
            Ok(Self {
                documents: attached::list(tx, id)?,
                earliest: list.content.applications_until.filter(|until| *until < earliest).map(|_| earliest),
                publishing: false,
                approval: approval::needed(tx, &buyer, Act::List, None)?,
                request: approval::open(tx, &buyer, Act::List, id)?,
                documents_form: Form::default(),
                may_publish: buyer.duties.has(Duty::Buyer),
                list: Named::new(list, locale, now),
            })
        };
        app.db().read(read).await
    }

    /// The same as the page that publishes.
    pub fn for_publication(self) -> Self {
        Self { publishing: true, ..self }
    }

    /// The same with a refused form of files.
    pub fn with_documents(self, documents_form: Form) -> Self {
        Self { documents_form, ..self }
    }

    /// Whether it can be published now: nothing is asked for, or all is given.
    fn is_given(&self) -> bool {
        self.approval.is_empty() || self.request.is_some_and(|open| open.state == Approval::Approved)
    }

    /// What is asked for already, and not over.
    fn is_asked(&self) -> bool {
        self.request.is_some_and(|open| open.state == Approval::Waiting)
    }

    /// The draft's own title.
    pub fn title(&self) -> String {
        self.list.list.content.title.clone()
    }
}
