//! Who may act in a company's name: asked in the unit of each act, after [`Member::still`].

use super::PLACE;
use super::act::Act;
use super::store::{self, Letter, State};
use super::target::Target;
use crate::identity::people::Duty;
use crate::identity::verification;
use crate::web::{Error, Member};
use kit::db::Tx;
use policy::Control;

/// The codes of what [`may`] refuses.
pub const REFUSALS: [&str; 6] =
    ["mandate-missing", "mandate-scope", "mandate-not-yet", "mandate-over", "mandate-revoked", "mandate-person"];

/// Refuses an act in the company's name to who holds no letter for it at this instant, where the company asks for letters.
/// Owners and the verified legal representative need none: the company acts through them.
///
/// # Errors
/// 403 with one of [`REFUSALS`], and the way to the letters.
pub fn may(tx: &mut Tx, member: &Member, act: Act, target: &Target) -> Result<(), Error> {
    let Some(rule) = store::rule(tx, member.company)? else { return Ok(()) };
    if member.duties.has(Duty::Owner) || !policy::holds(Control::LetterInForce) {
        return Ok(());
    }
    if verification::is_representative(tx, member.company, member.account())? {
        return Ok(());
    }
    let now = tx.now();
    let held = store::of_holder(tx, member.company, member.account())?;
    let fits = |one: &&Letter| one.acts.contains(&act) && target.is_covered(one.target.as_ref());
    let fitting: Vec<_> = held.iter().filter(fits).map(|one| one.state(now)).collect();
    let refuse = |code| Err(Error::forbidden(code).leading_to(PLACE));
    if fitting.contains(&State::InForce) {
        let is_verified = !rule.persons || verification::is_bidder(tx, member.company, member.account())?;
        return if is_verified { Ok(()) } else { refuse("mandate-person") };
    }
    refuse(match () {
        () if fitting.contains(&State::Coming) => "mandate-not-yet",
        () if fitting.contains(&State::Revoked) => "mandate-revoked",
        () if !fitting.is_empty() => "mandate-over",
        () if !held.is_empty() => "mandate-scope",
        () => "mandate-missing",
    })
}
