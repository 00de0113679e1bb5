//! Against the vectors of third-party oracles, when they are there, and against what the standards guarantee.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;

const TODAY: Date = date(2026, 11, 23);

/// The rows of a vector file without its heading, or `None`, printed, when the optional data folder is absent.
/// Only the quoted remark of the credit-code file holds commas; the fields before it do not.
fn rows(file: &str) -> Option<Vec<Vec<String>>> {
    let named = shared_data_dir();
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = named.unwrap_or(beside);
    let Ok(text) = std::fs::read_to_string(folder.join("vectors").join(file)) else {
        eprintln!("skipped 1 vector file: {file} is not there");
        return None;
    };
    Some(text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect())
}

#[expect(clippy::disallowed_methods, reason = "where test data lie is no configuration of the program")]
fn shared_data_dir() -> Option<PathBuf> {
    std::env::var_os("SHARED_DATA_DIR").map(PathBuf::from)
}

/// Every row of `file` is `ok` where column 2 says `valid` and `bad` elsewhere; at least `least` rows were seen.
fn agrees(kind: Kind, file: &str, least: usize) {
    let Some(rows) = rows(file) else { return };
    assert!(rows.len() >= least, "{file} has {} rows", rows.len());
    for row in rows {
        let line = check(kind, &row[0], TODAY, false);
        let want = if row[1] == "valid" { "ok" } else { "bad: " };
        assert!(line.starts_with(want), "{kind:?} {row:?}: {line}");
    }
}

#[test]
fn credit_codes_agree_with_the_vectors() {
    agrees(Kind::Uscc, "uscc_gb32100.csv", 300);
}

#[test]
fn resident_ids_agree_with_the_vectors() {
    agrees(Kind::ResidentId, "cn_resident_id_gb11643.csv", 300);
}

#[test]
fn bank_cards_agree_with_the_vectors() {
    agrees(Kind::BankCard, "bank_card_luhn.csv", 200);
}

#[test]
fn every_prefix_of_the_vectors_is_a_mobile_range() {
    let Some(rows) = rows("cn_mobile_prefix_carrier.csv") else { return };
    assert!(rows.len() >= 64);
    // "15" stands for what the longer rows beside it leave over; 150 is one of those.
    for prefix in rows.into_iter().map(|row| row[0].clone()) {
        let number = format!("{prefix:0<11}");
        assert_eq!(check(Kind::Mobile, &number, TODAY, false), "ok", "{prefix}");
    }
}

#[test]
fn the_inner_check_of_a_credit_code_is_a_reason_of_its_own() {
    let flaw = Uscc::parse("51450702LA922EB692").expect_err("the organisation code in it is wrong");
    assert_eq!((flaw, flaw.code()), (Flaw::UsccOrganisationCheck, "uscc-organisation-check"));
}

/// The list gives a few beginnings to two banks: agreeing with one of them is enough.
#[test]
fn issuers_agree_with_the_list_where_both_name_one() {
    let Some(rows) = rows("cn_bank_card_bin.csv") else { return };
    let mut banks: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row[0].len() == 6) {
        banks.entry(&row[0]).or_default().push(&row[4]);
    }
    let (mut named, mut unknown) = (0, 0);
    for (start, banks) in banks {
        let card = (0..10).find_map(|digit| BankCard::parse(&format!("{start:0<15}{digit}")).ok());
        match card.expect("one of ten check digits is right").issuer() {
            Some(issuer) => {
                named += 1;
                let agreed = banks.iter().any(|bank| same_bank(issuer.name_zh, bank));
                assert!(agreed, "{start}: {} and {banks:?}", issuer.name_zh);
            }
            None => unknown += 1,
        }
    }
    eprintln!("issuers of the list: {named} named, {unknown} unknown");
    assert!(named > 900, "{named}");
}

/// The list writes some names in short or in an older form.
fn same_bank(ours: &str, theirs: &str) -> bool {
    let short = |name: &str| name.replace("中国", "").replace("上海浦东", "浦东").replace("农商", "农村商业");
    short(&theirs.replace("深发/", "")) == short(ours)
}

#[test]
fn verbose_names_the_issuer() {
    let line = check(Kind::BankCard, "6222 0200 0000 0000 000", TODAY, true);
    assert_eq!(line, "ok: issuer ICBC 中国工商银行 (Industrial and Commercial Bank of China)");
    assert_eq!(check(Kind::BankCard, "9999980000000007", TODAY, true), "ok: issuer unknown");
}

#[test]
fn a_mobile_number_is_normalised() {
    for text in ["13800138000", "+86 138-0013-8000", "008613800138000", "86 13800138000", "１３８００１３８０００"]
    {
        assert_eq!(Mobile::parse(text).map(|m| m.e164().to_owned()), Ok("+8613800138000".to_owned()), "{text}");
    }
    for (text, flaw) in [
        ("", Flaw::Empty),
        ("+", Flaw::MobileCharacter),
        ("1380013800", Flaw::MobileLength),
        ("138001380000", Flaw::MobileLength),
        ("13800l38000", Flaw::MobileCharacter),
        ("+1 2025550143", Flaw::MobileCountry),
        ("12800138000", Flaw::MobileRange),
        ("15400138000", Flaw::MobileRange),
        ("19400138000", Flaw::MobileRange),
    ] {
        assert_eq!(Mobile::parse(text), Err(flaw), "{text}");
    }
}

#[test]
fn nobody_is_born_tomorrow() {
    let number = with_check("110101", "20261124", "001");
    assert_eq!(ResidentId::parse(&number, TODAY), Err(Flaw::ResidentIdFuture));
    assert!(ResidentId::parse(&number, date(2026, 11, 24)).is_ok());
    assert_eq!(ResidentId::parse("110101491231002", TODAY), Err(Flaw::ResidentIdSuperseded));
    assert_eq!(ResidentId::parse(&with_check("110101", "20250229", "001"), TODAY), Err(Flaw::ResidentIdDate));
}

#[test]
fn debug_and_verdicts_show_nothing_of_a_person() {
    let id = ResidentId::parse(&with_check("110101", "19000101", "001"), TODAY).expect("made with its check");
    let card = BankCard::parse("6222020000000000000").expect("made with its check");
    let mobile = Mobile::parse("13800138000").expect("allocated");
    assert_eq!(format!("{id:?} {card:?} {mobile:?}"), "ResidentId(…) BankCard(…) Mobile(…)");
    let line = check(Kind::ResidentId, "110101190001010011", TODAY, true);
    assert!(line.starts_with("bad: ") && !line.contains("1101"), "{line}");
}

#[test]
fn kinds_are_found_by_name() {
    for kind in Kind::ALL {
        assert_eq!(kind.name().parse(), Ok(kind));
    }
    assert_eq!("passport".parse::<Kind>(), Err(UnknownKind));
}

fn with_check(region: &str, born: &str, order: &str) -> String {
    let first = format!("{region}{born}{order}");
    format!("{first}{}", char::from(resident_id::check_character(&first)))
}

fn credit_code(region: u8, organisation: &str) -> String {
    let inner = uscc::organisation_check(organisation).expect("eight characters of the alphabet");
    let first = format!("9111{region:02}00{organisation}{inner}");
    format!("{first}{}", uscc::check_character(&first).expect("seventeen characters of the alphabet"))
}

proptest! {
    // Both checks are sums of weight × value modulo a prime larger than every difference of values.
    #[test]
    fn one_changed_character_of_a_credit_code_is_refused(
        region in 0u8..100, organisation in "[0-9A-HJ-NPQRTUWXY]{8}", place in 0usize..18, other in "[0-9A-Z]",
    ) {
        let code = credit_code(region, &organisation);
        prop_assert!(Uscc::parse(&code).is_ok(), "{code}");
        prop_assume!(code[place..=place] != other);
        let changed = format!("{}{other}{}", &code[..place], &code[place + 1..]);
        prop_assert!(Uscc::parse(&changed).is_err(), "{code} {changed}");
    }

    #[test]
    fn one_changed_character_of_a_resident_id_is_refused(
        days in 0i32..40_000, order in 1u16..1000, place in 0usize..18, other in "[0-9X]",
    ) {
        let born = date(1900, 1, 1).saturating_add(jiff::Span::new().days(days)).strftime("%Y%m%d").to_string();
        let number = with_check("110105", &born, &format!("{order:03}"));
        prop_assert!(ResidentId::parse(&number, TODAY).is_ok(), "{number}");
        prop_assume!(number[place..=place] != other);
        let changed = format!("{}{other}{}", &number[..place], &number[place + 1..]);
        prop_assert!(ResidentId::parse(&changed, TODAY).is_err(), "{number} {changed}");
    }

    #[test]
    fn no_text_breaks_a_parser(text in ".{0,24}", digits in "[0-9 +Xx-]{0,20}") {
        for kind in Kind::ALL {
            prop_assert!(!check(kind, &text, TODAY, true).is_empty());
            prop_assert!(!check(kind, &digits, TODAY, true).is_empty());
        }
    }
}
