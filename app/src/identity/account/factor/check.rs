//! Comparing what somebody gave as their second factor: a code of their authenticator, a recovery code, or a passkey's answer.
//!
//! Tries count by account *and* source, and those at the authenticator's six digits by account alone too: who knows the
//! password could otherwise guess from many places at once. The owner is kept out by neither: recovery codes are too long
//! to be guessed and count by source only.

use super::super::letter::{self, Letter};
use super::super::passkey::{self, Purpose, Used};
use super::super::store::own;
use super::super::whom::Owner;
use super::authenticator::{self, Authenticator, Kept};
use super::totp::Secret;
use super::{Changed, recovery};
use crate::app::App;
use crate::web::limit::{self, Counted, Limit, source};
use crate::web::{Broken, Context, Error};
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use policy::{purpose, recipient};
use vault::{Grant, Opener, Proof, Scope, Subject};
use zeroize::Zeroizing;

/// Tries at one account's second factor from one source.
static FROM_HERE: Limit = Limit { name: "factor-from-here", burst: 10, every: SignedDuration::from_hours(1) };
/// Tries at one account's authenticator, from wherever.
static FROM_ANYWHERE: Limit = Limit { name: "factor-from-anywhere", burst: 20, every: SignedDuration::from_hours(3) };

/// What was typed.
#[derive(Clone)]
pub enum Typed {
    /// Six digits of the authenticator.
    Code(Zeroizing<String>),
    /// A recovery code.
    Recovery(recovery::Code),
}

impl Typed {
    /// Blanks and hyphens do not count.
    ///
    /// # Errors
    /// The rule `factor-form`.
    pub fn parse(text: &str) -> Result<Self, Broken> {
        let bare: Zeroizing<String> =
            Zeroizing::new(text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect());
        if bare.len() == 6 && bare.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self::Code(bare));
        }
        recovery::Code::parse(&bare).map(Self::Recovery).ok_or_else(|| "factor-form".into())
    }
}

/// The right to have a secret compared with what its owner, or whoever says so, has typed. It is shown to nobody.
struct Comparing(Id<Subject>);

impl Proof for Comparing {
    type Recipient = recipient::Subject;

    fn opener(&self) -> Opener {
        Opener::program("account.factor")
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.0)
    }
}

/// What was typed, computed. Whether it is worth anything is decided in the unit that relies on it ([`Claim::take`]).
#[derive(Clone)]
pub struct Claim {
    owner: Owner,
    what: Option<What>,
    here: Counted,
    anywhere: Option<Counted>,
}

#[derive(Clone)]
enum What {
    Period(Id<Authenticator>, i64),
    Recovery(Vec<u8>),
    Passkey(Box<Used>),
}

impl Claim {
    /// Counts the try, then computes; for a code of the authenticator its secret is opened, on record.
    ///
    /// # Errors
    /// 429 after too many tries; 503.
    pub async fn of(app: &App, context: &Context, owner: Owner, typed: &Typed) -> Result<Self, Error> {
        let (limits, account) = (app.limits(), owner.0.as_bytes());
        let here = limits.of(&FROM_HERE, &[account, &source(context.ip)]);
        let anywhere = matches!(typed, Typed::Code(_)).then(|| limits.of(&FROM_ANYWHERE, &[account]));
        let counted: Vec<_> = [Some(here.clone()), anywhere.clone()].into_iter().flatten().collect();
        limit::take(app.db(), &counted).await?;
        let what = match typed {
            Typed::Recovery(code) => Some(What::Recovery(code.hash(app, owner.0))),
            Typed::Code(code) => {
                let kept = app.db().read::<_, db::Error>(move |tx| authenticator::holding(tx, owner)).await?;
                period(app, context, owner, kept, code).await?.map(|(id, period)| What::Period(id, period))
            }
        };
        Ok(Self { owner, what, here, anywhere })
    }

    /// Counts the try, then compares a passkey's answer, which must be of this owner.
    ///
    /// # Errors
    /// 409 when its challenge is over, 429 after too many tries; 503.
    pub async fn of_passkey(
        app: &App,
        context: &Context,
        (purpose, owner): (Purpose, Owner),
        answer: &passkey::Answer,
    ) -> Result<Self, Error> {
        let here = app.limits().of(&FROM_HERE, &[owner.0.as_bytes(), &source(context.ip)]);
        limit::take(app.db(), std::slice::from_ref(&here)).await?;
        let used = passkey::prove(app, context, (purpose, Some(owner)), answer).await?;
        Ok(Self { owner, what: used.map(|used| What::Passkey(Box::new(used))), here, anywhere: None })
    }

    /// Takes it, if it is right and was not taken before. A wrong one counts, so its unit must commit.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn take(&self, tx: &mut Tx) -> Result<bool, db::Error> {
        let (account, subject) = self.owner;
        let is_taken = match &self.what {
            None => false,
            Some(What::Period(id, period)) => authenticator::take(tx, account, *id, *period)?,
            Some(What::Recovery(hash)) => recovery::take(tx, account, hash)?,
            Some(What::Passkey(used)) => passkey::take(tx, used)?,
        };
        if !is_taken {
            return Ok(false);
        }
        limit::forget(tx, &self.here)?;
        if let Some(anywhere) = &self.anywhere {
            limit::give_back(tx, anywhere)?;
        }
        if let Some(What::Recovery(_)) = &self.what {
            event::record(tx, own(subject), &Changed { account, act: "recovery-used" })?;
            letter::to_account(tx, account, &Letter::new("letter-recovery-used"))?;
        }
        Ok(true)
    }
}

/// Counts a try at the first code of one that waits, and computes its period.
///
/// # Errors
/// 404 when it does not wait, 429, 503.
pub async fn first(
    app: &App,
    context: &Context,
    owner: Owner,
    id: Id<Authenticator>,
    code: &str,
) -> Result<Option<i64>, Error> {
    let here = app.limits().of(&FROM_HERE, &[owner.0.as_bytes(), &source(context.ip)]);
    limit::take(app.db(), std::slice::from_ref(&here)).await?;
    let kept = app.db().read::<_, db::Error>(move |tx| authenticator::waiting(tx, owner, id)).await?;
    let kept = kept.ok_or_else(Error::not_found)?;
    Ok(period(app, context, owner, Some(kept), code).await?.map(|(_, period)| period))
}

async fn period(
    app: &App,
    context: &Context,
    (_, subject): Owner,
    kept: Option<Kept>,
    code: &str,
) -> Result<Option<(Id<Authenticator>, i64)>, Error> {
    let Some(kept) = kept else { return Ok(None) };
    let comparing = Comparing(subject);
    let grant = Grant::<purpose::Security, _>::new(&comparing, context.request);
    let secret = app.vault().open(&grant, &kept.secret).await?;
    let secret = Secret::parse(secret.expose()).ok_or_else(|| Error::fault("a secret that is no Base32"))?;
    Ok(secret.period_of(code, app.clock().now()).map(|period| (kept.id, period)))
}
