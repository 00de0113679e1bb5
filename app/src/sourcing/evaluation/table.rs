//! The rows of a lot's committee: who is in its pool, who sits, how far it is.

use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::sourcing::tender::criteria::{self, Criteria};
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Tender};
use crate::web::{Actor, Error, Member, Purchaser};
use evidence::Hash;
use jiff::Timestamp;
use kit::db::{self, Row, Tx, coded};
use kit::event::Event;
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// Where a candidate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "CommitteeStanding")]
pub enum Standing {
    /// In the pool.
    Reserve,
    /// To say whether there is a conflict of interest.
    Called,
    /// Has declared none, and scores.
    Seated,
    /// Has signed.
    Signed,
    /// Has a conflict of interest, or withdrew.
    Recused,
    /// Was taken out by the buyer, with a reason.
    Removed,
    /// Could not be called any more when it was their turn.
    PassedOver,
}

impl Standing {
    const ALL: [Self; 7] =
        [Self::Reserve, Self::Called, Self::Seated, Self::Signed, Self::Recused, Self::Removed, Self::PassedOver];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reserve => "reserve",
            Self::Called => "called",
            Self::Seated => "seated",
            Self::Signed => "signed",
            Self::Recused => "recused",
            Self::Removed => "removed",
            Self::PassedOver => "passed-over",
        }
    }

    /// Whether somebody sits there.
    pub fn sits(self) -> bool {
        matches!(self, Self::Called | Self::Seated | Self::Signed)
    }
}

/// Somebody of a lot's pool, or named by the buyer.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub account: Id<Account>,
    pub company: Id<Company>,
    pub pseudonym: Hash,
    pub salt: [u8; 16],
    pub own: bool,
    /// In the draw.
    pub place: Option<i64>,
    /// Of the seat, once called.
    pub number: Option<i64>,
    pub standing: Standing,
    pub reason: Option<String>,
}

/// A lot's committee.
#[derive(Clone, Debug)]
pub struct Committee {
    pub seats: i64,
    pub pool: Hash,
    pub event: Id<Event>,
    pub entry: Option<i64>,
    pub seed: Option<Hash>,
    pub drawn_at: Option<Timestamp>,
    pub round: i64,
    pub concluded_at: Option<Timestamp>,
    pub report: Option<String>,
    pub report_sha256: Option<Hash>,
}

/// A lot that a committee evaluates.
#[derive(Clone, Debug)]
pub struct Table {
    pub lot: Lot,
    pub tender: Tender,
    pub criteria: Criteria,
    pub committee: Option<Committee>,
    /// By seat, then by place.
    pub candidates: Vec<Candidate>,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "EvaluationPhase")]
pub enum Phase {
    /// There is no committee yet.
    Unformed,
    /// The pool is committed to; the draw comes.
    Pooled,
    /// A seat is empty and nobody is left in the pool.
    Short,
    /// Members declare and score.
    Scoring,
    /// All have signed; reasons for scores far from the mean are due.
    Reasons,
    /// The report is there.
    Concluded,
}

impl Phase {
    fn of(committee: Option<&Committee>, candidates: &[Candidate]) -> Self {
        let Some(committee) = committee else { return Self::Unformed };
        let count = |is: fn(Standing) -> bool| candidates.iter().filter(|one| is(one.standing)).count() as i64;
        match committee {
            one if one.concluded_at.is_some() => Self::Concluded,
            one if one.drawn_at.is_none() => Self::Pooled,
            one if count(Standing::sits) < one.seats => Self::Short,
            one if count(|standing| standing == Standing::Signed) == one.seats => Self::Reasons,
            _ => Self::Scoring,
        }
    }

    /// Its word's key.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unformed => "evaluation-phase-unformed",
            Self::Pooled => "evaluation-phase-pooled",
            Self::Short => "evaluation-phase-short",
            Self::Scoring => "evaluation-phase-scoring",
            Self::Reasons => "evaluation-phase-reasons",
            Self::Concluded => "evaluation-phase-concluded",
        }
    }
}

impl Table {
    /// A published tender's lot with its committee.
    ///
    /// # Errors
    /// 404, also where no committee evaluates it.
    pub fn find(tx: &mut Tx, actor: &Actor, id: Id<Lot>) -> Result<Self, Error> {
        let (lot, tender) = tender::store::lot(tx, actor, id)?;
        let criteria = criteria::find(tx, tender.id)?.ok_or_else(Error::not_found)?;
        let (committee, candidates) = (committee(tx, id)?, candidates(tx, id)?);
        Ok(Self { lot, tender, criteria, committee, candidates })
    }

    /// One of the buyer's own.
    ///
    /// # Errors
    /// 404.
    pub fn own(tx: &mut Tx, buyer: &Purchaser, id: Id<Lot>) -> Result<Self, Error> {
        let table = Self::find(tx, &Actor::Member((***buyer).clone()), id)?;
        if table.tender.company == buyer.company { Ok(table) } else { Err(Error::not_found()) }
    }

    /// The same, with the seat that this member has at it.
    ///
    /// # Errors
    /// 404 for everybody else.
    pub fn seat(tx: &mut Tx, member: &Member, id: Id<Lot>) -> Result<(Self, Candidate), Error> {
        let table = Self::find(tx, &Actor::Member(member.clone()), id)?;
        let is_theirs =
            |one: &&Candidate| one.account == member.account() && one.company == member.company && one.standing.sits();
        let seat = table.candidates.iter().find(is_theirs).cloned().ok_or_else(Error::not_found)?;
        Ok((table, seat))
    }

    /// Refuses scores before the final offers of a negotiated lot are open, and an act on what is not evaluated now.
    ///
    /// # Errors
    /// 409 `final-offers-first`; as [`Table::goes_on`].
    pub fn is_scored(&self) -> Result<(), Error> {
        if self.lot.state == LotState::Negotiation {
            Err(Error::conflict("final-offers-first"))
        } else {
            self.goes_on()
        }
    }

    /// Refuses an act on what is neither negotiated nor evaluated now.
    ///
    /// # Errors
    /// 409 `candidates-published` where its candidates are, `auction-first` while its auction is not over, else `evaluation-over`.
    pub fn goes_on(&self) -> Result<(), Error> {
        match self.lot.state {
            LotState::Negotiation | LotState::Evaluation => Ok(()),
            LotState::Candidates => Err(Error::conflict("candidates-published")),
            LotState::Auction => Err(Error::conflict("auction-first")),
            _ => Err(Error::conflict("evaluation-over")),
        }
    }

    /// Those who sit.
    pub fn sitting(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(|one| one.standing.sits())
    }

    /// Whether every seat is taken and has signed.
    pub fn all_signed(&self) -> bool {
        matches!(self.phase(), Phase::Reasons | Phase::Concluded)
    }

    /// How far it is.
    pub fn phase(&self) -> Phase {
        Phase::of(self.committee.as_ref(), &self.candidates)
    }
}

fn committee(tx: &mut Tx, lot: Id<Lot>) -> Result<Option<Committee>, db::Error> {
    let sql = "SELECT seats, pool, event, entry, seed, drawn_at, round, concluded_at, report, report_sha256 \
               FROM committee WHERE lot = $1";
    tx.first(sql, values![lot], |row| {
        Ok(Committee {
            seats: row.next()?,
            pool: hash(row)?,
            event: row.next()?,
            entry: row.next()?,
            seed: row.next::<Option<[u8; 32]>>()?.map(Hash::from),
            drawn_at: row.next()?,
            round: row.next()?,
            concluded_at: row.next()?,
            report: row.next()?,
            report_sha256: row.next::<Option<[u8; 32]>>()?.map(Hash::from),
        })
    })
}

fn candidates(tx: &mut Tx, lot: Id<Lot>) -> Result<Vec<Candidate>, db::Error> {
    let sql = "SELECT account, company, pseudonym, salt, own, place, number, standing, reason FROM candidate \
               WHERE lot = $1 ORDER BY account";
    let mut all = tx.all(sql, values![lot], |row| {
        Ok(Candidate {
            account: row.next()?,
            company: row.next()?,
            pseudonym: hash(row)?,
            salt: row.next()?,
            own: row.next()?,
            place: row.next()?,
            number: row.next()?,
            standing: coded(&row.next::<String>()?, |code| Standing::ALL.into_iter().find(|one| one.code() == code))?,
            reason: row.next()?,
        })
    })?;
    all.sort_by_key(|one| (one.number.is_none(), one.number, one.place, one.pseudonym));
    Ok(all)
}

fn hash(row: &mut Row<'_>) -> Result<Hash, db::Error> {
    Ok(Hash::from(row.next::<[u8; 32]>()?))
}

/// How far the evaluation of a lot is; none where its buyer decides.
///
/// # Errors
/// [`db::Error`].
pub fn phase(tx: &mut Tx, lot: &Lot) -> Result<Option<Phase>, db::Error> {
    if criteria::find(tx, lot.tender)?.is_none() {
        return Ok(None);
    }
    let (committee, candidates) = (committee(tx, lot.id)?, candidates(tx, lot.id)?);
    Ok(Some(Phase::of(committee.as_ref(), &candidates)))
}
