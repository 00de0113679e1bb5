//! The switches, and what has been answered.

use super::act::asked_under;
use super::question::{Asked, Question, title};
use crate::app::{App, ROOMS};
use crate::web::text::Words;
use crate::web::{Context, Ctx, Error, Instant, Oneself, Page, Person, Said, Who, filters};
use askama::Template;
use axum::extract::State;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use policy::PurposeEntry;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use vault::consent::{self, Consent, Event, Holder, State as Standing};

/// How many events the page tells.
const HISTORY: i64 = 200;

/// A person's consents, and their company's authorisations.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ConsentList")]
#[template(path = "trust/consent/list.html")]
pub struct Consents {
    /// Each additional function.
    functions: Vec<Function>,
    /// Each that the person's company authorises; none for who acts for no company.
    authorisations: Vec<Function>,
    /// The person's own events and their company's, the newest first.
    history: Vec<Told>,
}

/// A function with its question and how it stands.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConsentFunction")]
struct Function {
    /// Its id in the policy's matrix.
    purpose: &'static str,
    /// What is asked.
    asks: Question,
    /// The id that an answer carries, so that sending it twice is one answer.
    question: Id<Consent>,
    /// The number of the last event, which an answer carries too.
    after: i64,
    /// Whether a yes holds.
    is_on: bool,
    /// Whether the company must authorise it, and has not.
    waits_for_company: bool,
    /// Since when it stands so; none while nobody has spoken.
    #[schemars(with = "Option<Instant>")]
    since: Option<Timestamp>,
    /// Until when a yes holds.
    #[schemars(with = "Option<Instant>")]
    until: Option<Timestamp>,
    /// How many times data were opened on it.
    relied: i64,
    /// Where it is used.
    #[serde(skip)]
    path: Option<&'static str>,
}

/// An event, for its person.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConsentEvent")]
struct Told {
    id: Id<Consent>,
    /// What the function is called.
    function: String,
    /// Whether it is the company's authorisation.
    is_company: bool,
    /// requested, given, refused, withdrawn, expired, superseded, invalidated.
    act: &'static str,
    #[schemars(with = "Instant")]
    at: Timestamp,
    /// click, gpc, contract, statutory.
    method: &'static str,
    channel: String,
    /// The policy's version.
    version: String,
    /// SHA-256 of the question as it was shown.
    text_sha256: Option<String>,
}

impl Told {
    fn new(event: Event, is_company: bool, words: &Words) -> Self {
        Self {
            id: event.id,
            function: title(&event.purpose, words),
            is_company,
            act: event.act.code(),
            at: event.at,
            method: event.method.code(),
            channel: event.channel,
            version: event.version,
            text_sha256: event.text_hash.map(hex::encode),
        }
    }

    fn glyph(&self) -> (&'static str, &'static str) {
        match self.act {
            "given" => ("live", "ok"),
            "requested" => ("warn", "hourglass"),
            _ => ("", "x"),
        }
    }
}

type States = BTreeMap<String, Standing>;

impl Consents {
    async fn read(app: &App, context: &Context, person: Person) -> Result<Self, Error> {
        let own = Holder::Subject(person.subject());
        let firm = context.actor.member().map(|member| Holder::company(member.company));
        let read = app.db().read::<_, db::Error>(move |tx| {
            // A guest's company authorises too, but shows a guest nothing of its own.
            let of_guest = if person.is_guest() { consent::company_of(tx, person.subject())? } else { None };
            let asked = firm.or(of_guest);
            let states = (consent::at_present(tx, own)?, asked.map(|firm| consent::at_present(tx, firm)).transpose()?);
            let events = consent::history(tx, own, HISTORY)?;
            Ok((states, events, firm.map(|firm| consent::history(tx, firm, HISTORY)).transpose()?))
        });
        let ((own, firm), mine, ours) = read.await?;
        let words = Words::new(app.catalogue(), context.locale);
        let now = context.now;
        let function = |asked, purpose: &'static PurposeEntry, states: &States| {
            let state = states.get(purpose.id);
            Function {
                purpose: purpose.id,
                asks: Question::new(asked, purpose, &words).under(asked_under(&person)),
                question: Id::v7(now, app.random()),
                after: state.map_or(0, |state| state.number),
                is_on: holds(state, purpose, now),
                waits_for_company: purpose.company_authorises
                    && !firm.as_ref().is_some_and(|firm| holds(firm.get(purpose.id), purpose, now)),
                since: state.map(|state| state.at),
                until: state.and_then(|state| state.ends_at),
                relied: state.map_or(0, |state| state.relied),
                path: app
                    .rooms()
                    .iter()
                    .flat_map(|room| room.functions)
                    .find(|one| one.purpose == purpose.id)
                    .map(|one| one.path),
            }
        };
        // Who has no account is asked about being a company's contact, if a company has named them.
        let can_ask = !person.is_guest() || firm.is_some();
        let offered = policy::additional().filter(|purpose| can_ask && is_of_guests(purpose) == person.is_guest());
        let functions = offered.map(|purpose| function(Asked::Person, purpose, &own)).collect();
        let authorised = policy::additional().filter(|purpose| purpose.company_authorises);
        let authorisations = match &firm {
            // Who has not the duty could not answer.
            Some(firm) if !person.is_guest() && Who::DataContact.admits(&context.actor).is_ok() => {
                authorised.map(|purpose| function(Asked::Company, purpose, firm)).collect()
            }
            _ => Vec::new(),
        };
        let mine = mine.into_iter().map(|event| Told::new(event, false, &words));
        let ours = ours.into_iter().flatten().map(|event| Told::new(event, true, &words));
        let mut history: Vec<_> = mine.chain(ours).collect();
        history.sort_by_key(|event| std::cmp::Reverse((event.at, event.id)));
        Ok(Self { functions, authorisations, history })
    }
}

/// Whether a function is one about people without an account.
pub(super) fn is_of_guests(purpose: &PurposeEntry) -> bool {
    ROOMS.iter().flat_map(|room| room.functions).any(|one| one.purpose == purpose.id && one.of_guests)
}

/// A yes that holds now and covers what the policy has today.
pub(super) fn holds(state: Option<&Standing>, purpose: &PurposeEntry, now: Timestamp) -> bool {
    let covers =
        |state: &Standing| purpose.scope().split(' ').all(|one| state.scope.split(' ').any(|word| word == one));
    state.is_some_and(|state| state.is_alive(now) && covers(state))
}

/// How many functions are on, for the privacy centre.
pub fn state(tx: &mut Tx, _: &App, person: &Person) -> Result<Said, db::Error> {
    let states = consent::at_present(tx, Holder::Subject(person.subject()))?;
    let now = tx.now();
    let can_ask = !person.is_guest() || consent::company_of(tx, person.subject())?.is_some();
    let offered = || policy::additional().filter(|purpose| can_ask && is_of_guests(purpose) == person.is_guest());
    let on = offered().filter(|purpose| holds(states.get(purpose.id), purpose, now)).count();
    Ok(Said::new("consent-state").with("on", on).with("all", offered().count()))
}

/// The page.
pub async fn show(State(app): State<App>, context: Ctx, Oneself(person): Oneself) -> Result<Page, Error> {
    Ok(Page::new("consent", Consents::read(&app, &context, person).await?))
}
