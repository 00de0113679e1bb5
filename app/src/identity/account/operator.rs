//! Accounts of the operator: made on the command line, by whoever runs the program.

use super::password::Password;
use super::store::{Indexes, Registered, own};
use super::{Account, EMAIL, PHONE};
use crate::app::App;
use crate::trust::policy::{Agreement, Channel};
use crate::web::{Error, Locale};
use kit::event;
use kit::id::Id;
use kit::values;
use vault::{Email, Malformed, Phone};

/// Why an operator's account was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotCreated {
    /// No phone, or no e-mail.
    #[error("{0}")]
    Malformed(#[from] Malformed),
    /// The password is too short, too long, too easy to guess, or known from breaches.
    #[error("the password is refused: ten or more characters, not easy to guess, not known from breaches")]
    Password,
    /// There is one.
    #[error("phone or e-mail has an account already; nothing was changed")]
    Taken,
    /// The stores.
    #[error("{0}")]
    Failed(#[from] Error),
}

impl From<vault::Error> for NotCreated {
    fn from(error: vault::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Makes an account of the operator. Who runs the command answers for the person's agreement to the policy, which is
/// recorded with the channel `command-line`.
///
/// # Errors
/// [`NotCreated`]; nothing was written then.
pub async fn create_operator(app: &App, phone: &str, email: &str, password: &str) -> Result<Id<Account>, NotCreated> {
    let (phone, email): (Phone, Email) = (phone.parse()?, email.parse()?);
    let password = Password::choose(password.to_owned(), &[phone.expose(), email.expose()]);
    let password = password.map_err(|_| NotCreated::Password)?.hash(app).await?;
    let (id, subject) = (app.random().id(), app.vault().new_subject());
    let indexes = Indexes { phone: app.accounts().phones.of(&phone), email: app.accounts().emails.of(&email) };
    let phone = app.vault().seal(PHONE, subject, id, &phone).await?;
    let email = app.vault().seal(EMAIL, subject, id, &email).await?;
    let agreement = Agreement::now(app, Locale::Zh, Channel::CommandLine).await?;
    let unit = move |tx: &mut kit::db::Tx| {
        vault::enrol(tx, subject)?;
        let now = tx.now();
        let made = tx.execute(
            "INSERT INTO account (id, subject, operator, phone, phone_index, email, email_index, password, locale, \
             created_at, version) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, 1) ON CONFLICT DO NOTHING",
            values![
                id,
                subject,
                phone.bytes(),
                &indexes.phone,
                email.bytes(),
                &indexes.email,
                &password,
                Locale::Zh.tag(),
                now
            ],
        )?;
        if made == 0 {
            return Err(Error::conflict("account-exists"));
        }
        event::record(tx, own(subject), &Registered { account: id, company: None })?;
        agreement.record(tx, id, subject, now)
    };
    match app.db().write::<_, Error>(unit).await {
        Ok(()) => Ok(id),
        Err(error) if error.code == "account-exists" => Err(NotCreated::Taken),
        Err(error) => Err(error.into()),
    }
}
