//! Queries of corrections.

use super::super::code::{self, CodePair, Codes, Tried};
use super::super::code_job::Sealings;
use super::super::guess::Guesses;
use super::super::store::{self as accounts, own};
use super::super::{Account, EMAIL, PHONE};
use super::Change;
use super::form::{Field, New, Wanted};
use super::page::{Told, Waiting};
use crate::app::App;
use crate::web::limit::{self, Limit};
use crate::web::{Broken, Context, Error, Form, Person, Said};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use serde::Serialize;
use vault::{Email, Phone, Sealed, Subject};

/// Wrong passwords: a session left open must not be a place for guessing.
static TRIES: Limit = Limit { name: "contact-change", burst: 5, every: SignedDuration::from_mins(5) };

/// A phone or an e-mail was corrected; which one, not to what.
#[derive(Serialize)]
struct ContactChanged {
    account: Id<Account>,
    field: &'static str,
}

impl Fact for ContactChanged {
    const KIND: &'static str = "account.contact-changed";
}

/// Compares the password, seals the new one, sends a code to the old and a code to the new.
pub async fn create(
    app: &App,
    context: &Context,
    person: Person,
    wanted: Wanted,
    form: Form,
) -> Result<Waiting, Error> {
    let (account, field) = (person.account(), wanted.new.field());
    let tries = app.limits().of(&TRIES, &[account.as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&tries)).await?;
    let read = move |tx: &mut Tx| Ok((accounts::own_password(tx, account)?, index_now(tx, account, field)?));
    let (password, before) = app.db().read::<_, db::Error>(read).await?;
    if !wanted.current.matches(app, Some(password)).await? {
        return Err(form.refuse("current", "current-password"));
    }
    let after = index(app, &wanted.new);
    if after == before {
        return Err(form.refuse("value", "contact-same"));
    }
    let counted: Vec<_> = [before, after].iter().flat_map(|one| code::sending(app, context, one)).collect();
    limit::take(app.db(), &counted).await?;
    let codes = Codes::new(app.random(), Guesses::at(app, context, &[before, after]).are_many(app).await?);
    let id: Id<Change> = app.random().id();
    let new = Row {
        id,
        account,
        field,
        value: seal(app, person, &wanted.new).await?,
        index: after,
        hashed: codes.hashed(app, id.cast()),
        sealings: Sealings::new(app, id.cast(), &codes).await?,
    };
    let unit = move |tx: &mut Tx| {
        limit::forget(tx, &tries)?;
        new.store(tx)
    };
    app.db().write::<_, Error>(unit).await
}

async fn seal(app: &App, person: Person, new: &New) -> Result<[Option<Vec<u8>>; 2], Error> {
    let (subject, row) = (person.subject(), person.account());
    Ok(match new {
        New::Phone(phone) => [Some(app.vault().seal(PHONE, subject, row, phone).await?.bytes().to_vec()), None],
        New::Email(email) => [None, Some(app.vault().seal(EMAIL, subject, row, email).await?.bytes().to_vec())],
    })
}

fn index(app: &App, new: &New) -> [u8; 32] {
    match new {
        New::Phone(phone) => app.accounts().phones.of(phone),
        New::Email(email) => app.accounts().emails.of(email),
    }
}

fn index_now(tx: &mut Tx, account: Id<Account>, field: Field) -> Result<[u8; 32], db::Error> {
    let sql = match field {
        Field::Phone => "SELECT phone_index FROM account WHERE id = $1",
        Field::Email => "SELECT email_index FROM account WHERE id = $1",
    };
    tx.one(sql, values![account], |row| row.next())
}

/// Whether an account has this phone or e-mail.
fn is_taken(tx: &mut Tx, index: &[u8; 32]) -> Result<bool, db::Error> {
    Ok(accounts::find(tx, index)?.is_some())
}

/// A change about to be stored.
struct Row {
    id: Id<Change>,
    account: Id<Account>,
    field: Field,
    value: [Option<Vec<u8>>; 2],
    index: [u8; 32],
    hashed: code::Hashed,
    sealings: Sealings,
}

impl Row {
    /// A new one replaces what was begun before.
    fn store(&self, tx: &mut Tx) -> Result<Waiting, Error> {
        let (now, [phone, email]) = (tx.now(), &self.value);
        tx.execute("DELETE FROM contact_change WHERE account = $1 AND changed_at IS NULL", values![self.account])?;
        tx.execute(
            "INSERT INTO contact_change (id, account, field, phone, email, value_index, asked_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![self.id, self.account, self.field.code(), phone.clone(), email.clone(), &self.index, now],
        )?;
        code::issue(tx, self.id.cast(), &self.hashed)?;
        let taken = is_taken(tx, &self.index)?;
        self.sealings.enqueue_change(tx, self.account, self.field == Field::Email, taken)?;
        let kept = code::find(tx, self.id.cast())?.ok_or_else(Error::not_found)?;
        Ok(Waiting::of(self.id, self.field, &kept, now))
    }
}

/// A change that its person has begun, if that is whose it is.
#[derive(Clone, Copy)]
struct Begun {
    field: Field,
    index: [u8; 32],
}

fn begun(tx: &mut Tx, person: Person, id: Id<Change>) -> Result<Option<Begun>, db::Error> {
    let sql = "SELECT field, value_index FROM contact_change WHERE id = $1 AND account = $2 AND changed_at IS NULL";
    let found = tx.first(sql, values![id, person.account()], |row| {
        Ok((Field::of(&row.next::<String>()?), row.next::<Option<[u8; 32]>>()?))
    })?;
    Ok(found.and_then(|(field, index)| Some(Begun { field: field?, index: index? })))
}

/// Where a change of this person stands.
pub async fn waiting(app: &App, person: Person, id: Id<Change>) -> Result<Waiting, Error> {
    let read = move |tx: &mut Tx| {
        let Some(begun) = begun(tx, person, id)? else { return Ok(None) };
        let kept = code::find(tx, id.cast())?;
        Ok(kept.map(|kept| Waiting::of(id, begun.field, &kept, tx.now())))
    };
    app.db().read::<_, db::Error>(read).await?.ok_or_else(Error::not_found)
}

/// Tries both codes; when they are right the new one takes the old one's place.
pub async fn confirm(
    app: &App,
    context: &Context,
    person: Person,
    id: Id<Change>,
    (codes, form): (&Codes, Form),
) -> Result<Field, Error> {
    let read = move |tx: &mut Tx| {
        let Some(begun) = begun(tx, person, id)? else { return Ok(None) };
        Ok(Some((begun, index_now(tx, person.account(), begun.field)?)))
    };
    let (begun, before) = app.db().read::<_, db::Error>(read).await?.ok_or_else(Error::not_found)?;
    let guesses = Guesses::at(app, context, &[before, begun.index]);
    let hashed = codes.hashed(app, id.cast());
    let unit = move |tx: &mut Tx| {
        let tried = code::try_pair(tx, id.cast(), &hashed, &guesses)?;
        if tried == Tried::Right {
            apply(tx, person, id, begun)?;
        }
        Ok(tried)
    };
    // A wrong code counts, so that outcome commits too.
    match app.db().write::<_, Error>(unit).await? {
        Tried::Right => Ok(begun.field),
        Tried::Wrong(left) => Err(form.refuse("old_code", Broken::rule("code-wrong").with("left", left))),
        Tried::Limited(seconds) => Err(Error::limited(seconds)),
        Tried::Spent => Err(form.refuse("old_code", "code-spent")),
        Tried::Used | Tried::Absent => Err(Error::not_found()),
    }
}

/// No code was sent to one that somebody has; one that somebody got meanwhile is refused here.
fn apply(tx: &mut Tx, person: Person, id: Id<Change>, begun: Begun) -> Result<(), Error> {
    if is_taken(tx, &begun.index)? {
        return Err(Error::conflict("account-exists"));
    }
    let sql = match begun.field {
        Field::Phone => {
            "UPDATE account SET phone = (SELECT phone FROM contact_change WHERE id = $1), phone_index = $2, \
             version = version + 1 WHERE id = $3"
        }
        Field::Email => {
            "UPDATE account SET email = (SELECT email FROM contact_change WHERE id = $1), email_index = $2, \
             version = version + 1 WHERE id = $3"
        }
    };
    tx.execute(sql, values![id, &begun.index, person.account()])?;
    let now = tx.now();
    tx.execute(
        "UPDATE contact_change SET phone = NULL, email = NULL, value_index = NULL, changed_at = $1 WHERE id = $2",
        values![now, id],
    )?;
    let fact = ContactChanged { account: person.account(), field: begun.field.code() };
    event::record(tx, own(person.subject()), &fact)?;
    Ok(())
}

/// Changes of an account, the newest first.
pub fn history(tx: &mut Tx, account: Id<Account>) -> Result<Vec<Told>, db::Error> {
    let sql = "SELECT id, field, asked_at, changed_at FROM contact_change WHERE account = $1 \
         ORDER BY asked_at DESC, id DESC LIMIT 50";
    tx.all(sql, values![account], |row| {
        let id = row.next()?;
        let field = Field::of(&row.next::<String>()?).map_or("", Field::code);
        Ok(Told { id, field, asked_at: row.next()?, changed_at: row.next()? })
    })
}

/// A new phone or e-mail that waits for its codes: since when, and what it is.
pub type Pending = (Timestamp, Option<Sealed<Phone>>, Option<Sealed<Email>>);

/// What waits for its codes, for one person.
pub fn pending(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Pending>, db::Error> {
    let sql = "SELECT a.id, c.asked_at, c.phone, c.email FROM contact_change c JOIN account a ON a.id = c.account \
         WHERE a.subject = $1 AND c.changed_at IS NULL ORDER BY c.asked_at DESC, c.id DESC";
    tx.all(sql, values![subject], |row| {
        let (account, since): (Id<Account>, Timestamp) = (row.next()?, row.next()?);
        let (phone, email): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.next()?, row.next()?);
        let phone = phone.map(|bytes| PHONE.load(bytes, subject, account));
        Ok((since, phone, email.map(|bytes| EMAIL.load(bytes, subject, account))))
    })
}

/// Whom the code to the new one goes to: the person, at the new phone or e-mail.
pub fn addressee(
    tx: &mut Tx,
    account: Id<Account>,
    pair: Id<CodePair>,
) -> Result<Option<accounts::Contact>, db::Error> {
    let Some(mut contact) = accounts::contact(tx, account)? else { return Ok(None) };
    let sql = "SELECT phone, email FROM contact_change WHERE id = $1 AND changed_at IS NULL";
    let found =
        tx.first(sql, values![pair], |row| Ok((row.next::<Option<Vec<u8>>>()?, row.next::<Option<Vec<u8>>>()?)))?;
    let Some((phone, email)) = found else { return Ok(None) };
    let subject = contact.subject;
    contact.phone = phone.map_or(contact.phone, |bytes| PHONE.load(bytes, subject, account));
    contact.email = email.map_or(contact.email, |bytes| EMAIL.load(bytes, subject, account));
    Ok(Some(contact))
}

/// Forgets a change that was never confirmed.
pub fn sweep(tx: &mut Tx, id: Id<Account>) -> Result<(), db::Error> {
    tx.execute("DELETE FROM contact_change WHERE id = $1 AND changed_at IS NULL", values![id]).map(drop)
}

/// Forgets all changes of an account that ends, with their codes, and answers how many there were.
pub fn forget(tx: &mut Tx, account: Id<Account>) -> Result<u64, db::Error> {
    let codes = "DELETE FROM code_pair WHERE id IN (SELECT id FROM contact_change WHERE account = $1)";
    tx.execute(codes, values![account])?;
    tx.execute("DELETE FROM contact_change WHERE account = $1", values![account])
}

/// When it last changed, for the privacy centre.
pub fn state(tx: &mut Tx, _: &App, person: &Person) -> Result<Said, db::Error> {
    let last = history(tx, person.account())?.into_iter().find_map(|one| one.changed_at);
    Ok(last.map_or(Said::new("contact-state-never"), |at| Said::new("contact-state").with("at", at)))
}
