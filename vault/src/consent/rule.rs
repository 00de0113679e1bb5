//! Which act may follow which. Pure.

use super::Act;

/// Whether `next` may follow the present state; `None` is a function that nobody has spoken about yet.
pub(super) fn follows(present: Option<Act>, next: Act) -> bool {
    use Act::{Expired, Given, Invalidated, Refused, Requested, Superseded, Withdrawn};
    match next {
        // One who has said no is not asked again.
        Requested => matches!(present, None | Some(Expired | Superseded)),
        Given => present != Some(Given),
        Refused => matches!(present, None | Some(Requested | Expired | Superseded)),
        Withdrawn | Expired | Superseded => present == Some(Given),
        Invalidated => matches!(present, Some(Given | Requested)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Act; 7] =
        [Act::Requested, Act::Given, Act::Refused, Act::Withdrawn, Act::Expired, Act::Superseded, Act::Invalidated];

    #[test]
    fn only_a_yes_can_end_and_a_no_is_not_asked_about() {
        for present in ALL.map(Some).into_iter().chain([None]) {
            let given = present == Some(Act::Given);
            for end in [Act::Withdrawn, Act::Expired, Act::Superseded] {
                assert_eq!(follows(present, end), given, "{present:?} {end:?}");
            }
            assert_eq!(follows(present, Act::Given), !given, "a yes may follow anything but itself");
        }
        for no in [Act::Refused, Act::Withdrawn, Act::Invalidated] {
            assert!(!follows(Some(no), Act::Requested), "{no:?}");
        }
    }

    #[test]
    fn a_code_means_what_it_was_written_for() {
        assert!(ALL.into_iter().all(|act| Act::of_code(act.code()) == Some(act)));
        assert_eq!(Act::of_code("maybe"), None);
    }
}
