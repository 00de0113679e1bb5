//! The second step of a sign-in: the password was right, and the account has a second factor. Until that is given nobody is
//! signed in: the browser's cookie names a step that waits, ten minutes and five tries long, and no login session.
//!
//! Only who knows the password comes here, so that the step tells nobody else that there is an account.

use super::super::factor::{self, Claim, Typed};
use super::super::letter::{self, Letter};
use super::super::passkey;
use super::super::whom::Owner;
use super::super::{Account, Link, store};
use super::begin::Beginning;
use super::set;
use super::sign_in::{Begun, record};
use crate::app::App;
use crate::web::session::{Token, Via};
use crate::web::{Broken, Context, Ctx, Error, Fields, Form, Input, Page, Parse, Saved, filters, local_path};
use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;
use zeroize::Zeroizing;

/// How long a step waits.
pub const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How many codes may be wrong.
const TRIES: i64 = 5;

/// A sign-in that waits for the second factor.
pub struct Step;

/// Where the second factor is typed.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "SignInStep")]
#[template(path = "identity/account/session/step.html")]
pub struct StepPage {
    form: Form,
    /// On whose pages a passkey of this account can be used instead; none when it has none.
    passkey_origin: Option<String>,
}

impl StepPage {
    /// For who is about to sign in to this account.
    pub async fn read(app: &App, (account, _): Owner, form: Form) -> Result<Self, Error> {
        Ok(Self { form, passkey_origin: passkey::offered(app, account).await? })
    }
}

/// The second factor, and where the reader wanted to go.
pub struct Wanted {
    code: Zeroizing<String>,
    next: String,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.like("code", "012345");
        let code = fields.secret("code", |text| Ok::<_, &str>(Zeroizing::new(text)));
        let next = fields.like("next", "/tenders").optional("next", local_path);
        Some(Self { code: code?, next: next?.unwrap_or_else(|| "/".to_owned()) })
    }
}

/// Whether a sign-in to this account waits for a second factor.
pub fn is_due(tx: &mut Tx, account: Id<Account>) -> Result<bool, db::Error> {
    Ok(policy::holds(Control::SecondFactorAsked) && factor::has(tx, account)?)
}

/// Lets a sign-in wait.
pub fn wait(
    tx: &mut Tx,
    id: Id<Step>,
    account: Id<Account>,
    token: &Token,
    via: Option<&Via>,
) -> Result<(), db::Error> {
    let now = tx.now();
    let ends = now.checked_add(LIFE).unwrap_or(now);
    tx.execute(
        "INSERT INTO sign_in_step (id, account, token_hash, begun_at, ends_at, wrong, link, link_session) \
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7)",
        values![
            id,
            account,
            token.hash(),
            now,
            ends,
            via.map(|via| via.link),
            via.and_then(|via| via.session.as_deref())
        ],
    )?;
    Ok(())
}

/// The step that a browser's cookie names, if it still waits.
fn find(tx: &mut Tx, token: &Token) -> Result<Option<(Id<Step>, Owner)>, db::Error> {
    let now = tx.now();
    tx.first(
        "SELECT t.id, a.id, a.subject FROM sign_in_step t JOIN account a ON a.id = t.account \
         JOIN subject s ON s.id = a.subject \
         WHERE t.token_hash = $1 AND t.ends_at > $2 AND t.wrong < $3 AND s.standing = 'active'",
        values![token.hash(), now, TRIES],
        |row| Ok((row.next()?, (row.next()?, row.next()?))),
    )
}

/// The step that this browser is in.
///
/// # Errors
/// 409 `sign-in-step-over`.
pub async fn waiting(app: &App, context: &Context) -> Result<(Id<Step>, Owner), Error> {
    let over = || Error::conflict("sign-in-step-over");
    let token = context.token.clone().ok_or_else(over)?;
    app.db().read::<_, db::Error>(move |tx| find(tx, &token)).await?.ok_or_else(over)
}

/// Asks for the second factor.
pub async fn show(State(app): State<App>, context: Ctx) -> Result<Page, Error> {
    let (_, owner) = waiting(&app, &context).await?;
    let next = context.parameter("next").and_then(|path| local_path(&path).ok()).unwrap_or_default();
    Ok(Page::new("sign-in-step", StepPage::read(&app, owner, Form::filled([("next", next)])).await?))
}

/// Takes it: now the person is signed in.
pub async fn create(State(app): State<App>, context: Ctx, input: Input) -> Result<impl IntoResponse, Error> {
    let (step, owner) = waiting(&app, &context).await?;
    let page = async |form: Form| Ok(("sign-in-step", StepPage::read(&app, owner, form).await?));
    let act = async |wanted: Wanted, form: Form| {
        let typed = Typed::parse(&wanted.code).map_err(|rule| form.clone().refuse("code", rule))?;
        let claim = Claim::of(&app, &context, owner, &typed).await?;
        finish(&app, &context, (step, owner), (claim, wanted.next), form, "code").await
    };
    let begun = input.act_on(page, act).await?;
    Ok((set(&begun.cookies), Saved::at(begun.next.clone(), begun)))
}

/// What came of a try.
enum Tried {
    Right,
    Wrong(i64),
    Over,
}

/// Ends the step: the session begins, or the try counts. `field`: where what was given stands in the form.
///
/// # Errors
/// 422 when it is wrong, 409 `sign-in-step-over`; 503.
pub async fn finish(
    app: &App,
    context: &Context,
    (step, owner): (Id<Step>, Owner),
    (claim, next): (Claim, String),
    form: Form,
    field: &'static str,
) -> Result<Begun, Error> {
    let beginning = Beginning::new(app, context, owner.0, owner.1).await?.by_second();
    let begun = Begun::complete(&beginning, next, app);
    let rule = if field == "credential" { "passkey-refused-left" } else { "factor-wrong-left" };
    match app.db().write::<_, Error>(move |tx| take(tx, step, owner, &claim, &beginning)).await? {
        Tried::Right => Ok(begun),
        Tried::Wrong(left) => Err(form.refuse(field, Broken::rule(rule).with("left", left))),
        Tried::Over => Err(Error::conflict("sign-in-step-over")),
    }
}

/// One unit: the step is over and the session begins, or the try counts. After the last wrong one the person is told: somebody
/// knows their password.
fn take(
    tx: &mut Tx,
    step: Id<Step>,
    (account, subject): Owner,
    claim: &Claim,
    beginning: &Beginning,
) -> Result<Tried, Error> {
    let Some((wrong, via)) = try_once(tx, step)? else { return Ok(Tried::Over) };
    if claim.take(tx)? && store::is_alive(tx, account)? {
        tx.execute("DELETE FROM sign_in_step WHERE id = $1", values![step])?;
        beginning.begin_via(tx, via.as_ref())?;
        record(tx, account, subject, beginning.id())?;
        return Ok(Tried::Right);
    }
    if wrong < TRIES {
        return Ok(Tried::Wrong(TRIES - wrong));
    }
    letter::to_account(tx, account, &Letter::new("letter-factor-guessed"))?;
    Ok(Tried::Over)
}

/// Counts a try. Answers how many were made, and through which link the sign-in came; none when the step is over.
fn try_once(tx: &mut Tx, step: Id<Step>) -> Result<Option<(i64, Option<Via>)>, db::Error> {
    let sql =
        "UPDATE sign_in_step SET wrong = wrong + 1 WHERE id = $1 AND wrong < $2 RETURNING wrong, link, link_session";
    tx.first(sql, values![step, TRIES], |row| {
        let (wrong, link): (i64, Option<Id<Link>>) = (row.next()?, row.next()?);
        let session = row.next()?;
        Ok((wrong, link.map(|link| Via { link, session })))
    })
}

/// Forgets those that came through a link: all, or those that its issuer calls so.
pub fn forget_through(tx: &mut Tx, link: Id<Link>, called: Option<&[u8]>) -> Result<u64, db::Error> {
    let sql = "DELETE FROM sign_in_step WHERE link = $1 AND (link_session = $2 OR CAST($2 AS BYTEA) IS NULL)";
    tx.execute(sql, values![link, called])
}

/// Forgets steps whose time is over. Answers how many.
pub fn sweep(tx: &mut Tx) -> Result<u64, db::Error> {
    let now = tx.now();
    tx.execute("DELETE FROM sign_in_step WHERE ends_at <= $1", values![now])
}

/// Forgets those of an account that ends.
pub fn forget(tx: &mut Tx, account: Id<Account>) -> Result<u64, db::Error> {
    tx.execute("DELETE FROM sign_in_step WHERE account = $1", values![account])
}
