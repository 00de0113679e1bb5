//! Who in a company can give which step.

use super::act::Act;
use super::chain::{Step, is_possible};
use super::rule::{NOTICE, Rules};
use crate::identity::account::{Account, Owner};
use crate::identity::company::Company;
use crate::identity::people::{self, Duties};
use crate::web::Member;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// Somebody who acts for a company now.
pub struct One {
    /// Their account and who they are.
    pub owner: Owner,
    /// What they may do.
    pub duties: Duties,
}

/// All of them. Who is blocked or erased is not among them.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, company: Id<Company>) -> Result<Vec<One>, db::Error> {
    let sql = "SELECT a.id, a.subject, a.duties FROM account a JOIN subject s ON s.id = a.subject \
         WHERE a.company = $1 AND a.ended_at IS NULL AND s.standing = 'active' ORDER BY a.id";
    tx.all(sql, values![company], |row| {
        let owner = (row.next()?, row.next()?);
        Ok(One { owner, duties: Duties::of_codes(&row.next::<String>()?) })
    })
}

/// The same with the duties of whom they stand in for now.
///
/// # Errors
/// [`db::Error`].
pub fn present(tx: &mut Tx, company: Id<Company>) -> Result<Vec<One>, db::Error> {
    let all = people::on_duty(tx, company)?;
    let acting = |account| all.iter().find(|one| one.account == account).map(|one| one.duties);
    let with_theirs = |one: One| One { duties: acting(one.owner.0).unwrap_or(one.duties), ..one };
    Ok(of(tx, company)?.into_iter().map(with_theirs).collect())
}

/// Whether others than who asks can give all these steps, each somebody else. `is_asker`: who counts as one with who asks.
pub fn can_give(crew: &[One], is_asker: impl Fn(Id<Account>) -> bool, act: Act, steps: &[Step]) -> bool {
    let able = |step: &Step| {
        let others = crew.iter().enumerate().filter(|(_, one)| !is_asker(one.owner.0));
        others.filter(|(_, one)| step.is_given_by(one.duties, act)).map(|(at, _)| at).collect()
    };
    is_possible(&steps.iter().map(able).collect::<Vec<_>>())
}

/// Whether anybody can act where these steps are asked for.
pub fn can_act(crew: &[One], act: Act, steps: &[Step]) -> bool {
    let mut askers = crew.iter().filter(|one| one.duties.has(act.duty()));
    steps.is_empty() || askers.any(|one| can_give(crew, |other| other == one.owner.0, act, steps))
}

/// Whether a member could have given this step for a day already, or since the act has been bound: who is let in or given a duty
/// for the purpose gives no approval, since the other owners have not had time to notice. Who stands in for somebody who could have
/// is as settled as they are: what they could do themselves becomes no more by it.
///
/// # Errors
/// [`db::Error`].
pub fn is_settled(tx: &mut Tx, member: &Member, rules: &Rules, act: Act, step: Step) -> Result<bool, db::Error> {
    let now = tx.now();
    let yesterday = now.checked_sub(NOTICE).unwrap_or(now);
    let then = rules.since(act).map_or(yesterday, |since| since.max(yesterday));
    let stood = people::as_of(tx, member.company, then)?;
    let is_behind = |account| account == member.account() || member.stands_in.absent().any(|absent| absent == account);
    Ok(stood.iter().any(|one| is_behind(one.account) && step.is_given_by(Duties::of(&one.duties), act)))
}
