//! What a bid takes from its company's library: the bytes go into the envelope, and no row tells that they did.

use super::envelope::MOST_FILES;
use crate::app::App;
use crate::identity::library::{self, Edition, Line};
use crate::sourcing::tender::Tender;
use crate::web::{Bidder, Broken, Error, Fields, Form, Upload};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The most bytes of an envelope's files, together; the browser seals no more either.
const MOST_BYTES: i64 = 24 * 1024 * 1024;

/// A document that may be put into the bid.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BidDocument")]
pub struct Offered {
    /// The document, in its newest edition.
    pub document: Line,
    /// Whether its last day is over before the bid ceases to bind.
    pub ends_early: bool,
}

impl Offered {
    /// Of a document, for a bid that is to be good until this instant.
    pub fn of(document: Line, until: Timestamp, zone: &TimeZone) -> Self {
        let over = document.ends_on.and_then(|day| library::over(day, zone));
        Self { ends_early: over.is_some_and(|over| over < until), document }
    }
}

/// Until when the documents of a bid are to be good: for as long as it binds, or until the deadline where nothing is said.
fn good_until(tender: &Tender, zone: &TimeZone) -> Timestamp {
    tender.terms.valid_until(tender.deadline, zone).unwrap_or(tender.deadline)
}

/// What a bidder may take from its company's library for a bid of this tender, opened for its own people.
///
/// # Errors
/// 503 while the company's key cannot be asked for.
pub async fn offered(app: &App, bidder: &Bidder, tender: &Tender) -> Result<Vec<Offered>, Error> {
    let zone = app.zone();
    let today = app.clock().now().to_zoned_datetime(zone.clone()).date();
    let until = good_until(tender, &zone);
    let kept = library::of(app, bidder, today).await?.into_iter();
    Ok(kept.map(|one| Offered::of(one, until, &zone)).collect())
}

/// The editions that a form takes from the library, each once.
pub fn chosen(fields: &mut Fields) -> Option<Vec<Id<Edition>>> {
    let mut ids: Vec<Id<Edition>> = Vec::new();
    for text in fields.several("kept", &[]) {
        match text.parse::<Id<Edition>>() {
            Ok(id) if ids.contains(&id) => {}
            Ok(id) => ids.push(id),
            Err(_) => return fields.wrong("kept", "id"),
        }
    }
    Some(ids)
}

/// The files that were attached, and those that a form takes from the library of its company.
///
/// # Errors
/// 422 at the field `kept`: a document is not there, or they are too many or too large; 503.
pub async fn with_kept(
    app: &App,
    provider: &Bidder,
    (mut files, kept): (Vec<Upload>, &[Id<Edition>]),
    form: &Form,
) -> Result<Vec<Upload>, Error> {
    if kept.is_empty() {
        return Ok(files);
    }
    if files.len() + kept.len() > MOST_FILES {
        return Err(form.clone().refuse("kept", Broken::rule("too-many-files").with("most", MOST_FILES)));
    }
    let brought: usize = files.iter().map(|file| file.content.len()).sum();
    let left = MOST_BYTES - i64::try_from(brought).unwrap_or(MOST_BYTES);
    match library::take(app, provider, kept, left).await? {
        Ok(taken) => files.extend(taken),
        Err(rule) => return Err(form.clone().refuse("kept", rule)),
    }
    Ok(files)
}
