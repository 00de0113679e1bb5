//! Signing in. Whether there is such an account shows neither in the answer nor in its time: the same limits, the same
//! look-up, the same hash.
//!
//! Failures are counted by account *and* source, tightly, and by source alone, loosely. So nobody locks another person
//! out from elsewhere; guessing from many sources at once is slowed by the strength of the password and its hash only.

use super::super::Account;
use super::super::store::{self, Found, own};
use super::begin::Beginning;
use super::form::Wanted;
use crate::app::App;
use crate::web::limit::{self, Counted, Limit, source};
use crate::web::session::LoginSession;
use crate::web::{Context, Error, Form};
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// Wrong passwords for one account from one source.
static PAIR: Limit = Limit { name: "sign-in", burst: 5, every: SignedDuration::from_mins(5) };
/// Wrong passwords for any accounts from one source.
static SOURCE: Limit = Limit { name: "sign-in-source", burst: 60, every: SignedDuration::from_secs(30) };

/// A session that has begun.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SessionBegun")]
pub struct Begun {
    session: Id<LoginSession>,
    pub next: String,
    #[serde(skip)]
    pub cookie: String,
}

/// Somebody signed in.
#[derive(Serialize)]
struct SignedIn {
    account: Id<Account>,
    session: Id<LoginSession>,
}

impl Fact for SignedIn {
    const KIND: &'static str = "account.signed-in";
}

/// Begins a session when name and password belong together; the one that the browser had before ends.
pub async fn sign_in(app: &App, context: &Context, wanted: Wanted, form: Form) -> Result<Begun, Error> {
    let index = wanted.name.index(app.accounts());
    let (limits, source) = (app.limits(), source(context.ip));
    let counted = [limits.of(&PAIR, &[&index, &source]), limits.of(&SOURCE, &[&source])];
    limit::take(app.db(), &counted).await?;
    let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, &index)).await?;
    let matches = wanted.password.matches(app, found.as_ref().map(|found| found.password.clone())).await?;
    let refused = || form.clone().refuse("password", "credentials");
    let found = found.filter(|_| matches).ok_or_else(refused)?;
    let beginning = Beginning::new(app, context, found.account, found.subject).await?;
    let begun = Begun { session: beginning.id(), next: wanted.next, cookie: beginning.cookie(app) };
    let has_begun = app.db().write::<_, Error>(move |tx| begin(tx, &found, &beginning, &counted)).await?;
    if has_begun { Ok(begun) } else { Err(refused()) }
}

/// Answers whether it has: the account may have ended since it was found.
fn begin(tx: &mut Tx, found: &Found, beginning: &Beginning, counted: &[Counted; 2]) -> Result<bool, Error> {
    if !store::is_alive(tx, found.account)? {
        return Ok(false);
    }
    beginning.begin(tx)?;
    limit::forget(tx, &counted[0])?;
    limit::give_back(tx, &counted[1])?;
    let fact = SignedIn { account: found.account, session: beginning.id() };
    event::record(tx, own(found.subject), &fact)?;
    Ok(true)
}
