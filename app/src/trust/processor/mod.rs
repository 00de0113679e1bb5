//! Who processes for the operator (受托处理, PIPL 21 and 54): the machine, the mail server, the way of short messages, as this
//! installation is configured, with the data and purposes that the policy's matrix gives each. Everybody reads it on the
//! trust page; the officer has the same with the dates of the contracts.
//!
//! What nobody has said stands there as not said: a register that guesses would be worse than none.

use crate::app::App;
use crate::config::{Config, Entrusted};
use crate::web::{Ctx, Error, Locale, Op, OperatorDuty, Page, PrivacyOfficer, Room, Routes, Texts, Who, filters};
use askama::Template;
use axum::extract::State as Of;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// The room.
pub static ROOM: Room =
    Room::new("processor", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") });

fn routes() -> Routes {
    let list = Op::page::<Register>("processor.list", "受托处理登记 · Who processes for the operator");
    Routes::new().get("/desk/privacy/processors", Who::Duty(OperatorDuty::PrivacyOfficer), list, show)
}

/// What somebody may be entrusted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ProcessorService")]
pub enum Service {
    /// The machine, with everything on it, sealed.
    Machine,
    /// Buckets that files lie in.
    Storage,
    /// Mails.
    Mail,
    /// Short messages.
    Sms,
    /// Confirming what companies have registered.
    Attestation,
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ProcessorState")]
pub enum State {
    /// Nobody is entrusted: the operator does it, or it is not done.
    Own,
    /// Somebody is, and the register says who.
    Registered,
    /// Somebody is, and the operator has not said who.
    Unsaid,
    /// The contract has ended.
    Ended,
}

/// A line of the register.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Processor {
    /// With what.
    pub service: Service,
    /// How it stands.
    pub state: State,
    /// Who; empty where nobody is entrusted.
    pub name: String,
    /// How to reach them.
    pub contact: String,
    /// Where they process.
    pub region: String,
    /// The day on which the contract ends.
    pub until: Option<String>,
    /// What they get, in the reader's language.
    pub fields: Vec<&'static str>,
    /// For what.
    pub purposes: Vec<&'static str>,
}

/// The register.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ProcessorRegister")]
#[template(path = "trust/processor/show.html")]
struct Register {
    processors: Vec<Processor>,
}

async fn show(Of(app): Of<App>, context: Ctx, _: PrivacyOfficer) -> Result<Page, Error> {
    Ok(Page::new("processors", Register { processors: all(&app, context.locale, context.now) }))
}

/// The register of this installation, at this instant.
pub fn all(app: &App, locale: Locale, now: Timestamp) -> Vec<Processor> {
    let config = app.config();
    let mail_host = config.smtp_url.as_deref().map(host);
    let stores = buckets(config);
    let storage = config.entrusted_storage.as_ref().filter(|_| stores.is_some());
    vec![
        Processor::of(Service::Machine, locale, config.entrusted_machine.as_ref(), None).at(now, config),
        Processor::of(Service::Storage, locale, storage, stores).at(now, config),
        Processor::of(Service::Mail, locale, config.entrusted_mail.as_ref().filter(|_| mail_host.is_some()), mail_host)
            .at(now, config),
        Processor::of(Service::Sms, locale, None, None),
        Processor::of(Service::Attestation, locale, config.attestor.as_ref().map(|one| &one.who), None).at(now, config),
    ]
}

fn host(url: &str) -> String {
    url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// The hosts of the buckets, if there are any.
fn buckets(config: &Config) -> Option<String> {
    let buckets = config.data_regions.iter().filter_map(|region| region.bucket.as_ref());
    let hosts: BTreeSet<_> = buckets.map(|bucket| bucket.endpoint.host_str().unwrap_or_default()).collect();
    (!hosts.is_empty()).then(|| Vec::from_iter(hosts).join(", "))
}

impl Processor {
    /// `host`: where it goes to, when that is all that is known.
    fn of(service: Service, locale: Locale, said: Option<&Entrusted>, host: Option<String>) -> Self {
        let (fields, purposes) = service.given(locale);
        let state = match (said, &host) {
            (Some(_), _) => State::Registered,
            (None, Some(_)) => State::Unsaid,
            (None, None) => State::Own,
        };
        let text = |pick: fn(&Entrusted) -> &String| said.map(pick).cloned().unwrap_or_default();
        Self {
            service,
            state,
            name: said.map(|said| said.name.clone()).or(host).unwrap_or_default(),
            contact: text(|said| &said.contact),
            region: text(|said| &said.region),
            until: said.map(|said| said.until.to_string()),
            fields,
            purposes,
        }
    }

    fn at(self, now: Timestamp, config: &Config) -> Self {
        let today = now.to_zoned_datetime(config.zone.clone()).date().to_string();
        let is_over = self.until.as_ref().is_some_and(|until| *until < today);
        if is_over { Self { state: State::Ended, ..self } } else { self }
    }

    /// The key of what it does.
    pub fn word(&self) -> &'static str {
        match self.service {
            Service::Machine => "processor-machine",
            Service::Storage => "processor-storage",
            Service::Mail => "processor-mail",
            Service::Sms => "processor-sms",
            Service::Attestation => "processor-attestation",
        }
    }

    /// Kind, glyph and key of its state.
    pub fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match self.state {
            State::Own => ("", "ring", "processor-nobody"),
            State::Registered => ("live", "ok", "processor-registered"),
            State::Unsaid => ("warn", "warn", "processor-unsaid"),
            State::Ended => ("bad", "stop", "processor-ended"),
        }
    }

    /// The key of what that means.
    pub fn meaning(&self) -> &'static str {
        match (self.state, self.service) {
            (State::Own, Service::Machine) => "processor-own",
            (State::Own, Service::Storage) => "processor-stored-here",
            (State::Own, Service::Attestation) => "processor-not-asked",
            (State::Own, _) => "processor-not-sent",
            (State::Registered, _) => "processor-registered-text",
            (State::Unsaid, _) => "processor-unsaid-text",
            (State::Ended, Service::Attestation) => "processor-ended-attestation",
            (State::Ended, _) => "processor-ended-text",
        }
    }
}

/// The fields of the matrix that files hold: pages handed in for verification, and copies for persons, sealed. What companies
/// put into the documents of tenders is theirs to say.
const IN_FILES: [&str; 2] = ["verification-page", "export-key"];

impl Service {
    /// Fields and purposes of the matrix: those of its entrusted recipients; the machine holds all, sealed.
    fn given(self, locale: Locale) -> (Vec<&'static str>, Vec<&'static str>) {
        let is_given = |row: &&policy::RowEntry| match self {
            Self::Machine => true,
            Self::Storage => IN_FILES.contains(&row.field),
            Self::Mail => row.recipient == "delivery" && row.field != "phone",
            Self::Sms => row.recipient == "delivery" && row.field == "phone",
            Self::Attestation => row.recipient == "attestor",
        };
        let rows: Vec<_> = policy::ROWS.iter().filter(is_given).collect();
        let of =
            |pick: fn(&policy::RowEntry) -> &'static str| -> BTreeSet<_> { rows.iter().map(|row| pick(row)).collect() };
        let (fields, purposes) = (of(|row| row.field), of(|row| row.purpose));
        let field = |entry: &policy::FieldEntry| locale.pick(entry.zh, entry.en);
        let purpose = |entry: &policy::PurposeEntry| locale.pick(entry.zh, entry.en);
        (
            policy::FIELDS.iter().filter(|entry| fields.contains(entry.id)).map(field).collect(),
            policy::PURPOSES.iter().filter(|entry| purposes.contains(entry.id)).map(purpose).collect(),
        )
    }
}
