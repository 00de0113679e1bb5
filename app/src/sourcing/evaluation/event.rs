//! What happens to an evaluation. Ids, codes and hashes only: the log commits to them, and so to pool, seed and report.

#![expect(missing_docs, reason = "the ids are named by what they are of")]

use super::inquiry::Inquiry;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::sourcing::tender::{Lot, Tender};
use evidence::Hash;
use kit::event::Fact;
use kit::id::Id;
use serde::{Deserialize, Serialize};

/// The pool of a lot was committed to.
#[derive(Serialize)]
pub struct PoolCommitted {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub pool: Hash,
    pub candidates: usize,
}

impl Fact for PoolCommitted {
    const KIND: &'static str = "evaluation.pool-committed";
}

/// The order of the pool was drawn.
#[derive(Serialize)]
pub struct Drawn {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub entry: i64,
    pub seed: Hash,
}

impl Fact for Drawn {
    const KIND: &'static str = "evaluation.drawn";
}

/// Where an evaluator stands now: `called`, `seated`, `signed`, `recused`, `removed`, `passed-over`.
#[derive(Serialize, Deserialize)]
pub struct Stood {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub account: Id<Account>,
    pub standing: String,
}

impl Fact for Stood {
    const KIND: &'static str = "evaluation.stood";
}

/// A bidder was asked in writing.
#[derive(Serialize, Deserialize)]
pub struct Inquired {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub inquiry: Id<Inquiry>,
    pub company: Id<Company>,
}

impl Fact for Inquired {
    const KIND: &'static str = "evaluation.inquired";
}

/// The report is made.
#[derive(Serialize)]
pub struct Concluded {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub round: i64,
    pub report_sha256: Hash,
}

impl Fact for Concluded {
    const KIND: &'static str = "evaluation.concluded";
}

/// A member was taken out of the committee; a report that was there holds no more.
#[derive(Serialize)]
pub struct Reopened {
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    pub round: i64,
}

impl Fact for Reopened {
    const KIND: &'static str = "evaluation.reopened";
}
