//! What of it waits: for who acts on a case, a step that was refused, or a case that is complete and not handed in; for the
//! operator, cases that wait for a reviewer.

use super::case::{State, StepState};
use super::kind::Kind;
use super::record::Record;
use crate::app::App;
use crate::web::{Actor, OperatorDuty, Queue, Task};
use kit::db::{self, Tx};
use kit::values;

pub fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let task = |what, n: i64, path: String, glyph, act| Task {
        what,
        args: vec![("n", n.into())],
        path,
        due: None,
        glyph,
        act,
    };
    Ok(match actor {
        Actor::Visitor | Actor::Guest(_) | Actor::Person(_) => Vec::new(),
        Actor::Member(member) => {
            let mut tasks = Vec::new();
            for kind in Kind::ALL.into_iter().filter(|kind| kind.admits(member).is_ok()) {
                let Some(record) = Record::of_member(tx, member, kind)? else { continue };
                let path = format!("/company/verification/{}", kind.code());
                let refused = record.case.steps.values().filter(|state| **state == StepState::Refused).count();
                let (act, n) = ("verification-waiting-act", i64::try_from(refused).unwrap_or(i64::MAX));
                if record.may_recheck(tx.now()) {
                    tasks.push(task(
                        "verification-waiting-recheck",
                        1,
                        path,
                        "clock",
                        "verification-waiting-recheck-act",
                    ));
                } else if record.case.state == State::Returned && refused > 0 {
                    tasks.push(task("verification-waiting-returned", n, path, "warn", act));
                } else if record.case.is_open() && record.case.next_step().is_none() {
                    tasks.push(task("verification-waiting-complete", 1, path, "upload", act));
                }
            }
            tasks
        }
        Actor::Operator(operator) if !operator.duties.has(OperatorDuty::Reviewer) => Vec::new(),
        Actor::Operator(_) => {
            let sql = "SELECT count(*) FROM verification_case v JOIN company c ON c.id = v.company \
                 WHERE v.state = $1 AND c.closed_at IS NULL";
            let drawn = i64::try_from(super::sample::list(tx)?.len()).unwrap_or(i64::MAX);
            let place = "/desk/verification-samples".to_owned();
            let act = "verification-waiting-queue-act";
            let sampled = (drawn > 0).then(|| task("verification-waiting-samples", drawn, place, "eye", act));
            let path = "/desk/verifications".to_owned();
            match tx.one(sql, values![State::HandedIn.code()], |row| row.next())? {
                0 => Vec::new(),
                n => vec![task("verification-waiting-queue", n, path, "warn", "verification-waiting-queue-act")],
            }
            .into_iter()
            .chain(sampled)
            .collect()
        }
    })
}

/// How the queue stands.
///
/// # Errors
/// [`db::Error`].
pub fn queue(tx: &mut Tx) -> Result<Queue, db::Error> {
    let now = tx.now();
    let sql = "SELECT count(*), CAST(SUM(CASE WHEN v.claimed_until > $1 THEN 1 ELSE 0 END) AS BIGINT), CAST(NULL AS BIGINT), \
         CAST(MIN(v.handed_in_at) AS BIGINT), CAST(NULL AS BIGINT) FROM verification_case v JOIN company c ON c.id = v.company \
         WHERE v.state = 'handed-in' AND c.closed_at IS NULL";
    tx.one(sql, values![now], |row| Queue::read(row, ("verifications", "/desk/verifications", OperatorDuty::Reviewer)))
}
