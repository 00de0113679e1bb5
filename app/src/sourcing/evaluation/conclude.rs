//! The end of an evaluation: once all have signed and no reason is owed, the points are counted and the report is made, in the unit of
//! the act that completes it.

use super::event::Concluded;
use super::report::{Drawing, Judged, Left, Report, Seat, Vote};
use super::rule::{Counted, Total, is_outlier, ranked, rejects};
use super::score::{Score, lettered, scores};
use super::table::{Candidate, Standing, Table};
use crate::identity::account::Account;
use crate::sourcing::bid::Bid;
use crate::sourcing::opening::record::Opened;
use crate::sourcing::tender::Lot;
use crate::web::{Actor, Agent, Error};
use evidence::Hash;
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use kit::values;

/// Makes the report, if all have signed and no reason is owed.
///
/// # Errors
/// [`Error`] of the database.
pub fn settle(tx: &mut Tx, member: &Agent, lot: Id<Lot>) -> Result<(), Error> {
    let table = Table::find(tx, &Actor::Member((**member).clone()), lot)?;
    if !table.all_signed() {
        return Ok(());
    }
    let all = scores(tx, lot)?;
    if owed(&table, &all).is_empty() { conclude(tx, &table, &all) } else { Ok(()) }
}

/// The scores that stand far from the mean and have no reason yet.
pub fn owed(table: &Table, all: &[Score]) -> Vec<(Id<Account>, Id<Bid>)> {
    let all: Vec<_> = counted(table, all);
    let is_owed = |score: &&&Score| score.deviation.is_none() && is_far(table, score, &all);
    all.iter().filter(is_owed).map(|score| (score.account, score.bid)).collect()
}

/// The scores of those who have signed.
fn counted<'a>(table: &Table, all: &'a [Score]) -> Vec<&'a Score> {
    let has_signed = |account: Id<Account>| {
        table.candidates.iter().any(|one| one.account == account && one.standing == Standing::Signed)
    };
    all.iter().filter(|score| has_signed(score.account)).collect()
}

fn is_far(table: &Table, score: &Score, all: &[&Score]) -> bool {
    let given: Vec<_> = all.iter().filter(|one| one.bid == score.bid).map(|one| one.total()).collect();
    is_outlier(score.total(), &given, table.tender.method.profile().outlier_percent)
}

/// Once a member is replaced the mean is another: reasons are asked for anew.
///
/// # Errors
/// [`db::Error`].
pub fn forget_deviations(tx: &mut Tx, lot: Id<Lot>) -> Result<(), db::Error> {
    tx.execute("UPDATE score SET deviation = NULL WHERE lot = $1", values![lot]).map(drop)
}

fn conclude(tx: &mut Tx, table: &Table, all: &[Score]) -> Result<(), Error> {
    let Some(committee) = &table.committee else { return Ok(()) };
    let (lot, tender, now, round) = (table.lot.id, table.tender.id, tx.now(), committee.round + 1);
    let bids = lettered(tx, table)?;
    let report = report(table, &bids, &counted(table, all), (round, now));
    let text = serde_json::to_string(&report).map_err(Error::fault)?;
    let sha256 = Hash::of(&[text.as_bytes()]);
    tx.execute(
        "UPDATE committee SET round = $1, concluded_at = $2, report = $3, report_sha256 = $4 WHERE lot = $5",
        values![round, now, text, sha256.as_bytes(), lot],
    )?;
    event::record(tx, table.tender.scope(), &Concluded { tender, lot, round, report_sha256: sha256 })?;
    Ok(())
}

/// The report of what was scored.
fn report(
    table: &Table,
    bids: &[(String, Opened)],
    all: &[&Score],
    (round, concluded_at): (i64, jiff::Timestamp),
) -> Report {
    let is_left = |one: &&Candidate| one.number.is_some() && !one.standing.sits();
    Report {
        tender: table.tender.id,
        number: table.tender.number.clone(),
        title: table.tender.title.clone(),
        lot: table.lot.id,
        lot_number: table.lot.position,
        lot_title: table.lot.title.clone(),
        round,
        concluded_at: concluded_at.to_string(),
        criteria: table.criteria.clone(),
        drawing: Drawing::of(table),
        members: table.sitting().map(Seat::of).collect(),
        left: table.candidates.iter().filter(is_left).map(Left::of).collect(),
        bids: all_judged(table, bids, all),
    }
}

/// The bids by rank; rejected ones last. What is above the ceiling is rejected whatever was scored (招标投标法实施条例 art. 51).
fn all_judged(table: &Table, bids: &[(String, Opened)], all: &[&Score]) -> Vec<Judged> {
    let seats = table.committee.as_ref().map_or(0, |one| one.seats) as usize;
    let of = |bid: Id<Bid>| all.iter().filter(move |score| score.bid == bid);
    let is_rejected = |bid: &Opened| {
        bid.over_ceiling
            || bid.void.is_some()
            || rejects(of(bid.id).filter(|score| score.ground.is_some()).count(), seats)
    };
    let counted: Vec<_> = bids
        .iter()
        .filter(|(_, bid)| !is_rejected(bid))
        .map(|(_, bid)| Counted {
            bid: bid.id,
            price: bid.price.unwrap_or_default(),
            received_at: bid.received_at,
            given: of(bid.id).map(|score| score.total()).collect(),
        })
        .collect();
    let totals = ranked(&counted, table.criteria.price_weight, table.tender.terms.tie);
    let number = |account: Id<Account>| {
        table.candidates.iter().find(|one| one.account == account).and_then(|one| one.number).unwrap_or_default()
    };
    let judged = |(letter, bid): &(String, Opened)| {
        let mut votes: Vec<_> = of(bid.id).map(|score| Vote::of(number(score.account), score)).collect();
        votes.sort_by_key(|vote| vote.number);
        judged(letter, bid, votes, totals.iter().find(|total| total.bid == bid.id))
    };
    let mut bids: Vec<_> = bids.iter().map(judged).collect();
    bids.sort_by_key(|bid| (bid.rank.is_none(), bid.rank, bid.letter.clone()));
    bids
}

fn judged(letter: &str, bid: &Opened, votes: Vec<Vote>, total: Option<&Total>) -> Judged {
    Judged {
        letter: letter.to_owned(),
        bid: bid.id,
        company_name: bid.company_name.clone().unwrap_or_default(),
        price: bid.price.unwrap_or_default(),
        votes,
        over_ceiling: bid.over_ceiling,
        is_rejected: total.is_none(),
        price_points: total.map(|total| total.price_points),
        technical: total.map(|total| total.technical),
        total: total.map(|total| total.total),
        rank: total.map(|total| total.rank),
    }
}
