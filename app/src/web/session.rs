//! Login sessions: a random token in a cookie, its hash in a row.

use super::actor::{Actor, Member, Person};
use super::assurance::Assurance;
use super::operator::Operator;
use super::operator_duty::OperatorDuties;
use super::renewal::Accepted;
use crate::identity::account::{Account, Device, Link};
use crate::identity::company::{Company, State};
use crate::identity::people::{self, Duties, StandsIn};
use crate::web::Error;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use kit::db::{Row, Tx, Value};
use kit::id::Id;
use kit::random::Random;
use kit::{db, values};
use policy::Versions;
use vault::{Ip, Sealed, Slot, Subject, UserAgent};

/// A login session. (The interface calls it 登录会话.)
pub struct LoginSession;

/// How long a login session lives without signing in again.
pub const LIFE: SignedDuration = SignedDuration::from_hours(12);

/// Where the address that a session was begun from is sealed.
pub const IP: Slot<Ip> = Slot::new("login_session", "ip");
/// Where the browser that a session was begun with is sealed.
pub const USER_AGENT: Slot<UserAgent> = Slot::new("login_session", "user_agent");

/// The secret of a session: 32 random bytes that only the cookie holds.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A new one.
    pub fn new(random: &Random) -> Self {
        Self(URL_SAFE_NO_PAD.encode(random.bytes::<32>()))
    }

    /// What a cookie brought, if it has the form of a token.
    pub fn from_cookie(text: &str) -> Option<Self> {
        (text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'))
            .then(|| Self(text.to_owned()))
    }

    /// For the cookie.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn hash(&self) -> Vec<u8> {
        digest(&SHA256, self.0.as_bytes()).as_ref().to_vec()
    }
}

/// Through which link a session begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// The link.
    pub link: Id<Link>,
    /// Keyed hash of what its issuer calls the session there, by which it ends this one too.
    pub session: Option<Vec<u8>>,
}

/// A session about to begin.
pub struct New {
    /// Its id.
    pub id: Id<LoginSession>,
    /// Who signs in.
    pub account: Id<Account>,
    /// The secret for the cookie.
    pub token: Token,
    /// Sealed under the person's key.
    pub ip: Sealed<Ip>,
    /// Sealed under the person's key.
    pub user_agent: Sealed<UserAgent>,
    /// Whether the second factor was given.
    pub by_second: bool,
}

/// Begins a session. `device`: with which browser.
///
/// # Errors
/// [`db::Error`].
pub fn begin(tx: &mut Tx, new: &New, device: Id<Device>, via: Option<&Via>) -> Result<(), db::Error> {
    let now = tx.now();
    let expires = now.checked_add(LIFE).unwrap_or(now);
    tx.execute(
        "INSERT INTO login_session (id, account, token_hash, created_at, expires_at, ip, user_agent, assurance, \
         proven_at, device, link, link_session) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $4, $9, $10, $11)",
        values![
            new.id,
            new.account,
            new.token.hash(),
            now,
            expires,
            new.ip.bytes(),
            new.user_agent.bytes(),
            level(new.by_second),
            device,
            via.map(|via| via.link),
            via.and_then(|via| via.session.as_deref())
        ],
    )?;
    Ok(())
}

/// As a row keeps it: 1 the password alone, 2 the second factor too.
fn level(by_second: bool) -> i64 {
    if by_second { 2 } else { 1 }
}

/// Lets every session under way live so much longer, its last proof be so much younger: for the demo, whose clock is moved by hand.
///
/// # Errors
/// [`db::Error`].
pub fn prolong(tx: &mut Tx, by: SignedDuration) -> Result<u64, db::Error> {
    let (now, more) = (tx.now(), i64::try_from(by.as_micros()).unwrap_or(0));
    tx.execute(
        "UPDATE login_session SET expires_at = expires_at + $1, proven_at = COALESCE(proven_at, created_at) + $1 \
         WHERE ended_at IS NULL AND expires_at > $2",
        values![more, now],
    )
}

/// Gives a session another secret: whoever has copied the old one is signed out.
///
/// # Errors
/// [`db::Error`].
pub fn renew(tx: &mut Tx, person: &Person, token: &Token) -> Result<(), db::Error> {
    let sql = "UPDATE login_session SET token_hash = $1 WHERE id = $2 AND ended_at IS NULL";
    tx.execute(sql, values![token.hash(), person.session()]).map(drop)
}

/// Notes that the person has just proved who they are, and gives the session another secret: a copy of the old one made
/// before does not gain by it. `by_second`: with the second factor. Answers whether the session was still under way.
///
/// # Errors
/// [`db::Error`].
pub fn prove(tx: &mut Tx, person: &Person, by_second: bool, token: &Token) -> Result<bool, db::Error> {
    let now = tx.now();
    let proven = tx.execute(
        "UPDATE login_session SET proven_at = $1, token_hash = $2, \
         assurance = CASE WHEN assurance < $3 THEN $3 ELSE assurance END WHERE id = $4 AND ended_at IS NULL",
        values![now, token.hash(), level(by_second), person.session()],
    )?;
    Ok(proven == 1)
}

/// How long the record of a sign-in is kept after its session has ended: six months (网络安全法 art. 23(3)).
pub const KEPT: SignedDuration = SignedDuration::from_hours(24 * 184);

/// The sessions, at most 100, whose record has been kept for long enough.
///
/// # Errors
/// [`db::Error`].
pub fn outlived(tx: &mut Tx) -> Result<Vec<Id<LoginSession>>, db::Error> {
    let before = tx.now().checked_sub(KEPT).unwrap_or(tx.now());
    let sql = "SELECT id FROM login_session WHERE expires_at < $1 ORDER BY expires_at, id LIMIT 100";
    tx.all(sql, values![before], |row| row.next())
}

/// Clears the record of a sign-in.
///
/// # Errors
/// [`db::Error`].
pub fn clear(tx: &mut Tx, session: Id<LoginSession>) -> Result<(), db::Error> {
    tx.execute("DELETE FROM login_session WHERE id = $1", values![session]).map(drop)
}

/// Ends one session of an account. Answers whether it was under way.
///
/// # Errors
/// [`db::Error`].
pub fn end(tx: &mut Tx, account: Id<Account>, session: Id<LoginSession>) -> Result<bool, db::Error> {
    let now = tx.now();
    let ended = tx.execute(
        "UPDATE login_session SET ended_at = $1 WHERE id = $2 AND account = $3 AND ended_at IS NULL",
        values![now, session, account],
    )?;
    Ok(ended == 1)
}

/// Ends all sessions of an account but one (or all, when `but` is none of its own).
///
/// # Errors
/// [`db::Error`].
pub fn end_others(tx: &mut Tx, account: Id<Account>, but: Id<LoginSession>) -> Result<u64, db::Error> {
    let now = tx.now();
    tx.execute(
        "UPDATE login_session SET ended_at = $1 WHERE account = $2 AND id <> $3 AND ended_at IS NULL",
        values![now, account, but],
    )
}

/// Ends all sessions of an account for good and forgets their secrets. What the law has kept of them stays, sealed, until
/// [`KEPT`] is over. Answers how many rows there are.
///
/// # Errors
/// [`db::Error`].
pub fn bury(tx: &mut Tx, account: Id<Account>) -> Result<u64, db::Error> {
    let now = tx.now();
    tx.execute(
        "UPDATE login_session SET token_hash = id, ended_at = COALESCE(ended_at, $1), \
         expires_at = CASE WHEN expires_at > $1 THEN $1 ELSE expires_at END WHERE account = $2",
        values![now, account],
    )
}

/// Ends the sessions that were opened through a link: all, or those that its issuer calls so. Answers how many.
///
/// # Errors
/// [`db::Error`].
pub fn end_through(tx: &mut Tx, link: Id<Link>, called: Option<&[u8]>) -> Result<u64, db::Error> {
    let now = tx.now();
    tx.execute(
        "UPDATE login_session SET ended_at = $1 WHERE link = $2 AND ended_at IS NULL \
         AND (link_session = $3 OR CAST($3 AS BYTEA) IS NULL)",
        values![now, link, called],
    )
}

/// Ends the sessions that an issuer calls so, and what waits for a second factor. Answers how many.
///
/// # Errors
/// [`db::Error`].
pub fn end_called(tx: &mut Tx, called: &[u8]) -> Result<u64, db::Error> {
    tx.execute("DELETE FROM sign_in_step WHERE link_session = $1", values![called])?;
    let now = tx.now();
    let sql = "UPDATE login_session SET ended_at = $1 WHERE link_session = $2 AND ended_at IS NULL";
    tx.execute(sql, values![now, called])
}

/// A session as its own person sees it listed.
pub struct Listed {
    /// Its id.
    pub id: Id<LoginSession>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// Where from.
    pub ip: Sealed<Ip>,
    /// With what.
    pub user_agent: Sealed<UserAgent>,
    /// Since when this browser has been known, if it still is.
    pub known_since: Option<Timestamp>,
}

/// The sessions under way of a person, newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, person: &Person) -> Result<Vec<Listed>, db::Error> {
    let now = tx.now();
    tx.all(
        "SELECT s.id, s.created_at, s.expires_at, s.ip, s.user_agent, d.first_at FROM login_session s \
         LEFT JOIN device d ON d.id = s.device \
         WHERE s.account = $1 AND s.ended_at IS NULL AND s.expires_at > $2 \
         ORDER BY s.created_at DESC, s.id DESC LIMIT 50",
        values![person.account(), now],
        |row| {
            let id: Id<LoginSession> = row.next()?;
            Ok(Listed {
                id,
                created_at: row.next()?,
                expires_at: row.next()?,
                ip: IP.load(row.next()?, person.subject(), id),
                user_agent: USER_AGENT.load(row.next()?, person.subject(), id),
                known_since: row.next()?,
            })
        },
    )
}

/// Ends every session under way: a restored database would let in whoever had signed out since.
///
/// # Errors
/// [`db::Error`].
pub fn end_all(tx: &mut Tx) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute("UPDATE login_session SET ended_at = $1 WHERE ended_at IS NULL", values![now]).map(drop)
}

/// Whether the login session under way has not ended.
///
/// # Errors
/// [`db::Error`].
pub fn is_alive(tx: &mut Tx, person: &Person) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql = "SELECT 1 FROM login_session WHERE id = $1 AND ended_at IS NULL AND expires_at > $2";
    Ok(tx.first(sql, values![person.session(), now], |row| row.next::<i64>())?.is_some())
}

/// Who acts with this token: a visitor when the session ended, expired or never was.
///
/// # Errors
/// 503 when the database cannot be asked.
pub fn actor(tx: &mut Tx, token: &Token, versions: Versions) -> Result<Actor, Error> {
    acting(tx, ("s.token_hash", token.hash().into()), versions)
}

/// Who acts now in a login session: a visitor once it has ended or expired.
///
/// # Errors
/// 503 when the database cannot be asked.
pub fn again(tx: &mut Tx, person: &Person, versions: Versions) -> Result<Actor, Error> {
    acting(tx, ("s.id", person.session().into()), versions)
}

fn acting(tx: &mut Tx, (column, value): (&str, Value), versions: Versions) -> Result<Actor, Error> {
    let now = tx.now();
    let sql = format!(
        "SELECT s.id, a.id, a.subject, u.accepted, k.optional, s.assurance, s.created_at, s.proven_at, \
         CASE WHEN EXISTS (SELECT 1 FROM authenticator f WHERE f.account = a.id AND f.confirmed_at IS NOT NULL) \
         OR EXISTS (SELECT 1 FROM passkey p WHERE p.account = a.id) THEN 1 ELSE 0 END, a.operator, a.operator_duties, a.operator_until, a.duties, c.id, c.name, c.buyer, c.provider, \
         c.state, CASE WHEN EXISTS (SELECT 1 FROM verification_case v WHERE v.company = c.id AND v.kind = 'demand-side' \
         AND v.holder = c.id AND v.valid_until > $2) THEN 1 ELSE 0 END, \
         CASE WHEN EXISTS (SELECT 1 FROM verification_case v WHERE v.company = c.id AND v.kind = 'company' \
         AND v.holder = c.id AND v.valid_until <= $2) THEN 1 ELSE 0 END, \
         CASE WHEN EXISTS (SELECT 1 FROM substitution x WHERE x.substitute = a.id AND x.accepted_at <= $2 \
         AND x.begins_at <= $2 AND x.ends_at > $2 AND x.ended_at IS NULL) THEN 1 ELSE 0 END \
         FROM login_session s JOIN account a ON a.id = s.account JOIN subject u ON u.id = a.subject \
         LEFT JOIN cookie_choice k ON k.subject = a.subject LEFT JOIN company c ON c.id = a.company \
         WHERE {column} = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND a.ended_at IS NULL"
    );
    match tx.first(&sql, values![value, now], |row| read(row, versions, now))? {
        Some((Actor::Member(member), true)) => Ok(Actor::Member(standing_in(tx, member)?)),
        Some((actor, _)) => Ok(actor),
        None => Ok(Actor::Visitor),
    }
}

/// The same member, with the duties of whom they stand in for at this instant.
fn standing_in(tx: &mut Tx, member: Member) -> Result<Member, db::Error> {
    let stands_in = people::stands_in(tx, member.company, member.account())?;
    Ok(Member { duties: member.own_duties.or(stands_in.duties()), stands_in, ..member })
}

/// Who acts, and whether they stand in for somebody.
fn read(row: &mut Row<'_>, versions: Versions, now: Timestamp) -> Result<(Actor, bool), db::Error> {
    let session: Id<LoginSession> = row.next()?;
    let account: Id<Account> = row.next()?;
    let subject: Id<Subject> = row.next()?;
    let accepted = Accepted::of(row.next::<Option<String>>()?.as_deref(), versions);
    let mut person = Person::new(account, subject, session, accepted);
    person.cookies = row.next()?;
    person.assurance = assurance(row)?;
    let operator: bool = row.next()?;
    let (kept, until): (String, Option<Timestamp>) = (row.next()?, row.next()?);
    let duties = Duties::of_codes(&row.next::<String>()?);
    let company: Option<Id<Company>> = row.next()?;
    let Some(company) = company else {
        // A post whose time is over leaves a person without a duty, who still has their own data.
        let is_over = until.is_some_and(|until| until <= now);
        let duties = if is_over { OperatorDuties::NONE } else { OperatorDuties::kept(&kept) };
        let actor = if operator { Actor::Operator(Operator::new(person, duties)) } else { Actor::Person(person) };
        return Ok((actor, false));
    };
    let member = Member {
        person,
        company,
        company_name: row.next()?,
        is_buyer: row.next()?,
        is_provider: row.next()?,
        state: State::from_code(&row.next::<String>()?),
        is_demand_side: row.next()?,
        is_overdue: row.next()?,
        duties,
        own_duties: duties,
        stands_in: StandsIn::default(),
        deed: None,
    };
    Ok((Actor::Member(member), row.next()?))
}

fn assurance(row: &mut Row<'_>) -> Result<Assurance, db::Error> {
    let (assurance, began): (i64, Timestamp) = (row.next()?, row.next()?);
    let proven: Option<Timestamp> = row.next()?;
    Ok(Assurance { by_second: assurance >= 2, proven_at: proven.unwrap_or(began), has_second: row.next()? })
}
