//! What is told of an opening that takes many hands: to the holders whose share is needed, and to the buyer when it is long in
//! coming. All of it after the hour, and nothing of the bids.

use super::kind;
use super::tell::{Telling, tell};
use crate::app::App;
use crate::identity::people::{self, Duty};
use crate::sourcing::opening::{StillWaiting, shares};
use crate::sourcing::tender::{self, Tender};
use kit::db::{self, Tx};
use kit::event::{Event, Fact};
use kit::id::Id;
use serde::Deserialize;

/// The body of either.
#[derive(Deserialize)]
struct OfTender {
    tender: Id<Tender>,
}

/// Tells of one, in the unit that moves the follower's cursor.
///
/// # Errors
/// [`db::Error`].
pub fn tell_of(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let OfTender { tender: id } = event.read()?;
    let Some((company, hands)) = tender::hands::waiting(tx, id)? else { return Ok(()) };
    let about = *id.as_bytes();
    let answers = shares::answers(tx, id)?;
    let is_missing = |holder: &&String| answers.iter().all(|answer| answer.recipient != **holder);
    let missing: Vec<_> = hands.holders.iter().filter(is_missing).cloned().collect();
    for holder in hands.people(tx, company, &missing)? {
        tell(tx, app, holder, Telling { kind: &kind::SHARE_NEEDED, about, event: event.id })?;
    }
    if event.kind == StillWaiting::KIND {
        for one in people::of_company(tx, company)?.into_iter().filter(|one| one.duties.has(Duty::Buyer)) {
            let telling = Telling { kind: &kind::OPENING_WAITING, about, event: event.id };
            tell(tx, app, (one.account, one.subject), telling)?;
        }
    }
    Ok(())
}
