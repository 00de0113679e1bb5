//! View models of one list: for everybody, and what its buyer decides on.

use super::admission::Needed;
use super::application::{self, Application};
use super::list::QualifiedList;
use super::page::{Named, prepares};
use super::rule::{self, Kind, Standing, State};
use super::{question, store};
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::people::{Duties, Duty};
use crate::sourcing::attached::{self, Document};
use crate::sourcing::clarification::{Below, Question};
use crate::sourcing::profile::Method;
use crate::sourcing::tender::{self, Reference};
use crate::web::{Actor, Context, Error, Form, Purchaser, filters};
use askama::Template;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// Who reads the page, as far as the page differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "QualifiedReader")]
enum Reader {
    Public,
    Buyer,
    Provider,
}

/// A company that is on a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "QualifiedMember")]
pub struct OnList {
    /// Which.
    pub company: Id<Company>,
    /// Its name.
    pub name: String,
}

/// Everything about one list that its reader may see.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/qualified/show.html")]
#[schemars(rename = "QualifiedPage")]
pub struct ShowPage {
    list: Named,
    reader: Reader,
    /// Whether the way to apply begins with signing in.
    #[serde(skip)]
    is_visitor: bool,
    #[serde(skip)]
    duties: Duties,
    documents: Vec<Document>,
    /// Who is on the list, where its reader may know: its buyer; everybody, of a pool that lasts, and of a pre-qualification once its tender
    /// was opened.
    members: Option<Vec<OnList>>,
    /// The application of the reader's own company.
    own: Option<Application>,
    /// The tenders that were made of it, as far as the reader may see them.
    tenders: Vec<Reference>,
    /// Whether its buyer may read the applications.
    shows_applications: bool,
    /// Whether something can be made of it.
    is_usable: bool,
    /// What was asked and answered; for its buyer everything, for who asked its own.
    questions: Vec<Question>,
    /// Whether questions are taken at this instant.
    takes_questions: bool,
    #[serde(skip)]
    question_form: Form,
    #[serde(skip)]
    ending_form: Form,
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
    pub async fn read(app: &App, context: &Context, actor: &Actor, id: Id<QualifiedList>) -> Result<Self, Error> {
        let (theirs, reading, locale) = (app.clone(), actor.clone(), context.locale);
        let fresh = || Id::<()>::v7(context.now, app.random()).to_string();
        let [made, copied, asked] = [fresh(), fresh(), fresh()];
        let read = move |tx: &mut Tx| {
            let (list, now) = (store::find(tx, &reading, id)?, tx.now());
            let member = reading.member();
            let is_own = list.is_of(member.map(|member| member.company));
            let reader = match member {
                Some(_) if is_own => Reader::Buyer,
                Some(member) if member.is_provider => Reader::Provider,
                _ => Reader::Public,
            };
            let own = match member {
                Some(member) => application::own(tx, member.company, id)?,
                None => None,
            };
            let lying = application::lying(tx, own.into_iter().collect())?;
            let mut tenders = Vec::new();
            for tender in store::tenders(tx, id)? {
                tenders.extend(tender::referred(tx, &reading, tender)?);
            }
            let page = Self {
                reader,
                is_visitor: reading.person().is_none(),
                duties: member.map(|member| member.duties).unwrap_or_default(),
                documents: attached::list(tx, id)?,
                members: if (is_own && list.shows_applications(now)) || is_public(tx, &list)? {
                    Some(members(tx, id)?)
                } else {
                    None
                },
                own: None,
                tenders,
                shows_applications: is_own && list.shows_applications(now),
                is_usable: is_own && list.is_usable(now),
                questions: question::list(tx, &theirs, member.map(|member| member.company), &list)?,
                takes_questions: list.takes_applications(now)
                    && rule::questions_until(list.content.applications_until).is_none_or(|until| now < until),
                question_form: Form::filled([("question_id", asked.clone())]),
                ending_form: Form::filled([("version", list.version.to_string())]),
                tender_form: Form::filled([("id", made.clone()), ("method", Method::Invited.code().to_owned())]),
                copy_form: Form::filled([("id", copied.clone())]),
                list: Named::new(list, locale, now),
            };
            Ok::<_, Error>((page, lying))
        };
        let (page, lying) = app.db().read(read).await?;
        let own = application::open(app, lying, true).await?.pop();
        Ok(Self { own, ..page })
    }

    /// The same with a refused form of ending.
    pub fn with_ending(self, ending_form: Form) -> Self {
        Self { ending_form, ..self }
    }

    /// The same with a refused form of tendering.
    pub fn with_tendering(self, tender_form: Form) -> Self {
        Self { tender_form, ..self }
    }

    /// The ways of buying from it.
    fn methods(&self) -> impl Iterator<Item = Method> {
        let (is_pool, regime) = (self.list.list.content.kind.is_pool(), self.list.list.content.regime);
        let fits = move |method: &Method| {
            let circle = &method.profile().circle;
            circle.names() && (is_pool || circle.most > 1) && regime.knows(*method)
        };
        Method::ALL.into_iter().filter(fits)
    }

    /// Of whom a direct order may choose one.
    fn choices(&self) -> Vec<(String, String)> {
        self.members.iter().flatten().map(|one| (one.company.to_string(), one.name.clone())).collect()
    }

    /// The list's own title.
    pub fn title(&self) -> String {
        self.list.list.content.title.clone()
    }

    /// Its questions, below it.
    fn below(&self) -> Below {
        let until = self.list.list.content.applications_until;
        Below {
            back: format!("/qualified-lists/{}", self.list.list.id),
            to: "/qualified-questions",
            words: question::WORDS,
            until: rule::questions_until(until),
            asks: self.applies() && self.takes_questions,
            answers: self.prepares() && self.list.is_open,
            moves: until.is_some(),
        }
    }

    /// A provider's member who applies.
    fn applies(&self) -> bool {
        self.reader == Reader::Provider && self.duties.has(Duty::Bidder)
    }

    /// Whether the reader's company may apply, or change what it has sent.
    fn may_apply(&self) -> bool {
        let kind = self.list.list.content.kind;
        self.applies() && self.list.is_open && self.own.as_ref().is_none_or(|one| one.state.may_apply_again(kind))
    }

    /// Whether there is an application that can be taken back.
    fn may_withdraw(&self) -> bool {
        self.applies() && self.list.is_open && self.own.as_ref().is_some_and(|one| one.state == Standing::Submitted)
    }

    /// The company's member who prepares lists and tenders.
    fn prepares(&self) -> bool {
        self.reader == Reader::Buyer && prepares(self.duties)
    }

    /// The company's member who publishes, decides and ends.
    fn purchases(&self) -> bool {
        self.reader == Reader::Buyer && self.duties.has(Duty::Buyer)
    }

    fn may_end(&self) -> bool {
        self.purchases() && matches!(self.list.list.state, State::Published | State::Concluded)
    }
}

/// Whether everybody may know who is on a list: of a pool while it lasts; of a pre-qualification not before its tender was opened (rule 7), nor while
/// an auction keeps names closed, or a second tender of the same list still takes bids.
fn is_public(tx: &mut Tx, list: &QualifiedList) -> Result<bool, db::Error> {
    if list.is_usable(tx.now()) && (list.content.kind.is_pool() || !policy::holds(Control::QualifiedNamesClosed)) {
        return Ok(true);
    }
    let sql = "SELECT 1 FROM qualified_tender q JOIN tender t ON t.id = q.tender \
               WHERE q.list = $1 AND t.opened_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM qualified_tender o JOIN tender r ON r.id = o.tender \
               WHERE o.list = $1 AND r.state IN ('published', 'closed', 'auction')) LIMIT 1";
    let is_opened = tx.first(sql, values![list.id], |row| row.next::<i64>())?.is_some();
    Ok(is_opened && list.content.kind == Kind::Single)
}

/// Who is on a list.
///
/// # Errors
/// [`db::Error`].
pub fn members(tx: &mut Tx, id: Id<QualifiedList>) -> Result<Vec<OnList>, db::Error> {
    let sql = "SELECT c.id, c.name FROM qualified_application a JOIN company c ON c.id = a.company \
               WHERE a.list = $1 AND a.state = 'qualified' ORDER BY c.id";
    tx.all(sql, values![id], |row| Ok(OnList { company: row.next()?, name: row.next()? }))
}

/// The applications to a list, for its buyer, and how they are decided on.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/qualified/applications.html")]
#[schemars(rename = "QualifiedApplications")]
pub struct ApplicationsPage {
    list: Named,
    /// In the order in which they came.
    applications: Vec<Application>,
    /// Whether they are being reviewed, to be decided on together.
    is_in_review: bool,
    /// Which approval that needs.
    approval: Needed,
}

impl ApplicationsPage {
    /// Reads it.
    ///
    /// # Errors
    /// 404; 409 `applications-closed`; 503.
    pub async fn read(app: &App, context: &Context, buyer: &Purchaser, id: Id<QualifiedList>) -> Result<Self, Error> {
        let (buyer, locale) = (buyer.clone(), context.locale);
        let read = move |tx: &mut Tx| {
            let (list, kept) = application::list(tx, &buyer, id)?;
            let now = tx.now();
            let is_in_review = list.is_in_review(now);
            let lying = application::lying(tx, kept)?;
            let approval = if is_in_review { Needed::of(tx, &buyer, id)? } else { Needed::default() };
            Ok::<_, Error>((Named::new(list, locale, now), is_in_review, approval, lying))
        };
        let (list, is_in_review, approval, lying) = app.db().read(read).await?;
        Ok(Self { list, is_in_review, approval, applications: application::open(app, lying, false).await? })
    }

    fn unreviewed(&self) -> usize {
        let waits = |one: &&Application| one.state == Standing::Submitted && one.reviewed_at.is_none();
        self.applications.iter().filter(waits).count()
    }
}
