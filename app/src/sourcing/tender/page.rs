//! View models of drafting, publishing and lists.

use super::approve::amount;
use super::auction::{self, Terms};
use super::criteria::{self, Criteria};
use super::document::{self, Document};
use super::lot::Lot;
use super::named::Naming;
use super::store;
use super::tender::{State, Tender, Unready};
use super::witness::{self, Witness};
use crate::app::App;
use crate::identity::approval::{self, Act, Open, State as Approval, Step};
use crate::identity::officer::{self, Enrolled};
use crate::identity::people::{Duties, Duty};
use crate::reach::category::{self, choices as categories};
use crate::reach::region::{self, choices as regions};
use crate::sourcing::profile::{Method, Profile};
use crate::web::{Buyer, Context, Error, Form, Locale, filters};
use askama::Template;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The name of a category in the reader's language; its code when it is unknown here.
pub fn category_named(code: &str, locale: Locale) -> String {
    category::by_code(code).map_or(code, |found| if locale == Locale::Zh { &found.zh } else { &found.en }).to_owned()
}

/// The full name of a region in the reader's language; its code when it is unknown here.
pub fn region_named(code: &str, locale: Locale) -> String {
    match (region::by_code(code), locale) {
        (Some(region), Locale::Zh) => region.full_name_zh(),
        (Some(region), Locale::En) => region.name_en.to_owned(),
        (None, _) => code.to_owned(),
    }
}

/// A tender with the names that its codes have for this reader.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "TenderNamed")]
pub struct Named {
    /// The tender.
    #[serde(flatten)]
    pub tender: Tender,
    /// Its category's name.
    pub category_name: String,
    /// Its region's name.
    pub region_name: String,
}

impl State {
    /// Key of its word.
    pub fn word(self) -> String {
        format!("tender-state-{}", self.code())
    }

    /// Its glyph.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::Draft => "edit",
            Self::Published => "unlock",
            Self::Closed => "hourglass",
            Self::Auction => "gavel",
            Self::Evaluation => "half",
            Self::Awarded => "ok",
            Self::Failed | Self::Terminated => "stop",
        }
    }

    /// Its colour, which comes third.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Published | Self::Auction => "live",
            Self::Failed | Self::Terminated => "bad",
            _ => "",
        }
    }
}

impl Named {
    /// Key of the state's word.
    pub fn word(&self) -> String {
        self.tender.state.word()
    }

    /// The state's glyph.
    pub fn glyph(&self) -> &'static str {
        self.tender.state.glyph()
    }

    /// The state's colour.
    pub fn kind(&self) -> &'static str {
        self.tender.state.kind()
    }

    /// In the reader's language.
    pub fn new(tender: Tender, locale: Locale) -> Self {
        let (category_name, region_name) =
            (category_named(&tender.category, locale), region_named(&tender.region, locale));
        Self { tender, category_name, region_name }
    }

    /// Where its reader finds it: a draft at its draft page.
    pub fn href(&self) -> String {
        let draft = if self.tender.state == State::Draft { "/draft" } else { "" };
        format!("/tenders/{}{draft}", self.tender.id)
    }
}

/// A list of tenders: the buyer's own, or all that take bids.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/tender/list.html")]
#[schemars(rename = "TenderList")]
pub struct List {
    tenders: Vec<Named>,
    #[serde(skip)]
    are_own: bool,
    /// Whether its reader drafts tenders.
    #[serde(skip)]
    prepares: bool,
}

impl List {
    /// The buyer's own.
    pub fn new(tenders: Vec<Tender>, duties: Duties, locale: Locale) -> Self {
        let tenders = tenders.into_iter().map(|tender| Named::new(tender, locale)).collect();
        Self { tenders, are_own: true, prepares: duties.has_any(&Duty::PREPARING) }
    }

    /// All that take bids.
    pub fn opportunities(tenders: Vec<Tender>, locale: Locale) -> Self {
        Self { are_own: false, ..Self::new(tenders, Duties::default(), locale) }
    }

    /// Where a line leads: a draft to its form, for who may change it.
    fn href(&self, one: &Named) -> String {
        if self.prepares { one.href() } else { format!("/tenders/{}", one.tender.id) }
    }
}

/// The form of a draft.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/tender/form.html")]
#[schemars(rename = "TenderForm")]
pub struct FormPage {
    form: Form,
    id: Option<Id<Tender>>,
    #[serde(skip)]
    locale: Locale,
}

impl FormPage {
    /// A new draft's form, or that of the draft with this id.
    pub fn new(form: Form, id: Option<Id<Tender>>, locale: Locale) -> Self {
        Self { form, id, locale }
    }

    fn action(&self) -> String {
        self.id.map_or_else(|| "/tenders".to_owned(), |id| format!("/tenders/{id}/draft"))
    }
}

/// A draft with its lots and documents, and what is still missing.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/tender/draft.html")]
#[schemars(rename = "TenderDraft")]
pub struct DraftPage {
    tender: Named,
    lots: Vec<Lot>,
    documents: Vec<Document>,
    /// How a committee evaluates it; none where its buyer decides.
    criteria: Option<Criteria>,
    /// How its auction goes; none where there is none.
    auction: Option<Terms>,
    unready: Vec<Unready>,
    form: Form,
    /// That of documents.
    #[serde(skip)]
    documents_form: Form,
    /// Whom it names; none where its method is for all.
    naming: Option<Naming>,
    /// Those of the company whose keys hold, of whom the draft may name some.
    officers: Vec<Enrolled>,
    /// That of who opens.
    #[serde(skip)]
    hands_form: Form,
    /// Whether its reader publishes, too.
    #[serde(skip)]
    may_publish: bool,
    /// Who is asked to witness the opening.
    witness: Option<Witness>,
    /// That of who is asked.
    #[serde(skip)]
    witness_form: Form,
}

impl DraftPage {
    /// Reads a draft of the buyer's own; `form` is that of a new lot.
    ///
    /// # Errors
    /// 404, 409 `tender-not-draft`.
    pub async fn read(app: &App, context: &Context, buyer: &Buyer, id: Id<Tender>, form: Form) -> Result<Self, Error> {
        let (now, locale, buyer) = (context.now, context.locale, buyer.clone());
        app.db()
            .read(move |tx| {
                let tender = store::own_draft(tx, &buyer, id)?;
                let lots = store::lots(tx, id)?;
                Ok(Self {
                    documents: document::list(tx, id)?,
                    criteria: criteria::find(tx, id)?,
                    naming: Naming::of(tx, &tender)?,
                    auction: auction::find(tx, id)?,
                    unready: store::unready(tx, &tender, &lots, now)?,
                    officers: officer::enrolled(tx, tender.company)?,
                    hands_form: Form::default(),
                    witness: witness::find(tx, id)?,
                    witness_form: Form::default(),
                    lots,
                    tender: Named::new(tender, locale),
                    form: form.clone(),
                    documents_form: Form::default(),
                    may_publish: buyer.duties.has(Duty::Buyer),
                })
            })
            .await
    }

    /// The same with a refused form of documents.
    pub fn with_documents(self, documents_form: Form) -> Self {
        Self { documents_form, ..self }
    }

    /// The same with a refused choice of who opens.
    pub fn with_hands(self, hands_form: Form) -> Self {
        Self { hands_form, ..self }
    }

    /// The same with a refused key of a witness.
    pub fn with_witness(self, witness_form: Form) -> Self {
        Self { witness_form, ..self }
    }

    /// The same with a refused choice of whom it names.
    pub fn with_named(mut self, form: Form) -> Self {
        if let Some(naming) = &mut self.naming {
            naming.form = form;
        }
        self
    }

    /// Whether the draft names this key.
    fn names(&self, officer: &Enrolled) -> bool {
        self.holds(&officer.recipient)
    }

    fn holds(&self, key: &str) -> bool {
        self.tender.tender.hands.as_ref().is_some_and(|hands| hands.holders.iter().any(|one| one == key))
    }

    /// The key of the witness, once they have accepted.
    fn witness_key(&self) -> Option<&String> {
        self.witness.as_ref().filter(|one| one.standing == witness::Standing::Accepted).map(|one| &one.recipient)
    }

    /// How many may be named.
    fn choices(&self) -> usize {
        self.officers.len() + usize::from(self.witness_key().is_some())
    }

    /// Whether the draft asks for so many.
    fn needs(&self, k: &usize) -> bool {
        self.tender.tender.hands.as_ref().is_some_and(|hands| hands.k == *k)
    }

    /// Whether the draft lets bidders keep shares of their own bids.
    fn shares_with_bidders(&self) -> bool {
        self.tender.tender.hands.as_ref().is_some_and(|hands| hands.bidder)
    }

    /// The last letters of a key, by which its holder knows it.
    fn ending(key: &str) -> &str {
        key.len().checked_sub(12).and_then(|at| key.get(at..)).unwrap_or(key)
    }

    /// How many may be needed.
    fn numbers(&self) -> std::ops::RangeInclusive<usize> {
        2..=self.choices().min(sealing::hands::MOST)
    }

    /// The draft's own title.
    pub fn title(&self) -> String {
        self.tender.tender.title.clone()
    }
}

/// The page before publication: everything once more, and what publishing binds to.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/tender/review.html")]
#[schemars(rename = "TenderReview")]
pub struct ReviewPage {
    tender: Named,
    lots: Vec<Lot>,
    documents: Vec<Document>,
    /// How a committee evaluates it; none where its buyer decides.
    criteria: Option<Criteria>,
    /// Whom it names; none where its method is for all.
    naming: Option<Naming>,
    /// How its auction goes; none where there is none.
    auction: Option<Terms>,
    unready: Vec<Unready>,
    profile: &'static Profile,
    /// The steps of approval that the buyer asks for; none where it can be published at once.
    approval: Vec<Step>,
    /// What the reader has asked for.
    request: Option<Open>,
}

impl ReviewPage {
    /// Reads a draft of the buyer's own.
    ///
    /// # Errors
    /// 404, 409 `tender-not-draft`.
    pub async fn read(app: &App, context: &Context, buyer: &Buyer, id: Id<Tender>) -> Result<Self, Error> {
        let page = DraftPage::read(app, context, buyer, id, Form::default()).await?;
        let profile = page.tender.tender.method.profile();
        let (member, amount) = (buyer.clone(), amount(&page.lots));
        let read = app.db().read::<_, Error>(move |tx| {
            let steps = approval::needed(tx, &member, Act::Publish, amount)?;
            Ok((steps, approval::open(tx, &member, Act::Publish, id)?))
        });
        let (approval, request) = read.await?;
        let DraftPage { tender, lots, documents, criteria, naming, auction, unready, .. } = page;
        Ok(Self { tender, lots, documents, criteria, naming, auction, unready, profile, approval, request })
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

impl Method {
    /// Key of its word.
    pub fn word(self) -> String {
        format!("tender-method-{}", self.code())
    }
}
