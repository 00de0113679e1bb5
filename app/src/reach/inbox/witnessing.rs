//! What is told of witnesses of openings: that they are asked, and that they have answered.

use super::kind;
use super::tell::{Telling, tell};
use crate::app::App;
use crate::identity::people::{self, Duty};
use crate::sourcing::tender;
use crate::sourcing::tender::witness::{self, Answered, Asked};
use kit::db::{self, Tx};
use kit::event::{Event, Fact};

/// The events that it follows.
pub const KINDS: [&str; 2] = [Asked::KIND, Answered::KIND];

/// Tells of one, in the unit that moves the follower's cursor: who is asked, or those who prepare the tender.
///
/// # Errors
/// [`db::Error`].
pub fn tell_of(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    if event.kind == Asked::KIND {
        let Asked { tender } = event.read()?;
        let telling = Telling { kind: &kind::WITNESS_ASKED, about: *tender.as_bytes(), event: event.id };
        return witness::whom(tx, tender)?.map_or(Ok(()), |whom| tell(tx, app, whom, telling));
    }
    let Answered { tender, .. } = event.read()?;
    let Some(company) = tender::store::buyer(tx, tender)? else { return Ok(()) };
    let telling = Telling { kind: &kind::WITNESS_ANSWERED, about: *tender.as_bytes(), event: event.id };
    let prepares = |one: &&people::Colleague| one.duties.has_any(&Duty::PREPARING);
    for one in people::of_company(tx, company)?.iter().filter(prepares) {
        tell(tx, app, (one.account, one.subject), telling)?;
    }
    Ok(())
}
