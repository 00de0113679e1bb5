//! View models of one demand and of its editions.

use super::demand::{Audience, Demand, Outcome, State};
use super::edition::{self, Edition};
use super::interest::{self, Interest};
use super::invitation::{self, INVITED};
use super::page::{Named, prepares};
use super::{question, store};
use crate::app::App;
use crate::identity::people::{Duties, Duty};
use crate::sourcing::attached::{self, Document};
use crate::sourcing::clarification::{Below, Question};
use crate::sourcing::guests::Invited;
use crate::sourcing::profile::Method;
use crate::sourcing::tender::{self, Reference};
use crate::web::{Actor, Context, Error, Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// Who reads the page, as far as the page differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "DemandReader")]
enum Reader {
    Public,
    Buyer,
    Provider,
}

/// An edition in the list of a demand's.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DemandEditionLine")]
struct EditionLine {
    number: i64,
    #[schemars(with = "Instant")]
    published_at: Timestamp,
}

/// Everything about one demand that its reader may see.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/demand/show.html")]
#[schemars(rename = "DemandPage")]
pub struct ShowPage {
    demand: Named,
    reader: Reader,
    /// Whether the way to answer begins with signing in.
    #[serde(skip)]
    is_visitor: bool,
    #[serde(skip)]
    duties: Duties,
    documents: Vec<Document>,
    /// Who is invited; for the demand's own company.
    invited: Option<Vec<Invited>>,
    /// Whom a tender made of it may name: who is invited and who has answered, as far as their pages are public; for the demand's own
    /// company.
    proposed: Vec<Invited>,
    /// Whether others see the budget; for the demand's own company.
    budget_shown: Option<bool>,
    /// Newest first.
    editions: Vec<EditionLine>,
    questions: Vec<Question>,
    /// For the demand's company those that stand, for a provider its own.
    interests: Vec<Interest>,
    /// The tender that it became, as far as the reader may see it.
    tender: Option<Reference>,
    #[serde(skip)]
    question_form: Form,
    #[serde(skip)]
    closing_form: Form,
    #[serde(skip)]
    tender_form: Form,
    #[serde(skip)]
    copy_form: Form,
}

impl ShowPage {
    /// Reads it.
    ///
    /// # Errors
    /// 404; 503.
    pub async fn read(app: &App, context: &Context, actor: &Actor, id: Id<Demand>) -> Result<Self, Error> {
        let (theirs, reading, locale) = (app.clone(), actor.clone(), context.locale);
        let fresh = || Id::<()>::v7(context.now, app.random()).to_string();
        let [asked, made, copied] = [fresh(), fresh(), fresh()];
        let read = move |tx: &mut Tx| {
            let demand = store::find(tx, &reading, id)?;
            let member = reading.member();
            let is_own = demand.is_of(member.map(|member| member.company));
            let reader = match member {
                Some(_) if is_own => Reader::Buyer,
                Some(member) if member.is_provider => Reader::Provider,
                _ => Reader::Public,
            };
            let kept = interest::list(tx, &reading, &demand)?;
            let editions = edition::list(tx, id)?.into_iter();
            let version = demand.version.to_string();
            let page = Self {
                reader,
                is_visitor: reading.person().is_none(),
                duties: member.map(|member| member.duties).unwrap_or_default(),
                documents: attached::list(tx, id)?,
                invited: if is_own { Some(INVITED.list(tx, id)?) } else { None },
                proposed: if is_own { invitation::proposed(tx, id)? } else { Vec::new() },
                budget_shown: is_own.then_some(demand.content.budget_shown),
                editions: editions.map(|(number, published_at)| EditionLine { number, published_at }).collect(),
                questions: question::list(tx, &theirs, &reading, &demand)?,
                interests: Vec::new(),
                tender: match demand.tender {
                    Some(tender) => tender::referred(tx, &reading, tender)?,
                    None => None,
                },
                question_form: Form::filled([("question_id", asked.clone())]),
                closing_form: Form::filled([("version", version.clone())]),
                tender_form: Form::filled([
                    ("id", made.clone()),
                    ("version", version),
                    ("method", "invited".to_owned()),
                ]),
                copy_form: Form::filled([("id", copied.clone())]),
                demand: Named::new(demand, locale),
            };
            Ok::<_, Error>((page, kept))
        };
        let (page, kept) = app.db().read(read).await?;
        Ok(Self { interests: interest::open(app, kept).await?, ..page })
    }

    /// The same with a refused form of closing.
    pub fn with_closing(self, closing_form: Form) -> Self {
        Self { closing_form, ..self }
    }

    /// The same with a refused form of tendering.
    pub fn with_tendering(self, tender_form: Form) -> Self {
        Self { tender_form, ..self }
    }

    /// The ways of buying beside the open tender.
    fn others(&self) -> impl Iterator<Item = Method> {
        Method::ALL.into_iter().filter(|method| *method != Method::Open)
    }

    /// Of whom a direct order may choose one.
    fn choices(&self) -> Vec<(String, String)> {
        self.proposed.iter().map(|one| (one.company.to_string(), one.name.clone())).collect()
    }

    /// The demand's own title.
    pub fn title(&self) -> String {
        self.demand.demand.content.title.clone()
    }

    fn demand(&self) -> &Demand {
        &self.demand.demand
    }

    fn is_open(&self) -> bool {
        self.demand().state == State::Published
    }

    /// A provider's member who answers and asks.
    fn answers(&self) -> bool {
        self.reader == Reader::Provider && self.duties.has(Duty::Bidder)
    }

    /// The company's member who prepares tenders and answers questions.
    fn prepares(&self) -> bool {
        self.reader == Reader::Buyer && prepares(self.duties)
    }

    /// The company's member who publishes, changes and closes.
    fn purchases(&self) -> bool {
        self.reader == Reader::Buyer && self.duties.has(Duty::Buyer)
    }

    /// Its questions, below it.
    fn below(&self) -> Below {
        Below {
            back: format!("/demands/{}", self.demand().id),
            to: "/demand-questions",
            words: "demand",
            until: None,
            asks: self.answers() && self.is_open(),
            answers: self.prepares() && self.is_open(),
            moves: false,
        }
    }

    /// The reader's own answer that stands.
    fn own(&self) -> Option<&Interest> {
        self.interests.iter().find(|one| self.reader == Reader::Provider && one.offered.is_some())
    }

    fn became_tender(&self) -> bool {
        self.demand().outcome == Some(Outcome::Tender)
    }

    fn is_for_invited(&self) -> bool {
        self.demand().audience == Audience::Invited
    }
}

/// An earlier edition, or the newest, as it was published.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/demand/edition.html")]
#[schemars(rename = "DemandEditionPage")]
pub struct EditionPage {
    /// The demand as it stands.
    demand: Named,
    /// The edition.
    edition: Edition,
    /// The names of the edition's category and region.
    category_name: String,
    region_name: String,
}

impl EditionPage {
    /// Reads it.
    ///
    /// # Errors
    /// 404.
    pub async fn read(
        app: &App,
        context: &Context,
        actor: &Actor,
        (id, number): (Id<Demand>, i64),
    ) -> Result<Self, Error> {
        let (actor, locale) = (actor.clone(), context.locale);
        let read = move |tx: &mut Tx| {
            let demand = store::find(tx, &actor, id)?;
            let is_own = demand.is_of(actor.member().map(|member| member.company));
            let edition = edition::find(tx, &demand, number, is_own)?;
            Ok(Self {
                category_name: tender::category_named(&edition.content.category, locale),
                region_name: tender::region_named(&edition.content.region, locale),
                edition,
                demand: Named::new(demand, locale),
            })
        };
        app.db().read(read).await
    }
}
