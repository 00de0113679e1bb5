//! The row of a draft: typed by its buyer, or made of an earlier tender that is tendered again (重新招标).

use super::auction;
use super::criteria;
use super::document::{self, Kept};
use super::event::Drafted;
use super::form::Draft;
use super::lot::Lot;
use super::named;
use super::store;
use super::tender::Tender;
use super::terms::{self, Terms};
use crate::discard::discard;
use crate::identity::company::Company;
use crate::sourcing::profile::Method;
use crate::sourcing::regime::Regime;
use crate::web::{Buyer, Error, Preparer};
use jiff::{SignedDuration, Timestamp, TimestampRound, Unit};
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use kit::values;

/// How long a draft that is made of an earlier tender can be published as it is.
const TO_PUBLISH: SignedDuration = SignedDuration::from_hours(3 * 24);

/// What a draft is made of that nobody types anew: a demand, a qualified list.
pub struct Made {
    /// How it is to be tendered.
    pub method: Method,
    /// Whom it names, where the method names somebody.
    pub named: Vec<Id<Company>>,
    /// Its title; that of its one lot, too.
    pub title: String,
    /// Category code.
    pub category: String,
    /// Division code.
    pub region: String,
    /// What is wanted, in full.
    pub summary: String,
    /// What its lot says beside.
    pub description: String,
    /// Fen.
    pub budget: Option<i64>,
    /// Whether others see it.
    pub budget_shown: bool,
    /// Under whose rules.
    pub regime: Regime,
}

/// Makes a draft of one lot out of it, with these copies of documents, which lie in the blob store. Answers whether it was not there.
///
/// # Errors
/// [`Error`] of the database.
pub fn create_of(
    tx: &mut Tx,
    buyer: &Buyer,
    id: Id<Tender>,
    (number, zone): (&str, &str),
    made: &Made,
    copies: &[Kept],
) -> Result<bool, Error> {
    let (method, now) = (made.method, tx.now());
    let (questions_until, deadline) = earliest(method, now);
    let draft = Draft {
        title: made.title.clone(),
        method,
        regime: made.regime,
        category: made.category.clone(),
        region: made.region.clone(),
        summary: made.summary.clone(),
        budget_shown: made.budget_shown,
        questions_until,
        deadline,
        terms: Terms::default(),
    };
    if !insert(tx, buyer, id, (number, zone), &draft, None)? {
        return Ok(false);
    }
    if method.profile().circle.names() {
        named::set(tx, id, &made.named, None)?;
    }
    insert_lot(tx, id, 1, (&made.title, &made.description, made.budget), (None, false))?;
    document::insert(tx, id, None, &copies.iter().collect::<Vec<_>>())?;
    Ok(true)
}

/// Inserts a draft and says so. Answers whether it was not there.
pub(super) fn insert(
    tx: &mut Tx,
    buyer: &Buyer,
    id: Id<Tender>,
    (number, zone): (&str, &str),
    draft: &Draft,
    earlier: Option<&Tender>,
) -> Result<bool, Error> {
    let now = tx.now();
    let (again_of, round) = (earlier.map(|earlier| earlier.id), earlier.map_or(1, |earlier| earlier.round + 1));
    let inserted = tx.execute(
        "INSERT INTO tender (id, company, number, title, method, regime, category, region, summary, budget_shown, state, \
         questions_until, deadline, zone, questions_closed, next_check, created_at, again_of, round, version) \
         VALUES ($1, $2, $3, $4, $5, $17, $6, $7, $8, $9, 'draft', $10, $11, $12, 0, $13, $14, $15, $16, 1) \
         ON CONFLICT (id) DO NOTHING",
        values![
            id,
            buyer.company,
            number,
            &draft.title,
            draft.method.code(),
            &draft.category,
            &draft.region,
            &draft.summary,
            draft.budget_shown,
            draft.questions_until,
            draft.deadline,
            zone,
            i64::MAX,
            now,
            again_of,
            round,
            draft.regime.code()
        ],
    )?;
    if inserted == 0 {
        return Ok(false);
    }
    terms::store(tx, id, &draft.terms)?;
    let mut scope = buyer.scope();
    scope.tender = Some(*id.as_bytes());
    event::record(tx, scope, &Drafted { tender: id })?;
    Ok(true)
}

/// Makes a draft of an earlier tender of the buyer's: these of its lots, and copies of its documents, which lie in the blob
/// store. The same id again is the same draft.
///
/// # Errors
/// 404 when the id is another draft's.
pub fn create_again(
    tx: &mut Tx,
    buyer: &Preparer,
    id: Id<Tender>,
    (number, zone): (&str, &str),
    earlier: &Tender,
    (lots, copies): (&[Lot], &[Kept]),
) -> Result<(), Error> {
    buyer.still(tx)?;
    let draft = again(earlier, tx.now());
    if !insert(tx, buyer, id, (number, zone), &draft, Some(earlier))? {
        let made = store::own(tx, buyer, id)?;
        copies.iter().try_for_each(|file| discard(tx, &file.region, &file.blob))?;
        return if made.again_of == Some(earlier.id) { Ok(()) } else { Err(Error::not_found()) };
    }
    for (position, lot) in (1i64..).zip(lots) {
        insert_lot(tx, id, position, (&lot.title, &lot.description, lot.budget), (lot.ceiling, lot.ceiling_shown))?;
    }
    criteria::copy(tx, earlier.id, id)?;
    named::copy(tx, earlier, id)?;
    auction::copy(tx, earlier, id, draft.deadline)?;
    Ok(document::insert(tx, id, None, &copies.iter().collect::<Vec<_>>())?)
}

fn insert_lot(
    tx: &mut Tx,
    tender: Id<Tender>,
    position: i64,
    (title, description, budget): (&str, &str, Option<i64>),
    (ceiling, ceiling_shown): (Option<i64>, bool),
) -> Result<(), db::Error> {
    let id = tx.id::<Lot>();
    tx.execute(
        "INSERT INTO lot (id, tender, position, title, description, budget, ceiling, ceiling_shown, state, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', 1)",
        values![id, tender, position, title, description, budget, ceiling, ceiling_shown],
    )
    .map(drop)
}

/// What a tender is tendered again as: its words as they stood last, its dates the earliest that the method allows to who
/// publishes within three days, on the hour.
fn again(earlier: &Tender, now: Timestamp) -> Draft {
    let (questions_until, deadline) = earliest(earlier.method, now);
    Draft {
        title: retitled(&earlier.title, earlier.round + 1),
        method: earlier.method,
        regime: earlier.regime,
        category: earlier.category.clone(),
        region: earlier.region.clone(),
        summary: earlier.summary.clone(),
        budget_shown: earlier.budget_shown,
        questions_until,
        deadline,
        terms: earlier.terms.clone(),
    }
}

/// The end of questions and the deadline: the earliest for who publishes within three days, on the hour.
fn earliest(method: Method, now: Timestamp) -> (Timestamp, Timestamp) {
    let profile = method.profile();
    let publishing = now.checked_add(TO_PUBLISH).unwrap_or(now);
    let of_questions = profile.earliest_questions_end(publishing);
    let after = SignedDuration::from_hours(24 * profile.questions_end_days_before_deadline);
    let after = of_questions.checked_add(after).unwrap_or(of_questions);
    let noticed = if profile.circle.notice_working_days > 0 { after } else { publishing };
    let deadline = on_the_hour(profile.earliest_deadline(publishing).max(noticed));
    (profile.latest_questions(deadline), deadline)
}

fn on_the_hour(at: Timestamp) -> Timestamp {
    let up = TimestampRound::new().smallest(Unit::Hour).mode(jiff::RoundMode::Ceil);
    at.round(up).unwrap_or(at)
}

/// 第二次, 第三次 …: as the field writes it, in brackets at the end of the title. A title that it would make too long stays as
/// it is.
fn retitled(title: &str, round: i64) -> String {
    const NUMERALS: [&str; 9] = ["二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let written = |round: i64| {
        let numeral = usize::try_from(round - 2).ok().and_then(|at| NUMERALS.get(at));
        format!("（第{}次）", numeral.map_or_else(|| round.to_string(), |numeral| (*numeral).to_owned()))
    };
    let bare = title.strip_suffix(written(round - 1).as_str()).unwrap_or(title);
    let new = format!("{bare}{}", written(round));
    if new.chars().count() <= super::form::TITLE { new } else { title.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_says_which_time_it_is_and_never_grows_too_long() {
        let second = retitled("云平台维保采购", 2);
        assert_eq!(second, "云平台维保采购（第二次）");
        assert_eq!(retitled(&second, 3), "云平台维保采购（第三次）");
        assert_eq!(retitled("云平台维保采购（第十次）", 11), "云平台维保采购（第11次）");
        let long = "长".repeat(118);
        assert_eq!(retitled(&long, 2), long);
    }

    #[test]
    fn an_hour_is_rounded_up() {
        let hour: Timestamp = "2027-01-12T02:00:00Z".parse().unwrap();
        assert_eq!(on_the_hour(hour), hour);
        assert_eq!(on_the_hour("2027-01-12T01:00:01Z".parse().unwrap()), hour);
    }
}
