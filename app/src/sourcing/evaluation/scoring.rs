//! What an evaluator is shown: to declare, to score alone, and, once all have signed, what the others gave.

use super::conclude::owed;
use super::inquiry::{self, Inquiry, Kind};
use super::report::{Seat, Vote};
use super::rule;
use super::score::{Ground, lettered, scores};
use super::table::{Candidate, Phase, Standing, Table};
use crate::app::App;
use crate::sourcing::bid::Bid;
use crate::sourcing::opening::record::File;
use crate::sourcing::tender::criteria::Criteria;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{Lot, Named};
use crate::web::{Error, Form, Locale, Member, Task, filters};
use askama::Template;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// A lot at which its reader has a seat.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/evaluation/scores.html")]
#[schemars(rename = "EvaluatorLot")]
pub struct ScoresPage {
    pub tender: Named,
    pub lot: Lot,
    pub phase: Phase,
    pub criteria: Criteria,
    pub seat: Seat,
    /// With which the reader finds themselves in the draw: sixteen bytes, hexadecimal.
    pub salt: String,
    pub standing: Standing,
    /// Who has bid, in alphabetical order, to declare about.
    pub bidders: Vec<String>,
    /// From the declaration on.
    pub bids: Vec<ScoredBid>,
    pub form: Form,
    /// The id of a question to be asked.
    #[serde(skip)]
    asking: Id<Inquiry>,
}

/// A bid, as far as an evaluator sees it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EvaluatorBid")]
pub struct ScoredBid {
    /// What it is called.
    pub letter: String,
    /// Who bids; none while names are hidden.
    pub company_name: Option<String>,
    /// Fen; none while prices are.
    pub price: Option<i64>,
    /// Days; none while names are hidden: the opening record has them beside the names.
    pub delivery_days: Option<i64>,
    /// The bidder's words.
    pub note: Option<String>,
    pub files: Vec<File>,
    /// What the reader gave it.
    pub own: Option<Vote>,
    /// Whether the reader owes a reason.
    pub owed: bool,
    /// What the others gave it, once all have signed.
    pub others: Vec<Vote>,
    /// Whether its price is abnormally low by the method's numbers; while prices are hidden nobody is told.
    pub low_price: bool,
    /// What the committee has asked its bidder, and the answers.
    pub inquiries: Vec<Inquiry>,
}

impl ScoresPage {
    /// Reads it.
    ///
    /// # Errors
    /// 404 to all but who has a seat.
    pub async fn read(app: &App, member: Member, id: Id<Lot>, form: Form, locale: Locale) -> Result<Self, Error> {
        let asking = Id::v7(app.clock().now(), app.random());
        let read = move |tx: &mut Tx| {
            let (table, seat) = Table::seat(tx, &member, id)?;
            let (bidders, bids) = bids(tx, &table, &seat)?;
            Ok::<_, Error>(Self {
                phase: table.phase(),
                seat: Seat::of(&seat),
                salt: hex::encode(seat.salt),
                standing: seat.standing,
                bidders,
                bids,
                criteria: table.criteria,
                lot: table.lot,
                tender: Named::new(table.tender, locale),
                form: form.clone(),
                asking,
            })
        };
        app.db().read(read).await
    }

    fn scores(&self) -> bool {
        self.standing == Standing::Seated && self.lot.state == LotState::Evaluation
    }

    fn declares(&self) -> bool {
        self.standing == Standing::Called && matches!(self.lot.state, LotState::Negotiation | LotState::Evaluation)
    }

    /// Whether it reads what is negotiated: one who evaluates blind does not.
    fn negotiates(&self) -> bool {
        let is_in = matches!(self.standing, Standing::Seated | Standing::Signed) && !self.criteria.blind;
        is_in && self.tender.tender.method.profile().negotiation.is_some()
    }

    /// Whether every bid has its scores.
    fn is_complete(&self) -> bool {
        self.bids.iter().all(|bid| bid.own.is_some())
    }

    /// Whether the form is that of this bid.
    fn is_refused(&self, bid: &ScoredBid) -> bool {
        self.form.value("bid") == bid.letter && !self.form.problems().is_empty()
    }

    /// What stands in the field of a criterion.
    fn typed(&self, bid: &ScoredBid, index: &usize) -> String {
        if self.is_refused(bid) && self.form.is_typed("points") {
            return self.form.value("points").split('\n').nth(*index).unwrap_or_default().to_owned();
        }
        let points = bid.own.as_ref().and_then(|own| own.points.get(*index));
        points.map_or_else(String::new, |points| rule::shown(*points))
    }

    /// What stands in another field of a bid.
    fn said(&self, bid: &ScoredBid, field: &str) -> String {
        match (&bid.own, field) {
            _ if self.is_refused(bid) => self.form.value(field).to_owned(),
            (Some(own), "remark") => own.remark.clone(),
            (Some(own), "ground") => own.ground.map_or_else(String::new, |ground| ground.code().to_owned()),
            _ => String::new(),
        }
    }

    fn grounds(&self) -> [Ground; 7] {
        Ground::ALL
    }
}

/// Who has bid, and what of the bids an evaluator sees now.
fn bids(tx: &mut Tx, table: &Table, seat: &Candidate) -> Result<(Vec<String>, Vec<ScoredBid>), db::Error> {
    let bids = lettered(tx, table)?;
    let mut bidders: Vec<_> = bids.iter().filter_map(|(_, bid)| bid.company_name.clone()).collect();
    bidders.sort();
    if seat.standing == Standing::Called {
        return Ok((bidders, Vec::new()));
    }
    let is_open = table.all_signed() || !policy::holds(Control::ScoresClosed);
    let is_named = !table.criteria.blind || table.all_signed();
    let all = scores(tx, table.lot.id)?;
    let owes = if table.all_signed() { owed(table, &all) } else { Vec::new() };
    let number = |account| table.sitting().find(|one| one.account == account).and_then(|one| one.number);
    let asked = inquiry::of_lot(tx, table)?;
    let prices: Vec<_> = bids.iter().map(|(_, bid)| (bid.id, bid.price.unwrap_or_default())).collect();
    let is_low = |id: Id<Bid>, price: i64| {
        let others: Vec<_> = prices.iter().filter(|(other, _)| *other != id).map(|(_, price)| *price).collect();
        table.tender.method.profile().low_price.is_low(price, &others)
    };
    let of = |(letter, bid): (String, crate::sourcing::opening::record::Opened)| {
        let given: Vec<_> = all.iter().filter(|score| score.bid == bid.id).collect();
        let given: Vec<_> = given.into_iter().filter_map(|score| Some((number(score.account)?, score))).collect();
        let own = given.iter().find(|(_, score)| score.account == seat.account);
        let others = given.iter().filter(|(_, score)| score.account != seat.account && is_open);
        ScoredBid {
            letter,
            company_name: bid.company_name.filter(|_| is_named),
            price: bid.price.filter(|_| is_named),
            delivery_days: bid.delivery_days.filter(|_| is_named),
            note: bid.note.filter(|note| !note.is_empty()),
            files: bid.files,
            own: own.map(|(number, score)| Vote::of(*number, score)),
            owed: owes.contains(&(seat.account, bid.id)),
            others: others.map(|(number, score)| Vote::of(*number, score)).collect(),
            low_price: is_named && bid.price.is_some_and(|price| is_low(bid.id, price)),
            inquiries: asked.iter().filter(|one| one.bid == bid.id).cloned().collect(),
        }
    };
    Ok((bidders, bids.into_iter().map(of).collect()))
}

/// Where somebody evaluates, and whether they offer to.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/evaluation/list.html")]
#[schemars(rename = "EvaluatorList")]
pub struct List {
    /// Their seats, the newest first.
    pub seats: Vec<Line>,
    /// Whether they offer to evaluate for other companies.
    pub available: bool,
}

/// A seat of somebody's.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EvaluatorSeat")]
pub struct Line {
    /// The lot.
    pub lot: Id<Lot>,
    /// Of which tender.
    pub title: String,
    /// Which lot of it.
    pub lot_title: String,
    /// Where they stand.
    pub standing: String,
    /// Whether something is to be done.
    pub waits: bool,
}

impl Line {
    fn word(&self) -> String {
        format!("evaluation-standing-{}", self.standing)
    }
}

/// The seats that a member has or had.
///
/// # Errors
/// [`db::Error`].
pub fn seats(tx: &mut Tx, member: &Member) -> Result<Vec<Line>, db::Error> {
    let sql = "SELECT c.lot, t.title, l.title, c.standing, l.state FROM candidate c JOIN lot l ON l.id = c.lot \
               JOIN tender t ON t.id = l.tender WHERE c.account = $1 AND c.company = $2 AND c.number IS NOT NULL \
               ORDER BY c.changed_at DESC, c.lot LIMIT 100";
    tx.all(sql, values![member.account(), member.company], |row| {
        let (lot, title, lot_title) = (row.next()?, row.next()?, row.next()?);
        let (standing, state): (String, String) = (row.next()?, row.next()?);
        let waits = match standing.as_str() {
            "called" => matches!(state.as_str(), "negotiation" | "evaluation"),
            standing => state == "evaluation" && standing == "seated",
        };
        Ok(Line { lot, title, lot_title, standing, waits })
    })
}

/// On the desk of an evaluator: where they declare and score.
///
/// # Errors
/// [`db::Error`].
pub fn waiting(tx: &mut Tx, member: &Member) -> Result<Vec<Task>, db::Error> {
    let task = |line: Line| Task {
        what: "evaluation-waiting",
        args: vec![("title", line.title.into())],
        path: format!("/lots/{}/scores", line.lot),
        due: None,
        glyph: "warn",
        act: "evaluation-waiting-act",
    };
    Ok(seats(tx, member)?.into_iter().filter(|line| line.waits).map(task).collect())
}
