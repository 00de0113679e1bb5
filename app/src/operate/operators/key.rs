//! The key of an invitation's link.

use super::store::Invitation;
use crate::app::App;
use crate::web::link;
use kit::id::Id;

/// What it is made for.
const LINK: &str = "operator/invitation";

/// As it stands in the link.
pub fn text(app: &App, id: Id<Invitation>) -> String {
    link::text(app, LINK, id)
}

/// The invitation that a link names; `None` for one that is none of ours.
pub fn read(app: &App, given: &str) -> Option<Id<Invitation>> {
    link::read(app, LINK, given)
}
