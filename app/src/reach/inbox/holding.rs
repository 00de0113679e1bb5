//! What is told when somebody who holds a key of an opening to come is with its buyer no more: to those of the buyer's people who can do
//! something about it. How many are left stands on the tender's page.

use super::kind;
use super::tell::{Telling, tell};
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::identity::officer::{self, HolderGone};
use crate::identity::people::{self, Duty};
use crate::sourcing::opening::HolderLeft;
use crate::sourcing::tender::{self, Hands, Tender};
use kit::db::{self, Tx};
use kit::event::{self, Event, Fact};
use kit::id::Id;
use serde::Deserialize;

/// Who answers for the company, and who runs its tenders.
const CONCERNED: [Duty; 3] = [Duty::Owner, Duty::Buyer, Duty::ProjectManager];

/// Somebody's place in a company has changed.
pub const PLACE: &str = "people.changed";

/// The events that it follows.
pub const KINDS: [&str; 3] = [PLACE, HolderGone::KIND, HolderLeft::KIND];

/// The body of the first.
#[derive(Deserialize)]
struct OfPlace {
    account: Id<Account>,
    company: Id<Company>,
    what: String,
}

/// Follows one, in the unit that moves the follower's cursor.
///
/// # Errors
/// [`db::Error`].
pub fn follow(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    match event.kind.as_str() {
        PLACE => {
            let OfPlace { account, company, what } = event.read()?;
            if !["left", "removed"].contains(&what.as_str()) {
                return Ok(());
            }
            let keys = officer::recipients(tx, account)?;
            let own = tender::store::running_of(tx, company)?;
            note(tx, own, |_, _, hands| Ok(hands.holders.iter().any(|holder| keys.contains(holder))))
        }
        HolderGone::KIND => {
            let HolderGone { company } = event.read()?;
            // Their keys went with them: whichever tender of their company's lacks somebody is told of, and of others' each that they were to
            // witness, which is one that has no witness any more.
            let all = tender::store::all_running(tx)?;
            note(tx, all, |tx, tender, hands| {
                let keys = match company == Some(tender.company) {
                    true => hands.holders.clone(),
                    false => hands.witness.iter().cloned().collect(),
                };
                Ok(hands.people(tx, tender.company, &keys)?.len() < keys.len())
            })
        }
        _ => tell_of(tx, app, event),
    }
}

/// Notes for each of these tenders with such hands that it has lost one of them.
fn note(
    tx: &mut Tx,
    tenders: Vec<Tender>,
    lost: impl Fn(&mut Tx, &Tender, &Hands) -> Result<bool, db::Error>,
) -> Result<(), db::Error> {
    for tender in tenders.into_iter().filter(|tender| tender.state.is_to_open()) {
        if let Some(hands) = &tender.hands
            && lost(tx, &tender, hands)?
        {
            event::record(tx, tender.scope(), &HolderLeft { tender: tender.id })?;
        }
    }
    Ok(())
}

fn tell_of(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let HolderLeft { tender } = event.read()?;
    let Some(company) = tender::store::buyer(tx, tender)? else { return Ok(()) };
    let telling = Telling { kind: &kind::HOLDER_LEFT, about: *tender.as_bytes(), event: event.id };
    for one in people::of_company(tx, company)?.iter().filter(|one| one.duties.has_any(&CONCERNED)) {
        tell(tx, app, (one.account, one.subject), telling)?;
    }
    Ok(())
}
