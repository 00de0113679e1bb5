//! Who is named is told and asked: one message to the phone and one to the mailbox, each with the person's own link.

use super::page::Asking;
use super::store::{self, Lying, New};
use super::{Contact, PURPOSE, key};
use crate::app::App;
use crate::identity::account::message::Delivery;
use crate::trust::consent::asked_of;
use crate::web::text::{Arg, Words};
use crate::web::{At, Ctx, Error, Locale, Page};
use axum::extract::State;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::{self, Job};
use kit::mail::{Mail, ShortMessage};
use policy::purpose;
use serde::{Deserialize, Serialize};
use vault::{Grant, Subject};

/// The kind of this job.
pub const KIND: &str = "contacts.invite";

#[derive(Serialize, Deserialize)]
struct Payload {
    contact: Id<Contact>,
    by_mail: bool,
}

/// Leaves the messages, as part of the unit that stores the entry.
pub fn leave(tx: &mut Tx, new: &New) -> Result<(), db::Error> {
    for (by_mail, is_there) in [(false, new.phone.is_some()), (true, new.email.is_some())] {
        if is_there {
            let payload = serde_json::to_vec(&Payload { contact: new.id, by_mail });
            let payload = payload.map_err(|e| db::Error::Engine(e.to_string()))?;
            let now = tx.now();
            job::enqueue(tx, KIND, &payload, now)?;
        }
    }
    Ok(())
}

/// Sends one; none to who is gone meanwhile.
pub fn run(app: App, job: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let Payload { contact, by_mail } = serde_json::from_slice(&payload).map_err(Error::fault)?;
        let read = app.db().read::<_, db::Error>(move |tx| {
            let Some(one) = store::find(tx, contact)? else { return Ok(None) };
            let name: String =
                tx.one("SELECT name FROM company WHERE id = $1", kit::values![one.company], |row| row.next())?;
            Ok(Some((one, name)))
        });
        match read.await? {
            Some((one, company)) => send(&app, job, &one, &company, by_mail).await,
            None => Ok(()),
        }
    }
    .boxed()
}

async fn send(app: &App, job: Id<Job>, one: &Lying, company: &str, by_mail: bool) -> Result<(), Error> {
    let args = [("company", Arg::from(company)), ("address", app.config().address(&key::path(app, one.id)).into())];
    let message = Message { kind: KIND, key: "contacts-message", args: &args, by_mail };
    message.send(app, job, one).await.map(drop)
}

/// A message to a contact: its text's key, and `<key>-subject` for a mail's subject.
struct Message<'a> {
    kind: &'static str,
    key: &'a str,
    args: &'a [(&'a str, Arg)],
    by_mail: bool,
}

impl Message<'_> {
    /// Sends it. Answers whether the contact can be reached that way.
    async fn send(&self, app: &App, job: Id<Job>, one: &Lying) -> Result<bool, Error> {
        let right = Delivery::new(self.kind, one.subject);
        let grant = Grant::<purpose::Door, _>::new(&right, job.cast());
        let words = Words::new(app.catalogue(), Locale::of(&one.locale).unwrap_or_default());
        let (text, at) = (words.text(self.key, self.args), app.clock().now());
        if let (true, Some(email)) = (self.by_mail, &one.email) {
            let to = app.vault().open(&grant, email).await?.disclose();
            let subject = words.text(&format!("{}-subject", self.key), self.args);
            let mail = Mail { id: job.cast(), at, to, subject, text, html: None, one_click: None };
            app.mailer().send(&mail).await.map_err(Error::fault)?;
            return Ok(true);
        }
        if let (false, Some(phone)) = (self.by_mail, &one.phone) {
            let to = app.vault().open(&grant, phone).await?.disclose();
            app.sms().send(&ShortMessage { id: job.cast(), at, to, text }).await.map_err(Error::fault)?;
            return Ok(true);
        }
        Ok(false)
    }
}

/// Tells a contact that something waits for them at the public door: an answer, a copy of their data.
pub fn call(app: App, job: Id<Job>, subject: Id<Subject>) -> BoxFuture<'static, Result<bool, Error>> {
    async move {
        let found = app.db().read::<_, db::Error>(move |tx| store::of(tx, subject)).await?;
        let Some(one) = found else { return Ok(false) };
        let args = [("address", Arg::from(app.config().address("/privacy/door")))];
        let by_mail = one.email.is_some();
        let message = Message { kind: "contacts.letter", key: "contacts-letter", args: &args, by_mail };
        message.send(&app, job, &one).await
    }
    .boxed()
}

/// What the link shows: who asks for what. Nothing of the person, and nothing happens by reading it.
pub async fn show(State(app): State<App>, context: Ctx, At(text): At<String>) -> Result<Page, Error> {
    let id = key::read(&app, &text)?;
    let read = app.db().read::<_, db::Error>(move |tx| {
        let sql = "SELECT c.name, o.entered_at, o.asked_until FROM contact o JOIN company c ON c.id = o.company \
             WHERE o.id = $1";
        tx.first(sql, kit::values![id], |row| Ok((row.next::<String>()?, row.next()?, row.next()?)))
    });
    let (company, entered_at, until) = read.await?.ok_or_else(Error::not_found)?;
    let words = Words::new(app.catalogue(), context.locale);
    let asks = asked_of(PURPOSE, &words).ok_or_else(Error::not_found)?;
    Ok(Page::new("contacts-asking", Asking { company, entered_at, until, asks, form: Default::default() }))
}
