//! The page: a section for each field of the policy, and what is not kept.

use super::read;
use crate::app::App;
use crate::web::text::Words;
use crate::web::{Ctx, Datum, Error, Instant, Oneself, Page, filters, masked, open};
use askama::Template;
use axum::extract::State;
use jiff::Timestamp;
use kit::db;
use policy::{FieldEntry, Purpose, RowEntry, purpose};
use schemars::JsonSchema;
use serde::Serialize;
use vault::Grant;

/// How many values of a column are opened for the page, the newest; the export has all.
const SHOWN: usize = 20;

/// All that is kept of a person.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "OwnData")]
#[template(path = "trust/data/data.html")]
pub struct Data {
    /// The fields of which something is kept, in the order of the policy.
    fields: Vec<Shown>,
    /// Names of the fields that the policy knows and of which nothing is kept.
    none: Vec<&'static str>,
    /// Who has no account has neither password nor agreement.
    #[serde(skip)]
    is_guest: bool,
}

/// A field, its values, and the rules that hold for it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnField")]
struct Shown {
    /// Its id in the policy's matrix.
    id: &'static str,
    name: &'static str,
    /// Until when it is kept, in words, and the law that gives the time.
    retention: &'static str,
    retention_source: &'static str,
    /// The newest first; none of a field that has a page of its own.
    values: Vec<Value>,
    /// How many there are that are not opened here.
    older: usize,
    /// The page that shows what a field's values hold, where they are documents.
    page: Option<&'static str>,
    /// What it may be used for; every other use does not compile.
    uses: Vec<Use>,
    /// The consent that a use of it rests on.
    rests_on_consent: bool,
    /// Where it is corrected by the person.
    #[serde(skip)]
    correction: Option<&'static str>,
}

/// A value.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnValue")]
struct Value {
    value: String,
    /// Where it stands.
    place: String,
    #[schemars(with = "Instant")]
    since: Timestamp,
    /// When it goes by itself; else as the field's retention says.
    #[schemars(with = "Option<Instant>")]
    until: Option<Timestamp>,
}

/// A permitted use.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnFieldUse")]
struct Use {
    purpose: &'static str,
    /// On which ground of PIPL art. 13(1).
    basis: String,
    recipient: &'static str,
    source: &'static str,
}

/// The page. It opens the person's own data, on record.
pub async fn show(State(app): State<App>, context: Ctx, Oneself(person): Oneself) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    let (held, subject) = (read::held(&app), person.subject());
    let data = app.db().read::<_, db::Error>(move |tx| read::all(tx, &held, subject)).await?;
    let (newest, older) = newest(data);
    let grant = Grant::<purpose::OwnData, _>::new(&person, context.request);
    let values = open(app.vault(), &grant, &newest).await?;
    let words = Words::new(app.catalogue(), context.locale);
    let kept: Vec<_> = newest.into_iter().zip(values).collect();
    let shown = |field: &'static FieldEntry| Shown::new(field, (&kept, &older), person.is_guest(), &words);
    let fields: Vec<_> = policy::FIELDS.iter().filter_map(shown).collect();
    let is_kept = |field: &FieldEntry| fields.iter().any(|shown| shown.id == field.id);
    // A key that opens a copy is no datum: it is never shown, and so is not missing either.
    let can_be = |field: &FieldEntry| {
        policy::ROWS.iter().any(|row| row.field == field.id && row.purpose == <purpose::OwnData as Purpose>::ID)
    };
    let none = policy::FIELDS.iter().filter(|field| can_be(field) && !is_kept(field));
    let none = none.map(|field| words.locale.pick(field.zh, field.en)).collect();
    Ok(Page::new("own-data", Data { fields, none, is_guest: person.is_guest() }))
}

/// The newest of each column, and what is left.
fn newest(data: Vec<Datum>) -> (Vec<Datum>, Vec<Datum>) {
    let mut kept: Vec<Datum> = Vec::new();
    let mut older = Vec::new();
    for datum in data {
        let before = kept.iter().filter(|one| one.column == datum.column).count();
        let is_shown = before < SHOWN && page_of(datum.column.field).is_none();
        if is_shown { kept.push(datum) } else { older.push(datum) }
    }
    (kept, older)
}

/// Where a field's values are read, each line by itself. They are documents: as they lie in their seals nobody reads them.
fn page_of(field: &str) -> Option<&'static str> {
    match field {
        "use" => Some("/me/use"),
        "search" => Some("/me/searches"),
        "followed" => Some("/me/digest"),
        _ => None,
    }
}

impl Shown {
    fn new(
        field: &'static FieldEntry,
        (kept, older): (&[(Datum, String)], &[Datum]),
        is_guest: bool,
        words: &Words,
    ) -> Option<Self> {
        let values = kept.iter().filter(|(datum, _)| datum.column.field == field.id);
        let values: Vec<_> = values.map(|(datum, value)| Value::new(datum, value, words)).collect();
        let rows = || policy::ROWS.iter().filter(|row| row.field == field.id);
        let retention = field.retention.entry();
        let shown = Self {
            id: field.id,
            name: words.locale.pick(field.zh, field.en),
            retention: words.locale.pick(retention.zh, retention.en),
            retention_source: words.locale.pick(retention.source_zh, retention.source),
            values,
            older: older.iter().filter(|datum| datum.column.field == field.id).count(),
            page: page_of(field.id),
            uses: rows().map(|row| Use::new(row, words)).collect(),
            rests_on_consent: rows().any(|row| row.basis == policy::Basis::Consent),
            correction: match field.id {
                id if is_guest && id.starts_with("contact-") => Some("/privacy/door/contact"),
                _ if is_guest => Some("/me/complaints"),
                "phone" | "email" => Some("/me/contact"),
                _ => None,
            },
        };
        (shown.values.len() + shown.older > 0).then_some(shown)
    }
}

impl Value {
    fn new(datum: &Datum, value: &str, words: &Words) -> Self {
        let place = words.text(&datum.column.word(), &[]);
        // A number that was typed is shown whole no more, to its own person neither; the copy of their data has it.
        let value = match value.split_once(' ').filter(|_| datum.column.field == "id-number") {
            Some((kind, number)) => {
                format!("{} {}", words.text(&format!("verification-document-{kind}"), &[]), masked(number))
            }
            None => value.to_owned(),
        };
        Self { value, place, since: datum.since, until: datum.until }
    }
}

impl Use {
    fn new(row: &'static RowEntry, words: &Words) -> Self {
        let pick = |names: Option<(&'static str, &'static str)>| names.map_or("", |(zh, en)| words.locale.pick(zh, en));
        Self {
            purpose: pick(policy::purpose_named(row.purpose).map(|one| (one.zh, one.en))),
            basis: words.text(&format!("access-basis-{}", row.basis.id()), &[]),
            recipient: pick(policy::recipient_named(row.recipient).map(|one| (one.zh, one.en))),
            source: row.source,
        }
    }
}
