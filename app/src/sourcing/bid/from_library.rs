//! What a bid takes from its company's library: the bytes go into the envelope, and no row tells that they did.

use super::envelope::MOST_FILES;
use super::form::Content;
use crate::app::App;
use crate::identity::library::{self, Edition, Line};
use crate::sourcing::tender::Tender;
use crate::web::{Bidder, Broken, Error, Fields, Form};
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
pub fn good_until(tender: &Tender, zone: &TimeZone) -> Timestamp {
    tender.terms.valid_until(tender.deadline, zone).unwrap_or(tender.deadline)
}

/// The editions that a form takes from the library, each once.
pub(super) fn chosen(fields: &mut Fields) -> Option<Vec<Id<Edition>>> {
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

/// The content with the files that it takes from the library of its company.
///
/// # Errors
/// 422 at the field `kept`: a document is not there, or they are too many or too large; 503.
pub(super) async fn with_kept(
    app: &App,
    provider: &Bidder,
    mut content: Content,
    form: &Form,
) -> Result<Content, Error> {
    if content.kept.is_empty() {
        return Ok(content);
    }
    if content.files.len() + content.kept.len() > MOST_FILES {
        return Err(form.clone().refuse("kept", Broken::rule("too-many-files").with("most", MOST_FILES)));
    }
    let brought: usize = content.files.iter().map(|file| file.content.len()).sum();
    let left = MOST_BYTES - i64::try_from(brought).unwrap_or(MOST_BYTES);
    match library::take(app, provider, &content.kept, left).await? {
        Ok(files) => content.files.extend(files),
        Err(rule) => return Err(form.clone().refuse("kept", rule)),
    }
    Ok(content)
}
