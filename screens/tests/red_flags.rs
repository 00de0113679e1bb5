//! The red flags. Where the optional data are there, every fixture of Cardinal's gives its expected output exactly; what no fixture is
//! there for is checked on cases of our own.
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use screens::red_flag::{Flags, Indicator, Record, Settings, flags};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[expect(clippy::disallowed_methods, reason = "where the optional data lie is said by the environment")]
fn folder() -> PathBuf {
    let folder = std::env::var_os("SHARED_DATA_DIR").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"));
    folder.join("ocds/cardinal-redflags/tests/fixtures/indicators")
}

fn indicator(code: &str) -> Indicator {
    Indicator::ALL.into_iter().find(|indicator| indicator.code() == code).unwrap()
}

/// The settings that a fixture's name tells: `R003-procurement_method_details-x-5-y-10`, and the two methods that all of them leave out.
fn settings(name: &str) -> Settings {
    let mut settings = Settings::default();
    settings.no_price_comparison.insert("NPC".to_owned());
    settings.excluded.insert("EXC".to_owned());
    match name.split('-').skip(1).collect::<Vec<_>>()[..] {
        [] => {}
        ["threshold", days] => settings.days = days.parse().unwrap(),
        ["procurement_methods", methods] => settings.methods = methods.split('+').map(str::to_owned).collect(),
        ["procurement_method_details", ref pairs @ ..] => {
            let by_details = pairs.chunks(2).map(|pair| (pair[0].to_owned(), pair[1].parse().unwrap()));
            settings.days_by_details = by_details.collect();
        }
        ["minimum_contracting_processes", n] => {
            (settings.fewest_supplies, settings.fewest_processes) = (n.parse().unwrap(), n.parse().unwrap());
        }
        ref other => panic!("{name}: what is {other:?}?"),
    }
    settings
}

fn read(path: &Path) -> Vec<Record> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_fixture_gives_its_expected_output() {
    let Ok(entries) = std::fs::read_dir(folder()) else {
        eprintln!("all fixtures skipped: {} is not there", folder().display());
        return;
    };
    let mut seen = BTreeSet::new();
    let mut count = 0;
    for path in
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
    {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let code = &name[..4];
        let expected: Value =
            serde_json::from_str(&std::fs::read_to_string(path.with_extension("expected")).unwrap()).unwrap();
        let found = flags(&read(&path), &[indicator(code)], &settings(&name));
        assert_eq!(serde_json::to_value(&found).unwrap(), expected, "{name}");
        seen.insert(code.to_owned());
        count += 1;
    }
    let without: Vec<_> =
        Indicator::ALL.map(Indicator::code).into_iter().filter(|code| !seen.contains(*code)).collect();
    eprintln!("{count} fixtures checked; no fixture is there for {without:?}");
}

fn of(code: &str, records: Value, settings: &Settings) -> Value {
    let records: Vec<Record> = serde_json::from_value(records).unwrap();
    serde_json::to_value(flags(&records, &[indicator(code)], settings)).unwrap()
}

fn bid(status: &str, id: &str, amount: f64, currency: &str) -> Value {
    json!({"status": status, "tenderers": [{"id": id}], "value": {"amount": amount, "currency": currency}})
}

fn process(ocid: &str, bids: &[Value], winner: &str) -> Value {
    json!({"ocid": ocid, "bids": {"details": bids}, "awards": [{"status": "active", "suppliers": [{"id": winner}]}]})
}

#[test]
fn r028_same_price_of_different_tenderers() {
    let records = json!([
        process(
            "same",
            &[bid("valid", "a", 5.0, "CNY"), bid("disqualified", "b", 5.0, "CNY"), bid("valid", "c", 6.0, "CNY")],
            "a"
        ),
        process("other currency", &[bid("valid", "d", 5.0, "CNY"), bid("valid", "e", 5.0, "EUR")], "d"),
        process("withdrawn", &[bid("valid", "d", 5.0, "CNY"), bid("withdrawn", "e", 5.0, "CNY")], "d"),
        process("twice one's own", &[bid("valid", "d", 5.0, "CNY"), bid("valid", "d", 5.0, "CNY")], "d"),
    ]);
    let expected = json!({"OCID": {"same": {"R028": 1.0}}, "Tenderer": {"a": {"R028": 1.0}, "b": {"R028": 1.0}}});
    assert_eq!(of("R028", records, &Settings::default()), expected);
}

#[test]
fn r035_all_but_the_winner_disqualified() {
    let bids =
        [bid("valid", "a", 5.0, "CNY"), bid("disqualified", "b", 4.0, "CNY"), bid("disqualified", "c", 4.0, "CNY")];
    let fair = [bid("valid", "a", 5.0, "CNY"), bid("valid", "b", 6.0, "CNY"), bid("disqualified", "c", 4.0, "CNY")];
    let records = json!([process("out", &bids, "a"), process("fair", &fair, "a"), process("another won", &bids, "d")]);
    assert_eq!(of("R035", records.clone(), &Settings::default()), json!({"OCID": {"out": {"R035": 2.0}}}));
    assert_eq!(of("R035", records, &Settings { disqualified: 3, ..Settings::default() }), json!({}));
}

#[test]
fn r038_disqualified_unusually_often() {
    let mut records = Vec::new();
    for at in 0..10 {
        let mut one = process(
            &format!("{at}"),
            &[bid("valid", "w", 1.0, "CNY"), bid("valid", &format!("t{}", at % 5), 2.0, "CNY")],
            "w",
        );
        one["buyer"] = json!({"id": format!("b{}", at % 5)});
        records.push(one);
    }
    records[0]["bids"]["details"][1]["status"] = json!("disqualified");
    let expected = json!({"Buyer": {"b0": {"R038": 0.25}}, "Tenderer": {"t0": {"R038": 0.5}}});
    assert_eq!(of("R038", json!(records), &Settings::default()), expected);
    assert_eq!(of("R038", json!(records[..1].to_vec()), &Settings::default()), json!({}), "one process is too few");
}

#[test]
fn r058_far_below_the_next() {
    let one =
        |ocid: &str, next: f64| process(ocid, &[bid("valid", "w", 1.0, "CNY"), bid("valid", "l", next, "CNY")], "w");
    let records = json!([one("far", 100.0), one("1", 1.1), one("2", 1.1), one("3", 1.2), one("4", 1.1)]);
    let expected = json!({"OCID": {"far": {"R058": 99.0}}, "Tenderer": {"w": {"R058": 99.0}}});
    assert_eq!(of("R058", records, &Settings::default()), expected);
}

#[test]
fn records_of_any_form_are_read_and_empty_ones_flag_nothing() {
    let records = json!([{}, {"ocid": "x", "tender": {"unknown": [1]}}, {"bids": {"details": [{}]}, "awards": [{}]}]);
    let records: Vec<Record> = serde_json::from_value(records).unwrap();
    assert_eq!(flags(&records, &Indicator::ALL, &Settings::default()), Flags::default());
}
