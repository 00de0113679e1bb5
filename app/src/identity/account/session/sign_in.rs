//! Signing in. Whether there is such an account shows neither in the answer nor in its time: the same limits, the same
//! look-up, the same hash.
//!
//! Failures are counted by account *and* source, tightly, and by source alone, loosely. So nobody locks another person
//! out from elsewhere; guessing from many sources at once is slowed by the strength of the password and its hash only.

use super::super::Account;
use super::super::store::{self, Found, own};
use super::begin::Beginning;
use super::form::Wanted;
use super::step;
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
use vault::Subject;

/// Wrong passwords for one account from one source.
static PAIR: Limit = Limit { name: "sign-in", burst: 5, every: SignedDuration::from_mins(5) };
/// Wrong passwords for any accounts from one source.
static SOURCE: Limit = Limit { name: "sign-in-source", burst: 60, every: SignedDuration::from_secs(30) };

/// A session that has begun, or that will when the second factor is given.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SessionBegun")]
pub struct Begun {
    /// None while the second factor is waited for.
    session: Option<Id<LoginSession>>,
    /// Whether it is: it goes to `/session/factor`.
    pub waits_for_second_factor: bool,
    /// Where the reader wanted to go: a path of ours.
    pub next: String,
    /// What the browser is given.
    #[serde(skip)]
    pub cookies: Vec<String>,
}

impl Begun {
    /// Of a session that begins.
    pub fn complete(beginning: &Beginning, next: String, app: &App) -> Self {
        let (session, cookies) = (Some(beginning.id()), beginning.cookies(app));
        Self { session, waits_for_second_factor: false, next, cookies }
    }

    /// Of one that waits for the second factor.
    pub fn waiting(beginning: &Beginning, next: String, app: &App) -> Self {
        let cookies = vec![beginning.waiting_cookie(app)];
        Self { session: None, waits_for_second_factor: true, next, cookies }
    }

    /// Where a browser goes now.
    pub fn location(&self) -> String {
        if self.waits_for_second_factor {
            let next: String = url::form_urlencoded::byte_serialize(self.next.as_bytes()).collect();
            format!("/session/factor?next={next}")
        } else {
            self.next.clone()
        }
    }
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
    let complete = Begun::complete(&beginning, wanted.next.clone(), app);
    let waiting = Begun::waiting(&beginning, wanted.next, app);
    match app.db().write::<_, Error>(move |tx| begin(tx, &found, &beginning, &counted)).await? {
        Came::Gone => Err(refused()),
        Came::Waits => Ok(waiting),
        Came::In => Ok(complete),
    }
}

/// What comes of a right password.
enum Came {
    /// Nothing: the account has ended since it was found.
    Gone,
    /// The second factor is asked for.
    Waits,
    /// The person is signed in.
    In,
}

fn begin(tx: &mut Tx, found: &Found, beginning: &Beginning, counted: &[Counted; 2]) -> Result<Came, Error> {
    if !store::is_alive(tx, found.account)? {
        return Ok(Came::Gone);
    }
    limit::forget(tx, &counted[0])?;
    limit::give_back(tx, &counted[1])?;
    if step::is_due(tx, found.account)? {
        beginning.wait(tx, None)?;
        return Ok(Came::Waits);
    }
    beginning.begin(tx)?;
    record(tx, found.account, found.subject, beginning.id())?;
    Ok(Came::In)
}

/// Records that somebody signed in.
pub fn record(
    tx: &mut Tx,
    account: Id<Account>,
    subject: Id<Subject>,
    session: Id<LoginSession>,
) -> Result<(), db::Error> {
    event::record(tx, own(subject), &SignedIn { account, session }).map(drop)
}
