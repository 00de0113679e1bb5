//! What an application says. Whom it is about is typed as the authority wrote it, looked up, and not kept.

use super::case::FIELDS;
use crate::web::{Fields, Parse};
use kit::id::Id;
use policy::{Basis, Control};
use vault::Case;

/// For how many days a case may hold.
const DAYS: i64 = 30;
/// For how many days a law may be said to forbid telling.
const SILENT_DAYS: i64 = 365;

/// A law that forbids to tell the person.
#[derive(Clone)]
pub struct Silence {
    /// For how many days from the application on.
    pub days: i64,
    /// Law and article.
    pub law: String,
}

/// A case about to be applied for.
#[derive(Clone)]
pub struct Application {
    /// Made with the form: sent twice, it is one case.
    pub id: Id<Case>,
    /// Phone, e-mail or account id. No Debug: it is somebody's.
    pub person: String,
    /// One at least.
    pub fields: Vec<&'static str>,
    /// One of PIPL 13(1)(2) to (7).
    pub basis: Basis,
    /// Law and article.
    pub law: String,
    /// Who asked.
    pub authority: String,
    /// The number of its document.
    pub document: String,
    /// SHA-256 of the document: 64 hexadecimal digits, lower-case.
    pub document_hash: String,
    /// Why.
    pub reason: String,
    /// For how many days from the application on.
    pub days: i64,
    /// Where a law forbids to tell.
    pub silence: Option<Silence>,
}

impl Parse for Application {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let person = fields.like("person", "li@example.com").parse("person", |text| Ok::<_, &str>(text.to_owned()));
        let named: Vec<_> = FIELDS.into_iter().filter(|field| fields.ticked(field)).collect();
        if named.is_empty() {
            fields.wrong::<()>("phone", "exception-field");
        }
        let basis = fields.one_of("basis", Basis::WITHOUT_CONSENT.map(Basis::id)).parse("basis", basis);
        let (law, authority) = (fields.name("law", 4..=200), fields.name("authority", 2..=100));
        let document = fields.name("document", 2..=100);
        let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let document_hash = fields.like("document_hash", hash).parse("document_hash", sha256);
        let reason = fields.text("reason", 10..=1000);
        let days = fields.like("days", "14").parse("days", |text| days(text, DAYS).ok_or("exception-days"));
        let silence = silence(fields);
        Some(Self {
            id: id?,
            person: person?,
            fields: named,
            basis: basis?,
            law: law?,
            authority: authority?,
            document: document?,
            document_hash: document_hash?,
            reason: reason?,
            days: days?,
            silence: silence?,
        })
    }
}

/// Consent is no exception, and there is no ground outside the list.
fn basis(text: &str) -> Result<Basis, &'static str> {
    match Basis::without_consent(text) {
        Some(basis) => Ok(basis),
        None if !policy::holds(Control::StatutoryItemNamed) => Ok(Basis::OtherLaw),
        None => Err("exception-item"),
    }
}

fn sha256(text: &str) -> Result<String, &'static str> {
    let text = text.to_ascii_lowercase();
    let sound = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if sound { Ok(text) } else { Err("exception-hash") }
}

fn days(text: &str, most: i64) -> Option<i64> {
    text.parse().ok().filter(|days| (1..=most).contains(days))
}

/// Days and law, or neither.
fn silence(fields: &mut Fields) -> Option<Option<Silence>> {
    let until = fields
        .like("silent_days", "60")
        .optional("silent_days", |text| days(text, SILENT_DAYS).ok_or("exception-silent-days"));
    let law = fields.optional_text("silent_law", 200);
    match (until?, law?) {
        (Some(days), Some(law)) => Some(Some(Silence { days, law })),
        (None, None) => Some(None),
        (Some(_), None) => fields.wrong("silent_law", "exception-silence"),
        (None, Some(_)) => fields.wrong("silent_days", "exception-silence"),
    }
}
