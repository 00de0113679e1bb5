//! Signing in by a passkey alone: whoever holds the device and was verified by it. Nobody is named before, so that nothing tells
//! whether there is an account.

use super::super::session::begin::Beginning;
use super::super::session::sign_in::{Begun, record};
use super::super::session::{SignIn, set};
use super::super::store as accounts;
use super::challenge::{self, Purpose};
use super::form::Wanted;
use super::proof::{Used, prove};
use super::relying::Relying;
use super::store;
use crate::app::App;
use crate::web::limit::{self, Counted, Limit, source};
use crate::web::{Context, Ctx, Error, Form, Input, Saved};
use axum::extract::State;
use axum::response::IntoResponse;
use jiff::SignedDuration;
use kit::db::Tx;

/// Challenges for one source.
static ASKED: Limit = Limit { name: "passkey-sign-in-asked", burst: 60, every: SignedDuration::from_secs(30) };
/// Answers from one source that were wrong.
static WRONG: Limit = Limit { name: "passkey-sign-in", burst: 60, every: SignedDuration::from_secs(30) };

/// Asks the browser for any passkey of ours.
pub async fn ask(State(app): State<App>, context: Ctx, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let relying = Relying::of(&app)?;
    let counted = app.limits().of(&ASKED, &[&source(context.ip)]);
    limit::take(app.db(), std::slice::from_ref(&counted)).await?;
    let asked = challenge::pose(&app, &context, (Purpose::SignIn, None), relying.ask(&[])?).await?;
    Ok(Saved::at("/session/new", asked))
}

/// Signs in.
pub async fn create(State(app): State<App>, context: Ctx, input: Input) -> Result<impl IntoResponse, Error> {
    let page = async |form| Ok(("sign-in", SignIn::of(&app, context.locale, form)));
    let begun = input.act_on(page, async |wanted, form| sign_in(&app, &context, wanted, form).await).await?;
    Ok((set(&begun.cookies), Saved::at(begun.location(), begun)))
}

async fn sign_in(app: &App, context: &Context, wanted: Wanted, form: Form) -> Result<Begun, Error> {
    let counted = app.limits().of(&WRONG, &[&source(context.ip)]);
    limit::take(app.db(), std::slice::from_ref(&counted)).await?;
    let used = prove(app, context, (Purpose::SignIn, None), &wanted.answer).await?;
    let refused = || form.clone().refuse("credential", "passkey-refused");
    let used = used.ok_or_else(refused)?;
    let beginning = Beginning::new(app, context, used.owner.0, used.owner.1).await?.by_second();
    let begun = Begun::complete(&beginning, wanted.next, app);
    let is_in = app.db().write::<_, Error>(move |tx| begin(tx, &used, &beginning, &counted)).await?;
    if is_in { Ok(begun) } else { Err(refused()) }
}

/// One unit: the passkey's use counts, and the session begins.
fn begin(tx: &mut Tx, used: &Used, beginning: &Beginning, counted: &Counted) -> Result<bool, Error> {
    let (account, subject) = used.owner;
    if !accounts::is_alive(tx, account)? || !store::take(tx, used)? {
        return Ok(false);
    }
    limit::give_back(tx, counted)?;
    beginning.begin(tx)?;
    record(tx, account, subject, beginning.id())?;
    Ok(true)
}
