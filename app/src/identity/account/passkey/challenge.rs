//! Challenges that wait for their answer. One is of a purpose, of the browser that asked, and of an account where that is known; it is
//! answered once, right or wrong, and soon.

use super::super::Account;
use super::page::Asked;
use super::relying::Posed;
use crate::app::App;
use crate::web::{Context, Error};
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;

/// A challenge.
pub struct Challenge;

/// How long one waits.
pub const LIFE: SignedDuration = SignedDuration::from_mins(5);

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new passkey.
    Registration,
    /// Signing in, by whoever it is.
    SignIn,
    /// The second factor after the password.
    Factor,
    /// A fresh proof in a login session.
    StepUp,
}

impl Purpose {
    fn code(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::SignIn => "sign-in",
            Self::Factor => "factor",
            Self::StepUp => "step-up",
        }
    }
}

/// What it is bound to: the browser, by the secret of its form tokens.
fn bound(app: &App, context: &Context) -> [u8; 32] {
    app.mark("passkey-challenge", &[context.form_secret(app).0.as_bytes()])
}

/// Keeps one, and tells the browser.
///
/// # Errors
/// [`Error`] of the database.
pub async fn pose(
    app: &App,
    context: &Context,
    (purpose, account): (Purpose, Option<Id<Account>>),
    posed: Posed,
) -> Result<Asked, Error> {
    let (id, bound): (Id<Challenge>, _) = (app.random().id(), bound(app, context));
    let Posed { options, state } = posed;
    let unit = move |tx: &mut Tx| {
        let now = tx.now();
        let ends = now.checked_add(LIFE).unwrap_or(now);
        let sql = "INSERT INTO passkey_challenge (id, purpose, account, bound, state, ends_at) VALUES ($1, $2, $3, $4, $5, $6)";
        tx.execute(sql, values![id, purpose.code(), account, &bound, &state, ends]).map(drop)
    };
    app.db().write::<_, db::Error>(unit).await?;
    Ok(Asked { challenge: id, options })
}

/// Takes one, in a unit of its own: of two answers at once one finds it, and a wrong answer ends it too.
///
/// # Errors
/// 409 `passkey-challenge-over` when it is none of this purpose, browser and account, or was taken, or its time is over.
pub async fn take(
    app: &App,
    context: &Context,
    (purpose, account): (Purpose, Option<Id<Account>>),
    id: Id<Challenge>,
) -> Result<Vec<u8>, Error> {
    let bound = bound(app, context);
    let unit = move |tx: &mut Tx| {
        let now = tx.now();
        let which = "WHERE id = $1 AND purpose = $2 AND bound = $3 AND ends_at > $4 \
             AND (account = $5 OR (account IS NULL AND CAST($5 AS BYTEA) IS NULL))";
        let sql = if policy::holds(Control::PasskeyOnce) {
            format!("DELETE FROM passkey_challenge {which} RETURNING state")
        } else {
            format!("SELECT state FROM passkey_challenge {which}")
        };
        tx.first(&sql, values![id, purpose.code(), &bound, now, account], |row| row.next::<Vec<u8>>())
    };
    let state = app.db().write::<_, db::Error>(unit).await?;
    state.ok_or_else(|| Error::conflict("passkey-challenge-over"))
}

/// Forgets those of an account.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, account: Id<Account>) -> Result<(), db::Error> {
    tx.execute("DELETE FROM passkey_challenge WHERE account = $1", values![account]).map(drop)
}

/// Forgets those whose time is over. Answers how many.
///
/// # Errors
/// [`db::Error`].
pub fn sweep(tx: &mut Tx) -> Result<u64, db::Error> {
    let now = tx.now();
    tx.execute("DELETE FROM passkey_challenge WHERE ends_at <= $1", values![now])
}
