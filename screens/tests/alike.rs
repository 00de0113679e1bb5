//! Texts, files, and groups of lots.
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use proptest::prelude::*;
use screens::Kind;
use screens::file::{self, File};
use screens::group::{Round, signals as over_lots};
use screens::text::{Shingles, signals};
use std::collections::{BTreeMap, BTreeSet};

const ONE: &str = "我方将在合同签订后十个工作日内完成设备到货、安装与调试，并提供三年质保，质保期内四小时响应、二十四小时到场；\
    备件由原厂直供并常备于项目所在地仓库，每季度巡检一次并出具书面报告，重大活动期间派驻两名工程师值守。";
const OTHER: &str =
    "本公司承诺自验收合格之日起保修两年，现场服务人员常驻贵单位，备件库设在本市，可随时更换损坏部件，费用另行协商。";

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_text_with_a_word_changed_is_alike_and_one_of_ones_own_is_not() {
    let copy = ONE.replace("十个", "15个").replace('，', " , ");
    let found = signals(&texts(&[ONE, OTHER, &copy]), "");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].kind, &found[0].bids[..]), (Kind::SimilarText, &[0, 2][..]));
    assert!(found[0].value >= 0.8 && found[0].value < 1.0);
}

#[test]
fn what_all_quote_of_the_tender_says_nothing() {
    let quoted = |own: &str| format!("{ONE}{own}");
    let own = [quoted("我方另行承诺免费培训操作人员二十名并提供教材及考核，培训地点由采购人指定"), quoted(OTHER)];
    assert!(signals(&own, ONE).is_empty());
    assert!(signals(&texts(&[ONE, ONE]), ONE).is_empty(), "nothing of their own is left");
    assert!(signals(&texts(&["谢谢", "谢谢", ""]), "").is_empty(), "too short to tell");
    let reason = texts(&["The same words, in another script.", "the same words -- in ANOTHER script!"]);
    assert_eq!(signals(&reason, "").len(), 1);
}

#[test]
fn the_same_file_in_two_bids_is_told_unless_the_tender_gave_it() {
    let file = |bid, content: u8, data: &[(&str, &str)]| File {
        bid,
        sha256: [content; 32],
        size: 10,
        data: data.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    let files = [file(0, 1, &[]), file(1, 1, &[]), file(1, 1, &[]), file(0, 2, &[]), file(2, 2, &[]), file(2, 3, &[])];
    let found = file::signals(&files, &BTreeSet::from([[2; 32]]));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, &found[0].bids[..], found[0].facts[0].value), (Kind::EqualFile, &[0, 1][..], 3.0));
    let made = [("author", "zhang"), ("created", "2026-11-20T09:14:03Z")];
    let alike = [file(0, 4, &made), file(1, 5, &made), file(2, 6, &[("author", "zhang")])];
    let found = file::signals(&alike, &BTreeSet::new());
    assert_eq!(found.iter().map(|one| one.kind).collect::<Vec<_>>(), [Kind::EqualFileData]);
    let empty = [File { size: 0, ..file(0, 7, &[]) }, File { size: 0, ..file(1, 7, &[]) }];
    assert!(file::signals(&empty, &BTreeSet::new()).is_empty());
    assert!(file::signals(&[file(0, 8, &[]), file(0, 8, &[])], &BTreeSet::new()).is_empty(), "twice in one bid");
}

fn round(bids: &[(&'static str, f64)], winner: &'static str) -> Round<&'static str> {
    Round { bids: bids.to_vec(), winner: Some(winner) }
}

#[test]
fn who_meets_in_the_same_ratio_and_wins_in_turn_is_told() {
    let rounds: Vec<_> = (0..6)
        .map(|at| {
            let size = 1000.0 * f64::from(at + 1);
            round(
                &[("a", size), ("b", size * 1.03), ("c", size * (1.1 + 0.05 * f64::from(at)))],
                ["a", "b", "c"][at as usize % 3],
            )
        })
        .collect();
    let found = over_lots(&rounds, &["c", "a", "b"]);
    let of = |kind| found.iter().filter(|one| one.kind == kind).collect::<Vec<_>>();
    assert_eq!(of(Kind::Meeting).len(), 3);
    assert_eq!(of(Kind::SteadyRatio).iter().map(|one| &one.who[..]).collect::<Vec<_>>(), [&["a", "b"][..]]);
    assert_eq!(of(Kind::Rotation).len(), 0, "three in turn over six lots: chance does that once in eight");
    let twice: Vec<_> = rounds.iter().chain(&rounds).cloned().collect();
    let found = over_lots(&twice, &["a", "b", "c"]);
    let rotation = found.iter().find(|one| one.kind == Kind::Rotation).unwrap();
    assert!((rotation.value - (2.0f64 / 3.0).powi(11)).abs() < 1e-12);
}

#[test]
fn few_meetings_and_a_usual_winner_say_nothing() {
    let same = vec![round(&[("a", 1.0), ("b", 2.0)], "a"); 3];
    assert!(over_lots(&same, &["a", "b"]).is_empty());
    let often = vec![round(&[("a", 1.0), ("b", 2.0)], "a"); 12];
    assert!(over_lots(&often, &["a", "b"]).iter().all(|one| one.kind != Kind::Rotation));
    assert!(over_lots::<&str>(&[], &[]).is_empty());
}

proptest! {
    #[test]
    fn likeness_is_a_share_and_the_same_both_ways(one in ".{0,80}", other in ".{0,80}") {
        let (one, other) = (Shingles::of(&one), Shingles::of(&other));
        prop_assert_eq!(one.likeness(&other), other.likeness(&one));
        prop_assert!(one.likeness(&other).is_none_or(|value| (0.0..=1.0).contains(&value)));
        prop_assert!(one.likeness(&one).is_none_or(|value| value == 1.0));
    }

    #[test]
    fn over_lots_everything_is_a_number(
        given in prop::collection::vec((prop::collection::btree_map(0u8..6, prop::num::f64::ANY, 0..6), 0u8..6), 0..20),
    ) {
        let rounds: Vec<_> = given
            .into_iter()
            .map(|(bids, winner)| Round { bids: bids.into_iter().collect(), winner: Some(winner) })
            .collect();
        for one in over_lots(&rounds, &[0, 1, 2, 3, 4, 5]) {
            prop_assert!(one.value.is_finite() && one.facts.iter().all(|fact| fact.value.is_finite()), "{:?}", one);
        }
    }
}

#[test]
fn a_map_of_data_counts_only_with_two_entries() {
    let file = |bid, content| File {
        bid,
        sha256: [content; 32],
        size: 1,
        data: BTreeMap::from([("producer".to_owned(), "Office".to_owned())]),
    };
    assert!(file::signals(&[file(0, 1), file(1, 2)], &BTreeSet::new()).is_empty(), "half the world has that program");
}
