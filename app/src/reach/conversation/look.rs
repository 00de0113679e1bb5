//! What the other side has shared, shown: the record first, then the values, and nothing that was taken back meanwhile.

use super::sharing::{self, Kept};
use super::shown::Card;
use super::thread::Side;
use crate::app::App;
use crate::identity::company::Company;
use crate::web::{Correspondent, Error};
use kit::db;
use kit::id::Id;
use policy::{purpose, recipient};
use vault::{Grant, Opener, Proof, Request, Scope, Subject};

/// A member of the other company of a thread in which something is shared. The rows were read for it: which persons is decided row
/// by row.
pub struct Counterpart {
    subject: Id<Subject>,
    company: Id<Company>,
}

impl Counterpart {
    /// Who looks.
    pub fn of(member: &Correspondent) -> Self {
        Self { subject: member.subject(), company: member.company }
    }
}

impl Proof for Counterpart {
    type Recipient = recipient::Counterpart;

    fn opener(&self) -> Opener {
        Opener::person(self.subject, "counterpart").of_company(self.company)
    }

    fn scope(&self) -> Scope {
        Scope::Any
    }
}

/// Opens what persons have shared, one record a person, then looks once more: what was taken back between the reading and the
/// opening is not shown.
///
/// # Errors
/// 503 when an opening cannot be recorded.
pub async fn people(
    app: &App,
    request: Id<Request>,
    proof: &Counterpart,
    side: &Side,
    shared: Vec<Kept>,
) -> Result<Vec<Card>, Error> {
    let grant = Grant::<purpose::ContactSharing, _>::new(proof, request);
    let mut opened = Vec::new();
    for one in shared {
        let names: Vec<_> = one.name.clone().into_iter().collect();
        let phones: Vec<_> = one.phone.clone().into_iter().collect();
        let emails: Vec<_> = one.email.clone().into_iter().collect();
        match app.vault().open_together(&grant, ((&names[..], &phones[..]), &emails[..])).await {
            Ok(((names, phones), emails)) => opened.push((one.id, Card::new(&one, names, phones, emails))),
            // One person who has just been erased, or has not accepted the policy that permits it, hides no other.
            Err(vault::Error::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let side = side.clone();
    let now = app.db().read::<_, db::Error>(move |tx| sharing::visible(tx, &side)).await?;
    Ok(opened.into_iter().filter(|(id, _)| now.iter().any(|one| one.id == *id)).map(|(_, card)| card).collect())
}
