//! What is told of substitutions: to the colleague who is asked, to who is away, and that one was accepted to the owners, too.

use super::kind;
use super::tell::{Telling, tell};
use crate::app::App;
use crate::identity::account::{self, Account};
use crate::identity::people::{self, Duty};
use kit::db::{self, Tx};
use kit::event::Event;
use kit::id::Id;
use serde::Deserialize;

/// The event that it is told of.
pub const KIND: &str = "people.substitution";

/// Its body.
#[derive(Deserialize)]
struct OfSubstitution {
    absent: Id<Account>,
    substitute: Id<Account>,
    act: String,
    by: Option<Id<Account>>,
}

/// Tells of one, in the unit that moves the follower's cursor. Whose act it was knows it.
///
/// # Errors
/// [`db::Error`].
pub fn tell_of(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let OfSubstitution { absent, substitute, act, by } = event.read()?;
    let Some(company) = event.scope.company else { return Ok(()) };
    let (kind, mut whom) = match act.as_str() {
        "asked" => (&kind::SUBSTITUTION_ASKED, vec![substitute]),
        "accepted" => (&kind::SUBSTITUTION_ACCEPTED, vec![absent]),
        "declined" => (&kind::SUBSTITUTION_DECLINED, vec![absent]),
        _ => (&kind::SUBSTITUTION_ENDED, vec![absent, substitute]),
    };
    if act == "accepted" {
        let all = people::of_company(tx, Id::from_bytes(company))?.into_iter();
        let owners = all.filter(|one| one.duties.has(Duty::Owner)).map(|one| one.account);
        whom.extend(owners.filter(|owner| *owner != absent));
    }
    for account in whom.into_iter().filter(|account| Some(*account) != by) {
        // Who has gone is told of that, and not of what follows from it.
        let is_there = people::standing(tx, account)?.is_some_and(|(acts_for, _)| acts_for == Id::from_bytes(company));
        if let Some(subject) = account::alive(tx, account)?.filter(|_| is_there) {
            tell(tx, app, (account, subject), Telling { kind, about: company, event: event.id })?;
        }
    }
    Ok(())
}
