//! What is told when a document of a company's library comes to its end: to those who put it into bids.

use super::kind;
use super::tell::{Telling, tell};
use crate::app::App;
use crate::identity::library::Changed;
use crate::identity::people::{self, Duty};
use kit::db::{self, Tx};
use kit::event::{Event, Fact};
use kit::id::Id;

/// The event that it follows.
pub const KIND: &str = Changed::KIND;

/// Tells of one, in the unit that moves the follower's cursor. What somebody has done by hand is told nobody.
///
/// # Errors
/// [`db::Error`].
pub fn tell_of(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let kind = match event.read::<Changed>()?.act.as_str() {
        "ends-soon" => &kind::LIBRARY_ENDS_SOON,
        "ended" => &kind::LIBRARY_ENDED,
        _ => return Ok(()),
    };
    let Some(company) = event.scope.company else { return Ok(()) };
    let telling = Telling { kind, about: company, event: event.id };
    for one in people::of_company(tx, Id::from_bytes(company))?.iter().filter(|one| one.duties.has(Duty::Bidder)) {
        tell(tx, app, (one.account, one.subject), telling)?;
    }
    Ok(())
}
