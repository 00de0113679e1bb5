//! Accounts of the operator: the first are made on the command line, by whoever runs the program; further ones by the link of
//! an administrator's invitation ([`crate::operate::operators`]).

use super::password::Password;
use super::store::{Indexes, Registered, own};
use super::{Account, EMAIL, PHONE};
use crate::app::App;
use crate::trust::policy::{Agreement, Channel};
use crate::web::{Error, Locale, OperatorDuties, OperatorDuty, Unfit};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use serde::Serialize;
use vault::{Email, Malformed, Phone, Sealed, Subject};

/// Why an operator's account was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotCreated {
    /// No phone, or no e-mail.
    #[error("{0}")]
    Malformed(#[from] Malformed),
    /// The password is too short, too long, too easy to guess, or known from breaches.
    #[error("the password is refused: ten or more characters, not easy to guess, not known from breaches")]
    Password,
    /// Duties that nobody holds together, or without the end that they need.
    #[error("{0}")]
    Unfit(#[from] Unfit),
    /// There is one.
    #[error("phone or e-mail has an account already; nothing was changed")]
    Taken,
    /// There is none.
    #[error("no account of the operator has this phone or e-mail; nothing was changed")]
    Nobody,
    /// The stores.
    #[error("{0}")]
    Failed(#[from] Error),
}

impl From<vault::Error> for NotCreated {
    fn from(error: vault::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What somebody is appointed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// What it is called; no person's name. May be empty.
    pub title: String,
    /// What they may do.
    pub duties: OperatorDuties,
    /// From when on they may not any more.
    pub until: Option<Timestamp>,
}

impl Post {
    /// One with a single duty, without an end.
    pub fn of_one(title: &str, duty: OperatorDuty) -> Self {
        Self { title: title.to_owned(), duties: OperatorDuties::NONE.with(duty), until: None }
    }

    /// One with all duties that one person may hold, without an end.
    pub fn of_everything() -> Self {
        Self { title: String::new(), duties: OperatorDuties::work(), until: None }
    }
}

/// Makes an account of the operator with every duty but auditing. Who runs the command answers for the person's agreement to
/// the policy, which is recorded with the channel `command-line`.
///
/// # Errors
/// [`NotCreated`]; nothing was written then.
pub async fn create_operator(app: &App, phone: &str, email: &str, password: &str) -> Result<Id<Account>, NotCreated> {
    appoint(app, phone, email, password, Post::of_everything()).await
}

/// The same with these duties.
///
/// # Errors
/// [`NotCreated`]; nothing was written then.
pub async fn appoint(
    app: &App,
    phone: &str,
    email: &str,
    password: &str,
    post: Post,
) -> Result<Id<Account>, NotCreated> {
    post.duties.fit(post.until)?;
    let (phone, email): (Phone, Email) = (phone.parse()?, email.parse()?);
    let password = Password::choose(password.to_owned(), &[phone.expose(), email.expose()]);
    let password = password.map_err(|_| NotCreated::Password)?;
    let agreement = Agreement::now(app, Locale::Zh, Channel::CommandLine).await?;
    let hired = Hired::new(app, &phone, &email, password, agreement).await?;
    let id = hired.id;
    match app.db().write::<_, Error>(move |tx| hired.record(tx, &post, None)).await {
        Ok(()) => Ok(id),
        Err(error) if error.code == "account-exists" => Err(NotCreated::Taken),
        Err(error) => Err(error.into()),
    }
}

/// Gives an operator's account, found by its phone or e-mail, these duties in place of those that it has: on the command line.
///
/// # Errors
/// [`NotCreated::Nobody`], [`NotCreated::Unfit`].
pub async fn reappoint(app: &App, name: &str, post: Post) -> Result<Id<Account>, NotCreated> {
    post.duties.fit(post.until)?;
    let whom = super::Whom::read(app.accounts(), name);
    let found = app.db().write::<_, Error>(move |tx| {
        let Some((account, _)) = whom.find(tx)? else { return Ok(None) };
        let Some(held) = held_by(tx, account)? else { return Ok(None) };
        for duty in OperatorDuty::ALL.into_iter().filter(|duty| held.duties.has(*duty) != post.duties.has(*duty)) {
            note(tx, account, duty, post.duties.has(duty), None)?;
        }
        keep(tx, account, post.duties, post.until)?;
        if !post.title.is_empty() {
            tx.execute("UPDATE account SET post = $1 WHERE id = $2", values![&post.title, account])?;
        }
        Ok(Some(account))
    });
    found.await?.ok_or(NotCreated::Nobody)
}

/// An account of the operator's with everything that was made before the unit which writes it.
pub struct Hired {
    /// Its id.
    pub id: Id<Account>,
    subject: Id<Subject>,
    indexes: Indexes,
    phone: Sealed<Phone>,
    email: Sealed<Email>,
    password: String,
    agreement: Agreement,
}

impl Hired {
    /// Hashes and seals.
    ///
    /// # Errors
    /// 503.
    pub async fn new(
        app: &App,
        phone: &Phone,
        email: &Email,
        password: Password,
        agreement: Agreement,
    ) -> Result<Self, Error> {
        let (id, subject) = (app.random().id(), app.vault().new_subject());
        let indexes = Indexes { phone: app.accounts().phones.of(phone), email: app.accounts().emails.of(email) };
        let password = password.hash(app).await?;
        let phone = app.vault().seal(PHONE, subject, id, phone).await?;
        let email = app.vault().seal(EMAIL, subject, id, email).await?;
        Ok(Self { id, subject, indexes, phone, email, password, agreement })
    }

    /// Writes it, with who appointed; nobody is the command line.
    ///
    /// # Errors
    /// 409 `account-exists`.
    pub fn record(&self, tx: &mut Tx, post: &Post, by: Option<Id<Account>>) -> Result<(), Error> {
        vault::enrol(tx, self.subject)?;
        let now = tx.now();
        let made = tx.execute(
            "INSERT INTO account (id, subject, operator, phone, phone_index, email, email_index, password, locale, \
             created_at, version, post) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, 1, $10) ON CONFLICT DO NOTHING",
            values![
                self.id,
                self.subject,
                self.phone.bytes(),
                &self.indexes.phone,
                self.email.bytes(),
                &self.indexes.email,
                &self.password,
                self.agreement.language.tag(),
                now,
                &post.title
            ],
        )?;
        if made == 0 {
            return Err(Error::conflict("account-exists"));
        }
        event::record(tx, own(self.subject), &Registered { account: self.id, company: None })?;
        post.duties.each().try_for_each(|duty| note(tx, self.id, duty, true, by))?;
        keep(tx, self.id, post.duties, post.until)?;
        self.agreement.record(tx, self.id, self.subject, now)
    }
}

/// A duty was granted or taken. The same is in the table; the event puts it among all that happened.
#[derive(Serialize)]
struct Changed {
    account: Id<Account>,
    duty: OperatorDuty,
    granted: bool,
}

impl Fact for Changed {
    const KIND: &'static str = "operator.duty-changed";
}

/// What an account holds, whether its time is over or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holds {
    /// The duties.
    pub duties: OperatorDuties,
    /// Until when.
    pub until: Option<Timestamp>,
}

impl Holds {
    /// Whether this is one of them, at this instant.
    pub fn has(&self, duty: OperatorDuty, now: Timestamp) -> bool {
        self.duties.has(duty) && self.until.is_none_or(|until| now < until)
    }
}

/// The duties of an account of the operator's that has not ended.
///
/// # Errors
/// [`db::Error`].
pub fn held_by(tx: &mut Tx, account: Id<Account>) -> Result<Option<Holds>, db::Error> {
    let sql = "SELECT operator_duties, operator_until FROM account WHERE id = $1 AND operator = 1 AND ended_at IS NULL";
    tx.first(sql, values![account], |row| {
        Ok(Holds { duties: OperatorDuties::kept(&row.next::<String>()?), until: row.next()? })
    })
}

/// Notes that a duty was granted or taken, by whom.
///
/// # Errors
/// [`db::Error`].
pub fn note(
    tx: &mut Tx,
    account: Id<Account>,
    duty: OperatorDuty,
    granted: bool,
    by: Option<Id<Account>>,
) -> Result<(), db::Error> {
    let (id, now) = (tx.id::<Changed>(), tx.now());
    tx.execute(
        "INSERT INTO operator_duty_change (id, account, duty, granted, by_account, at) VALUES ($1, $2, $3, $4, $5, $6)",
        values![id, account, duty.code(), granted, by, now],
    )?;
    event::record(tx, Scope::default(), &Changed { account, duty, granted }).map(drop)
}

/// Keeps what an account holds from now on.
///
/// # Errors
/// [`db::Error`].
pub fn keep(
    tx: &mut Tx,
    account: Id<Account>,
    duties: OperatorDuties,
    until: Option<Timestamp>,
) -> Result<(), db::Error> {
    let sql = "UPDATE account SET operator_duties = $1, operator_until = $2, version = version + 1 WHERE id = $3 AND operator = 1";
    tx.execute(sql, values![duties.codes(), until, account]).map(drop)
}
