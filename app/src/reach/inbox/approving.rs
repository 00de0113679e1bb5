//! What is told of approvals: to who can decide, to who asked, and of a changed rule to the company's owners.

use super::kind::{self, Kind};
use super::tell::{Telling, tell};
use crate::app::App;
use crate::identity::account::Owner;
use crate::identity::approval::{self, Request};
use crate::identity::company::Company;
use crate::identity::people::{self, Duty};
use kit::db::{self, Tx};
use kit::event::Event;
use kit::id::Id;
use serde::Deserialize;

/// The events that it is told of.
pub const KINDS: &[&str] = &["approval.changed", "approval.ruled"];

/// The body of `approval.changed`.
#[derive(Deserialize)]
struct OfRequest {
    request: Id<Request>,
    act: String,
}

/// Tells of one, in the unit that moves the follower's cursor.
///
/// # Errors
/// [`db::Error`].
pub fn tell_of(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let Some(company) = event.scope.company else { return Ok(()) };
    let (kind, whom) = if event.kind == "approval.ruled" {
        (&kind::APPROVAL_RULED, owners(tx, Id::from_bytes(company))?)
    } else {
        let OfRequest { request, act } = event.read()?;
        concerned(tx, request, &act)?
    };
    let telling = Telling { kind, about: company, event: event.id };
    whom.into_iter().try_for_each(|owner| tell(tx, app, owner, telling))
}

fn concerned(tx: &mut Tx, request: Id<Request>, act: &str) -> Result<(&'static Kind, Vec<Owner>), db::Error> {
    Ok(match act {
        "asked" | "given" => (&kind::APPROVAL_ASKED, approval::deciders(tx, request)?),
        "approved" | "refused" | "void" => {
            (&kind::APPROVAL_DECIDED, approval::asker(tx, request)?.into_iter().collect())
        }
        _ => (&kind::APPROVAL_DECIDED, Vec::new()),
    })
}

fn owners(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Owner>, db::Error> {
    let all = people::of_company(tx, company)?.into_iter().filter(|one| one.duties.has(Duty::Owner));
    Ok(all.map(|one| (one.account, one.subject)).collect())
}
