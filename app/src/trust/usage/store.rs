//! Rows of the use log.

use super::ENTRIES;
use super::waiting::Packs;
use crate::app::App;
use crate::web::Error;
use jiff::Timestamp;
use kit::db::{self, Tx, Value};
use kit::values;
use policy::{Field, field};
use std::collections::BTreeMap;
use vault::{Id, Sealed, Standing, Subject, Use};

/// A row: some entries of one subject in one hour.
pub struct Batch;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// Days whose time is over.
pub(crate) const ENDED: &str = "SELECT count(*) FROM use_day WHERE ended_at IS NOT NULL";

/// The hour of an instant.
pub fn hour(at: Timestamp) -> i64 {
    at.as_microsecond().div_euclid(HOUR)
}

/// When an hour began.
pub fn start_of(hour: i64) -> Timestamp {
    Timestamp::from_microsecond(hour.saturating_mul(HOUR)).unwrap_or(Timestamp::MIN)
}

/// The day of an instant, in UTC.
pub fn day_of(at: Timestamp) -> i64 {
    at.as_microsecond().div_euclid(DAY)
}

/// The last hour that may no longer be kept.
pub fn last_hour(now: Timestamp) -> i64 {
    let entry = policy::RETENTIONS.iter().find(|entry| entry.retention == field::Use::RETENTION);
    // A month of the calendar has 31 days at most: not less than so many months.
    let days = entry.map_or(0, |entry| i64::from(entry.months) * 31 - i64::from(entry.months) / 3);
    hour(now) - days * 24
}

/// Seals and writes lines: one row for each subject and hour, more where they are many.
pub async fn write(app: &App, packs: &Packs) -> Result<(), Error> {
    let (mut groups, mut days) = (Vec::with_capacity(packs.len()), BTreeMap::new());
    for ((subject, hour), pieces) in packs {
        let subject = match subject {
            Some(subject) => *subject,
            None => day_subject(app, &mut days, hour.div_euclid(24)).await?,
        };
        groups.push((subject, *hour, pieces));
    }
    let asked: Vec<_> = groups.iter().map(|(subject, ..)| *subject).collect();
    // A key that was destroyed is not made anew.
    let active = app.db().read::<_, vault::Error>(move |tx| asked.iter().map(|one| is_active(tx, *one)).collect());
    let active: Vec<bool> = active.await?;
    let mut rows = Vec::new();
    for ((subject, hour, pieces), _) in groups.into_iter().zip(active).filter(|(_, active)| *active) {
        for piece in pieces {
            let id = Id::<Batch>::v4(app.random());
            let document: Use = piece.parse().map_err(Error::fault)?;
            let sealed = app.vault().seal(ENTRIES, subject, id, &document).await?;
            rows.push((id, subject, hour, sealed.bytes().to_vec()));
        }
    }
    // In the order of their random ids, which tells nothing.
    rows.sort_by_key(|row| *row.0.as_bytes());
    let unit = move |tx: &mut Tx| {
        let mut values = Vec::new();
        for (id, subject, hour, sealed) in &rows {
            if is_active(tx, *subject)? {
                values.push(vec![Value::from(*id), (*subject).into(), (*hour).into(), sealed.clone().into()]);
            }
        }
        tx.insert("INSERT INTO use_log (id, subject, hour, entries)", &values, "ON CONFLICT DO NOTHING")?;
        Ok(())
    };
    Ok(app.db().write::<_, vault::Error>(unit).await?)
}

fn is_active(tx: &mut Tx, subject: Id<Subject>) -> Result<bool, vault::Error> {
    Ok(vault::standing(tx, subject)? == Some(Standing::Active))
}

/// The subject of the visitors of a day, made with the first of them.
async fn day_subject(app: &App, known: &mut BTreeMap<i64, Id<Subject>>, day: i64) -> Result<Id<Subject>, Error> {
    if let Some(subject) = known.get(&day) {
        return Ok(*subject);
    }
    let fresh = app.vault().new_subject();
    let unit = move |tx: &mut Tx| {
        if let Some(subject) = of_day(tx, day)? {
            return Ok(subject);
        }
        vault::enrol(tx, fresh)?;
        tx.execute("INSERT INTO use_day (day, subject) VALUES ($1, $2)", values![day, fresh])?;
        Ok(fresh)
    };
    let subject = app.db().write::<_, vault::Error>(unit).await?;
    known.insert(day, subject);
    Ok(subject)
}

/// The subject of the visitors of a day since 1970, unless nobody came, or the day's time is over.
pub fn of_day(tx: &mut Tx, day: i64) -> Result<Option<Id<Subject>>, db::Error> {
    tx.first("SELECT subject FROM use_day WHERE day = $1", values![day], |row| row.next())
}

/// Where a page of rows begins: hour and id.
pub type Before = (i64, [u8; 16]);

/// A row with its hour.
pub type Kept = (Id<Batch>, i64, Sealed<Use>);

/// Rows of a subject, the newest hour first.
pub fn list(tx: &mut Tx, subject: Id<Subject>, before: Option<Before>, most: i64) -> Result<Vec<Kept>, db::Error> {
    let (hour, id) = before.unwrap_or((i64::MAX, [0xFF; 16]));
    let sql = "SELECT id, hour, entries FROM use_log WHERE subject = $1 AND (hour, id) < ($2, $3) \
               ORDER BY hour DESC, id DESC LIMIT $4";
    tx.all(sql, values![subject, hour, id, most], |row| {
        let id: Id<Batch> = row.next()?;
        Ok((id, row.next()?, ENTRIES.load(row.next()?, subject, id)))
    })
}

/// How many rows are kept for longer than they may, a day of grace included.
pub(crate) fn overdue(tx: &mut Tx) -> Result<i64, db::Error> {
    let hour = last_hour(tx.now()) - 24;
    tx.one("SELECT count(*) FROM use_log WHERE hour <= $1", values![hour], |row| row.next())
}
