//! Orders to affiliates (clause 8.2): what they are told when somebody who signed in through them is signed out everywhere, or leaves.
//! They are left in the unit that does so; `identity::linked` delivers them. No order holds what the affiliate calls the person: it
//! carries a hash of that under the secret that both share, by which the affiliate finds them.

use super::super::Account;
use crate::web::Instant;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::job::{self, Job};
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// An order.
pub struct Order;

/// The kind of the job that delivers one. Payload: the order's id.
pub const JOB: &str = "linked.order";

/// Pauses after a failure, in seconds, by how many there were before it: three days in all.
const PAUSES: [i64; 8] = [60, 600, 3600, 14_400, 28_800, 57_600, 72_000, 82_140];

/// How long one order to sign out does for all: whoever presses the button again and again sends one.
const SAME: SignedDuration = SignedDuration::from_mins(1);

/// How long an order that is over is remembered: as the certificate that names it (PIPL 56).
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 1096);

/// What an affiliate is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "AffiliateOrderKind")]
pub enum Kind {
    /// To end the person's sessions there.
    SignOut,
    /// To serve the person no more, and to delete what it has of them.
    Deletion,
}

/// How one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "AffiliateOrderState")]
pub enum State {
    /// It is being delivered, or will be again.
    Pending,
    /// The affiliate has said, signed, that it is done.
    Acknowledged,
    /// Three days of tries were in vain: the officer goes on by hand.
    GivenUp,
}

impl Kind {
    /// As it is stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::SignOut => "sign-out",
            Self::Deletion => "deletion",
        }
    }

    fn of(code: &str) -> Self {
        if code == "deletion" { Self::Deletion } else { Self::SignOut }
    }

    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::SignOut => "order-sign-out",
            Self::Deletion => "order-deletion",
        }
    }
}

impl State {
    fn of(code: &str) -> Self {
        match code {
            "acknowledged" => Self::Acknowledged,
            "given-up" => Self::GivenUp,
            _ => Self::Pending,
        }
    }

    /// Colour, icon and key of its word.
    pub fn sign(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Pending => ("warn", "hourglass", "order-pending"),
            Self::Acknowledged => ("live", "ok", "order-acknowledged"),
            Self::GivenUp => ("bad", "warn", "order-given-up"),
        }
    }
}

/// One, as it is told. Nothing in it finds a person.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AffiliateOrder")]
pub struct Told {
    /// Which.
    pub id: Id<Order>,
    /// The affiliate's code.
    pub issuer: String,
    /// What it is to do.
    pub kind: Kind,
    /// How it stands.
    pub state: State,
    /// How often it was sent.
    pub tries: i64,
    /// Why the last try came to nothing.
    pub trouble: Option<String>,
    /// When it was left.
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
    /// When it changed last.
    #[schemars(with = "Instant")]
    pub changed_at: Timestamp,
}

const COLUMNS: &str = "id, issuer, kind, state, tries, trouble, made_at, changed_at";

fn told(row: &mut Row<'_>) -> Result<Told, db::Error> {
    Ok(Told {
        id: row.next()?,
        issuer: row.next()?,
        kind: Kind::of(&row.next::<String>()?),
        state: State::of(&row.next::<String>()?),
        tries: row.next()?,
        trouble: row.next()?,
        made_at: row.next()?,
        changed_at: row.next()?,
    })
}

/// Leaves an order to each affiliate that an account is linked with and that takes orders, as part of this unit. One to sign out that
/// waits already, or was left just now, does for another.
///
/// # Errors
/// [`db::Error`].
pub fn leave(tx: &mut Tx, account: Id<Account>, kind: Kind) -> Result<(), db::Error> {
    if !policy::holds(Control::AffiliatesTold) {
        return Ok(());
    }
    let now = tx.now();
    let since = now.checked_sub(SAME).unwrap_or(now);
    let sql = "SELECT l.issuer, l.order_mark FROM account_link l WHERE l.account = $1 AND l.order_mark IS NOT NULL \
         AND ($2 = 'deletion' OR NOT EXISTS (SELECT 1 FROM affiliate_order o WHERE o.account = l.account \
         AND o.issuer = l.issuer AND o.kind = $2 AND (o.state = 'pending' OR o.made_at > $3))) ORDER BY l.made_at, l.id";
    let read = |row: &mut Row<'_>| Ok((row.next::<String>()?, row.next::<Vec<u8>>()?));
    let links = tx.all(sql, values![account, kind.code(), since], read)?;
    for (issuer, mark) in links {
        let id: Id<Order> = tx.id();
        let job = job::enqueue(tx, JOB, id.as_bytes(), now)?;
        tx.execute(
            "INSERT INTO affiliate_order (id, issuer, kind, account, mark, state, tries, job, made_at, changed_at) \
             VALUES ($1, $2, $3, $4, $5, 'pending', 0, $6, $7, $7)",
            values![id, issuer, kind.code(), account, mark, job, now],
        )?;
    }
    Ok(())
}

/// One that a job is to deliver.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Which.
    pub id: Id<Order>,
    /// To whom.
    pub issuer: String,
    /// What.
    pub kind: Kind,
    /// About whom.
    pub mark: Vec<u8>,
    /// How often it was tried before.
    pub tries: i64,
    /// When it was left.
    pub made_at: Timestamp,
}

/// The order of a job, if it is still this job's to deliver.
///
/// # Errors
/// [`db::Error`].
pub fn waiting(tx: &mut Tx, id: Id<Order>, job: Id<Job>) -> Result<Option<Waiting>, db::Error> {
    let sql = "SELECT issuer, kind, mark, tries, made_at FROM affiliate_order \
         WHERE id = $1 AND job = $2 AND state = 'pending' AND mark IS NOT NULL";
    tx.first(sql, values![id, job], |row| {
        let (issuer, kind, mark) = (row.next()?, Kind::of(&row.next::<String>()?), row.next()?);
        Ok(Waiting { id, issuer, kind, mark, tries: row.next()?, made_at: row.next()? })
    })
}

/// Notes that it was acknowledged: what it finds the person by goes.
///
/// # Errors
/// [`db::Error`].
pub fn acknowledged(tx: &mut Tx, order: &Waiting, job: Id<Job>) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "UPDATE affiliate_order SET state = 'acknowledged', mark = NULL, trouble = NULL, job = NULL, \
         tries = tries + 1, changed_at = $1 WHERE id = $2 AND job = $3";
    tx.execute(sql, values![now, order.id, job]).map(drop)
}

/// Notes a try in vain, and leaves the next; after the last it is given up.
///
/// # Errors
/// [`db::Error`].
pub fn failed(tx: &mut Tx, order: &Waiting, job: Id<Job>, trouble: &str) -> Result<(), db::Error> {
    let now = tx.now();
    let pause = usize::try_from(order.tries).ok().and_then(|tries| PAUSES.get(tries));
    let next = match pause {
        Some(pause) => {
            let at = now.checked_add(SignedDuration::from_secs(*pause)).unwrap_or(now);
            Some(job::enqueue(tx, JOB, order.id.as_bytes(), at)?)
        }
        None => None,
    };
    let state = if next.is_some() { "pending" } else { "given-up" };
    let sql = "UPDATE affiliate_order SET state = $1, trouble = $2, job = $3, tries = tries + 1, changed_at = $4 \
         WHERE id = $5 AND job = $6";
    tx.execute(sql, values![state, trouble, next, now, order.id, job]).map(drop)
}

/// Sends one that was given up again. Answers whether there is such a one.
///
/// # Errors
/// [`db::Error`].
pub fn again(tx: &mut Tx, id: Id<Order>) -> Result<bool, db::Error> {
    let now = tx.now();
    let sql =
        "UPDATE affiliate_order SET state = 'pending', tries = 0, changed_at = $1 WHERE id = $2 AND state = 'given-up'";
    if tx.execute(sql, values![now, id])? == 0 {
        return Ok(false);
    }
    let job = job::enqueue(tx, JOB, id.as_bytes(), now)?;
    tx.execute("UPDATE affiliate_order SET job = $1 WHERE id = $2", values![job, id])?;
    Ok(true)
}

/// For the officer: those that are not over, and the last hundred that are.
///
/// # Errors
/// [`db::Error`].
pub fn all(tx: &mut Tx) -> Result<[Vec<Told>; 2], db::Error> {
    let open =
        format!("SELECT {COLUMNS} FROM affiliate_order WHERE state <> 'acknowledged' ORDER BY made_at, id LIMIT 500");
    let over = format!(
        "SELECT {COLUMNS} FROM affiliate_order WHERE state = 'acknowledged' ORDER BY made_at DESC, id DESC LIMIT 100"
    );
    Ok([tx.all(&open, &[], told)?, tx.all(&over, &[], told)?])
}

/// Those about one account, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn of_account(tx: &mut Tx, account: Id<Account>) -> Result<Vec<Told>, db::Error> {
    let sql =
        format!("SELECT {COLUMNS} FROM affiliate_order WHERE account = $1 ORDER BY made_at DESC, id DESC LIMIT 50");
    tx.all(&sql, values![account], told)
}

/// Whether some have been over for long enough.
///
/// # Errors
/// [`db::Error`].
pub fn are_outlived(tx: &mut Tx) -> Result<bool, db::Error> {
    let before = tx.now().checked_sub(KEPT).unwrap_or(tx.now());
    let sql = "SELECT 1 FROM affiliate_order WHERE state = 'acknowledged' AND changed_at <= $1 LIMIT 1";
    Ok(tx.first(sql, values![before], |row| row.next::<i64>())?.is_some())
}

/// Forgets those that have been over for long enough. Answers how many.
///
/// # Errors
/// [`db::Error`].
pub fn sweep(tx: &mut Tx) -> Result<u64, db::Error> {
    let before = tx.now().checked_sub(KEPT).unwrap_or(tx.now());
    tx.execute("DELETE FROM affiliate_order WHERE state = 'acknowledged' AND changed_at <= $1", values![before])
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_order_is_tried_for_three_days() {
        assert_eq!(super::PAUSES.iter().sum::<i64>(), 3 * 24 * 3600);
        assert!(super::PAUSES.is_sorted());
    }
}
