//! Who is on their way to an issuer and back. What is kept is bound to the browser that went, to an issuer, and to an account where
//! one is to be linked; it is taken once, right or wrong, and soon over.
//!
//! Nonce and verifier follow from the state under a key of the program's, so that nothing of them lies in the database: a copy of it
//! finishes nobody's sign-in.

use super::issuer::Issuer;
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::account::link::order;
use crate::web::{Context, Error};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;

/// How long one may take.
const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// What goes along, and what is asked back.
pub struct Way {
    /// What comes back with the person: 32 random bytes.
    pub state: String,
    /// What the identity token must hold.
    pub nonce: String,
    /// What proves that the code was asked for here (RFC 7636).
    pub verifier: String,
    /// Where the issuer sends people back to.
    pub redirect: String,
}

impl Way {
    /// A new one.
    pub fn new(app: &App, issuer: &Issuer) -> Self {
        Self::of(app, issuer, URL_SAFE_NO_PAD.encode(app.random().bytes::<32>()))
    }

    /// The one that this state belongs to.
    pub fn of(app: &App, issuer: &Issuer, state: String) -> Self {
        let code = &issuer.config.code;
        let derived = |name| URL_SAFE_NO_PAD.encode(app.mark(name, &[code.as_bytes(), state.as_bytes()]));
        let redirect = app.config().address(&format!("/session/linked/{code}/return"));
        Self { nonce: derived("linked/nonce"), verifier: derived("linked/verifier"), redirect, state }
    }

    /// S256 of the verifier.
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, self.verifier.as_bytes()))
    }
}

/// One as it was begun.
pub struct Attempt {
    /// Whose account is to be linked; none when somebody signs in.
    pub account: Option<Id<Account>>,
    /// Where they wanted to go: a path of ours.
    pub next: String,
}

fn kept(state: &str) -> Vec<u8> {
    digest(&SHA256, state.as_bytes()).as_ref().to_vec()
}

/// What it is bound to: the browser, by the secret of its form tokens.
fn bound(app: &App, context: &Context) -> [u8; 32] {
    app.mark("linked/attempt", &[context.form_secret(app).0.as_bytes()])
}

/// Keeps one.
///
/// # Errors
/// [`Error`] of the database.
pub async fn begin(app: &App, context: &Context, issuer: &Issuer, way: &Way, attempt: Attempt) -> Result<(), Error> {
    let (state, bound, code) = (kept(&way.state), bound(app, context), issuer.config.code.clone());
    let unit = move |tx: &mut Tx| {
        let now = tx.now();
        let ends = now.checked_add(LIFE).unwrap_or(now);
        let sql =
            "INSERT INTO link_attempt (state, issuer, account, bound, next, ends_at) VALUES ($1, $2, $3, $4, $5, $6)";
        tx.execute(sql, values![&state, &code, attempt.account, &bound, &attempt.next, ends]).map(drop)
    };
    Ok(app.db().write::<_, db::Error>(unit).await?)
}

/// Takes one, in a unit of its own: of two returns at once one finds it, and a wrong one ends it too.
///
/// # Errors
/// 409 `link-attempt-over` when it is none of this issuer and browser, or was taken, or its time is over.
pub async fn take(app: &App, context: &Context, issuer: &Issuer, state: &str) -> Result<Attempt, Error> {
    let (state, bound, code) = (kept(state), bound(app, context), issuer.config.code.clone());
    let unit = move |tx: &mut Tx| {
        let now = tx.now();
        let anybodys = i64::from(!policy::holds(Control::SignInOfThisBrowser));
        let sql = "DELETE FROM link_attempt WHERE state = $1 AND issuer = $2 AND (bound = $3 OR $4 = 1) AND ends_at > $5 \
             RETURNING account, next";
        tx.first(sql, values![&state, &code, &bound, anybodys, now], |row| {
            Ok(Attempt { account: row.next()?, next: row.next()? })
        })
    };
    let attempt = app.db().write::<_, db::Error>(unit).await?;
    attempt.ok_or_else(|| Error::conflict("link-attempt-over"))
}

/// Forgets what is over: attempts, and logout tokens that could not be used again anyway.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let old = |tx: &mut Tx| {
            let now = tx.now();
            let sql = "SELECT 1 FROM link_attempt WHERE ends_at <= $1 UNION ALL SELECT 1 FROM logout_token WHERE ends_at <= $1";
            Ok(tx.first(sql, values![now], |row| row.next::<i64>())?.is_some() || order::are_outlived(tx)?)
        };
        if !app.db().read::<_, db::Error>(old).await? {
            return Ok(0);
        }
        let unit = |tx: &mut Tx| {
            let now = tx.now();
            let attempts = tx.execute("DELETE FROM link_attempt WHERE ends_at <= $1", values![now])?;
            let orders = order::sweep(tx)?;
            Ok(attempts + orders + tx.execute("DELETE FROM logout_token WHERE ends_at <= $1", values![now])?)
        };
        let swept = app.db().write::<_, db::Error>(unit).await?;
        Ok(usize::try_from(swept).unwrap_or(usize::MAX))
    }
    .boxed()
}
