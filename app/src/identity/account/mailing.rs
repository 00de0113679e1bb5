//! Mails that another room writes to a person under a purpose of its own: it brings the proof of its right and the
//! words, this room finds the address. What business cannot do without goes by [`super::letter`].

use super::{Account, store};
use crate::app::App;
use crate::web::{Error, Locale};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::Job;
use kit::mail::{self, Mail, ShortMessage};
use policy::{Permits, Purpose, field, recipient};
use vault::{Email, Grant, Phone, Proof, Sealed, Subject};

/// Somebody who may be written to; the address is shut.
pub struct Addressee {
    /// Who.
    pub subject: Id<Subject>,
    /// In which language.
    pub locale: Locale,
    email: Sealed<Email>,
    phone: Sealed<Phone>,
}

/// A mail without its address.
pub struct Written {
    /// The same for each attempt to send it.
    pub id: Id<Mail>,
    /// One line.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: Option<String>,
    /// Where one POST ends such mails (RFC 8058).
    pub one_click: Option<String>,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The server has taken it.
    Taken,
    /// The vault did not open the address, which is a person's right and no failure.
    Shut,
    /// The server says that there is no such address.
    Refused,
}

/// SMTP codes by which a server says that the address is at fault, and not the mail or the sender (RFC 5321, 4.2.3).
const NO_SUCH_ADDRESS: [u16; 3] = [550, 551, 553];

/// The person behind an account, if it is still there.
///
/// # Errors
/// [`db::Error`].
pub fn addressee(tx: &mut Tx, account: Id<Account>) -> Result<Option<Addressee>, db::Error> {
    let contact = store::contact(tx, account)?;
    let addressee = |contact: store::Contact| Addressee {
        subject: contact.subject,
        locale: contact.locale,
        email: contact.email,
        phone: contact.phone,
    };
    Ok(contact.map(addressee))
}

/// Opens the address for `P`, on record, and sends.
///
/// # Errors
/// 503 when the opening cannot be recorded, 500 when the mail is not taken now.
pub async fn send<P>(
    app: &App,
    job: Id<Job>,
    proof: &impl Proof<Recipient = recipient::Delivery>,
    to: &Addressee,
    written: Written,
) -> Result<Sent, Error>
where
    P: Purpose + Permits<field::Email, recipient::Delivery>,
{
    let grant = Grant::<P, _>::new(proof, job.cast());
    let address = match app.vault().open(&grant, &to.email).await {
        Ok(address) => address,
        Err(vault::Error::Refused(_)) => return Ok(Sent::Shut),
        Err(error) => return Err(error.into()),
    };
    let mail = Mail {
        id: written.id,
        at: app.clock().now(),
        to: address.expose().to_owned(),
        subject: written.subject,
        text: written.text,
        html: written.html,
        one_click: written.one_click,
    };
    match app.mailer().send(&mail).await {
        Ok(()) => Ok(Sent::Taken),
        Err(mail::Error::Recipient) => Ok(Sent::Refused),
        Err(mail::Error::Refused(code)) if NO_SUCH_ADDRESS.contains(&code) => Ok(Sent::Refused),
        Err(error) => Err(Error::fault(error)),
    }
}

/// The same by a short message to the phone: its id, and its text.
///
/// # Errors
/// 503 when the opening cannot be recorded, 500 when the message is not taken now.
pub async fn send_short<P>(
    app: &App,
    job: Id<Job>,
    proof: &impl Proof<Recipient = recipient::Delivery>,
    to: &Addressee,
    (id, text): (Id<ShortMessage>, String),
) -> Result<Sent, Error>
where
    P: Purpose + Permits<field::Phone, recipient::Delivery>,
{
    let grant = Grant::<P, _>::new(proof, job.cast());
    let number = match app.vault().open(&grant, &to.phone).await {
        Ok(number) => number,
        Err(vault::Error::Refused(_)) => return Ok(Sent::Shut),
        Err(error) => return Err(error.into()),
    };
    let message = ShortMessage { id, at: app.clock().now(), to: number.expose().to_owned(), text };
    match app.sms().send(&message).await {
        Ok(()) => Ok(Sent::Taken),
        Err(mail::Error::Recipient) => Ok(Sent::Refused),
        Err(error) => Err(Error::fault(error)),
    }
}
