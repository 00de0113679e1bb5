//! A hundred kills, on SQLite, or on PostgreSQL when `ZIYUN_TEST_DATABASE_URL` names a server. The program is the one that
//! was built beside this test: `cargo build -p app` first.
#![allow(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use kit::random::Random;
use soak::{Plan, run};
use std::path::PathBuf;

/// `ziyun`, beside the folder that this test lies in.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let program = own.ancestors().nth(2).unwrap().join("ziyun");
    assert!(program.is_file(), "{} is missing; build it: cargo build -p app", program.display());
    program
}

#[expect(clippy::disallowed_methods, reason = "which server the tests use is said by the environment")]
fn server() -> Option<String> {
    std::env::var("ZIYUN_TEST_DATABASE_URL").ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_kills_lose_nothing_and_leave_nothing_half() {
    let plan = Plan { program: program(), server: server(), rounds: 100, seed: Random::system().below(1_000_000) };
    eprintln!("seed {}", plan.seed);
    let summary = run(&plan, |line| eprintln!("{line}")).await.unwrap();
    eprintln!("{}", serde_json::to_string(&summary).unwrap());
    assert!(summary.violations.is_empty(), "seed {}: {:#?}", plan.seed, summary.violations);
    assert_eq!(summary.kills, 100);
    for act in ["registrations", "accounts", "bid acts", "receipts", "tender acts", "shares", "signatures", "imports"] {
        assert!(summary.acknowledged.get(act).is_some_and(|count| *count > 0), "nobody did any {act}: {summary:?}");
    }
    assert!(summary.hours > 10 && summary.unknown.values().sum::<u64>() > 100, "too little was cut off: {summary:?}");
}
