//! What the pages show. An owner sees by which e-mail each colleague is reached, on record; the others see duties only.

use super::duty::{Duties, Duty};
use super::invitation::{self, Invitation, Kept};
use super::ownership::{self, Offer, Ownership};
use super::store::{self, Colleague};
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::web::{Actor, Context, Error, Form, Instant, Member, Owner, Task, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use policy::{Permits, Purpose, field, purpose, recipient};
use schemars::JsonSchema;
use serde::Serialize;
use vault::{Email, Grant, Opener, Proof, Scope, Sealed, Subject};

/// An owner who reads who acts for their company, or is invited to.
pub struct Administration {
    owner: Id<Subject>,
    company: Id<Company>,
}

impl Proof for Administration {
    type Recipient = recipient::CompanyOwner;

    fn opener(&self) -> Opener {
        Opener::person(self.owner, "company-owner").of_company(self.company)
    }

    /// Each row was read as one of the owner's own company.
    fn scope(&self) -> Scope {
        Scope::Any
    }
}

impl Administration {
    /// Of whoever sent the request.
    pub fn of(owner: &Owner) -> Self {
        Self { owner: owner.subject(), company: owner.company }
    }
}

/// Somebody's place in a company: the answer to an act on it.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "CompanyPlace")]
pub struct Place {
    pub account: Id<Account>,
    /// None once they have left.
    pub duties: Duties,
}

/// Somebody who acts for the company.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Colleague")]
pub struct Line {
    pub account: Id<Account>,
    /// The one who reads this.
    pub is_self: bool,
    pub duties: Duties,
    #[schemars(with = "Instant")]
    pub since: Timestamp,
    /// For owners; none when the person has not accepted the policy that permits it.
    pub email: Option<String>,
    /// What waits for their answer.
    pub offer: Option<Offer>,
}

/// An invitation that waits.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyInvitation")]
struct Waiting {
    id: Id<Invitation>,
    email: Option<String>,
    duties: Duties,
    #[schemars(with = "Instant")]
    created_at: Timestamp,
    #[schemars(with = "Instant")]
    expires_at: Timestamp,
}

/// Everybody, and who is invited.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "CompanyPeople")]
#[template(path = "identity/people/list.html")]
pub struct People {
    /// The longest there first.
    members: Vec<Line>,
    /// For owners: the newest first.
    invitations: Vec<Waiting>,
    /// Whether the reader answers for the company, and so may invite, change and remove.
    is_owner: bool,
    form: Form,
}

impl People {
    /// Reads them; opens the e-mails for an owner.
    ///
    /// # Errors
    /// 503 when the opening cannot be recorded.
    pub async fn read(app: &App, context: &Context, member: &Member, form: Form) -> Result<Self, Error> {
        let owner = Owner::of(&context.actor);
        let (who, is_owner) = (member.clone(), owner.is_some());
        let read = app.db().read::<_, db::Error>(move |tx| {
            let waiting = if is_owner { invitation::store::waiting(tx, &who)? } else { Vec::new() };
            Ok((store::all(tx, &who)?, waiting, ownership::waiting(tx, &who)?))
        });
        let (colleagues, waiting, offers) = read.await?;
        let emails = of_colleagues(app, context, owner.as_ref(), &colleagues).await?;
        let invited = of_invited(app, context, owner.as_ref(), &waiting).await?;
        let line = |(one, email): (Colleague, _)| Line::new(one, email, member.account()).with(&offers);
        let form = if form.value("id").is_empty() { fresh(app, context, form) } else { form };
        Ok(Self {
            members: colleagues.into_iter().zip(emails).map(line).collect(),
            invitations: waiting.into_iter().zip(invited).map(|(one, email)| Waiting::new(one, email)).collect(),
            is_owner,
            form,
        })
    }

    fn is_ticked(&self, duty: &Duty) -> bool {
        self.form.checked("duty", duty.code())
    }
}

/// The form with the id that makes two sendings one invitation.
fn fresh(app: &App, context: &Context, form: Form) -> Form {
    let id: Id<Invitation> = Id::v7(context.now, app.random());
    form.with("id", id.to_string())
}

impl Line {
    fn new(one: Colleague, email: Option<String>, reader: Id<Account>) -> Self {
        let is_self = one.account == reader;
        Self { account: one.account, is_self, duties: one.duties, since: one.since, email, offer: None }
    }

    /// The same with what is offered to them.
    fn with(self, offers: &[Offer]) -> Self {
        Self { offer: offers.iter().find(|offer| offer.account == self.account).cloned(), ..self }
    }
}

impl Waiting {
    fn new(one: Kept, email: Option<String>) -> Self {
        Self { id: one.id, email, duties: one.duties, created_at: one.created_at, expires_at: one.expires_at }
    }
}

/// One colleague: what they may do, and what an owner can do about it.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "CompanyPerson")]
#[template(path = "identity/people/show.html")]
pub struct Person {
    person: Line,
    /// What the forms were filled from.
    version: i64,
    /// Whether nobody else answers for the company.
    is_last_owner: bool,
    /// The id that an offer of ownership may be given.
    offer: Id<Ownership>,
    form: Form,
}

impl Person {
    /// Reads them and opens the e-mail, on record.
    ///
    /// # Errors
    /// 404; 503 when the opening cannot be recorded.
    pub async fn read(
        app: &App,
        context: &Context,
        owner: &Owner,
        account: Id<Account>,
        form: Option<Form>,
    ) -> Result<Self, Error> {
        let who = owner.clone();
        let read = app.db().read::<_, Error>(move |tx| {
            let one = store::one(tx, &who, account)?;
            Ok((one, store::owners(tx, who.company)?, ownership::waiting(tx, &who)?))
        });
        let (one, owners, offers) = read.await?;
        let (version, is_last_owner) = (one.version, owners == [account]);
        let codes = one.duties.list().into_iter().map(Duty::code).collect::<Vec<_>>().join("\n");
        let email = of_colleagues(app, context, Some(owner), std::slice::from_ref(&one)).await?.pop().flatten();
        let form = form.unwrap_or_else(|| Form::filled([("duty", codes)]));
        let person = Line::new(one, email, owner.account()).with(&offers);
        Ok(Self { person, version, is_last_owner, offer: app.random().id(), form })
    }

    fn is_ticked(&self, duty: &Duty) -> bool {
        self.form.checked("duty", duty.code())
    }
}

async fn of_colleagues(
    app: &App,
    context: &Context,
    owner: Option<&Owner>,
    all: &[Colleague],
) -> Result<Vec<Option<String>>, Error> {
    let Some(owner) = owner else { return Ok(vec![None; all.len()]) };
    let administration = Administration::of(owner);
    let grant = Grant::<purpose::CompanyAdministration, _>::new(&administration, context.request);
    let sealed: Vec<_> = all.iter().map(|one| one.email.clone()).collect();
    opened(app, &grant, &sealed).await
}

/// By which e-mail each of an owner's people is reached, the longest there first, on record.
///
/// # Errors
/// 503 when the opening cannot be recorded.
pub async fn reached(app: &App, context: &Context, owner: &Owner) -> Result<Vec<(Id<Account>, Option<String>)>, Error> {
    let who = owner.clone();
    let colleagues = app.db().read::<_, db::Error>(move |tx| store::all(tx, &who)).await?;
    let emails = of_colleagues(app, context, Some(owner), &colleagues).await?;
    Ok(colleagues.into_iter().map(|one| one.account).zip(emails).collect())
}

async fn of_invited(
    app: &App,
    context: &Context,
    owner: Option<&Owner>,
    all: &[Kept],
) -> Result<Vec<Option<String>>, Error> {
    let Some(owner) = owner else { return Ok(vec![None; all.len()]) };
    let administration = Administration::of(owner);
    let grant = Grant::<purpose::Invitation, _>::new(&administration, context.request);
    let sealed: Vec<_> = all.iter().map(|one| one.email.clone()).collect();
    opened(app, &grant, &sealed).await
}

/// Opens what may be opened: one person who has not accepted the policy that permits it, or has just left, hides no other.
///
/// # Errors
/// 503 when the opening cannot be recorded.
pub async fn opened<P, R>(
    app: &App,
    grant: &Grant<'_, P, R>,
    sealed: &[Sealed<Email>],
) -> Result<Vec<Option<String>>, Error>
where
    R: policy::Recipient,
    P: Purpose + Permits<field::Email, R>,
{
    let shown = |email: Email| Some(email.disclose());
    match app.vault().open_many(grant, sealed).await {
        Ok(emails) => return Ok(emails.into_iter().map(shown).collect()),
        Err(vault::Error::Refused(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let mut emails = Vec::with_capacity(sealed.len());
    for one in sealed {
        emails.push(match app.vault().open(grant, one).await {
            Ok(email) => shown(email),
            Err(vault::Error::Refused(_)) => None,
            Err(error) => return Err(error.into()),
        });
    }
    Ok(emails)
}

/// On the desk of who acts for nobody: the invitations that wait for them, or how one comes to a company.
pub fn waiting(tx: &mut Tx, app: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let person = match actor {
        Actor::Person(person) => person,
        Actor::Member(member) => return offered(tx, member),
        _ => return Ok(Vec::new()),
    };
    let invited = invitation::store::for_account(tx, person.account())?;
    let task = |kept: &Kept| Task {
        what: "invitation-waiting",
        args: vec![("company", kept.company_name.as_str().into())],
        path: invitation::key::path(app, kept.id),
        due: Some(kept.expires_at),
        glyph: "people",
        act: "invitation-waiting-act",
    };
    let alone = || Task {
        what: "people-waiting-alone",
        args: Vec::new(),
        path: "/me".to_owned(),
        due: None,
        glyph: "info",
        act: "people-waiting-alone-act",
    };
    Ok(if invited.is_empty() { vec![alone()] } else { invited.iter().map(task).collect() })
}

/// On the desk of a member: what waits for their answer.
fn offered(tx: &mut Tx, member: &Member) -> Result<Vec<Task>, db::Error> {
    let own = ownership::waiting(tx, member)?.into_iter().filter(|offer| offer.account == member.account());
    let task = |offer: Offer| Task {
        what: "ownership-waiting",
        args: vec![("company", member.company_name.as_str().into())],
        path: super::PLACE.to_owned(),
        due: Some(offer.expires_at),
        glyph: "people",
        act: "ownership-waiting-act",
    };
    let mut all: Vec<_> = own.map(task).collect();
    all.extend(super::substitution::waiting(tx, member)?);
    Ok(all)
}
