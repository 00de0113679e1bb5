//! Every query of lists. A list is its company's: another's is not there.

use super::Import;
use super::list::{Counts, State, Summary};
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::identity::people::{Acting, Duties, invitation};
use crate::web::{Error, Locale, Owner};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use policy::period;
use serde::Serialize;
use vault::{Email, Sealed, Subject};

/// How long what is kept of a list that is over can still be read.
pub const READABLE: SignedDuration = SignedDuration::from_hours(24);

/// Something happened to a list. Ids only.
#[derive(Serialize)]
struct Changed {
    import: Id<Import>,
    company: Id<Company>,
    /// A state, or `forgotten`.
    act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "roster.changed";
}

fn record(tx: &mut Tx, list: &Summary, company: Id<Company>, act: &'static str) -> Result<(), db::Error> {
    let scope = event::Scope { company: Some(*company.as_bytes()), ..event::Scope::default() };
    event::record(tx, scope, &Changed { import: list.id, company, act }).map(drop)
}

/// A row about to be stored.
pub struct New {
    pub number: i64,
    pub invitation: Id<invitation::Invitation>,
    /// Who it is about, with their address and its index; none for a row that cannot be read.
    pub whom: Option<(Id<Subject>, Sealed<Email>, [u8; 32])>,
    pub duties: Duties,
    pub broken: String,
    /// The cells of a row that cannot be read, sealed.
    pub typed: Option<Vec<u8>>,
}

const COLUMNS: &str = "SELECT id, account, state, reason, ignored, created_at, confirmed_at, next_at, over_at, ends_at, \
     forgotten_at, round FROM member_import";

fn read(row: &mut Row<'_>) -> Result<Summary, db::Error> {
    Ok(Summary {
        id: row.next()?,
        account: row.next()?,
        state: State::of_code(&row.next::<String>()?),
        reason: row.next()?,
        counts: Counts::default(),
        ignored: row.next()?,
        created_at: row.next()?,
        confirmed_at: row.next()?,
        next_at: row.next()?,
        over_at: row.next()?,
        ends_at: row.next()?,
        forgotten_at: row.next()?,
        round: row.next()?,
    })
}

fn counted(tx: &mut Tx, mut list: Summary) -> Result<Summary, db::Error> {
    let sql = "SELECT outcome, count(*) FROM member_import_row WHERE import = $1 GROUP BY outcome";
    for (outcome, count) in tx.all(sql, values![list.id], |row| Ok((row.next::<String>()?, row.next::<i64>()?)))? {
        let counts = &mut list.counts;
        let place = match outcome.as_str() {
            "waiting" => &mut counts.waiting,
            "broken" => &mut counts.broken,
            "invited" => &mut counts.invited,
            "changed" => &mut counts.changed,
            "same" => &mut counts.same,
            "refused" => &mut counts.refused,
            _ => &mut counts.left,
        };
        *place = count;
    }
    Ok(list)
}

/// A company's lists, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn all(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Summary>, db::Error> {
    let sql = format!("{COLUMNS} WHERE company = $1 ORDER BY created_at DESC, id DESC LIMIT 20");
    let lists = tx.all(&sql, values![company], read)?;
    lists.into_iter().map(|list| counted(tx, list)).collect()
}

/// One of a company's.
///
/// # Errors
/// 404.
pub fn find(tx: &mut Tx, company: Id<Company>, id: Id<Import>) -> Result<Summary, Error> {
    let sql = format!("{COLUMNS} WHERE company = $1 AND id = $2");
    let list = tx.first(&sql, values![company, id], read)?.ok_or_else(Error::not_found)?;
    Ok(counted(tx, list)?)
}

/// One and its company, for the job.
///
/// # Errors
/// [`db::Error`].
pub fn of_job(tx: &mut Tx, id: Id<Import>) -> Result<Option<(Summary, Id<Company>, Locale)>, db::Error> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    let Some(list) = tx.first(&sql, values![id], read)? else { return Ok(None) };
    let sql = "SELECT company, locale FROM member_import WHERE id = $1";
    tx.first(sql, values![id], |row| {
        Ok((list.clone(), row.next()?, Locale::of(&row.next::<String>()?).unwrap_or_default()))
    })
}

/// Stores a list to be looked at; one that waits for a word makes room for it. Handed in twice it is one.
///
/// # Errors
/// 404 when the id is another company's; 409 `import-running` while one is carried out.
pub fn hand_in(
    tx: &mut Tx,
    owner: &Owner,
    (id, locale): (Id<Import>, Locale),
    ignored: i64,
    rows: &[New],
) -> Result<Summary, Error> {
    let (now, company) = (tx.now(), owner.company);
    for other in all(tx, company)?.into_iter().filter(Summary::is_open) {
        match other.state {
            _ if other.id == id => {}
            State::Running => return Err(Error::conflict("import-running")),
            _ => end(tx, &other, company, State::Stopped, Some("replaced"))?,
        }
    }
    let ends = now.checked_add(SignedDuration::from_hours(period::ROSTER.hours())).unwrap_or(now);
    let inserted = tx.execute(
        "INSERT INTO member_import (id, company, account, state, locale, ignored, round, created_at, ends_at) \
         VALUES ($1, $2, $3, 'ready', $4, $5, 0, $6, $7) ON CONFLICT (id) DO NOTHING",
        values![id, company, owner.account(), locale.tag(), ignored, now, ends],
    )?;
    if inserted == 1 {
        rows.iter().try_for_each(|row| put(tx, id, row))?;
        let list = find(tx, company, id)?;
        record(tx, &list, company, "ready")?;
    }
    find(tx, company, id)
}

fn put(tx: &mut Tx, import: Id<Import>, row: &New) -> Result<(), Error> {
    let (mut subject, mut email, mut index) = (None, None, None);
    if let Some((whom, sealed, of)) = &row.whom {
        vault::enrol(tx, *whom)?;
        (subject, email, index) = (Some(*whom), Some(sealed.bytes().to_vec()), Some(of.to_vec()));
    }
    let outcome = if row.whom.is_some() { "waiting" } else { "broken" };
    tx.execute(
        "INSERT INTO member_import_row (import, number, invitation, subject, email, email_index, duties, outcome, why, \
         typed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            import,
            row.number,
            row.invitation,
            subject,
            email,
            index,
            row.duties.codes(),
            outcome,
            &row.broken,
            row.typed.clone()
        ],
    )?;
    Ok(())
}

/// The owner's word: a job carries it out from now on, in their name. Given twice it is one.
///
/// # Errors
/// 404; 409 `import-over`.
pub fn confirm(tx: &mut Tx, owner: &Owner, id: Id<Import>) -> Result<Summary, Error> {
    let list = find(tx, owner.company, id)?;
    let (now, account): (Timestamp, Id<Account>) = (tx.now(), owner.account());
    match list.state {
        State::Running | State::Done => return Ok(list),
        State::Stopped | State::Halted => return Err(Error::conflict("import-over")),
        State::Ready if list.ends_at <= now || list.forgotten_at.is_some() => {
            return Err(Error::conflict("import-over"));
        }
        State::Ready => {}
    }
    let sql = "UPDATE member_import SET state = 'running', account = $1, confirmed_at = $2, round = round + 1 \
               WHERE id = $3 AND state = 'ready'";
    tx.execute(sql, values![account, now, id])?;
    record(tx, &list, owner.company, "running")?;
    super::job::enqueue(tx, id, list.round + 1, now)?;
    find(tx, owner.company, id)
}

/// Ends one that is open: rows that have not had their turn are left. What is kept of it can be read for a day more.
///
/// # Errors
/// [`db::Error`].
pub fn end(
    tx: &mut Tx,
    list: &Summary,
    company: Id<Company>,
    state: State,
    reason: Option<&'static str>,
) -> Result<(), db::Error> {
    let now = tx.now();
    let ends = now.checked_add(READABLE).unwrap_or(now).min(list.ends_at);
    let sql = "UPDATE member_import SET state = $1, reason = $2, over_at = $3, ends_at = $4, next_at = NULL \
               WHERE id = $5 AND state IN ('ready', 'running')";
    if tx.execute(sql, values![state.code(), reason, now, ends, list.id])? == 1 {
        let sql = "UPDATE member_import_row SET outcome = 'left' WHERE import = $1 AND outcome = 'waiting'";
        tx.execute(sql, values![list.id])?;
        record(tx, list, company, state.code())?;
    }
    Ok(())
}

/// A limit makes it wait until then; another job goes on.
///
/// # Errors
/// [`db::Error`].
pub fn wait(tx: &mut Tx, list: &Summary, seconds: i64) -> Result<(), db::Error> {
    let now = tx.now();
    let at = now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(now);
    let sql = "UPDATE member_import SET next_at = $1, round = round + 1 WHERE id = $2";
    tx.execute(sql, values![at, list.id])?;
    super::job::enqueue(tx, list.id, list.round + 1, at)
}

/// What is kept of it goes now, and not when its time is over.
///
/// # Errors
/// 409 `import-running`.
pub fn give_up(tx: &mut Tx, company: Id<Company>, list: &Summary) -> Result<(), Error> {
    match list.state {
        State::Running => return Err(Error::conflict("import-running")),
        State::Ready => end(tx, list, company, State::Stopped, Some("stopped"))?,
        _ => {}
    }
    let now = tx.now();
    let sql = "UPDATE member_import SET ends_at = $1 WHERE id = $2 AND forgotten_at IS NULL AND ends_at > $1";
    tx.execute(sql, values![now, list.id])?;
    Ok(())
}

/// A row as it lies.
#[derive(Clone)]
pub struct Kept {
    pub number: i64,
    pub invitation: Id<invitation::Invitation>,
    /// Whose address it is; none once it is an invitation's, or forgotten.
    pub subject: Option<Id<Subject>>,
    /// The row's, or that of the invitation which it became and which waits.
    pub email: Option<Sealed<Email>>,
    pub index: Option<Vec<u8>>,
    pub duties: Duties,
    pub outcome: String,
    pub why: String,
    pub typed: Option<Vec<u8>>,
}

const ROWS: &str = "SELECT r.number, r.invitation, r.subject, r.email, r.email_index, r.duties, r.outcome, r.why, r.typed, \
     i.subject, i.email FROM member_import_row r LEFT JOIN invitation i ON i.id = r.invitation AND i.state = 'waiting' \
     AND r.outcome = 'invited'";

fn kept(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let (number, invitation, subject): (_, Id<invitation::Invitation>, Option<Id<Subject>>) =
        (row.next()?, row.next()?, row.next()?);
    let own: Option<Vec<u8>> = row.next()?;
    let (index, codes): (_, String) = (row.next()?, row.next()?);
    let (outcome, why, typed) = (row.next()?, row.next()?, row.next()?);
    let invited = Option::zip(row.next::<Option<Id<Subject>>>()?, row.next::<Option<Vec<u8>>>()?);
    let email = subject.zip(own).or(invited);
    let email = email.map(|(subject, bytes)| invitation::EMAIL.load(bytes, subject, invitation));
    Ok(Kept { number, invitation, subject, email, index, duties: Duties::of_codes(&codes), outcome, why, typed })
}

/// All rows of a list, in order: five hundred at most.
///
/// # Errors
/// [`db::Error`].
pub fn rows(tx: &mut Tx, id: Id<Import>) -> Result<Vec<Kept>, db::Error> {
    tx.all(&format!("{ROWS} WHERE r.import = $1 ORDER BY r.number"), values![id], kept)
}

/// The next rows whose turn it is.
///
/// # Errors
/// [`db::Error`].
pub fn next(tx: &mut Tx, id: Id<Import>, most: i64) -> Result<Vec<Kept>, db::Error> {
    let sql = format!("{ROWS} WHERE r.import = $1 AND r.outcome = 'waiting' ORDER BY r.number LIMIT $2");
    tx.all(&sql, values![id, most], kept)
}

/// Stores a row's outcome, in the unit that did it.
///
/// # Errors
/// [`db::Error`].
pub fn outcome(tx: &mut Tx, id: Id<Import>, number: i64, outcome: &str, why: &str) -> Result<(), db::Error> {
    let sql = "UPDATE member_import_row SET outcome = $1, why = $2 WHERE import = $3 AND number = $4";
    tx.execute(sql, values![outcome, why, id, number]).map(drop)
}

/// The row becomes the invitation that its address was sealed for: nothing is opened, the address changes its place.
///
/// # Errors
/// [`Error`] of the database.
pub fn invite(tx: &mut Tx, acting: &Acting, (id, locale): (Id<Import>, Locale), row: &Kept) -> Result<(), Error> {
    let (Some(subject), Some(email), Some(index)) = (row.subject, row.email.clone(), row.index.clone()) else {
        return Err(Error::fault("a row that waits has no address"));
    };
    let email_index = index.try_into().map_err(|_| Error::fault("the index of an address is none"))?;
    let days = i64::from(period::INVITATION.days);
    let new = invitation::New { id: row.invitation, subject, email, email_index, duties: row.duties, locale, days };
    invitation::put(tx, acting, &new)?;
    let sql = "UPDATE member_import_row SET subject = NULL, email = NULL, email_index = NULL \
               WHERE import = $1 AND number = $2";
    tx.execute(sql, values![id, row.number])?;
    Ok(outcome(tx, id, row.number, "invited", "")?)
}
