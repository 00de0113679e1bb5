//! What witnesses have to do, on their desks: to answer before the tender is published, and to be there at its hour. That their share is
//! asked for is told by the room of the opening.

use super::store::witnessed_by;
use super::tender::{State, Tender};
use super::witness::{self, Standing};
use crate::identity::officer;
use crate::web::{Actor, Task};
use kit::db::{self, Tx};

/// What waits for a person whom buyers have asked.
pub(super) fn waiting(tx: &mut Tx, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(person) = actor.person() else { return Ok(Vec::new()) };
    let mut tasks = Vec::new();
    for recipient in officer::recipients(tx, person.account())? {
        for tender in witnessed_by(tx, &recipient)? {
            tasks.extend(task(tx, &tender, &recipient)?);
        }
    }
    Ok(tasks)
}

fn task(tx: &mut Tx, tender: &Tender, recipient: &str) -> Result<Option<Task>, db::Error> {
    let standing = witness::find(tx, tender.id)?.map(|witness| witness.standing);
    let is_holder = tender.hands.as_ref().is_some_and(|hands| hands.witness.as_deref() == Some(recipient));
    let (what, act, due, glyph) = match (tender.state, standing) {
        // An asking that could not be accepted any more, since the key has ended or its holder is of the buyer's now, waits for nobody.
        (State::Draft, Some(Standing::Asked)) if witness::unfit(tx, tender, recipient)?.is_none() => {
            ("witness-waiting-answer", "witness-waiting-answer-act", None, "warn")
        }
        (State::Published, Some(Standing::Accepted)) if is_holder => {
            ("witness-waiting-hour", "witness-waiting-hour-act", Some(tender.deadline), "hourglass")
        }
        _ => return Ok(None),
    };
    let args = vec![("title", tender.title.clone().into())];
    Ok(Some(Task { what, args, path: format!("/me/witnessing/{}", tender.id), due, glyph, act }))
}
