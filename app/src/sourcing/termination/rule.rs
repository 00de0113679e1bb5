//! What may be terminated, and what becomes of a tender then: pure rules, no I/O.

use crate::sourcing::tender::Lot;
use crate::sourcing::tender::State;
use crate::sourcing::tender::lot::{self, State as LotState};

/// Whether a tender in this state can be terminated: it is public and not over.
pub fn can_end(state: State) -> bool {
    matches!(state, State::Published | State::Closed | State::Auction | State::Evaluation)
}

/// The lots of a tender that can be terminated now.
pub fn endable(lots: &[Lot]) -> impl Iterator<Item = &Lot> {
    lots.iter().filter(|lot| !lot.state.is_over())
}

/// What becomes of a tender once its buyer has terminated some of its lots: `lots` as they stand then. One without an award
/// whose last lots were terminated is terminated, even where others had failed before.
pub fn outcome(lots: &[LotState]) -> State {
    match lot::outcome(lots) {
        State::Failed if lots.contains(&LotState::Terminated) => State::Terminated,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Lots as they may stand together while a tender in this state runs.
    fn running() -> impl Strategy<Value = (State, Vec<LotState>)> {
        use LotState::{Auction, Awarded, Candidates, Closed, Evaluation, Failed, Negotiation, Open, Terminated};
        let of = |state, live: LotState, over: Vec<LotState>| {
            let one = prop_oneof![Just(live), proptest::sample::select(over)];
            proptest::collection::vec(one, 1..8)
                .prop_filter("something goes on", move |lots| lots.contains(&live))
                .prop_map(move |lots| (state, lots))
        };
        prop_oneof![
            of(State::Published, Open, vec![Terminated]),
            of(State::Closed, Closed, vec![Terminated, Failed]),
            of(State::Auction, Auction, vec![Terminated, Failed]),
            of(State::Evaluation, Evaluation, vec![Terminated, Failed, Awarded, Candidates]),
            of(State::Evaluation, Candidates, vec![Terminated, Failed, Awarded]),
            of(State::Evaluation, Negotiation, vec![Terminated, Failed, Awarded, Evaluation]),
        ]
    }

    proptest! {
        #[test]
        fn a_termination_leads_to_no_state_that_the_tender_may_not_have(
            (state, mut lots) in running(),
            chosen in proptest::collection::vec(any::<bool>(), 8),
        ) {
            prop_assert!(can_end(state));
            prop_assert_eq!(lot::outcome(&lots), state);
            let ended = lots.iter_mut().zip(&chosen).filter(|(lot, chosen)| **chosen && !lot.is_over());
            let some = ended.map(|(lot, _)| *lot = LotState::Terminated).count();
            let next = outcome(&lots);
            prop_assert!(next == state || state.may_become(next), "{state:?} became {next:?}");
            let goes_on = lots.iter().any(|lot| !lot.is_over());
            prop_assert_eq!(next == state, goes_on, "a tender goes on as long as one of its lots does");
            if some > 0 && !goes_on {
                let has_award = lots.contains(&LotState::Awarded);
                prop_assert_eq!(next, if has_award { State::Awarded } else { State::Terminated });
            }
        }
    }
}
