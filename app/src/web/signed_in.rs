//! Who a request's cookies say is there, and what waits for them in the frame of a page.

use super::actor::{Actor, Person};
use super::error::Error;
use super::room::Badge;
use super::session::{self, Token};
use super::visit;
use crate::app::App;
use kit::db::{self, Tx};

/// Who is signed in by the first of these cookies, and what waits for them where a page is wanted; if nobody is, whose visit
/// is open by the second.
pub(super) async fn signed_in(
    app: &App,
    (token, visit): (Option<&Token>, Option<&Token>),
    wants_page: bool,
) -> Result<(Actor, Vec<(Badge, i64)>), Error> {
    let versions = app.policies().versions();
    if let Some(token) = token.cloned() {
        let program = app.clone();
        let read = move |tx: &mut Tx| {
            let actor = session::actor(tx, &token, versions)?;
            let person = actor.person().filter(|_| wants_page);
            let badges = match person {
                Some(person) => badges(tx, &program, person)?,
                None => Vec::new(),
            };
            Ok::<_, Error>((actor, badges))
        };
        let (actor, badges) = app.db().read(read).await?;
        if !matches!(actor, Actor::Visitor) {
            return Ok((actor, badges));
        }
    }
    let Some(token) = visit.cloned() else { return Ok((Actor::Visitor, Vec::new())) };
    let guest = app.db().read::<_, Error>(move |tx| Ok(visit::guest(tx, &token, versions)?)).await?;
    Ok((guest.map_or(Actor::Visitor, Actor::Guest), Vec::new()))
}

fn badges(tx: &mut Tx, app: &App, person: &Person) -> Result<Vec<(Badge, i64)>, db::Error> {
    let rooms = app.rooms().iter().filter_map(|room| room.badge);
    rooms.map(|badge| Ok((badge, (badge.count)(tx, app, person)?))).collect()
}
