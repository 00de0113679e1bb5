//! Every query of invitations.

use super::{Invitation, letter};
use crate::identity::account::{self, Account};
use crate::identity::company::Company;
use crate::identity::people::acting::Acting;
use crate::identity::people::duty::Duties;
use crate::identity::people::store::scope;
use crate::web::{Error, Locale, Member};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::job;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;
use vault::{Email, Sealed, Slot, Subject};

/// Where the invited address is sealed.
pub const EMAIL: Slot<Email> = Slot::new("invitation", "email");

/// What became of an invitation. Ids only.
#[derive(Serialize)]
struct Changed {
    invitation: Id<Invitation>,
    company: Id<Company>,
    state: State,
}

impl Fact for Changed {
    const KIND: &'static str = "people.invitation";
}

/// How an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "InvitationState")]
pub enum State {
    /// It can be accepted.
    Waiting,
    /// Somebody has joined by it.
    Accepted,
    /// An owner has taken it back.
    Revoked,
    /// Its days are over.
    Expired,
}

impl State {
    fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }

    fn of_code(code: &str) -> Self {
        let all = [Self::Waiting, Self::Accepted, Self::Revoked];
        all.into_iter().find(|state| state.code() == code).unwrap_or(Self::Expired)
    }

    /// Why it cannot be accepted: the code of an error, and of a field's rule.
    pub fn refusal(self) -> Option<&'static str> {
        match self {
            _ if !policy::holds(Control::InvitationOnce) => None,
            Self::Waiting => None,
            Self::Accepted => Some("invitation-used"),
            Self::Revoked => Some("invitation-revoked"),
            Self::Expired => Some("invitation-expired"),
        }
    }
}

/// An invitation as it is stored.
pub struct Kept {
    pub id: Id<Invitation>,
    pub company: Id<Company>,
    pub company_name: String,
    pub subject: Id<Subject>,
    pub email: Sealed<Email>,
    pub email_index: Vec<u8>,
    pub duties: Duties,
    pub locale: Locale,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub state: State,
}

const COLUMNS: &str = "SELECT i.id, i.company, c.name, i.subject, i.email, i.email_index, i.duties, i.locale, \
     i.created_at, i.expires_at, i.state FROM invitation i JOIN company c ON c.id = i.company";

fn read(row: &mut Row<'_>, now: Timestamp) -> Result<Kept, db::Error> {
    let (id, company, company_name): (Id<Invitation>, _, _) = (row.next()?, row.next()?, row.next()?);
    let subject = row.next()?;
    let mut kept = Kept {
        id,
        company,
        company_name,
        subject,
        email: EMAIL.load(row.next()?, subject, id),
        email_index: row.next()?,
        duties: Duties::of_codes(&row.next::<String>()?),
        locale: Locale::of(&row.next::<String>()?).unwrap_or_default(),
        created_at: row.next()?,
        expires_at: row.next()?,
        state: State::of_code(&row.next::<String>()?),
    };
    if kept.state == State::Waiting && kept.expires_at <= now {
        kept.state = State::Expired;
    }
    Ok(kept)
}

/// One by its id.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Invitation>) -> Result<Option<Kept>, db::Error> {
    let now = tx.now();
    tx.first(&format!("{COLUMNS} WHERE i.id = $1"), values![id], |row| read(row, now))
}

/// Those of a member's company that can be accepted, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn waiting(tx: &mut Tx, member: &Member) -> Result<Vec<Kept>, db::Error> {
    let now = tx.now();
    let sql = format!(
        "{COLUMNS} WHERE i.company = $1 AND i.state = 'waiting' AND i.expires_at > $2 \
         ORDER BY i.created_at DESC, i.id DESC"
    );
    tx.all(&sql, values![member.company, now], |row| read(row, now))
}

/// Those of a company that nobody has ended, whether their days are over or not.
///
/// # Errors
/// [`db::Error`].
pub fn of_company(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Kept>, db::Error> {
    let now = tx.now();
    let sql = format!("{COLUMNS} WHERE i.company = $1 AND i.state = 'waiting' ORDER BY i.id");
    tx.all(&sql, values![company], |row| read(row, now))
}

/// Those that wait for whoever has this e-mail.
///
/// # Errors
/// [`db::Error`].
pub fn for_account(tx: &mut Tx, account: Id<Account>) -> Result<Vec<Kept>, db::Error> {
    let now = tx.now();
    let sql = format!(
        "{COLUMNS} JOIN account a ON a.email_index = i.email_index WHERE a.id = $1 AND i.state = 'waiting' \
         AND i.expires_at > $2 ORDER BY i.created_at DESC, i.id DESC LIMIT 10"
    );
    tx.all(&sql, values![account, now], |row| read(row, now))
}

/// An invitation about to be stored.
pub struct New {
    pub id: Id<Invitation>,
    pub subject: Id<Subject>,
    pub email: Sealed<Email>,
    pub email_index: [u8; 32],
    pub duties: Duties,
    pub locale: Locale,
    pub days: i64,
}

/// Stores it. `false`: the form was sent twice.
///
/// # Errors
/// 404 when the id is another company's.
pub fn create(tx: &mut Tx, acting: &Acting, new: &New) -> Result<bool, Error> {
    if let Some(kept) = find(tx, new.id)? {
        return if kept.company == acting.company { Ok(false) } else { Err(Error::not_found()) };
    }
    vault::enrol(tx, new.subject)?;
    put(tx, acting, new)?;
    Ok(true)
}

/// Stores one whose person is enrolled, and whose id is not taken.
///
/// # Errors
/// [`Error`] of the database.
pub fn put(tx: &mut Tx, acting: &Acting, new: &New) -> Result<(), Error> {
    let now = tx.now();
    let expires = now.checked_add(jiff::SignedDuration::from_hours(24 * new.days)).unwrap_or(now);
    tx.execute(
        "INSERT INTO invitation (id, company, account, subject, email, email_index, duties, locale, state, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $10)",
        values![
            new.id,
            acting.company,
            acting.account,
            new.subject,
            new.email.bytes(),
            &new.email_index,
            new.duties.codes(),
            new.locale.tag(),
            now,
            expires
        ],
    )?;
    let changed = Changed { invitation: new.id, company: acting.company, state: State::Waiting };
    event::record(tx, acting.scope(), &changed)?;
    job::enqueue(tx, letter::KIND, new.id.as_bytes(), now)?;
    Ok(())
}

/// Ends one that waits and forgets the address: its place is emptied, and a job destroys its key. `false`: it does not wait.
///
/// # Errors
/// [`Error`] of the database.
pub fn end(tx: &mut Tx, kept: &Kept, state: State, by: Option<Id<Subject>>) -> Result<bool, Error> {
    let (now, nothing) = (tx.now(), Vec::<u8>::new());
    let sql = "UPDATE invitation SET state = $1, ended_at = $2, email = $3, email_index = id \
               WHERE id = $4 AND state = 'waiting'";
    if tx.execute(sql, values![state.code(), now, nothing, kept.id])? == 0 {
        return Ok(false);
    }
    account::erase(tx, kept.subject)?;
    let changed = Changed { invitation: kept.id, company: kept.company, state };
    event::record(tx, scope(kept.company, by), &changed)?;
    Ok(true)
}

/// Takes one up for whoever has the e-mail with this index.
///
/// # Errors
/// 404; 409 `invitation-used`, `invitation-revoked`, `invitation-expired`, `invitation-other-email`.
pub fn take_up(tx: &mut Tx, id: Id<Invitation>, email_index: &[u8], by: Id<Subject>) -> Result<Kept, Error> {
    let kept = find(tx, id)?.ok_or_else(Error::not_found)?;
    if let Some(code) = kept.state.refusal() {
        return Err(Error::conflict(code));
    }
    if policy::holds(Control::InvitationToItsAddress) && kept.email_index != email_index {
        return Err(Error::conflict("invitation-other-email"));
    }
    end(tx, &kept, State::Accepted, Some(by))?;
    Ok(kept)
}
