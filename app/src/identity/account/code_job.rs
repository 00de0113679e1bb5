//! The job that sends a code. Its payload holds the code sealed and whose it is; the address is opened when it runs.

use super::code::{self, Code, CodePair, Codes};
use super::message::{Delivery, Message, mail, sms};
use super::store::{self, Contact};
use super::{Account, contact, registration};
use crate::app::App;
use crate::web::Error;
use crate::web::text::Arg;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::{self, Job};
use kit::mail::outbox::Channel;
use policy::purpose;
use serde::{Deserialize, Serialize};

/// The kind of this job.
pub const KIND: &str = "account.code";

/// Name of the secret that payloads are sealed under.
const SECRET: &str = "account/code-payload";

/// What a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum For {
    /// Making an account.
    Registration,
    /// Setting a new password.
    Reset,
    /// Correcting phone or e-mail: to the one that holds now.
    ContactOld,
    /// Correcting phone or e-mail: to the one that is to hold.
    ContactNew,
}

/// What the job needs.
#[derive(Serialize, Deserialize)]
pub struct Payload {
    what_for: For,
    pair: Id<CodePair>,
    account: Id<Account>,
    by_mail: bool,
    /// The code; `None` tells the person that an account exists already.
    sealed: Option<String>,
}

/// Both codes, sealed, before the unit that enqueues them.
#[derive(Clone)]
pub struct Sealings {
    pair: Id<CodePair>,
    phone: String,
    email: String,
}

impl Sealings {
    /// Seals both.
    ///
    /// # Errors
    /// 503 when the key database cannot be asked.
    pub async fn new(app: &App, pair: Id<CodePair>, codes: &Codes) -> Result<Self, Error> {
        Ok(Self { pair, phone: seal(app, pair, &codes.phone).await?, email: seal(app, pair, &codes.email).await? })
    }

    /// Leaves both to be sent. `known`: whether phone and e-mail have an account, whose person is told so instead.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn enqueue(&self, tx: &mut Tx, what_for: For, account: Id<Account>, known: [bool; 2]) -> Result<(), db::Error> {
        for (by_mail, sealed, known) in [(false, &self.phone, known[0]), (true, &self.email, known[1])] {
            let sealed = (!known).then(|| sealed.clone());
            self.leave(tx, Payload { what_for, pair: self.pair, account, by_mail, sealed })?;
        }
        Ok(())
    }

    /// Leaves both to be sent by one channel: one to what holds now, one to what is to hold, whose person is told instead
    /// when it is `taken` by another account.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn enqueue_change(
        &self,
        tx: &mut Tx,
        account: Id<Account>,
        by_mail: bool,
        taken: bool,
    ) -> Result<(), db::Error> {
        let (old, new) = (Some(self.phone.clone()), (!taken).then(|| self.email.clone()));
        for (what_for, sealed) in [(For::ContactOld, old), (For::ContactNew, new)] {
            self.leave(tx, Payload { what_for, pair: self.pair, account, by_mail, sealed })?;
        }
        Ok(())
    }

    fn leave(&self, tx: &mut Tx, payload: Payload) -> Result<(), db::Error> {
        let payload = serde_json::to_vec(&payload).map_err(|e| db::Error::Engine(e.to_string()))?;
        let now = tx.now();
        job::enqueue(tx, KIND, &payload, now).map(drop)
    }
}

async fn seal(app: &App, pair: Id<CodePair>, code: &Code) -> Result<String, Error> {
    let sealed = app.vault().secrets().seal(SECRET, &pair.to_string(), code.expose().as_bytes()).await?;
    Ok(STANDARD_NO_PAD.encode(sealed))
}

/// Sends one code, unless it is too old to be of use.
pub fn run(app: App, id: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let payload: Payload = serde_json::from_slice(&payload).map_err(Error::fault)?;
        let (pair, account, what_for) = (payload.pair, payload.account, payload.what_for);
        let found = app.db().read::<_, db::Error>(move |tx| {
            let alive = code::find(tx, pair)?.is_some_and(|kept| kept.is_alive(tx.now()));
            if alive { addressee(tx, what_for, account, pair) } else { Ok(None) }
        });
        match found.await? {
            Some(addressee) => send(&app, id, &payload, &addressee).await,
            None => Ok(()),
        }
    }
    .boxed()
}

async fn send(app: &App, id: Id<Job>, payload: &Payload, to: &Contact) -> Result<(), Error> {
    let channel = if payload.by_mail { Channel::Mail } else { Channel::Sms };
    let mut args = vec![("minutes", Arg::from(code::LIFE.as_mins()))];
    let key = match (&payload.sealed, payload.what_for) {
        (None, For::ContactNew) => "message-contact-taken",
        (None, _) => "message-exists",
        (Some(_), For::ContactOld) => "message-contact-old",
        (Some(_), For::ContactNew) => "message-contact-new",
        (Some(_), For::Registration) => "message-code",
        (Some(_), For::Reset) => "message-reset",
    };
    if let Some(sealed) = &payload.sealed {
        let sealed = STANDARD_NO_PAD.decode(sealed).map_err(Error::fault)?;
        let code = app.vault().secrets().open(SECRET, &payload.pair.to_string(), &sealed).await?;
        args.push(("code", Arg::Text(String::from_utf8_lossy(&code).into_owned())));
    }
    let message = Message { locale: to.locale, key, args };
    let delivery = Delivery::new(KIND, to.subject);
    match channel {
        Channel::Mail => mail::<purpose::Account>(app, id, &delivery, &to.email, &message).await,
        Channel::Sms => sms::<purpose::Account>(app, id, &delivery, &to.phone, &message).await,
    }
}

fn addressee(
    tx: &mut Tx,
    what_for: For,
    account: Id<Account>,
    pair: Id<CodePair>,
) -> Result<Option<Contact>, db::Error> {
    match what_for {
        For::Registration => registration::contact(tx, account),
        For::Reset | For::ContactOld => store::contact(tx, account),
        For::ContactNew => contact::addressee(tx, account, pair),
    }
}
