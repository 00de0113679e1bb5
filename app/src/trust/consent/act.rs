//! Answering: yes to the question as it was shown, no or an end by one click.

use super::PLACE;
use super::page::is_of_guests;
use super::question::{Asked, Question};
use crate::app::App;
use crate::trust::policy::Channel;
use crate::web::text::Words;
use crate::web::{At, Context, Ctx, DataContact, Error, Fields, Input, Locale, Oneself, Parse, Person, Saved};
use axum::extract::State;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Event, Fact, Scope};
use kit::id::Id;
use policy::{Control, PurposeEntry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vault::Subject;
use vault::consent::{self, Act, Consent, Entry, Holder, Kind, Method, Recorded, Told};

/// A yes to the question that a page has shown.
pub struct Yes {
    question: Id<Consent>,
    after: i64,
    version: String,
    text_sha256: String,
    language: Locale,
}

impl Parse for Yes {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let question = fields.id("question");
        let after = fields.like("after", "0").parse("after", |text| text.parse::<i64>().map_err(|_| "version"));
        let version = fields.text("policy", 1..=20);
        let text_sha256 = fields.text("text_sha256", 64..=64);
        let language = fields.one_of("language", ["zh-CN", "en"]);
        let language = language.parse("language", |tag| Locale::of(tag).ok_or("choice"));
        Some(Self {
            question: question?,
            after: after?,
            version: version?,
            text_sha256: text_sha256?,
            language: language?,
        })
    }
}

/// How it stands after the act.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "ConsentDone")]
pub struct Done {
    purpose: &'static str,
    /// Whether it is a yes that holds.
    is_on: bool,
}

/// A consent or an authorisation changed. Ids only.
#[derive(Serialize, Deserialize)]
pub struct Changed {
    /// Whose, when it is a person's.
    pub subject: Option<Id<Subject>>,
    /// Whose, when it is a company's.
    pub company: Option<Id<()>>,
    /// For which function.
    pub purpose: String,
    /// What happened: the code of an act.
    pub act: String,
}

impl Fact for Changed {
    const KIND: &'static str = "consent.changed";
}

impl Changed {
    /// What happened to a holder's consent.
    pub(super) fn new(holder: Holder, purpose: &PurposeEntry, act: Act) -> Self {
        let (subject, company) = match holder {
            Holder::Subject(subject) => (Some(subject), None),
            Holder::Company(company) => (None, Some(Id::from_bytes(company))),
        };
        Self { subject, company, purpose: purpose.id.to_owned(), act: act.code().to_owned() }
    }

    pub(super) fn record(&self, tx: &mut Tx, actor: Option<Id<Subject>>) -> Result<(), db::Error> {
        let company = self.company.map(|company| *company.as_bytes());
        let scope = Scope { company, actor: actor.map(|actor| *actor.as_bytes()), ..Scope::default() };
        event::record(tx, scope, self).map(drop)
    }

    /// Whose function has ended by this; what was kept for it has to go.
    pub fn ended(&self, purpose: &str) -> Option<Id<Subject>> {
        let over = Act::of_code(&self.act).is_some_and(|act| !matches!(act, Act::Given | Act::Requested));
        self.subject.filter(|_| over && self.purpose == purpose)
    }
}

/// What a follower does that has something of an additional function to keep: it goes when the consent has ended, in whichever way.
/// Who agreed again before the follower came here, and has kept something since, keeps that: what is older than the end goes.
///
/// # Errors
/// [`Error`] of the database.
pub fn forget_ended(
    tx: &mut Tx,
    event: &Event,
    purpose: &str,
    forget_until: impl Fn(&mut Tx, Id<Subject>, Timestamp) -> Result<(), db::Error>,
) -> Result<(), Error> {
    if event.kind == Changed::KIND
        && policy::holds(Control::KeptGoesWithConsent)
        && let Some(subject) = event.read::<Changed>()?.ended(purpose)
    {
        forget_until(tx, subject, event.at)?;
    }
    Ok(())
}

pub async fn give(
    State(app): State<App>,
    context: Ctx,
    Oneself(person): Oneself,
    At(purpose): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    let purpose = own(&person, &purpose)?;
    say_yes(&app, &context, person, Holder::Subject(person.subject()), (Asked::Person, purpose), input.parse()?)
        .await?;
    Ok(Saved::at("/me/consents?done=consent-given", Done { purpose: purpose.id, is_on: true }))
}

pub async fn authorise(
    State(app): State<App>,
    context: Ctx,
    member: DataContact,
    At(purpose): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    let purpose = additional(&purpose, Asked::Company)?;
    let firm = Holder::company(member.company);
    say_yes(&app, &context, **member, firm, (Asked::Company, purpose), input.parse()?).await?;
    Ok(Saved::at("/me/consents?done=consent-authorised", Done { purpose: purpose.id, is_on: true }))
}

pub async fn end(
    State(app): State<App>,
    context: Ctx,
    Oneself(person): Oneself,
    At(purpose): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let purpose = own(&person, &purpose)?;
    let told = told(&context, person.subject(), context.locale);
    no(&app, Holder::Subject(person.subject()), purpose, told).await?;
    Ok(Saved::at("/me/consents?done=consent-withdrawn", Done { purpose: purpose.id, is_on: false }))
}

pub async fn deauthorise(
    State(app): State<App>,
    context: Ctx,
    member: DataContact,
    At(purpose): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let purpose = additional(&purpose, Asked::Company)?;
    let told = told(&context, member.subject(), context.locale);
    no(&app, Holder::company(member.company), purpose, told).await?;
    Ok(Saved::at("/me/consents?done=consent-deauthorised", Done { purpose: purpose.id, is_on: false }))
}

/// Ends a person's consent, for a room where they can do so too (the link at the end of a mail).
///
/// # Errors
/// [`Error`] of the database.
pub async fn withdraw(
    app: &App,
    subject: Id<Subject>,
    purpose: &str,
    locale: Locale,
    place: &'static str,
) -> Result<(), Error> {
    let purpose = additional(purpose, Asked::Person)?;
    let told = Told { place, channel: "mail", language: locale.tag(), ..plain(subject) };
    no(app, Holder::Subject(subject), purpose, told).await
}

/// Writes the signal of the person's browser down, as a no to each additional function that nobody has spoken about yet. What
/// the person has said themselves stands, and what they say later wins.
///
/// # Errors
/// [`Error`] of the database.
pub fn refuse_by_signal(tx: &mut Tx, subject: Id<Subject>) -> Result<(), Error> {
    let holder = Holder::Subject(subject);
    let present = consent::at_present(tx, holder)?;
    let version = vault::accepted(tx, subject)?.unwrap_or_default();
    // Who signs in has an account: what is asked of others is not theirs to refuse.
    let unsaid = |purpose: &&PurposeEntry| !present.contains_key(purpose.id) && !is_of_guests(purpose);
    for purpose in policy::additional().filter(unsaid) {
        let told = Told { version: version.clone(), method: Method::Gpc, ..plain(subject) };
        let id = tx.id();
        record(tx, &Entry { id, holder, purpose, act: Act::Refused, after: 0, told })?;
    }
    Ok(())
}

/// An additional function that is asked of this person: some are about who has no account, the others about who has one.
fn own(person: &Person, id: &str) -> Result<&'static PurposeEntry, Error> {
    let purpose = additional(id, Asked::Person)?;
    if is_of_guests(purpose) == person.is_guest() { Ok(purpose) } else { Err(Error::not_found()) }
}

/// An additional function by its id; for a company, one that it authorises.
fn additional(id: &str, asked: Asked) -> Result<&'static PurposeEntry, Error> {
    let fits = |purpose: &&PurposeEntry| purpose.id == id && (asked == Asked::Person || purpose.company_authorises);
    policy::additional().find(fits).ok_or_else(Error::not_found)
}

/// The text that was agreed to must be the one that this program shows in that language.
async fn say_yes(
    app: &App,
    context: &Context,
    person: Person,
    holder: Holder,
    (asked, purpose): (Asked, &'static PurposeEntry),
    yes: Yes,
) -> Result<(), Error> {
    let question = Question::new(asked, purpose, &Words::new(app.catalogue(), yes.language));
    if question.text_sha256 != yes.text_sha256 {
        return Err(Error::conflict("consent-other-text"));
    }
    let told = told(context, person.subject(), yes.language);
    // Who has no account is asked about nothing but being shown to other companies (PIPL 23).
    let kind = if person.is_guest() { Kind::Separate } else { Kind::Explicit };
    let told = Told { version: yes.version, text: Some(question.text()), kind: Some(kind), ..told };
    let entry = Entry { id: yes.question, holder, purpose, act: Act::Given, after: yes.after, told };
    app.db().write(move |tx| record(tx, &entry)).await
}

/// Ends a yes; where there is none, notes the no to what was asked. What is not on is off already.
async fn no(app: &App, holder: Holder, purpose: &'static PurposeEntry, told: Told) -> Result<(), Error> {
    let id = app.random().id();
    let unit = move |tx: &mut Tx| {
        let present = consent::at_present(tx, holder)?.remove(purpose.id);
        let act = match present.as_ref().map(|present| present.act) {
            Some(Act::Given) => Act::Withdrawn,
            Some(Act::Requested) => Act::Refused,
            _ => return Ok(()),
        };
        let after = present.map_or(0, |present| present.number);
        record(tx, &Entry { id, holder, purpose, act, after, told: told.clone() })
    };
    app.db().write::<_, Error>(unit).await
}

/// The entry with its event.
fn record(tx: &mut Tx, entry: &Entry) -> Result<(), Error> {
    if let Recorded::Now(_) = consent::record(tx, entry)? {
        Changed::new(entry.holder, entry.purpose, entry.act).record(tx, entry.told.actor)?;
    }
    Ok(())
}

fn told(context: &Context, actor: Id<Subject>, language: Locale) -> Told {
    let accepted = context.actor.oneself().map_or("", asked_under);
    let channel = Channel::of(context.accept).code();
    Told { language: language.tag(), channel, version: accepted.to_owned(), ..plain(actor) }
}

/// The version of the policy that somebody is asked under: the one they have accepted; who has no account, the newest.
pub(super) fn asked_under(person: &Person) -> &'static str {
    if person.is_guest() { policy::current().id } else { person.accepted().id() }
}

fn plain(actor: Id<Subject>) -> Told {
    Told {
        version: policy::current().id.to_owned(),
        text: None,
        language: Locale::Zh.tag(),
        place: PLACE,
        channel: "program",
        method: Method::Click,
        kind: None,
        actor: Some(actor),
    }
}
