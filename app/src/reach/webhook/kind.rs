//! What a webhook may be told of: what has happened to its company and its company's tenders. Ids and codes, and nothing that is
//! personal, or tells of bids before their opening.

use crate::identity::company::Company;
use crate::sourcing::clarification::Asked;
use crate::sourcing::tender::event::LotAwarded;
use crate::sourcing::tender::{self, Tender};
use crate::web::Error;
use kit::db::Tx;
use kit::event::{Event, Fact};
use kit::id::Id;
use serde_json::{Map, Value, json};

/// The kinds, as a registration names them: those of the events, and that a company has won.
pub const KINDS: [&str; 11] = [
    "tender.published",
    "question.asked",
    "question.answered",
    "tender.questions-ended",
    "tender.closed",
    "tender.failed",
    "tender.opened",
    "tender.lot-awarded",
    "tender.awarded",
    WON,
    "company.approved",
];

/// The company has won a lot of somebody's.
const WON: &str = "award.won";

/// The kind of a trial, which is not registered for.
pub const TEST: &str = "webhook.test";

/// What of an event's body is told. Nothing else of it is, whatever is added to it later.
const FIELDS: [&str; 4] = ["tender", "lot", "question", "company"];

/// Who is told of an event, and under which kind.
///
/// # Errors
/// 503 when the database cannot be asked.
pub fn told(tx: &mut Tx, event: &Event) -> Result<Vec<(Id<Company>, &'static str)>, Error> {
    let Some(kind) = KINDS.into_iter().find(|kind| *kind == event.kind) else { return Ok(Vec::new()) };
    let own = match event.kind.as_str() {
        // It does not say whose tender it is.
        Asked::KIND => Some(buyer(tx, event.read::<Asked>()?.tender)?),
        _ => event.scope.company.map(Id::from_bytes),
    };
    let mut told: Vec<_> = own.map(|company| (company, kind)).into_iter().collect();
    if event.kind == LotAwarded::KIND {
        told.push((event.read::<LotAwarded>()?.company, WON));
    }
    Ok(told)
}

fn buyer(tx: &mut Tx, tender: Id<Tender>) -> Result<Id<Company>, Error> {
    Ok(tender::store::load(tx, tender)?.company)
}

/// The message of an event.
///
/// # Errors
/// Of a body that is no JSON.
pub fn message(kind: &str, event: &Event) -> Result<String, Error> {
    let body: Map<String, Value> = event.read()?;
    let data: Map<_, _> = body.into_iter().filter(|(name, _)| FIELDS.contains(&name.as_str())).collect();
    Ok(json!({ "type": kind, "timestamp": event.at, "data": data }).to_string())
}
