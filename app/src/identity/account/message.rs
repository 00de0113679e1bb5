//! Messages to a person: composed in their language, sent by a job that opens the address.

use crate::app::App;
use crate::web::text::{Arg, Words};
use crate::web::{Error, Locale};
use kit::id::Id;
use kit::job::Job;
use kit::mail::{Mail, ShortMessage};
use policy::{Permits, Purpose, field, recipient};
use vault::{Email, Grant, Opener, Phone, Proof, Scope, Sealed, Subject};

/// The right of a job to have a message brought to one person.
pub struct Delivery {
    subject: Id<Subject>,
    job: &'static str,
}

impl Delivery {
    /// For a job of this kind, to this person.
    pub fn new(job: &'static str, subject: Id<Subject>) -> Self {
        Self { subject, job }
    }
}

impl Proof for Delivery {
    type Recipient = recipient::Delivery;

    fn opener(&self) -> Opener {
        Opener::program(self.job)
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.subject)
    }
}

/// What a message says: the key of its text, and of `<key>-subject` for its subject.
pub struct Message<'a> {
    /// In whose language.
    pub locale: Locale,
    /// The key.
    pub key: &'a str,
    /// What the text says beside.
    pub args: Vec<(&'a str, Arg)>,
}

impl Message<'_> {
    fn words(&self, app: &App) -> Words {
        Words::new(app.catalogue(), self.locale)
    }
}

/// Mails; a repeated job sends the same mail.
///
/// # Errors
/// Of the vault, which may refuse; 500 where the mail is not taken.
pub async fn mail<P>(
    app: &App,
    job: Id<Job>,
    delivery: &Delivery,
    to: &Sealed<Email>,
    message: &Message<'_>,
) -> Result<(), Error>
where
    P: Purpose + Permits<field::Email, recipient::Delivery>,
{
    let grant = Grant::<P, _>::new(delivery, job.cast());
    let to = app.vault().open(&grant, to).await?;
    let words = message.words(app);
    let mail = Mail {
        id: job.cast(),
        at: app.clock().now(),
        to: to.expose().to_owned(),
        subject: words.text(&format!("{}-subject", message.key), &message.args),
        text: words.text(message.key, &message.args),
        html: None,
        one_click: None,
    };
    app.mailer().send(&mail).await.map_err(Error::fault)
}

/// Sends a short message; a repeated job sends the same one.
///
/// # Errors
/// As [`mail`].
pub async fn sms<P>(
    app: &App,
    job: Id<Job>,
    delivery: &Delivery,
    to: &Sealed<Phone>,
    message: &Message<'_>,
) -> Result<(), Error>
where
    P: Purpose + Permits<field::Phone, recipient::Delivery>,
{
    let grant = Grant::<P, _>::new(delivery, job.cast());
    let to = app.vault().open(&grant, to).await?;
    let text = message.words(app).text(message.key, &message.args);
    let message = ShortMessage { id: job.cast(), at: app.clock().now(), to: to.expose().to_owned(), text };
    app.sms().send(&message).await.map_err(Error::fault)
}
