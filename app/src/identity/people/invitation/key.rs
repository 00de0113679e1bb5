//! The key of an invitation's link.

use super::Invitation;
use crate::app::App;
use crate::web::link;
use kit::id::Id;

/// What it is made for.
const LINK: &str = "invitation/link";

/// The invitation that it belongs to, if it is one of ours.
pub fn read(app: &App, given: &str) -> Option<Id<Invitation>> {
    link::read(app, LINK, given)
}

/// The path of an invitation's page.
pub fn path(app: &App, id: Id<Invitation>) -> String {
    format!("/invitations/{}", link::text(app, LINK, id))
}
