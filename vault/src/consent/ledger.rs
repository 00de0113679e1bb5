//! Appending, and reading back.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::{Span, Timestamp, tz::TimeZone};
use kit::{
    db::{self, Row, Tx},
    values,
};

use super::{Act, Consent, Entry, Holder, Kind, Method, Told, rule, state};
use crate::{Error, Id, Standing, Subject, standing};

/// What came of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It was appended, with this number.
    Now(i64),
    /// The very same answer was the last thing to happen: sent twice, it is one.
    Before(i64),
}

/// Appends an entry and changes the present state with it.
///
/// A person answers for themselves; for a company, one who belongs to it. A yes names the version that they have accepted and follows
/// what the person saw.
///
/// # Errors
/// [`Error::Forged`], [`Error::Replayed`], [`Error::OtherVersion`], [`Error::OutOfTurn`], [`Error::NotEnrolled`] for who
/// is blocked, destroyed or unknown, [`Error::Db`]. Nothing was written then.
pub fn record(tx: &mut Tx, entry: &Entry) -> Result<Recorded, Error> {
    authorised(tx, entry)?;
    let mut present = state::of(tx, entry.holder, entry.purpose.id)?;
    if let Some(number) = repeated(tx, entry, present.as_ref())? {
        return Ok(Recorded::Before(number));
    }
    if entry.act == Act::Given {
        if entry.after != present.as_ref().map_or(0, |present| present.number) {
            return Err(Error::Replayed);
        }
        if !names_accepted(tx, entry)? {
            return Err(Error::OtherVersion);
        }
        present = expire(tx, entry, present)?;
    }
    if !rule::follows(present.as_ref().map(|present| present.act), entry.act) {
        return Err(Error::OutOfTurn);
    }
    let number = present.map_or(0, |present| present.number) + 1;
    append(tx, entry, number)?;
    Ok(Recorded::Now(number))
}

/// Whether the question named the version that whoever answers has accepted: what they saw is what holds for them. Who has
/// accepted none, having no account, is held to nothing but the text they saw, which the entry keeps.
fn names_accepted(tx: &mut Tx, entry: &Entry) -> Result<bool, db::Error> {
    let Some(actor) = entry.told.actor else { return Ok(false) };
    Ok(crate::accepted(tx, actor)?.is_none_or(|accepted| accepted == entry.told.version))
}

/// Who may say it: the person, one of the company's people, or the program itself for what is nobody's choice.
fn authorised(tx: &mut Tx, entry: &Entry) -> Result<(), Error> {
    let chosen = matches!(entry.act, Act::Given | Act::Refused | Act::Withdrawn);
    let Some(actor) = entry.told.actor else {
        return if chosen { Err(Error::Forged) } else { Ok(()) };
    };
    if standing(tx, actor)? != Some(Standing::Active) {
        return Err(Error::NotEnrolled(actor));
    }
    let own = match entry.holder {
        Holder::Subject(subject) => subject == actor,
        Holder::Company(company) => company_of(tx, actor)? == Some(company),
    };
    if own { Ok(()) } else { Err(Error::Forged) }
}

fn company_of(tx: &mut Tx, subject: Id<Subject>) -> Result<Option<[u8; 16]>, db::Error> {
    tx.one("SELECT company FROM subject WHERE id = $1", values![subject], |row| row.next())
}

/// The number of this entry if it was written before and nothing has happened since. An id that stands for anything else
/// is refused.
fn repeated(tx: &mut Tx, entry: &Entry, present: Option<&super::State>) -> Result<Option<i64>, Error> {
    let sql = "SELECT number FROM consent_event WHERE id = $1";
    let known: Option<i64> = tx.first(sql, values![entry.id], |row| row.next())?;
    match (known, present) {
        (None, _) => Ok(None),
        (Some(number), Some(last)) if last.event == entry.id && last.act == entry.act => Ok(Some(number)),
        (Some(_), _) => Err(Error::Replayed),
    }
}

/// A yes whose time is over has ended, though nobody has written it down yet.
fn expire(tx: &mut Tx, entry: &Entry, present: Option<super::State>) -> Result<Option<super::State>, Error> {
    let Some(last) = present.filter(|last| last.act == Act::Given && !last.is_alive(tx.now())) else {
        return Ok(state::of(tx, entry.holder, entry.purpose.id)?);
    };
    let told = Told { text: None, kind: None, method: Method::Statutory, actor: None, ..entry.told.clone() };
    let over = Entry { id: tx.id(), act: Act::Expired, told, ..entry.clone() };
    append(tx, &over, last.number + 1)?;
    Ok(state::of(tx, entry.holder, entry.purpose.id)?)
}

/// The event and the state that it brings about.
pub(super) fn append(tx: &mut Tx, entry: &Entry, number: i64) -> Result<(), db::Error> {
    let (now, holder, told) = (tx.now(), entry.holder.id(), &entry.told);
    let ends_at = (entry.act == Act::Given).then(|| end(now, entry.purpose.consent_months.unwrap_or(0)));
    let scope = entry.purpose.scope();
    let hash = told.text.as_ref().map(|text| sha256(text));
    let (party, purpose, act) = (entry.holder.party(), entry.purpose.id, entry.act.code());
    tx.execute(
        "INSERT INTO consent_event (id, party, holder, purpose, number, act, at, ends_at, scope, policy_version, text, \
         text_hash, language, place, channel, method, kind, actor) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        values![
            entry.id,
            party,
            holder,
            purpose,
            number,
            act,
            now,
            ends_at,
            &scope,
            &told.version,
            told.text.as_ref(),
            hash,
            told.language,
            told.place,
            told.channel,
            told.method.code(),
            told.kind.map(Kind::code),
            told.actor
        ],
    )?;
    tx.execute(
        "INSERT INTO consent_state (holder, purpose, party, event, number, act, at, ends_at, scope, relied) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0) ON CONFLICT (holder, purpose) DO UPDATE SET \
         event = excluded.event, number = excluded.number, act = excluded.act, at = excluded.at, \
         ends_at = excluded.ends_at, scope = excluded.scope",
        values![holder, purpose, party, entry.id, number, act, now, ends_at, &scope],
    )?;
    Ok(())
}

/// Months by the calendar of UTC: the law counts none here, so that the zone decides nothing but the hour.
fn end(from: Timestamp, months: u32) -> Timestamp {
    let span = Span::new().try_months(months).unwrap_or_default();
    from.to_zoned_datetime(TimeZone::UTC).checked_add(span).map_or(from, |end| end.timestamp())
}

/// SHA-256 of a question as it was shown.
fn sha256(text: &str) -> [u8; 32] {
    digest(&SHA256, text.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// A line of the ledger, read back.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its id.
    pub id: Id<Consent>,
    /// For which function; an id that may be older than the present matrix.
    pub purpose: String,
    /// Its number among those of its holder and purpose.
    pub number: i64,
    /// What happened.
    pub act: Act,
    /// When.
    pub at: Timestamp,
    /// Until when a yes was to hold.
    pub ends_at: Option<Timestamp>,
    /// What it covers.
    pub scope: String,
    /// The policy's version.
    pub version: String,
    /// The question as it was shown.
    pub text: Option<String>,
    /// SHA-256 of it.
    pub text_hash: Option<[u8; 32]>,
    /// BCP 47.
    pub language: String,
    /// Where in the interface.
    pub place: String,
    /// Through which channel.
    pub channel: String,
    /// How it was expressed.
    pub method: Method,
    /// Which form of consent.
    pub kind: Option<Kind>,
    /// Whether a person acted, and not the program.
    pub by_person: bool,
}

/// A holder's events, the newest first, at most `most`.
///
/// # Errors
/// [`db::Error`].
pub fn history(tx: &mut Tx, holder: Holder, most: i64) -> Result<Vec<Event>, db::Error> {
    tx.all(
        "SELECT id, purpose, number, act, at, ends_at, scope, policy_version, text, text_hash, language, place, \
         channel, method, kind, actor FROM consent_event WHERE holder = $1 ORDER BY at DESC, id DESC LIMIT $2",
        values![holder.id(), most],
        read,
    )
}

fn read(row: &mut Row<'_>) -> Result<Event, db::Error> {
    Ok(Event {
        id: row.next()?,
        purpose: row.next()?,
        number: row.next()?,
        act: state::act(&row.next::<String>()?)?,
        at: row.next()?,
        ends_at: row.next()?,
        scope: row.next()?,
        version: row.next()?,
        text: row.next()?,
        text_hash: row.next()?,
        language: row.next()?,
        place: row.next()?,
        channel: row.next()?,
        method: Method::of_code(&row.next::<String>()?).unwrap_or(Method::Statutory),
        kind: row.next::<Option<String>>()?.and_then(|code| Kind::of_code(&code)),
        by_person: row.next::<Option<[u8; 16]>>()?.is_some(),
    })
}
