//! What happened to a company, from the spine of events: when, what, and which part of it. Nothing of a tender or a bid.

use crate::identity::company::Company;
use crate::web::Instant;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// How many are listed, the newest.
const MOST: i64 = 300;

/// Something that happened.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "HistoryEvent")]
pub struct Happened {
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// What: the event's kind.
    pub kind: String,
    /// What of it: the code of its act; empty where the kind says all.
    pub act: String,
    /// Which part, edition, purpose or account; empty where there is but one.
    pub about: String,
}

impl Happened {
    /// The key of its word.
    pub fn word(&self) -> String {
        let kind = self.kind.replace('.', "-");
        if self.act.is_empty() { format!("history-{kind}") } else { format!("history-{kind}-{}", self.act) }
    }
}

/// What happened until an instant, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn until(tx: &mut Tx, company: Id<Company>, at: Timestamp) -> Result<Vec<Happened>, db::Error> {
    let sql = "SELECT at, kind, body FROM event WHERE kind IN (\
               'company.applied', 'company.approved', 'company.refused', 'company.closing', 'company.part-filed', \
               'company.part-reviewed', 'verification.changed', 'people.changed', 'terms.accepted', 'consent.changed') \
               AND company = $1 AND at <= $2 ORDER BY at DESC, id DESC LIMIT $3";
    let rows = tx.all(sql, values![company, at, MOST], |row| {
        Ok((row.next::<Timestamp>()?, row.next::<String>()?, row.next::<String>()?))
    })?;
    let unfit = |e: serde_json::Error| db::Error::Engine(format!("an event of a company: {e}"));
    let told = |(at, kind, body): (Timestamp, String, String)| {
        Ok(told(at, kind, &serde_json::from_str(&body).map_err(unfit)?))
    };
    rows.into_iter().map(told).collect()
}

fn told(at: Timestamp, kind: String, body: &Value) -> Happened {
    let word = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let (act, about) = match kind.as_str() {
        "company.part-filed" | "company.part-reviewed" => (String::new(), word("part")),
        "company.closing" => (word("state"), String::new()),
        "verification.changed" => (word("act"), String::new()),
        "people.changed" => (word("what"), tail(&word("account"))),
        "terms.accepted" => (String::new(), format!("{} {}", word("terms"), word("edition"))),
        "consent.changed" => (word("act"), word("purpose")),
        _ => (String::new(), String::new()),
    };
    Happened { at, kind, act, about }
}

/// The last digits of an account: enough to tell colleagues apart, and no name.
pub fn tail(account: &str) -> String {
    let start = account.len().saturating_sub(8);
    account.get(start..).unwrap_or_default().to_owned()
}
