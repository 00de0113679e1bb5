//! What a copy holds: every value that rooms hold of the person, consents with their receipts, accesses, agreements, and the
//! account's own facts. Of others there is nothing in it: companies by name, their people not at all.

use super::pack::Files;
use super::readable::{Section, page};
use super::{Export, store};
use crate::app::App;
use crate::trust::{consent, data, policy as agreements};
use crate::web::{Datum, Locale, open};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::Job;
use kit::values;
use policy::{purpose, recipient};
use serde::Serialize;
use serde_json::{Value, json};
use vault::access::{Access, By, accesses};
use vault::consent::{Event, Holder, history};
use vault::{Grant, Opener, Proof, Scope, Subject};

/// Records that one statement reads.
const TOGETHER: usize = 500;
/// Consent events that a copy holds at most: more than a person can have.
const EVENTS: i64 = 100_000;

/// The right of the job to copy what is kept of one person, for that person.
pub struct Copying {
    pub export: Id<Export>,
    pub subject: Id<Subject>,
    pub job: Id<Job>,
}

impl Proof for Copying {
    type Recipient = recipient::Subject;

    fn opener(&self) -> Opener {
        Opener::program(super::job::KIND)
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.subject)
    }
}

/// Everything, as files.
///
/// # Errors
/// As [`vault::Vault::open_many`]: refused when the person has left.
pub async fn gather(app: &App, copying: &Copying) -> Result<Files, vault::Error> {
    let (held, subject, export) = (data::held(app), copying.subject, copying.export);
    let data = app.db().read::<_, db::Error>(move |tx| data::all(tx, &held, subject)).await?;
    let grant = Grant::<purpose::Export, _>::new(copying, copying.job.cast());
    let values = open(app.vault(), &grant, &data).await?;
    app.db().write::<_, db::Error>(move |tx| store::step(tx, export, 1)).await?;
    let records = app.db().read::<_, db::Error>(move |tx| Records::read(tx, subject)).await?;
    app.db().write::<_, db::Error>(move |tx| store::step(tx, export, 2)).await?;
    Ok(files(app, subject, &data.into_iter().zip(values).collect::<Vec<_>>(), &records))
}

/// What is kept beside the values.
struct Records {
    /// None of who has no account.
    account: Option<Account>,
    agreements: Vec<agreements::Receipt>,
    consents: Vec<Event>,
    accesses: Vec<Access>,
}

/// The account's own facts.
#[derive(Serialize)]
struct Account {
    id: Id<()>,
    registered_at: Timestamp,
    language: String,
    company: Option<String>,
    is_operator: bool,
}

impl Records {
    fn read(tx: &mut Tx, subject: Id<Subject>) -> Result<Self, db::Error> {
        let sql = "SELECT a.id, a.created_at, a.locale, c.name, a.operator FROM account a \
             LEFT JOIN company c ON c.id = a.company WHERE a.subject = $1";
        let account = tx.first(sql, values![subject], |row| {
            let (id, registered_at, language) = (row.next()?, row.next()?, row.next()?);
            Ok(Account { id, registered_at, language, company: row.next()?, is_operator: row.next()? })
        })?;
        Ok(Self {
            account,
            agreements: agreements::Receipt::of(tx, subject)?,
            consents: history(tx, Holder::Subject(subject), EVENTS)?,
            accesses: looked(tx, subject)?,
        })
    }
}

/// All accesses, the newest first.
fn looked(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Access>, db::Error> {
    let mut all: Vec<Access> = Vec::new();
    for by in [By::Others, By::Themselves] {
        let mut before = None;
        loop {
            let some = accesses(tx, subject, by, before, TOGETHER)?;
            before = some.last().map(|last| (last.at.as_microsecond(), *last.id.as_bytes()));
            let is_last = some.len() < TOGETHER;
            all.extend(some);
            if is_last {
                break;
            }
        }
    }
    all.sort_by_key(|one| std::cmp::Reverse((one.at, one.id)));
    Ok(all)
}

fn files(app: &App, subject: Id<Subject>, kept: &[(Datum, String)], records: &Records) -> Files {
    let consents: Vec<_> = records.consents.iter().map(of_consent).collect();
    let accesses: Vec<_> = records.accesses.iter().map(of_access).collect();
    let values: Vec<_> = kept.iter().map(|(datum, value)| of_datum(datum, value)).collect();
    let mut files = Files::new();
    let mut add = |name: &str, content: &Value| {
        files.insert(name.to_owned(), serde_json::to_vec_pretty(content).unwrap_or_default());
    };
    add("data.json", &json!(values));
    add("account.json", &json!(records.account));
    add("agreements.json", &json!(records.agreements));
    add("consents.json", &json!(consents));
    add("accesses.json", &json!(accesses));
    for event in &records.consents {
        let receipt = consent::signed(app, Holder::Subject(subject), event);
        add(&format!("receipts/consent-{}.json", event.id), &json!(receipt));
    }
    let sections = [
        Section::new("export-part-data", &values),
        Section::new("export-part-account", &records.account.iter().map(|one| json!(one)).collect::<Vec<_>>()),
        Section::new("me-agreements", &records.agreements.iter().map(|one| json!(one)).collect::<Vec<_>>()),
        Section::new("consent", &consents),
        Section::new("access", &accesses),
    ];
    for (locale, name) in [(Locale::Zh, "read.zh.html"), (Locale::En, "read.en.html")] {
        files.insert(name.to_owned(), page(app, locale, &sections).into_bytes());
    }
    files
}

fn of_datum(datum: &Datum, value: &str) -> Value {
    let field = policy::field_named(datum.column.field);
    let uses = policy::ROWS.iter().filter(|row| row.field == datum.column.field);
    json!({
        "field": datum.column.field,
        "name": field.map(|field| json!({ "zh": field.zh, "en": field.en })),
        "value": value,
        "place": format!("{}.{}", datum.column.table, datum.column.column),
        "since": datum.since,
        "until": datum.until,
        "retention": field.map(|field| field.retention.entry()),
        "uses": uses.collect::<Vec<_>>(),
    })
}

fn of_consent(event: &Event) -> Value {
    json!({
        "id": event.id, "purpose": event.purpose, "number": event.number, "act": event.act.code(), "at": event.at,
        "ends_at": event.ends_at, "scope": event.scope, "policy_version": event.version, "text": event.text,
        "text_sha256": event.text_hash.map(hex::encode), "language": event.language, "place": event.place,
        "channel": event.channel, "method": event.method.code(), "receipt": format!("receipts/consent-{}.json", event.id),
    })
}

fn of_access(access: &Access) -> Value {
    json!({
        "id": access.id, "at": access.at, "opened": access.opened, "fields": access.fields, "purpose": access.purpose,
        "bases": access.bases, "recipient": access.recipient, "company": access.company.map(hex::encode),
        "role": access.role, "request": access.request, "reason": access.reason,
    })
}
