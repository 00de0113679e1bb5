//! What an evaluator does: declares whether there is a conflict of interest, scores each bid, signs once, and gives reasons for scores
//! far from the mean. Until all have signed nobody reads another's scores.

use super::committee::{fill, stand};
use super::conclude;
use super::inquiry;
use super::rule::{HUNDREDTHS, letter, parse_points};
use super::table::{Candidate, Standing, Table};
use crate::identity::account::Account;
use crate::sourcing::bid::Bid;
use crate::sourcing::opening::record::{self, Opened};
use crate::sourcing::tender::Lot;
use crate::web::{Actor, Agent, Broken, Error, Fields, Form, Parse};
use evidence::Hash;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a bid is to be rejected (招标投标法实施条例 art. 51).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "RejectionGround")]
pub enum Ground {
    /// Not sealed or signed by who must.
    Unsigned,
    /// The bidder does not have the qualification that is asked for.
    Unqualified,
    /// It does not meet what the documents ask for in substance.
    Unresponsive,
    /// Two or more different prices.
    SeveralPrices,
    /// Above the ceiling price.
    OverCeiling,
    /// Below cost, and the bidder could not explain it.
    BelowCost,
    /// Collusion, fraud, bribery.
    Collusion,
}

impl Ground {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Unsigned,
        Self::Unqualified,
        Self::Unresponsive,
        Self::SeveralPrices,
        Self::OverCeiling,
        Self::BelowCost,
        Self::Collusion,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Unqualified => "unqualified",
            Self::Unresponsive => "unresponsive",
            Self::SeveralPrices => "several-prices",
            Self::OverCeiling => "over-ceiling",
            Self::BelowCost => "below-cost",
            Self::Collusion => "collusion",
        }
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("evaluation-ground-{}", self.code())
    }

    fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.code() == code)
    }
}

/// Whether there is a conflict of interest.
pub struct Declared {
    /// Why there is one.
    pub conflict: Option<String>,
}

impl Parse for Declared {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.one_of("interest", ["none", "conflict"]);
        let interest = fields.parse("interest", |code| match code {
            "none" => Ok(false),
            "conflict" => Ok(true),
            _ => Err("choice"),
        });
        let reason = fields.optional_text("reason", 500)?;
        match (interest?, reason) {
            (false, _) => Some(Self { conflict: None }),
            (true, Some(reason)) => Some(Self { conflict: Some(reason) }),
            (true, None) => fields.wrong("reason", "required"),
        }
    }
}

/// What an evaluator gives a bid.
pub struct Given {
    /// Which, by its letter.
    pub bid: String,
    /// Hundredths, one for each criterion.
    pub points: Vec<i64>,
    /// Whether it is to be rejected.
    pub ground: Option<Ground>,
    /// What is said to it.
    pub remark: String,
}

impl Parse for Given {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let bid = fields.like("bid", "A").text("bid", 1..=3);
        let given = fields.several("points", &["28.5"]);
        let points: Option<Vec<_>> = given.iter().map(|text| parse_points(text.trim())).collect();
        let points = points.or_else(|| fields.wrong("points", "points-form"));
        fields.one_of("ground", Ground::ALL.map(Ground::code));
        let ground = fields.optional("ground", |code| Ground::of(code).ok_or("choice"));
        let remark = fields.optional_text("remark", 2000);
        let (ground, remark) = (ground?, remark?);
        if ground.is_some() && remark.is_none() {
            fields.wrong::<()>("remark", "rejection-reason");
        }
        Some(Self { bid: bid?, points: points?, ground, remark: remark.unwrap_or_default() })
    }
}

/// Why a score is far from the mean.
pub struct Deviation {
    /// Of which bid, by its letter.
    pub bid: String,
    /// Why.
    pub reason: String,
}

impl Parse for Deviation {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let bid = fields.like("bid", "A").text("bid", 1..=3);
        let reason = fields.text("reason", 5..=1000);
        Some(Self { bid: bid?, reason: reason? })
    }
}

/// What an evaluator gave a bid.
#[derive(Clone, Debug)]
pub struct Score {
    pub account: Id<Account>,
    pub bid: Id<Bid>,
    /// Hundredths, one for each criterion.
    pub points: Vec<i64>,
    pub ground: Option<Ground>,
    pub remark: String,
    pub deviation: Option<String>,
}

impl Score {
    /// All points together.
    pub fn total(&self) -> i64 {
        self.points.iter().sum()
    }
}

/// The bids of a lot that could be read, each with the letter that it has while names are hidden. Their order tells nothing of who
/// was earlier or cheaper.
///
/// # Errors
/// [`db::Error`].
pub fn lettered(tx: &mut Tx, table: &Table) -> Result<Vec<(String, Opened)>, db::Error> {
    let key = table.committee.as_ref().map(|one| (one.pool, one.seed));
    let (pool, seed) =
        key.map_or(([0; 32], [0; 32]), |(pool, seed)| (<[u8; 32]>::from(pool), seed.map_or([0; 32], <[u8; 32]>::from)));
    let bids = record::ranked(tx, table.lot.id)?;
    let mut bids = record::with_files(tx, bids)?;
    // A bid that lapses while it is evaluated keeps its letter, and is rejected in the end.
    let stands = |bid: &Opened| bid.void.as_deref().is_none_or(|why| why == "declined");
    bids.retain(|bid| bid.company.is_some() && bid.price.is_some() && stands(bid));
    bids.sort_by_key(|bid| Hash::of(&[b"ziyun/evaluation/letter/v1\n", &pool, &seed, bid.id.as_bytes()]));
    Ok(bids.into_iter().enumerate().map(|(place, bid)| (letter(place), bid)).collect())
}

/// The seat of a member who may score now.
pub(super) fn scorer(tx: &mut Tx, member: &Agent, lot: Id<Lot>) -> Result<(Table, Candidate), Error> {
    member.still(tx)?;
    let (table, seat) = Table::seat(tx, member, lot)?;
    table.is_scored()?;
    match seat.standing {
        Standing::Called => Err(Error::conflict("declaration-first")),
        Standing::Signed => Err(Error::conflict("scores-signed")),
        _ => Ok((table, seat)),
    }
}

/// Declares. A conflict frees the seat for the next of the draw; until they sign, a member may find one, too.
///
/// # Errors
/// 401; 403 `duties-changed`; 404; 409 `evaluation-over`, `scores-signed`.
pub fn declare(tx: &mut Tx, member: &Agent, lot: Id<Lot>, given: &Declared) -> Result<(), Error> {
    member.still(tx)?;
    let (table, seat) = Table::seat(tx, member, lot)?;
    table.goes_on()?;
    if seat.standing == Standing::Signed {
        return Err(Error::conflict("scores-signed"));
    }
    match &given.conflict {
        None if seat.standing == Standing::Seated => Ok(()),
        None => stand(tx, &table, &seat, Standing::Seated, None),
        Some(reason) => {
            stand(tx, &table, &seat, Standing::Recused, Some(reason))?;
            let table = Table::find(tx, &Actor::Member((**member).clone()), lot)?;
            fill(tx, &table)
        }
    }
}

/// Keeps what an evaluator gives a bid, until they sign. It replaces what was there.
///
/// # Errors
/// 401; 403; 404; 409 `declaration-first`, `scores-signed`, `evaluation-over`, `final-offers-first`; 422 for points that no criterion has.
pub fn save(tx: &mut Tx, member: &Agent, lot: Id<Lot>, given: &Given, form: &Form) -> Result<(), Error> {
    let (table, seat) = scorer(tx, member, lot)?;
    let bids = lettered(tx, &table)?;
    let found = bids.iter().find(|(letter, _)| *letter == given.bid);
    let Some((_, bid)) = found else { return Err(form.clone().refuse("bid", "choice")) };
    let criteria = &table.criteria.criteria;
    if given.points.len() != criteria.len() {
        return Err(form.clone().refuse("points", Broken::rule("points-count").with("count", criteria.len())));
    }
    if given.points.iter().zip(criteria).any(|(points, of)| *points > of.weight * HUNDREDTHS) {
        return Err(form.clone().refuse("points", "points-most"));
    }
    if given.ground == Some(Ground::BelowCost)
        && let Err(rule) = inquiry::heard(tx, bid.id)?
    {
        return Err(form.clone().refuse("ground", rule));
    }
    let (now, points) = (tx.now(), serde_json::to_string(&given.points).map_err(Error::fault)?);
    let sql = "DELETE FROM score WHERE lot = $1 AND account = $2 AND bid = $3";
    tx.execute(sql, values![lot, seat.account, bid.id])?;
    tx.execute(
        "INSERT INTO score (lot, account, bid, points, ground, remark, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![lot, seat.account, bid.id, points, given.ground.map(Ground::code), &given.remark, now],
    )?;
    Ok(())
}

/// Signs, once and for all bids: nothing of it changes any more. With the last signature the scores are open to the committee.
///
/// # Errors
/// 401; 403; 404; 409 `declaration-first`, `scores-missing`, `scores-signed`, `evaluation-over`.
pub fn sign(tx: &mut Tx, member: &Agent, lot: Id<Lot>) -> Result<(), Error> {
    let (table, seat) = scorer(tx, member, lot)?;
    let bids = lettered(tx, &table)?;
    let now = tx.now();
    if let Some(asked) = inquiry::of_lot(tx, &table)?.into_iter().find(|asked| asked.waits(now)) {
        return Err(Error::conflict("inquiry-waits").with("until", asked.due_at));
    }
    let given = scores(tx, lot)?.into_iter().filter(|score| score.account == seat.account).count();
    if given < bids.len() {
        return Err(Error::conflict("scores-missing").with("missing", bids.len() - given));
    }
    stand(tx, &table, &seat, Standing::Signed, None)?;
    conclude::settle(tx, member, lot)
}

/// Gives the reason for a score far from the mean; with the last the report is made.
///
/// # Errors
/// 401; 403; 404; 409 `scores-closed` before all have signed and after the report, `deviation-none` where none is owed.
pub fn explain(tx: &mut Tx, member: &Agent, lot: Id<Lot>, given: &Deviation, form: &Form) -> Result<(), Error> {
    member.still(tx)?;
    let (table, seat) = Table::seat(tx, member, lot)?;
    table.is_scored()?;
    if !table.all_signed() || table.committee.as_ref().is_some_and(|one| one.concluded_at.is_some()) {
        return Err(Error::conflict("scores-closed"));
    }
    let bids = lettered(tx, &table)?;
    let found = bids.iter().find(|(letter, _)| *letter == given.bid);
    let Some((_, bid)) = found else { return Err(form.clone().refuse("bid", "choice")) };
    let scores = scores(tx, lot)?;
    if !conclude::owed(&table, &scores).contains(&(seat.account, bid.id)) {
        return Err(Error::conflict("deviation-none"));
    }
    let sql = "UPDATE score SET deviation = $1 WHERE lot = $2 AND account = $3 AND bid = $4";
    tx.execute(sql, values![&given.reason, lot, seat.account, bid.id])?;
    conclude::settle(tx, member, lot)
}

/// Everything that was scored for a lot. Who may read it is decided by who asks.
///
/// # Errors
/// [`db::Error`].
pub fn scores(tx: &mut Tx, lot: Id<Lot>) -> Result<Vec<Score>, db::Error> {
    let sql = "SELECT account, bid, points, ground, remark, deviation FROM score WHERE lot = $1 ORDER BY account, bid";
    tx.all(sql, values![lot], |row| {
        let (account, bid, points) = (row.next()?, row.next()?, row.next::<String>()?);
        Ok(Score {
            account,
            bid,
            points: serde_json::from_str(&points).map_err(|e| db::Error::Engine(e.to_string()))?,
            ground: row.next::<Option<String>>()?.and_then(|code| Ground::of(&code)),
            remark: row.next()?,
            deviation: row.next()?,
        })
    })
}
