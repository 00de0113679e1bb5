//! Prints the table of docs/risk-signals.md: `cargo run -p screens --example evaluate [FOLDER]`, where the folder holds
//! `collusion/garcia_rodriguez_bids.csv`; ../shared/data when none is named.

#![expect(clippy::print_stdout, reason = "this is what it is for")]

use screens::evaluation::{self, Sets};
use screens::measured::EXPECTED_LOW_CV;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let path = folder.join("collusion/garcia_rodriguez_bids.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped {} data sets: {} is not there", EXPECTED_LOW_CV.len(), path.display());
        return ExitCode::SUCCESS;
    };
    match evaluation::read(&text) {
        Ok(sets) => print(&sets),
        Err(line) => {
            println!("{}: line {line} is not `tender,country,bid_value_eur,tender_collusive`", path.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn print(sets: &Sets) {
    println!("| data set | method | lots | collusive | AUC | right in the top 10 % |");
    println!("|---|---|--:|--:|--:|--:|");
    for line in evaluation::table(sets) {
        let (percent, right) = (line.base * 100.0, line.precision * 100.0);
        let (set, method, lots, auc) = (line.set, line.method, line.lots, line.auc);
        println!("| {set} | {method} | {lots} | {percent:.0} % | {auc:.2} | {right:.0} % |");
    }
    if let Some(model) = evaluation::learn(sets.iter()) {
        println!("\nweights when all are learned from (constant, CV, RD, SKEW): {:.3?}", model.weights);
    }
    for (name, _) in EXPECTED_LOW_CV.iter().filter(|(name, _)| !sets.contains_key(*name)) {
        println!("not in the data: {name}");
    }
}
