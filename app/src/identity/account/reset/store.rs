//! Resets. For nobody's phone or e-mail the same is written, and its codes go nowhere.

use super::super::Account;
use super::super::code::{self, Codes, Tried};
use super::super::code_job::{For, Sealings};
use super::super::guess::Guesses;
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
    let index = name.index(app.accounts());
    let codes = codes(app, context, &index).await?;
    let id: Id<Reset> = app.random().id();
    let (hashed, sealings) = (codes.hashed(app, id.cast()), Sealings::new(app, id.cast(), &codes).await?);
    let unit = move |tx: &mut Tx| {
        let now = tx.now();
        let account = store::find(tx, &index)?.map(|found| found.account);
        tx.execute(
            "INSERT INTO password_reset (id, account, named, created_at) VALUES ($1, $2, $3, $4)",
            values![id, account, index, now],
        )?;
        code::issue(tx, id.cast(), &hashed)?;
        send(tx, id, account, &sealings)
    };
    app.db().write::<_, Error>(unit).await
}

/// New codes for who goes by this index, if not too many were sent.
async fn codes(app: &App, context: &Context, index: &[u8; 32]) -> Result<Codes, Error> {
    let [here, anywhere] = code::sending(app, context, index);
    let counted = [app.limits().of(&FROM_ONE_SOURCE, &[&source(context.ip)]), here, anywhere];
    limit::take(app.db(), &counted).await?;
    Ok(Codes::new(app.random(), Guesses::at(app, context, &[*index]).are_many(app).await?))
}

/// Enqueues as much for nobody as for somebody.
fn send(tx: &mut Tx, id: Id<Reset>, account: Option<Id<Account>>, sealings: &Sealings) -> Result<Waiting, Error> {
    sealings.enqueue(tx, For::Reset, account.unwrap_or_else(|| id.cast()), [false, false])?;
    let kept = code::find(tx, id.cast())?.ok_or_else(Error::not_found)?;
    Ok(Waiting::of(id, &kept, tx.now()))
}

/// Replaces the codes and sends the new ones.
pub async fn renew(app: &App, context: &Context, id: Id<Reset>) -> Result<Waiting, Error> {
    let Named { account, index } = named(app, id).await?.ok_or_else(Error::not_found)?;
    let codes = codes(app, context, &index).await?;
    let (hashed, sealings) = (codes.hashed(app, id.cast()), Sealings::new(app, id.cast(), &codes).await?);
    let unit = move |tx: &mut Tx| {
        code::renew(tx, id.cast(), &hashed)?.ok_or_else(|| Error::conflict("codes-enough"))?;
        send(tx, id, account, &sealings)
    };
    app.db().write::<_, Error>(unit).await
}

/// Who a reset was asked for.
#[derive(Clone)]
struct Named {
    /// If there is one of that name.
    account: Option<Id<Account>>,
    /// Of the phone or e-mail that was named.
    index: [u8; 32],
}

async fn named(app: &App, id: Id<Reset>) -> Result<Option<Named>, db::Error> {
    // A reset of a version that did not keep the name is one by itself.
    let own = app.mark("reset/name", &[id.as_bytes()]);
    let sql = "SELECT account, named FROM password_reset WHERE id = $1";
    let find = move |tx: &mut Tx| {
        tx.first(sql, values![id], |row| {
            Ok(Named { account: row.next()?, index: row.next::<Option<[u8; 32]>>()?.unwrap_or(own) })
        })
    };
    app.db().read(find).await
}

/// Sets the new password when both codes are right.
pub async fn set(app: &App, context: &Context, id: Id<Reset>, wanted: NewPassword, form: Form) -> Result<(), Error> {
    let Named { account, index } = named(app, id).await?.ok_or_else(|| Error::conflict("reset-over"))?;
    let guesses = Guesses::at(app, context, &[index]);
    let hashed = wanted.codes.hashed(app, id.cast());
    let password = wanted.password.hash(app).await?;
    let unit = move |tx: &mut Tx| {
        let tried = code::try_pair(tx, id.cast(), &hashed, &guesses)?;
        // The codes of nobody were never sent; guessed, they set nothing.
        if let (Tried::Right, Some(account)) = (tried, account) {
            set_password(tx, account, &password)?;
        }
        Ok(tried)
    };
    // A wrong code counts, so that outcome commits too.
    match app.db().write::<_, Error>(unit).await? {
        Tried::Right => Ok(()),
        Tried::Wrong(left) => Err(form.refuse("phone_code", Broken::rule("code-wrong").with("left", left))),
        Tried::Limited(seconds) => Err(Error::limited(seconds)),
        Tried::Spent => Err(form.refuse("phone_code", "code-spent")),
        Tried::Used | Tried::Absent => Err(Error::conflict("reset-over")),
    }
}

fn set_password(tx: &mut Tx, account: Id<Account>, password: &str) -> Result<(), Error> {
    let contact = store::contact(tx, account)?.ok_or_else(Error::not_found)?;
    store::set_password(tx, account, password)?;
    session::end_others(tx, account, Id::from_bytes([0; 16]))?;
    event::record(tx, own(contact.subject), &PasswordChanged { account, reset: true })?;
    Ok(())
}
