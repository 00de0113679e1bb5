//! Carrying a case out: the right to open comes from an approved case and from nothing else, for its person and its
//! fields; the vault compares the case once more in the transaction that records the opening.

use super::case::Case;
use super::page::Opened;
use crate::app::App;
use crate::identity::account::Contact;
use crate::web::{Error, Operator};
use policy::{purpose, recipient};
use vault::{Grant, Id, Opener, Proof, RequestId, Subject};

/// An operator who carries out an approved case. Only [`Carrying::of`] makes one.
struct Carrying {
    case: Id<vault::Case>,
    subject: Id<Subject>,
    operator: Id<Subject>,
}

impl Carrying {
    fn of(case: &Case, operator: &Operator) -> Option<Self> {
        case.approved_at?;
        Some(Self { case: case.id, subject: case.subject, operator: operator.subject() })
    }
}

impl Proof for Carrying {
    type Recipient = recipient::Authority;

    fn opener(&self) -> Opener {
        Opener::person(self.operator, "exception")
    }

    fn scope(&self) -> vault::Scope {
        vault::Scope::Only(self.subject)
    }

    fn case(&self) -> Option<Id<vault::Case>> {
        Some(self.case)
    }
}

/// Opens the fields that the case names, with one record.
///
/// # Errors
/// 409 `exception-waits` before it is approved; `exception-over` when it does not hold any more, or its person is blocked or
/// erased: that attempt is on record.
pub async fn open(
    app: &App,
    operator: &Operator,
    request: RequestId,
    (case, contact): (Case, Contact),
) -> Result<Opened, Error> {
    let carrying = Carrying::of(&case, operator).ok_or_else(|| Error::conflict("exception-waits"))?;
    let grant = Grant::<purpose::Exception, _>::new(&carrying, request);
    let named = |field: &str| case.fields.iter().any(|one| one == field);
    let vault = app.vault();
    let opened = match (named("phone"), named("email")) {
        (true, true) => {
            let both = vault.open_both(&grant, &contact.phone, &contact.email).await;
            both.map(|(phone, email)| (Some(phone), Some(email)))
        }
        (true, false) => vault.open(&grant, &contact.phone).await.map(|phone| (Some(phone), None)),
        (false, _) => vault.open(&grant, &contact.email).await.map(|email| (None, Some(email))),
    };
    match opened {
        Ok((phone, email)) => {
            Ok(Opened { phone: phone.map(|phone| phone.disclose()), email: email.map(|email| email.disclose()), case })
        }
        Err(vault::Error::Refused(_)) => Err(Error::conflict("exception-over")),
        Err(error) => Err(error.into()),
    }
}
