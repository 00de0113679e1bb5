//! An answer that may affect bids, and the deadline that it moves on in the same act (招标投标法 art. 23): an amendment of dates, as any other is.

use super::event::Amended as Happened;
use super::form::Amended;
use super::rule::{self, Class, Content};
use super::store;
use crate::identity::approval;
use crate::identity::people::Duty;
use crate::sourcing::tender::{self, State, Tender, auction_too_soon};
use crate::web::{Broken, Buyer, Error, Form};
use jiff::Timestamp;
use kit::db::Tx;
use kit::event;

/// Why a deadline was moved on; public, in the words of notices.
const REASON: &str = "答疑可能影响投标，投标截止时间随答复延后";

/// What an answer does to the deadline.
#[derive(Clone, Copy, Debug)]
pub struct Affecting {
    /// Whether it may affect what is bid.
    pub affects: bool,
    /// The deadline that is to stand.
    pub deadline: Option<Timestamp>,
}

/// The deadline that an answer about a tender sets; none where it leaves the one that stands.
///
/// # Errors
/// The rule that it breaks.
pub fn deadline(tender: &Tender, given: Affecting, now: Timestamp) -> Result<Option<Timestamp>, Broken> {
    let takes_bids = tender.state == State::Published && now < tender.deadline;
    moved(takes_bids.then_some((tender.deadline, tender.earliest_after_amendment(now))), given, tender.deadline)
}

/// The deadline that an answer sets; none where it leaves the one that stands. `open`: while something is taken, the deadline and the earliest
/// that an answer leaves which may affect that.
///
/// # Errors
/// The rule that it breaks.
pub fn moved(
    open: Option<(Timestamp, Timestamp)>,
    given: Affecting,
    stands: Timestamp,
) -> Result<Option<Timestamp>, Broken> {
    let moved = given.deadline.filter(|deadline| *deadline != stands);
    if !given.affects {
        return if moved.is_some() { Err(Broken::rule("answer-affects-nothing")) } else { Ok(None) };
    }
    let Some((stands, earliest)) = open else { return Err(Broken::rule("answer-too-late")) };
    match moved {
        None if stands < earliest => Err(Broken::rule("answer-moves-deadline").with("earliest", earliest)),
        None => Ok(None),
        Some(deadline) if deadline < stands => Err(Broken::rule("amendment-earlier").with("deadline", stands)),
        Some(deadline) if deadline < earliest => Err(Broken::rule("amendment-too-soon").with("earliest", earliest)),
        Some(deadline) => Ok(Some(deadline)),
    }
}

/// Moves the deadline on. Part of the unit of the answer, after whatever else is compared there.
///
/// # Errors
/// 422 for who may not amend, who can leave it to somebody that may.
pub fn move_on(tx: &mut Tx, buyer: &Buyer, tender: &Tender, deadline: Timestamp, form: &Form) -> Result<(), Error> {
    if !buyer.duties.has(Duty::Buyer) {
        return Err(form.clone().refuse("deadline", "answer-needs-buyer"));
    }
    // An auction that would begin too soon then moves along, to the earliest hour that the deadline allows.
    let auction_at = auction_too_soon(tender.auction_at, tender.would_close_at(deadline), tender.method.profile());
    let (summary, questions_until) = (tender.summary.clone(), tender.questions_until);
    let content = Content { summary, questions_until, deadline, auction_at };
    let changes = rule::changes(tender, &content, &[]);
    let given = Amended {
        id: tx.id(),
        version: tender.version,
        class: Class::Dates,
        reason: REASON.to_owned(),
        lots: Vec::new(),
        content: content.clone(),
        lot: None,
        documents: Vec::new(),
    };
    let number = store::next_number(tx, tender.id)?;
    store::insert(tx, buyer.account(), tender.id, number, &given, (&changes, &[]))?;
    tender::store::amend(tx, &rule::amended(tender.clone(), content))?;
    event::record(tx, tender.scope(), &Happened { tender: tender.id, amendment: given.id, number })?;
    approval::changed(tx, buyer, tender.id)
}
