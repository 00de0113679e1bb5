//! What should be true.

use super::LOTS;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The hours of a tender.
pub struct Plan {
    pub begun: Timestamp,
    pub questions: Timestamp,
    pub deadline: Timestamp,
}

/// A bid as the model has it.
pub struct Bid {
    pub id: String,
    pub version: i64,
    pub fen: i64,
    pub is_sealed: bool,
}

/// What should be true.
pub struct Model {
    pub plan: Plan,
    pub now: Timestamp,
    pub state: &'static str,
    pub questions_closed: bool,
    pub questions: Vec<(String, Option<&'static str>)>,
    pub lots: [&'static str; LOTS],
    pub bids: BTreeMap<(usize, usize), Bid>,
    pub awards: BTreeMap<usize, String>,
    pub acts: usize,
}

pub type Expected = (u16, &'static str);
pub const DONE: Expected = (201, "");

impl Model {
    pub fn may_bid(&self) -> Option<Expected> {
        match () {
            () if self.now >= self.plan.deadline => Some((409, "deadline-passed")),
            () if self.state != "published" => Some((409, "bidding-not-open")),
            () => None,
        }
    }

    /// What the background work makes of the hour.
    pub fn work(&mut self) {
        if self.state != "published" {
            return;
        }
        self.questions_closed |= self.now >= self.plan.questions;
        if self.now < self.plan.deadline {
            return;
        }
        for lot in 0..LOTS {
            let enough = self.bids.iter().filter(|((_, of), bid)| *of == lot && bid.is_sealed).count() >= 3;
            self.lots[lot] = if enough { "evaluation" } else { "failed" };
        }
        self.state = if self.lots.contains(&"evaluation") { "evaluation" } else { "failed" };
    }

    /// The earliest hour that is still to come for this tender.
    pub fn next_check(&self) -> i64 {
        match (self.state, self.questions_closed) {
            ("published", false) => self.plan.questions.as_microsecond(),
            ("published", true) => self.plan.deadline.as_microsecond(),
            _ => i64::MAX,
        }
    }

    /// The opening record: of each lot the bids by price, equal ones by id, or nothing.
    pub fn record(&self) -> Value {
        if !matches!(self.state, "evaluation" | "awarded") {
            return Value::Null;
        }
        let lots = (0..LOTS).map(|lot| {
            let mut bids: Vec<_> = self.bids.iter().filter(|((_, of), bid)| *of == lot && bid.is_sealed).collect();
            bids.sort_by_key(|(_, bid)| (bid.fen, &bid.id));
            let failed = self.lots[lot] == "failed";
            let bids = if failed { Vec::new() } else { bids };
            json!({"failed": failed, "bids": bids.iter().map(|(_, bid)| json!([bid.id, bid.fen])).collect::<Vec<_>>()})
        });
        lots.collect()
    }
}
