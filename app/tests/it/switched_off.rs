//! The test of tests: each test that the control register names goes red when its control is switched off. All of them, in four parts so that
//! they run side by side; on the embedded database, since what a control keeps does not depend on the database (`scripts/test.sh` has a step for it).

use crate::command::out;
use crate::world::server;
use std::process::Command;

const PARTS: usize = 4;

#[test]
fn the_first_quarter_goes_red() {
    goes_red(0);
}

#[test]
fn the_second_quarter_goes_red() {
    goes_red(1);
}

#[test]
fn the_third_quarter_goes_red() {
    goes_red(2);
}

#[test]
fn the_last_quarter_goes_red() {
    goes_red(3);
}

fn goes_red(part: usize) {
    if server().is_some() {
        return;
    }
    let (known, mut green) = (listed(), Vec::new());
    for control in policy::CONTROLS.iter().skip(part).step_by(PARTS) {
        for test in control.tests.iter().filter_map(|test| test.strip_prefix("it ")) {
            assert!(known.iter().any(|name| name == test), "{}: there is no test {test}", control.id);
            let run = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", test])
                .env("ZIYUN_SABOTAGE", control.id)
                .output()
                .unwrap();
            let text = out(&run);
            assert!(text.contains("running 1 test"), "{}: {text}", control.id);
            if run.status.success() {
                green.push(format!("{}: {test}", control.id));
            }
        }
    }
    assert!(green.is_empty(), "green although the control is off: {green:#?}");
}

/// Names of the tests of this program, as the test runner lists them.
fn listed() -> Vec<String> {
    let output = Command::new(std::env::current_exe().unwrap()).args(["--list", "--format", "terse"]).output().unwrap();
    out(&output).lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}
