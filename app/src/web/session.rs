//! Login sessions: a random token in a cookie, its hash in a row.

use super::actor::{Actor, Member, Operator, Person};
use super::renewal::Accepted;
use crate::identity::account::Account;
use crate::identity::company::{Company, State};
use crate::web::Error;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use kit::db::{Row, Tx};
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

    pub(super) fn hash(&self) -> Vec<u8> {
        digest(&SHA256, self.0.as_bytes()).as_ref().to_vec()
    }
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
}

/// Begins a session.
///
/// # Errors
/// [`db::Error`].
pub fn begin(tx: &mut Tx, new: &New) -> Result<(), db::Error> {
    let now = tx.now();
    let expires = now.checked_add(LIFE).unwrap_or(now);
    tx.execute(
        "INSERT INTO login_session (id, account, token_hash, created_at, expires_at, ip, user_agent) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![new.id, new.account, new.token.hash(), now, expires, new.ip.bytes(), new.user_agent.bytes()],
    )?;
    Ok(())
}

/// Lets every session under way live so much longer: for the demo, whose clock is moved by hand.
///
/// # Errors
/// [`db::Error`].
pub fn prolong(tx: &mut Tx, by: SignedDuration) -> Result<u64, db::Error> {
    let (now, more) = (tx.now(), i64::try_from(by.as_micros()).unwrap_or(0));
    tx.execute(
        "UPDATE login_session SET expires_at = expires_at + $1 WHERE ended_at IS NULL AND expires_at > $2",
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

/// A session as its own person sees it listed.
pub struct Listed {
    /// Its id.
    pub id: Id<LoginSession>,
    /// When it began.
    pub created_at: jiff::Timestamp,
    /// When it ends by itself.
    pub expires_at: jiff::Timestamp,
    /// Where from.
    pub ip: Sealed<Ip>,
    /// With what.
    pub user_agent: Sealed<UserAgent>,
}

/// The sessions under way of a person, newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, person: &Person) -> Result<Vec<Listed>, db::Error> {
    let now = tx.now();
    tx.all(
        "SELECT id, created_at, expires_at, ip, user_agent FROM login_session \
         WHERE account = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id DESC LIMIT 50",
        values![person.account(), now],
        |row| {
            let id: Id<LoginSession> = row.next()?;
            Ok(Listed {
                id,
                created_at: row.next()?,
                expires_at: row.next()?,
                ip: IP.load(row.next()?, person.subject(), id),
                user_agent: USER_AGENT.load(row.next()?, person.subject(), id),
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

/// Who acts with this token: a visitor when the session ended, expired or never was.
///
/// # Errors
/// 503 when the database cannot be asked.
pub fn actor(tx: &mut Tx, token: &Token, versions: Versions) -> Result<Actor, Error> {
    let now = tx.now();
    let found = tx.first(
        "SELECT s.id, a.id, a.subject, u.accepted, k.optional, a.operator, c.id, c.name, c.buyer, c.provider, c.state \
         FROM login_session s JOIN account a ON a.id = s.account JOIN subject u ON u.id = a.subject \
         LEFT JOIN cookie_choice k ON k.subject = a.subject LEFT JOIN company c ON c.id = a.company \
         WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND a.ended_at IS NULL",
        values![token.hash(), now],
        |row| read(row, versions),
    )?;
    Ok(found.unwrap_or(Actor::Visitor))
}

fn read(row: &mut Row<'_>, versions: Versions) -> Result<Actor, db::Error> {
    let session: Id<LoginSession> = row.next()?;
    let account: Id<Account> = row.next()?;
    let subject: Id<Subject> = row.next()?;
    let accepted = Accepted::of(row.next::<Option<String>>()?.as_deref(), versions);
    let mut person = Person::new(account, subject, session, accepted);
    person.cookies = row.next()?;
    let operator: bool = row.next()?;
    let company: Option<Id<Company>> = row.next()?;
    let Some(company) = company else {
        return Ok(if operator { Actor::Operator(Operator(person)) } else { Actor::Visitor });
    };
    Ok(Actor::Member(Member {
        person,
        company,
        company_name: row.next()?,
        is_buyer: row.next()?,
        is_provider: row.next()?,
        state: State::from_code(&row.next::<String>()?),
    }))
}
