//! The register as it is compiled.

use policy::{CLAUSES, CONTROLS, Keeping, clause, holds};

#[test]
fn every_clause_of_the_policy_stands_in_it_in_order() {
    let numbers: Vec<(u32, u32)> = CLAUSES
        .iter()
        .map(|clause| {
            let (part, number) = clause.id.split_once('.').expect("a clause is part.number");
            (part.parse().expect("a part"), number.parse().expect("a number"))
        })
        .collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
    assert_eq!(CLAUSES.len(), 38, "0.1, 1.1, 2.1-7, 3.1-6, 4.1-5, 5.1-4, 6.1-6, 7.1-3, 8.1-3, 9.1, 10.1");
}

#[test]
fn a_clause_is_kept_only_by_a_control_and_with_nothing_missing() {
    for clause in CLAUSES {
        let (has_control, is_whole) = (clause.controls().next().is_some(), clause.missing_en.is_empty());
        assert_eq!(clause.keeping() == Keeping::Kept, has_control && is_whole, "{}", clause.id);
        assert_eq!(clause.keeping() == Keeping::Open, !has_control, "{}", clause.id);
    }
    assert!(clause("11.1").is_none());
}

#[test]
fn all_controls_are_in_force_unless_a_test_of_tests_says_otherwise() {
    assert!(CONTROLS.iter().all(|entry| holds(entry.control)));
    #[cfg(debug_assertions)]
    assert!(!policy::sabotage::switch_off("no-such-control"));
}
