//! Resets. For nobody's phone or e-mail the same is written, and its codes go nowhere.

use super::super::Account;
use super::super::code::{self, Codes, Hashed, Tried};
use super::super::code_job::{For, Sealings};
use super::super::letter::{self, Letter};
use super::super::session::form::Name;
use super::super::store::{self, PasswordChanged, own};
use super::Reset;
use super::form::NewPassword;
use super::page::Waiting;
use crate::app::App;
use crate::web::limit::{self, Limit, source};
use crate::web::{Broken, Context, Error, Form, session};
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use kit::values;

/// Requests from one source.
static FROM_ONE_SOURCE: Limit = Limit { name: "reset-source", burst: 20, every: SignedDuration::from_mins(3) };

/// Stores a request and sends the codes.
pub async fn create(app: &App, context: &Context, name: &Name) -> Result<Waiting, Error> {
    let index = name.index(app);
    let [here, anywhere] = code::sending(app, context, &index);
    let counted = [app.limits().of(&FROM_ONE_SOURCE, &[&source(context.ip)]), here, anywhere];
    limit::take(app.db(), &counted).await?;
    let id: Id<Reset> = app.random().id();
    let codes = Codes::new(app.random());
    let (hashed, sealings) = (codes.hashed(app, id.cast()), Sealings::new(app, id.cast(), &codes).await?);
    let unit = move |tx: &mut Tx| {
        let now = tx.now();
        let account = store::find(tx, &index)?.map(|found| found.account);
        tx.execute(
            "INSERT INTO password_reset (id, account, created_at) VALUES ($1, $2, $3)",
            values![id, account, now],
        )?;
        code::issue(tx, id.cast(), &hashed)?;
        send(tx, id, account, &sealings)
    };
    app.db().write::<_, Error>(unit).await
}

/// Enqueues as much for nobody as for somebody.
fn send(tx: &mut Tx, id: Id<Reset>, account: Option<Id<Account>>, sealings: &Sealings) -> Result<Waiting, Error> {
    sealings.enqueue(tx, For::Reset, account.unwrap_or_else(|| id.cast()), [false, false])?;
    let kept = code::find(tx, id.cast())?.ok_or_else(Error::not_found)?;
    Ok(Waiting::of(id, &kept, tx.now()))
}

/// Replaces the codes and sends the new ones.
pub async fn renew(app: &App, context: &Context, id: Id<Reset>) -> Result<Waiting, Error> {
    let limits = app.limits();
    limit::take(app.db(), &[limits.of(&FROM_ONE_SOURCE, &[&source(context.ip)])]).await?;
    let codes = Codes::new(app.random());
    let (hashed, sealings) = (codes.hashed(app, id.cast()), Sealings::new(app, id.cast(), &codes).await?);
    let unit = move |tx: &mut Tx| {
        let account = account_of(tx, id)?.ok_or_else(Error::not_found)?;
        code::renew(tx, id.cast(), &hashed)?.ok_or_else(|| Error::conflict("codes-enough"))?;
        send(tx, id, account, &sealings)
    };
    app.db().write::<_, Error>(unit).await
}

/// The account of a reset: the outer `None` is no such reset.
fn account_of(tx: &mut Tx, id: Id<Reset>) -> Result<Option<Option<Id<Account>>>, db::Error> {
    tx.first("SELECT account FROM password_reset WHERE id = $1", values![id], |row| row.next())
}

/// Sets the new password when both codes are right.
pub async fn set(app: &App, id: Id<Reset>, wanted: NewPassword, form: Form) -> Result<(), Error> {
    let hashed = wanted.codes.hashed(app, id.cast());
    let password = wanted.password.hash(app).await?;
    match app.db().write::<_, Error>(move |tx| try_and_set(tx, id, &hashed, &password)).await? {
        Tried::Right => Ok(()),
        Tried::Wrong(left) => Err(form.refuse("phone_code", Broken::rule("code-wrong").with("left", left))),
        Tried::Spent => Err(form.refuse("phone_code", "code-spent")),
        Tried::Used | Tried::Absent => Err(Error::conflict("reset-over")),
    }
}

/// A wrong code counts, so that outcome commits too. The codes of nobody were never sent; guessed, they set nothing.
fn try_and_set(tx: &mut Tx, id: Id<Reset>, hashed: &Hashed, password: &str) -> Result<Tried, Error> {
    let tried = code::try_pair(tx, id.cast(), hashed)?;
    let account = account_of(tx, id)?.flatten();
    let (Tried::Right, Some(account)) = (tried, account) else { return Ok(tried) };
    let contact = store::contact(tx, account)?.ok_or_else(Error::not_found)?;
    store::set_password(tx, account, password)?;
    session::end_others(tx, account, Id::from_bytes([0; 16]))?;
    event::record(tx, own(contact.subject), &PasswordChanged { account, reset: true })?;
    letter::to_account(tx, account, &Letter::new("letter-password-changed"))?;
    Ok(tried)
}
