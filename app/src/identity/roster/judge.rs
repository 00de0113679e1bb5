//! What becomes of a row, by what is true of the company's people at this instant. The preview and the job ask the same rule.

use crate::identity::account::Account;
use crate::identity::people::{Duties, Duty, Picture};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// What is to be done for a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "plan")]
#[schemars(rename = "RosterVerdict")]
pub enum Verdict {
    /// They are invited.
    Invite,
    /// They are a colleague, and get these duties instead of others.
    Change {
        /// Who.
        #[serde(skip)]
        account: Id<Account>,
        /// What they have now.
        from: Duties,
    },
    /// They are a colleague with exactly these duties, or were offered exactly these.
    Same,
    /// It cannot be done.
    Refuse {
        /// Why: a code.
        why: &'static str,
    },
}

/// Judges a row: whose e-mail it has, the duties, and who asks.
pub fn judge(picture: &Picture, by: Id<Account>, index: &[u8], duties: Duties) -> Verdict {
    let refuse = |why| Verdict::Refuse { why };
    if let Some((account, from)) = picture.colleague(index) {
        return match from {
            from if from == duties => Verdict::Same,
            _ if account == by => refuse("oneself"),
            // Nobody is made to answer for a company: they are asked, and accept.
            from if duties.has(Duty::Owner) && !from.has(Duty::Owner) => refuse("owner-is-offered"),
            from if from.has(Duty::Owner) && !duties.has(Duty::Owner) && picture.is_last_owner(account) => {
                refuse("last-owner")
            }
            from => Verdict::Change { account, from },
        };
    }
    match picture.invited(index) {
        Some(offered) if offered == duties => Verdict::Same,
        Some(_) => refuse("invited-otherwise"),
        None if !picture.has_room() => refuse("too-many-people"),
        None => Verdict::Invite,
    }
}

/// What is there once a verdict is carried out.
pub fn follow(picture: &mut Picture, index: &[u8], duties: Duties, verdict: Verdict) {
    match verdict {
        Verdict::Invite => picture.invite(index, duties),
        Verdict::Change { .. } => picture.assign(index, duties),
        Verdict::Same | Verdict::Refuse { .. } => {}
    }
}
