//! Who may write to whom, and when.
//!
//! A tender that runs is asked about in public: all who may bid learn the same (实施条例 art. 21), nobody learns who means to
//! bid (招标投标法 art. 22), and before the award its buyer does not negotiate with a bidder (art. 43). So a request about a
//! tender is refused until it is over, and from the opening to the award a buyer and who has bid write nothing to each other,
//! but about a tender that is over: what was awarded before is carried out meanwhile.
//! Before the opening the program must not know who has bid, so there every thread of a company whose tender runs says where
//! questions about it go.

use super::block;
use super::matter::Matter;
use crate::identity::company::{self, Company, Facts, State};
use crate::sourcing::bid;
use crate::sourcing::tender;
use crate::web::{Actor, Error, Member};
use kit::db::Tx;
use kit::id::Id;
use policy::Control;

/// How writing to a company may be refused.
pub const REFUSALS: [&str; 4] = ["not-reachable", "you-blocked", "tender-in-progress", "bids-in-evaluation"];

/// The company that is asked: approved, and not the asker.
///
/// # Errors
/// 404; 409 `own-company`.
pub fn asked(tx: &mut Tx, member: &Member, id: Id<Company>) -> Result<Facts, Error> {
    let is_there = |facts: &Facts| facts.state == State::Approved;
    let facts = company::known(tx, id)?.filter(is_there).ok_or_else(Error::not_found)?;
    if company::is_closed(tx, id)? {
        return Err(Error::not_found());
    }
    if id == member.company { Err(Error::conflict("own-company")) } else { Ok(facts) }
}

/// Whether this may be written about now.
///
/// # Errors
/// 404 for a provider that is none, or a tender that is neither's; 409 `tender-in-progress`.
pub fn matter(tx: &mut Tx, member: &Member, asked: &Facts, matter: Matter) -> Result<(), Error> {
    match matter {
        Matter::General => Ok(()),
        Matter::Provider if asked.provider => Ok(()),
        Matter::Provider => Err(Error::not_found()),
        Matter::Tender(id) => {
            let tender = tender::store::find(tx, &Actor::Member(member.clone()), id)?;
            if ![asked.id, member.company].contains(&tender.company) {
                return Err(Error::not_found());
            }
            if tender.state.is_over() || !policy::holds(Control::NoPrivateChannel) {
                return Ok(());
            }
            Err(Error::conflict("tender-in-progress"))
        }
    }
}

/// Whether a company may write to another about this now.
///
/// # Errors
/// 409 `not-reachable`, `you-blocked`, `bids-in-evaluation`.
pub fn write(tx: &mut Tx, from: Id<Company>, to: Id<Company>, matter: Matter) -> Result<(), Error> {
    block::between(tx, from, to)?;
    let is_over = matter.tender().is_some();
    if !is_over && bid::is_judging(tx, from, to)? && policy::holds(Control::NoPrivateChannel) {
        return Err(Error::conflict("bids-in-evaluation"));
    }
    Ok(())
}
