//! The report (评标报告): what was scored, by whom as a number, what was rejected and why, and the ranking. Its bytes are kept as they
//! were made, and the log commits to their hash. It names no person.

use super::rule;
use super::score::{Ground, Score};
use super::table::{Candidate, Table};
use crate::sourcing::bid::Bid;
use crate::sourcing::tender::criteria::{self, Criteria};
use crate::sourcing::tender::{Lot, Tender};
use crate::web::Error;
use evidence::Hash;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A report.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EvaluationReport")]
pub struct Report {
    /// The tender.
    pub tender: Id<Tender>,
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The lot.
    pub lot: Id<Lot>,
    /// Its number in the tender.
    pub lot_number: i64,
    /// Its title.
    pub lot_title: String,
    /// 1, and more where it was evaluated again.
    pub round: i64,
    /// When it was made: RFC 3339.
    pub concluded_at: String,
    /// By what was scored.
    pub criteria: Criteria,
    /// How the committee was drawn.
    pub drawing: Drawing,
    /// Who scored, by seat.
    pub members: Vec<Seat>,
    /// Who had a seat before, and why no more.
    pub left: Vec<Left>,
    /// By rank; rejected ones last.
    pub bids: Vec<Judged>,
}

/// How the committee was drawn, for whoever draws it again (`docs/evaluation.md`).
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CommitteeDraw")]
pub struct Drawing {
    /// Hash of the pool, committed to before the draw.
    pub pool: String,
    /// The number of the log's entry that gives the seed.
    pub entry: Option<i64>,
    /// That entry's hash in the log.
    pub seed: Option<String>,
    /// The pseudonyms, in the order in which they were drawn; before the draw ascending.
    pub order: Vec<String>,
}

impl Drawing {
    /// Of a lot's committee.
    pub fn of(table: &Table) -> Self {
        let Some(committee) = &table.committee else { return Self::default() };
        let mut drawn: Vec<_> = table.candidates.iter().filter(|one| !one.own).collect();
        drawn.sort_by_key(|one| (one.place, one.pseudonym));
        Self {
            pool: committee.pool.to_string(),
            entry: committee.entry,
            seed: committee.seed.map(|seed| seed.to_string()),
            order: drawn.into_iter().map(|one| one.pseudonym.to_string()).collect(),
        }
    }
}

/// A seat.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CommitteeSeat")]
pub struct Seat {
    /// Its number.
    pub number: i64,
    /// Who, as the draw has it.
    pub pseudonym: String,
    /// Whether it is one of the buyer's own people.
    pub own: bool,
}

impl Seat {
    /// Of who sits there.
    pub fn of(one: &Candidate) -> Self {
        Self { number: one.number.unwrap_or_default(), pseudonym: one.pseudonym.to_string(), own: one.own }
    }
}

/// Somebody who had a seat.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CommitteeSeatLeft")]
pub struct Left {
    /// Its number.
    pub number: i64,
    /// `recused` or `removed`.
    pub how: String,
    /// Why.
    pub reason: String,
}

impl Left {
    /// Of who sat there.
    pub fn of(one: &Candidate) -> Self {
        let reason = one.reason.clone().unwrap_or_default();
        Self { number: one.number.unwrap_or_default(), how: one.standing.code().to_owned(), reason }
    }
}

/// A bid as it was judged. Points are hundredths.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EvaluatedBid")]
pub struct Judged {
    /// What it was called while names were hidden.
    pub letter: String,
    /// The bid.
    pub bid: Id<Bid>,
    /// The bidder.
    pub company_name: String,
    /// Fen.
    pub price: i64,
    /// By seat.
    pub votes: Vec<Vote>,
    /// Whether its price is above the lot's ceiling.
    #[serde(default)]
    pub over_ceiling: bool,
    /// Whether more than half of the committee rejected it, or its price is above the ceiling.
    pub is_rejected: bool,
    /// For the price; none where it was rejected.
    pub price_points: Option<i64>,
    /// The mean of the technical points.
    pub technical: Option<i64>,
    /// Both.
    pub total: Option<i64>,
    /// From 1.
    pub rank: Option<usize>,
}

impl Judged {
    /// Its points as they are shown; nothing where it was rejected.
    pub fn shown(&self, points: &Option<i64>) -> String {
        points.map_or_else(String::new, rule::shown)
    }
}

/// What a member gave a bid. Points are hundredths.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EvaluationVote")]
pub struct Vote {
    /// The seat.
    pub number: i64,
    /// One for each criterion.
    pub points: Vec<i64>,
    /// Together.
    pub total: i64,
    /// On which ground it is to be rejected, if it is.
    pub ground: Option<Ground>,
    /// What was said to it.
    pub remark: String,
    /// Why it is far from the mean.
    pub deviation: Option<String>,
}

impl Vote {
    /// What a score says, under the number of its seat.
    pub fn of(number: i64, score: &Score) -> Self {
        Self {
            number,
            points: score.points.clone(),
            total: score.total(),
            ground: score.ground,
            remark: score.remark.clone(),
            deviation: score.deviation.clone(),
        }
    }

    /// All its points as they are shown.
    pub fn shown(&self) -> String {
        let each: Vec<_> = self.points.iter().map(|points| rule::shown(*points)).collect();
        if each.len() > 1 { format!("{} ({})", rule::shown(self.total), each.join(" + ")) } else { each.join("") }
    }
}

/// What an evaluation says to an award.
pub enum Outcome {
    /// No committee evaluates the tender: its buyer decides.
    ByBuyer,
    /// It goes on.
    Running,
    /// Its ranking.
    Concluded(Box<Report>),
}

/// When the report of a lot was made, and the hash of its bytes; none while there is none.
///
/// # Errors
/// [`db::Error`].
pub fn concluded(tx: &mut Tx, lot: Id<Lot>) -> Result<Option<(Timestamp, Hash)>, db::Error> {
    let sql = "SELECT concluded_at, report_sha256 FROM committee \
               WHERE lot = $1 AND concluded_at IS NOT NULL AND report_sha256 IS NOT NULL";
    tx.first(sql, values![lot], |row| Ok((row.next()?, Hash::from(row.next::<[u8; 32]>()?))))
}

/// The bytes of the report of a lot, to which the log commits; none while there is none.
///
/// # Errors
/// [`db::Error`].
pub fn written(tx: &mut Tx, lot: Id<Lot>) -> Result<Option<String>, db::Error> {
    let sql = "SELECT report FROM committee WHERE lot = $1 AND concluded_at IS NOT NULL";
    Ok(tx.first(sql, values![lot], |row| row.next::<Option<String>>())?.flatten())
}

/// How far the evaluation of a lot is.
///
/// # Errors
/// [`Error`] of the database.
pub fn outcome(tx: &mut Tx, tender: Id<Tender>, lot: Id<Lot>) -> Result<Outcome, Error> {
    if criteria::find(tx, tender)?.is_none() {
        return Ok(Outcome::ByBuyer);
    }
    let Some(report) = written(tx, lot)? else { return Ok(Outcome::Running) };
    Ok(Outcome::Concluded(Box::new(serde_json::from_str(&report).map_err(Error::fault)?)))
}
