//! Letters: a mail that business on the platform cannot do without, about what is no event. What is one goes through the
//! inbox (`reach/inbox`).
//!
//! The unit that causes one calls [`to_account`] or [`to_company`]; the payload holds ids and codes, and the address is opened only when
//! the job runs. `<key>-subject` and `<key>` are the letter's texts; both may use its values.

use super::message::{Delivery, Message, mail, sms};
use super::{Account, store};
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::people;
use crate::web::Error;
use crate::web::text::Arg;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::{self, Job};
use policy::{Control, purpose};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kind of this job.
pub const KIND: &str = "account.letter";

/// What a letter says. Never personal: values are names of companies, titles, reasons, paths, times.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letter {
    key: String,
    values: BTreeMap<String, String>,
}

impl Letter {
    /// A letter by the key of its text.
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), values: BTreeMap::new() }
    }

    /// The same with a value for its text.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }
}

#[derive(Serialize, Deserialize)]
struct Payload {
    account: Id<Account>,
    /// Of which company's business: who acts for it no more when the job runs gets nothing.
    #[serde(default)]
    company: Option<Id<Company>>,
    letter: Letter,
}

/// Leaves a letter to each account of a company. Part of this unit.
///
/// # Errors
/// [`db::Error`].
pub fn to_company(tx: &mut Tx, company: Id<Company>, letter: &Letter) -> Result<(), db::Error> {
    store::of_company(tx, company)?.into_iter().try_for_each(|account| leave(tx, account, Some(company), letter))
}

/// Leaves a letter to one account. Part of this unit.
///
/// # Errors
/// [`db::Error`].
pub fn to_account(tx: &mut Tx, account: Id<Account>, letter: &Letter) -> Result<(), db::Error> {
    leave(tx, account, None, letter)
}

fn leave(tx: &mut Tx, account: Id<Account>, company: Option<Id<Company>>, letter: &Letter) -> Result<(), db::Error> {
    let payload = Payload { account, company, letter: letter.clone() };
    let payload = serde_json::to_vec(&payload).map_err(|e| db::Error::Engine(e.to_string()))?;
    let now = tx.now();
    job::enqueue(tx, KIND, &payload, now)?;
    Ok(())
}

/// A message that another room writes to the person behind an account, in a job of its own.
pub struct Written<'a> {
    /// The kind of that job, under which the opening of the address is told.
    pub kind: &'static str,
    /// To whom.
    pub account: Id<Account>,
    /// A short message to the phone instead of a mail.
    pub by_sms: bool,
    /// The key of its text, and of `<key>-subject` for a mail's subject.
    pub key: &'a str,
    /// Values inside both.
    pub args: Vec<(&'a str, Arg)>,
}

impl Written<'_> {
    /// Sends it; the same job again sends the same. An account that has ended gets nothing.
    ///
    /// # Errors
    /// 500 when it cannot be delivered, 503.
    pub async fn send(self, app: &App, job: Id<Job>) -> Result<(), Error> {
        let account = self.account;
        let contact = app.db().read::<_, db::Error>(move |tx| store::contact(tx, account)).await?;
        let Some(contact) = contact else { return call_guest(app, job, account).await };
        let message = Message { locale: contact.locale, key: self.key, args: self.args };
        let delivery = Delivery::new(self.kind, contact.subject);
        if self.by_sms {
            sms::<purpose::Notification>(app, job, &delivery, &contact.phone, &message).await
        } else {
            mail::<purpose::Notification>(app, job, &delivery, &contact.email, &message).await
        }
    }
}

/// Whether what is a company's business is still this account's. What is written to the person is.
fn acts_for(tx: &mut Tx, account: Id<Account>, company: Option<Id<Company>>) -> Result<bool, db::Error> {
    let Some(company) = company else { return Ok(true) };
    Ok(people::standing(tx, account)?.is_some_and(|(acts_for, _)| acts_for == company)
        || !policy::holds(Control::DutiesAgain))
}

/// Who has no account goes by their subject's id ([`crate::web::Guest`]): they are told to come to the public door. Nothing
/// happens for an account that has ended.
async fn call_guest(app: &App, job: Id<Job>, account: Id<Account>) -> Result<(), Error> {
    for door in app.rooms().iter().filter_map(|room| room.door) {
        if (door.call)(app.clone(), job, account.cast()).await? {
            break;
        }
    }
    Ok(())
}

/// Sends one.
pub(super) fn run(app: App, id: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let Payload { account, company, letter } = serde_json::from_slice(&payload).map_err(Error::fault)?;
        if !app.db().read::<_, db::Error>(move |tx| acts_for(tx, account, company)).await? {
            return Ok(());
        }
        let args = letter.values.iter().map(|(name, value)| (name.as_str(), Arg::from(value.as_str()))).collect();
        Written { kind: KIND, account, by_sms: false, key: &letter.key, args }.send(&app, id).await
    }
    .boxed()
}
