//! Whether further providers may be invited now: a pure rule, no I/O.

use crate::sourcing::circle::Audience;
use crate::sourcing::tender::{State, Tender};
use jiff::Timestamp;

/// Why nobody can be invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Everybody reads the tender, or it names one provider alone.
    Method,
    /// It is not published, or its questions have ended: who comes now could not ask.
    Ended,
    /// Who comes now would have less time than the method gives; `earliest` is the deadline that would leave it.
    Late {
        /// The earliest deadline.
        earliest: Timestamp,
    },
}

/// Whether a tender takes further guests at this instant.
///
/// # Errors
/// Why not.
pub fn may(tender: &Tender, now: Timestamp) -> Result<(), Refused> {
    let profile = tender.method.profile();
    if tender.readers != Audience::Named || profile.circle.reads != Audience::Named {
        return Err(if tender.state == State::Draft { Refused::Ended } else { Refused::Method });
    }
    if tender.state != State::Published || tender.questions_closed || now >= tender.questions_until {
        return Err(Refused::Ended);
    }
    let earliest = profile.earliest_deadline(now);
    if tender.deadline < earliest { Err(Refused::Late { earliest }) } else { Ok(()) }
}
