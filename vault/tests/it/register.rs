//! Each test of the vault that the control register names goes red when its control is switched off.

use std::process::Command;

#[test]
fn each_named_test_goes_red_when_its_control_is_switched_off() {
    let this = || Command::new(std::env::current_exe().unwrap());
    let known = this().args(["--list", "--format", "terse"]).output().unwrap();
    let known = String::from_utf8(known.stdout).unwrap();
    let mut green = Vec::new();
    for control in policy::CONTROLS {
        for test in control.tests.iter().filter_map(|test| test.strip_prefix("vault ")) {
            assert!(known.lines().any(|line| line == format!("{test}: test")), "{}: no test {test}", control.id);
            let run = this().args(["--exact", test]).env("ZIYUN_SABOTAGE", control.id).output().unwrap();
            if run.status.success() {
                green.push(format!("{}: {test}", control.id));
            }
        }
    }
    assert!(green.is_empty(), "green although the control is off: {green:#?}");
}

#[test]
fn each_fixture_that_must_not_compile_has_one_with_its_guard_restored() {
    for control in policy::CONTROLS {
        for fixture in control.compile {
            for folder in ["compile_fail", "compile_restored"] {
                let path = format!("{}/tests/{folder}/{fixture}.rs", env!("CARGO_MANIFEST_DIR"));
                assert!(std::path::Path::new(&path).exists(), "{}: {folder}/{fixture}.rs is missing", control.id);
            }
        }
    }
}
