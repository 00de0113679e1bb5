//! Mails that another room writes to a person under a purpose of its own: it brings the proof of its right and the
//! words, this room finds the address. What business cannot do without goes by [`super::letter`].

use super::{Account, store};
use crate::app::App;
use crate::web::{Error, Locale};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::Job;
use kit::mail::Mail;
use policy::{Permits, Purpose, field, recipient};
use vault::{Email, Grant, Proof, Sealed, Subject};

/// Somebody who may be written to; the address is shut.
pub struct Addressee {
    /// Who.
    pub subject: Id<Subject>,
    /// In which language.
    pub locale: Locale,
    email: Sealed<Email>,
}

/// A mail without its address.
pub struct Written {
    /// One line.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: String,
    /// Where one POST ends such mails (RFC 8058).
    pub one_click: String,
}

/// The person behind an account, if it is still there.
///
/// # Errors
/// [`db::Error`].
pub fn addressee(tx: &mut Tx, account: Id<Account>) -> Result<Option<Addressee>, db::Error> {
    let contact = store::contact(tx, account)?;
    Ok(contact.map(|contact| Addressee { subject: contact.subject, locale: contact.locale, email: contact.email }))
}

/// Opens the address for `P`, on record, and sends. The mail has the job's id: sent again it is the same mail. Answers
/// whether it went out; not when the vault refuses, which is a person's right and no failure.
///
/// # Errors
/// 503 when the opening cannot be recorded, 500 when the mail is not taken.
pub async fn send<P>(
    app: &App,
    job: Id<Job>,
    proof: &impl Proof<Recipient = recipient::Delivery>,
    to: &Addressee,
    written: Written,
) -> Result<bool, Error>
where
    P: Purpose + Permits<field::Email, recipient::Delivery>,
{
    let grant = Grant::<P, _>::new(proof, job.cast());
    let address = match app.vault().open(&grant, &to.email).await {
        Ok(address) => address,
        Err(vault::Error::Refused(_)) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let mail = Mail {
        id: job.cast(),
        at: app.clock().now(),
        to: address.expose().to_owned(),
        subject: written.subject,
        text: written.text,
        html: Some(written.html),
        one_click: Some(written.one_click),
    };
    app.mailer().send(&mail).await.map_err(Error::fault)?;
    Ok(true)
}
