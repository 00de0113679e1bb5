//! What a webhook may be told of: what has happened to its company's tenders, that its company has won, and that it was written to. Ids, and nothing that
//! is personal, or tells of bids before their opening.

use crate::identity::company::Company;
use crate::reach::conversation::Sent;
use crate::sourcing::amendment::event::Amended;
use crate::sourcing::clarification::{Answered, Asked};
use crate::sourcing::tender::event::{
    Awarded, Closed, Failed, LotAwarded, LotFailed, Opened, Published, QuestionsEnded,
};
use crate::sourcing::tender::store;
use crate::sourcing::termination::event::Terminated;
use crate::web::Error;
use kit::db::Tx;
use kit::event::{Event, Fact};
use kit::id::Id;
use serde_json::{Map, Value, json};

/// A kind, as a registration names it: that of an event, or that a company has won.
pub struct Kind {
    /// The code.
    pub code: &'static str,
    /// What of the event's body is told. Nothing else of it is, whatever is added to it later.
    pub fields: &'static [&'static str],
}

/// All that can be registered for.
pub static KINDS: [Kind; 14] = [
    Kind { code: Published::KIND, fields: &["tender"] },
    Kind { code: Amended::KIND, fields: &["tender", "amendment", "number"] },
    Kind { code: Terminated::KIND, fields: &["tender", "termination", "whole"] },
    Kind { code: Asked::KIND, fields: &["tender", "question"] },
    Kind { code: Answered::KIND, fields: &["tender", "question"] },
    Kind { code: QuestionsEnded::KIND, fields: &["tender"] },
    Kind { code: Closed::KIND, fields: &["tender"] },
    Kind { code: LotFailed::KIND, fields: &["tender", "lot"] },
    Kind { code: Failed::KIND, fields: &["tender"] },
    Kind { code: Opened::KIND, fields: &["tender"] },
    Kind { code: LotAwarded::KIND, fields: &["tender", "lot", "company"] },
    Kind { code: Awarded::KIND, fields: &["tender"] },
    Kind { code: WON, fields: &["tender", "lot", "company"] },
    Kind { code: Sent::KIND, fields: &["thread", "message"] },
];

/// The company has won a lot of somebody's.
const WON: &str = "award.won";

/// The kind of a trial, which is not registered for.
pub const TEST: &str = "webhook.test";

/// The kind of this code.
pub fn of_code(code: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.code == code)
}

impl Kind {
    /// Key of its word.
    pub fn word(&self) -> String {
        format!("webhook-kind-{}", self.code.replace('.', "-"))
    }

    /// What is sent of an event.
    ///
    /// # Errors
    /// Of a body that is no JSON.
    pub fn message(&self, event: &Event) -> Result<String, Error> {
        let body: Map<String, Value> = event.read()?;
        let data: Map<_, _> = body.into_iter().filter(|(name, _)| self.fields.contains(&name.as_str())).collect();
        Ok(json!({ "type": self.code, "timestamp": event.at, "data": data }).to_string())
    }
}

/// Who is told of an event, and under which kind.
///
/// # Errors
/// 503 when the database cannot be asked.
pub fn told(tx: &mut Tx, event: &Event) -> Result<Vec<(Id<Company>, &'static Kind)>, Error> {
    let Some(kind) = of_code(&event.kind) else { return Ok(Vec::new()) };
    let own = match event.kind.as_str() {
        // It does not say whose tender it is.
        Asked::KIND => store::buyer(tx, event.read::<Asked>()?.tender)?,
        // It is of the company that wrote; told is the one that has something to read.
        Sent::KIND => Some(event.read::<Sent>()?.to),
        _ => event.scope.company.map(Id::from_bytes),
    };
    let mut told: Vec<_> = own.map(|company| (company, kind)).into_iter().collect();
    if event.kind == LotAwarded::KIND {
        told.extend(of_code(WON).map(|won| Ok::<_, Error>((event.read::<LotAwarded>()?.company, won))).transpose()?);
    }
    Ok(told)
}
