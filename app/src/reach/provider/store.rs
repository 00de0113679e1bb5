//! Every query of providers' pages.

use super::profile::Profile;
use super::public::{Changed, Public, Publication};
use crate::identity::company::Company;
use crate::web::{Error, Member};
use jiff::Timestamp;
use jiff::civil::Date;
use kit::db::{self, Row, Tx};
use kit::event::Fact;
use kit::id::Id;
use kit::values;

/// How many a page of the list shows; also the slots of the statement that reads them.
pub const PAGE: usize = 20;

/// On what a sole operator's publication rests: 电子商务法 15.
pub const BASIS: &str = "ecommerce-law-15";

fn public(row: &mut Row<'_>) -> Result<Public, db::Error> {
    let content: String = row.next()?;
    serde_json::from_str(&content).map_err(|error| db::Error::Engine(format!("a provider's page: {error}")))
}

/// Puts or removes the page as it is shown. Answers whether that changed anything.
pub fn set(tx: &mut Tx, company: Id<Company>, content: Option<&str>) -> Result<bool, db::Error> {
    let now = tx.now();
    let stored: Option<String> =
        tx.first("SELECT content FROM provider WHERE company = $1", values![company], |row| row.next())?;
    match (stored.as_deref(), content) {
        (before, after) if before == after => return Ok(false),
        (_, None) => tx.execute("DELETE FROM provider WHERE company = $1", values![company])?,
        (Some(_), Some(content)) => tx.execute(
            "UPDATE provider SET content = $1, changed_at = $2 WHERE company = $3",
            values![content, now, company],
        )?,
        (None, Some(content)) => tx.execute(
            "INSERT INTO provider (company, content, listed_at, changed_at) VALUES ($1, $2, $3, $3)",
            values![company, content, now],
        )?,
    };
    Ok(true)
}

/// A provider's page, if it has one.
pub fn find(tx: &mut Tx, company: Id<Company>) -> Result<Option<Public>, db::Error> {
    tx.first("SELECT content FROM provider WHERE company = $1", values![company], public)
}

/// The provider of this credit code, if it has a public page: whoever has none stays unknown.
///
/// # Errors
/// [`db::Error`].
pub fn of_code(tx: &mut Tx, code: &str) -> Result<Option<Id<Company>>, db::Error> {
    let sql = "SELECT c.id FROM company c JOIN provider p ON p.company = c.id WHERE c.credit_code = $1";
    tx.first(sql, values![code], |row| row.next())
}

/// The provider of exactly this name, if one alone has it and has a public page.
///
/// # Errors
/// [`db::Error`].
pub fn of_name(tx: &mut Tx, name: &str) -> Result<Option<Id<Company>>, db::Error> {
    let sql = "SELECT c.id FROM company c JOIN provider p ON p.company = c.id WHERE c.name = $1 ORDER BY c.id LIMIT 2";
    let found: Vec<Id<Company>> = tx.all(sql, values![name], |row| row.next())?;
    Ok(<[Id<Company>; 1]>::try_from(found).ok().map(|[one]| one))
}

/// The pages with these ids, in this order; ids without a page are left out.
pub fn of_ids(tx: &mut Tx, ids: &[Id<Company>]) -> Result<Vec<Public>, db::Error> {
    let sql = |places: &str| format!("SELECT content FROM provider WHERE company IN ({places})");
    let mut found = tx.among(ids, sql, public)?;
    found.sort_by_key(|page| ids.iter().position(|id| *id == page.id));
    Ok(found)
}

/// How far the changes of pages have come: the last number of one, and how many have none yet. `None` while too many wait for
/// a number to be counted.
///
/// # Errors
/// Of the database.
pub fn edition(tx: &mut Tx) -> Result<Option<[i64; 2]>, db::Error> {
    let sql = "SELECT COALESCE((SELECT seq FROM event WHERE kind = 'provider.changed' AND seq IS NOT NULL \
         ORDER BY seq DESC LIMIT 1), 0), (SELECT CAST(count(*) AS BIGINT) FROM (SELECT 1 FROM event \
         WHERE seq IS NULL AND kind = 'provider.changed' LIMIT 1000) AS waiting)";
    let [last, waiting] = tx.one(sql, &[], |row| Ok([row.next()?, row.next()?]))?;
    Ok((waiting < 1000).then_some([last, waiting]))
}

/// A page that changed, with when it was first listed; nothing when it is gone.
pub type Step = (i64, Id<Company>, Option<(Public, Timestamp)>);

/// The changes after an event's number, with the last number that there is.
pub fn changed_after(tx: &mut Tx, seq: i64) -> Result<(Vec<Step>, i64), db::Error> {
    let last = kit::follower::last(tx)?;
    let sql = "SELECT seq, body FROM event WHERE kind = 'provider.changed' AND seq > $1 ORDER BY seq LIMIT 500";
    let bodies: Vec<(i64, String)> = tx.all(sql, values![seq], |row| Ok((row.next()?, row.next()?)))?;
    let mut found = Vec::with_capacity(bodies.len());
    for (seq, body) in bodies {
        let unfit = |error: serde_json::Error| db::Error::Engine(format!("{}: {error}", Changed::KIND));
        let Changed { company } = serde_json::from_str(&body).map_err(unfit)?;
        let sql = "SELECT content, listed_at FROM provider WHERE company = $1";
        let page = tx.first(sql, values![company], |row| Ok((public(row)?, row.next()?)))?;
        found.push((seq, company, page));
    }
    Ok((found, last))
}

/// What a provider shows by choice, with its version.
pub fn newest(tx: &mut Tx, company: Id<Company>) -> Result<Option<(i64, Profile)>, db::Error> {
    of_version(tx, company, i64::MAX)
}

/// The newest version up to this one.
pub fn of_version(tx: &mut Tx, company: Id<Company>, most: i64) -> Result<Option<(i64, Profile)>, db::Error> {
    let sql = "SELECT version, content FROM provider_profile WHERE company = $1 AND version <= $2 \
               ORDER BY version DESC LIMIT 1";
    tx.first(sql, values![company, most], |row| {
        let (version, content) = (row.next()?, row.next::<String>()?);
        let unfit = |error: serde_json::Error| db::Error::Engine(format!("a profile: {error}"));
        Ok((version, serde_json::from_str(&content).map_err(unfit)?))
    })
}

/// Publishes a version. What stands there already is not published again. `seen`: the newest, as its form was filled.
///
/// # Errors
/// 412 `stale`.
pub fn publish(tx: &mut Tx, company: Id<Company>, seen: i64, profile: &Profile) -> Result<i64, Error> {
    let current = newest(tx, company)?;
    if let Some((version, shown)) = &current
        && shown == profile
    {
        return Ok(*version);
    }
    let version = current.map_or(0, |(version, _)| version);
    if version != seen {
        return Err(Error::stale());
    }
    let (now, content) = (tx.now(), serde_json::to_string(profile).map_err(Error::fault)?);
    tx.execute(
        "INSERT INTO provider_profile (company, version, content, published_at) VALUES ($1, $2, $3, $4)",
        values![company, version + 1, content, now],
    )?;
    Ok(version + 1)
}

/// A sole operator's publication that lasts.
pub fn publication(tx: &mut Tx, company: Id<Company>) -> Result<Option<Publication>, db::Error> {
    let sql =
        "SELECT basis, since FROM provider_publication WHERE company = $1 AND until IS NULL ORDER BY since LIMIT 1";
    tx.first(sql, values![company], |row| Ok(Publication { basis: row.next()?, since: row.next()? }))
}

/// Begins a sole operator's publication, unless one lasts.
pub fn begin(tx: &mut Tx, member: &Member) -> Result<(), db::Error> {
    if publication(tx, member.company)?.is_none() {
        let (id, now) = (tx.id::<()>(), tx.now());
        tx.execute(
            "INSERT INTO provider_publication (id, company, basis, since) VALUES ($1, $2, $3, $4)",
            values![id, member.company, BASIS, now],
        )?;
    }
    Ok(())
}

/// Ends it.
pub fn end(tx: &mut Tx, member: &Member) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "UPDATE provider_publication SET until = $1 WHERE company = $2 AND until IS NULL";
    tx.execute(sql, values![now, member.company]).map(drop)
}

/// Everything that a company had chosen to show.
pub fn forget(tx: &mut Tx, company: Id<Company>) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute("DELETE FROM provider_profile WHERE company = $1", values![company])?;
    tx.execute("DELETE FROM provider_closing WHERE company = $1", values![company])?;
    let sql = "UPDATE provider_publication SET until = $1 WHERE company = $2 AND until IS NULL";
    tx.execute(sql, values![now, company]).map(drop)
}

/// The day from which a company does not operate any more, if it has announced one.
///
/// # Errors
/// [`db::Error`].
pub fn closing(tx: &mut Tx, company: Id<Company>) -> Result<Option<Date>, db::Error> {
    let sql = "SELECT closes_on FROM provider_closing WHERE company = $1";
    let day: Option<String> = tx.first(sql, values![company], |row| row.next())?;
    Ok(day.and_then(|day| day.parse().ok()))
}

/// Announces closing down, or takes that back.
pub fn set_closing(tx: &mut Tx, member: &Member, day: Option<Date>) -> Result<(), db::Error> {
    let now = tx.now();
    match day {
        Some(day) => tx.execute(
            "INSERT INTO provider_closing (company, closes_on, announced_at) VALUES ($1, $2, $3) \
             ON CONFLICT (company) DO UPDATE SET closes_on = $2, announced_at = $3",
            values![member.company, day.to_string(), now],
        ),
        None => tx.execute("DELETE FROM provider_closing WHERE company = $1", values![member.company]),
    }
    .map(drop)
}
