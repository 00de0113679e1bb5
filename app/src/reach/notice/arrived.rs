//! What is new here since a while: for readers who follow categories and regions.

use super::store::{SUMMARY, Summary, summary};
use crate::reach::category;
use jiff::{SignedDuration, Timestamp};
use kit::db::{Error, Tx, Value};

/// A notice that comes to us later than this after its publication is no news: an archive that is imported at once would
/// otherwise fill everybody's mail.
const NEWS: SignedDuration = SignedDuration::from_hours(24 * 14);

/// What is asked for. A side without codes means all of it.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Codes of categories and of groups of them.
    pub categories: Vec<String>,
    /// Codes of provinces.
    pub regions: Vec<String>,
    /// From when on it has come to us.
    pub since: Timestamp,
    /// Until when; this instant is not counted any more.
    pub until: Timestamp,
}

/// The newest of them, at most so many.
///
/// # Errors
/// Of the database.
pub fn arrived(tx: &mut Tx, wanted: &Arrived, most: i64) -> Result<Vec<Summary>, Error> {
    let news = wanted.since.checked_sub(NEWS).unwrap_or(wanted.since);
    let mut values: Vec<Value> = vec![wanted.since.into(), wanted.until.into(), news.into(), most.into()];
    let mut one_of = |codes: &[&str]| {
        let marks: Vec<_> = codes
            .iter()
            .map(|code| {
                values.push(Value::from(*code));
                format!("${}", values.len())
            })
            .collect();
        marks.join(", ")
    };
    let mut sql =
        format!("SELECT {SUMMARY} FROM notice WHERE created_at >= $1 AND created_at < $2 AND published_at >= $3");
    let codes: Vec<_> = wanted.categories.iter().flat_map(|code| category::within(code)).collect();
    if !codes.is_empty() {
        sql.push_str(&format!(" AND category IN ({})", one_of(&codes)));
    }
    let regions: Vec<_> = wanted.regions.iter().map(String::as_str).collect();
    if !regions.is_empty() {
        sql.push_str(&format!(" AND province IN ({})", one_of(&regions)));
    }
    sql.push_str(" ORDER BY created_at DESC, id DESC LIMIT $4");
    tx.all(&sql, &values, summary)
}
