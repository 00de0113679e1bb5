//! Every query of the parts.

use super::identity::Identity;
use super::permits::{self, Permits};
use super::{Content, Filed, Line, Part, Standing, Version, lines};
use crate::app::App;
use crate::identity::company::{Company, State, store};
use crate::web::{Error, Member};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::db::{self, Row, Tx};
use kit::event::{self, Scope};
use kit::id::Id;
use kit::values;

/// How many filings the history lists.
const FILINGS: i64 = 60;

/// A part as a company's own page shows it.
pub struct Overview {
    /// Which.
    pub part: Part,
    /// Where it stands.
    pub standing: Standing,
    /// The newest version.
    pub version: i64,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// Its facts.
    pub lines: Vec<Line>,
}

/// A filing of the history.
pub struct Filing {
    /// Which part.
    pub part: Part,
    /// Which version of it.
    pub version: i64,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// When it was found true, if it was.
    pub reviewed_at: Option<Timestamp>,
    /// Its facts.
    pub lines: Vec<Line>,
    /// The facts of the version before; none for the first.
    pub before: Vec<Line>,
}

fn version<C: Content>(row: &mut Row<'_>) -> Result<Version<C>, db::Error> {
    let number = row.next()?;
    let unfit = |e: serde_json::Error| db::Error::Engine(format!("{} {number}: {e}", C::PART.code()));
    let content = serde_json::from_str(&row.next::<String>()?).map_err(unfit)?;
    Ok(Version { number, content, filed_at: row.next()?, reviewed_at: row.next()? })
}

const VERSION: &str =
    "SELECT version, content, filed_at, reviewed_at FROM company_fact WHERE company = $1 AND part = $2";

/// The newest version of a part.
///
/// # Errors
/// [`db::Error`].
pub fn newest<C: Content>(tx: &mut Tx, company: Id<Company>) -> Result<Option<Version<C>>, db::Error> {
    let sql = format!("{VERSION} ORDER BY version DESC LIMIT 1");
    tx.first(&sql, values![company, C::PART.code()], version)
}

/// The newest version of a part that was found true: what the public may be told.
///
/// # Errors
/// [`db::Error`].
pub fn reviewed<C: Content>(tx: &mut Tx, company: Id<Company>) -> Result<Option<Version<C>>, db::Error> {
    let sql = format!("{VERSION} AND reviewed_at IS NOT NULL ORDER BY version DESC LIMIT 1");
    tx.first(&sql, values![company, C::PART.code()], version)
}

/// Where a part stands: its newest version and its standing.
pub fn standing(tx: &mut Tx, company: Id<Company>, part: Part) -> Result<Option<(i64, Standing)>, db::Error> {
    let sql = "SELECT version, state FROM company_part WHERE company = $1 AND part = $2";
    tx.first(sql, values![company, part.code()], |row| Ok((row.next()?, Standing::of_code(&row.next::<String>()?))))
}

/// Every part that a company has filed, in the order of the page.
///
/// # Errors
/// [`db::Error`].
pub fn overview(tx: &mut Tx, member: &Member) -> Result<Vec<Overview>, db::Error> {
    let sql = "SELECT p.part, p.state, f.version, f.filed_at, f.content FROM company_part p \
               JOIN company_fact f ON f.company = p.company AND f.part = p.part AND f.version = p.version \
               WHERE p.company = $1";
    let found = tx.all(sql, values![member.company], |row| {
        let (part, state) = (row.next::<String>()?, row.next::<String>()?);
        let (version, filed_at, content) = (row.next()?, row.next()?, row.next::<String>()?);
        let part = Part::of_code(&part);
        let standing = Standing::of_code(&state);
        Ok(part.map(|part| Overview { part, standing, version, filed_at, lines: lines(part, &content) }))
    })?;
    let mut found: Vec<_> = found.into_iter().flatten().collect();
    found.sort_by_key(|one| Part::ALL.iter().position(|part| *part == one.part));
    Ok(found)
}

/// Every part as it stood at an instant.
pub fn as_of(tx: &mut Tx, company: Id<Company>, at: Timestamp) -> Result<Vec<(Part, i64, String)>, db::Error> {
    let mut found = Vec::new();
    for part in Part::ALL {
        let sql = "SELECT version, content FROM company_fact WHERE company = $1 AND part = $2 AND filed_at <= $3 \
                   ORDER BY version DESC LIMIT 1";
        let stood = tx.first(sql, values![company, part.code(), at], |row| Ok((row.next()?, row.next()?)))?;
        found.extend(stood.map(|(version, content)| (part, version, content)));
    }
    Ok(found)
}

/// The newest filings, each with the version before it.
pub fn filings(tx: &mut Tx, member: &Member) -> Result<Vec<Filing>, db::Error> {
    let sql = "SELECT f.part, f.version, f.filed_at, f.reviewed_at, f.content, b.content FROM company_fact f \
               LEFT JOIN company_fact b ON b.company = f.company AND b.part = f.part AND b.version = f.version - 1 \
               WHERE f.company = $1 ORDER BY f.filed_at DESC, f.part, f.version DESC LIMIT $2";
    let found = tx.all(sql, values![member.company, FILINGS], |row| {
        let part = Part::of_code(&row.next::<String>()?);
        let (version, filed_at, reviewed_at) = (row.next()?, row.next()?, row.next()?);
        let (content, before) = (row.next::<String>()?, row.next::<Option<String>>()?);
        Ok(part.map(|part| Filing {
            part,
            version,
            filed_at,
            reviewed_at,
            lines: lines(part, &content),
            before: before.map(|before| lines(part, &before)).unwrap_or_default(),
        }))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// Files a part for the member's company: `change` makes the next content of what stands there. `seen` is the version that a
/// form was filled from, where a form replaces all of it. What stands there already is not filed again, so that an act sent
/// twice is one. `check` looks at the next content last. Answers whether a version was filed.
///
/// # Errors
/// 412 `stale`; what `change` refuses.
pub fn change<C: Content>(
    tx: &mut Tx,
    member: &Member,
    seen: Option<i64>,
    change: impl FnOnce(Option<C>) -> Result<C, Error>,
    check: impl FnOnce(&mut Tx) -> Result<(), Error>,
) -> Result<bool, Error> {
    member.still(tx)?;
    let company = member.company;
    begin(tx, company)?;
    let current = newest::<C>(tx, company)?;
    let number = current.as_ref().map_or(0, |version| version.number);
    let content = current.map(|version| version.content);
    let next = change(content.clone())?;
    if content.as_ref() == Some(&next) {
        return Ok(false);
    }
    if seen.is_some_and(|seen| seen != number) {
        return Err(Error::stale());
    }
    check(tx)?;
    put(tx, company, number + 1, &next)?;
    let fact = Filed { company, part: C::PART, version: number + 1 };
    event::record(tx, member.scope(), &fact)?;
    Ok(true)
}

/// Stores a version, which re-opens this part.
pub fn put<C: Content>(tx: &mut Tx, company: Id<Company>, number: i64, content: &C) -> Result<(), Error> {
    let (now, part) = (tx.now(), C::PART.code());
    let content = serde_json::to_string(content).map_err(Error::fault)?;
    tx.execute(
        "INSERT INTO company_fact (company, part, version, content, filed_at) VALUES ($1, $2, $3, $4, $5)",
        values![company, part, number, content, now],
    )?;
    tx.execute(
        "INSERT INTO company_part (company, part, version, reviewed, state, changed_at) VALUES ($1, $2, $3, 0, 'filed', $4) \
         ON CONFLICT (company, part) DO UPDATE SET version = $3, changed_at = $4, \
         state = CASE WHEN company_part.reviewed > 0 THEN 'reopened' ELSE 'filed' END",
        values![company, part, number, now],
    )?;
    Ok(())
}

/// The first version of a company that is older than its parts: what it registered with.
pub fn begin(tx: &mut Tx, company: Id<Company>) -> Result<(), Error> {
    if standing(tx, company, Part::Identity)?.is_some() {
        return Ok(());
    }
    let Some(row) = store::row(tx, company)? else { return Ok(()) };
    let content = Identity::known(&row.name, &row.credit_code, row.buyer, row.provider);
    put(tx, company, 1, &content)?;
    let reviewed_at = row.decided_at.filter(|_| row.state == State::Approved);
    tx.execute(
        "UPDATE company_fact SET filed_at = $1, reviewed_at = $2 WHERE company = $3 AND part = $4 AND version = 1",
        values![row.created_at, reviewed_at, company, Part::Identity.code()],
    )?;
    if reviewed_at.is_some() {
        tx.execute(
            "UPDATE company_part SET reviewed = 1, state = 'reviewed' WHERE company = $1 AND part = $2",
            values![company, Part::Identity.code()],
        )?;
    }
    Ok(())
}

/// What a company registered with, or handed in again: the next version of the part *identity*.
///
/// # Errors
/// Of the database.
pub fn registered(tx: &mut Tx, company: Id<Company>, wanted: &super::super::Application) -> Result<(), Error> {
    let current = newest::<Identity>(tx, company)?;
    let (number, next) = match current {
        Some(version) => (version.number + 1, version.content.clone().with(wanted)),
        None => (1, Identity::registered(wanted)),
    };
    put(tx, company, number, &next)?;
    let fact = Filed { company, part: Part::Identity, version: number };
    event::record(tx, Scope { company: Some(*company.as_bytes()), ..Scope::default() }, &fact)?;
    Ok(())
}

/// The first versions of a company that was prepared: what its own person has registered it with, and what they saw prepared
/// beside it.
///
/// # Errors
/// Of the database.
pub fn prepared(
    tx: &mut Tx,
    company: Id<Company>,
    wanted: &super::super::Application,
    entry: super::super::prepared::Entry,
) -> Result<(), Error> {
    put(tx, company, 1, &entry.identity.with(wanted))?;
    put(tx, company, 1, &entry.addresses)?;
    for part in [Part::Identity, Part::Addresses] {
        let scope = Scope { company: Some(*company.as_bytes()), ..Scope::default() };
        event::record(tx, scope, &Filed { company, part, version: 1 })?;
    }
    Ok(())
}

/// Nobody stands for a company any more that has closed: the names go with the routine of [`super::sweep`].
///
/// # Errors
/// [`db::Error`].
fn end_representatives(tx: &mut Tx, company: Id<Company>) -> Result<u64, db::Error> {
    let now = tx.now();
    let sql = "UPDATE company_representative SET until = $1 WHERE company = $2 AND until IS NULL";
    tx.execute(sql, values![now, company])
}

/// What a company has said of itself goes when it closes. Who stood for it goes with the routine of [`super::sweep`].
///
/// # Errors
/// [`Error`] of the database.
pub fn closed(tx: &mut Tx, _: &App, company: Id<Company>) -> Result<bool, Error> {
    end_representatives(tx, company)?;
    for sql in [
        "DELETE FROM company_reminder WHERE company = $1",
        "DELETE FROM company_part WHERE company = $1",
        "DELETE FROM company_fact WHERE company = $1",
    ] {
        tx.execute(sql, values![company])?;
    }
    Ok(false)
}

/// What is still to be told of the ends of a company's documents, written anew.
pub fn set_reminders(tx: &mut Tx, company: Id<Company>, zone: &TimeZone, permits: &Permits) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute("DELETE FROM company_reminder WHERE company = $1", values![company])?;
    for document in &permits.documents {
        let Some(ends_on) = document.ends_on else { continue };
        let over = ends_on.tomorrow().ok().and_then(|day| day.to_zoned_datetime(zone.clone()).ok());
        let Some(over) = over.map(|zoned| zoned.timestamp()) else { continue };
        let before = over - jiff::SignedDuration::from_hours(24 * i64::from(permits::SOON));
        for (last, at) in [(0_i64, before), (1, over)].into_iter().filter(|(_, at)| *at > now) {
            tx.execute(
                "INSERT INTO company_reminder (document, last, company, at, name, ends_on) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (document, last) DO NOTHING",
                values![document.id, last, company, at, &document.name, ends_on.to_string()],
            )?;
        }
    }
    Ok(())
}
