//! Companies on the desk: a member's company that cannot act yet; for the operator, those that wait.

use super::store::{self, Facts};
use super::{State, part};
use crate::app::App;
use crate::web::{Actor, Item, OperatorDuty, Queue, Reviewer, Shelf, Sign, Task};
use kit::db::{self, Tx};

pub(super) fn waiting(tx: &mut Tx, app: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let task = |what, n: i64, path: &str, glyph, act| {
        vec![Task { what, args: vec![("n", n.into())], path: path.to_owned(), due: None, glyph, act }]
    };
    Ok(match actor {
        Actor::Visitor | Actor::Guest(_) | Actor::Person(_) => Vec::new(),
        Actor::Member(member) => match member.state {
            State::Approved => match part::soon(tx, member, app.zone())? {
                0 => Vec::new(),
                count => task(
                    "company-waiting-document",
                    i64::try_from(count).unwrap_or(i64::MAX),
                    "/company/permits",
                    "hourglass",
                    "company-waiting-document-act",
                ),
            },
            State::Pending => {
                task("company-waiting-pending", 1, "/company", "hourglass", "company-waiting-pending-act")
            }
            State::Refused => task("company-waiting-refused", 1, "/company", "warn", "company-waiting-refused-act"),
        },
        Actor::Operator(operator) if !operator.duties.has(OperatorDuty::Reviewer) => Vec::new(),
        Actor::Operator(operator) => match store::pending(tx, operator)? {
            0 => Vec::new(),
            count => task("company-waiting-queue", count, "/operator/companies", "warn", "company-waiting-queue-act"),
        },
    })
}

pub(super) fn shelves(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Shelf>, db::Error> {
    let Some(operator) = Reviewer::of(actor) else { return Ok(Vec::new()) };
    let waiting = store::list(tx, &operator, State::Pending, (i64::MIN, [0; 16]))?;
    let items = waiting.into_iter().take(6).map(item).collect();
    let (heading, none) = ("companies-waiting", "companies-none-waiting");
    Ok(vec![Shelf { heading, all: "/operator/companies", start: None, none, items }])
}

fn item(company: Facts) -> Item {
    let (kind, glyph) = company.state.sign();
    Item {
        path: format!("/operator/companies/{}", company.id),
        title: company.name,
        about: vec![company.credit_code],
        sign: Sign { kind, glyph, word: company.state.word().to_owned() },
        next: None,
        then: "company-next-decision",
    }
}

/// How the queue stands.
///
/// # Errors
/// [`db::Error`].
pub fn queue(tx: &mut Tx) -> Result<Queue, db::Error> {
    let sql = "SELECT count(*), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(MIN(created_at) AS BIGINT), CAST(NULL AS BIGINT) FROM company \
         WHERE state = 'pending' AND closed_at IS NULL";
    tx.one(sql, &[], |row| Queue::read(row, ("companies", "/operator/companies", OperatorDuty::Reviewer)))
}
