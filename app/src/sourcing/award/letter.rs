//! The letters after an award (中标通知书、中标结果通知书): to the winner and to each of the others, with a debrief. Own points and place, and
//! what would have won; of others nothing but what is public.

use super::{Award, paper};
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::bid;
use crate::sourcing::candidates;
use crate::sourcing::evaluation::rule::{HUNDREDTHS, mean, shown};
use crate::sourcing::evaluation::{self, Judged, Outcome, Report};
use crate::sourcing::opening::record::{Opened, ranked};
use crate::sourcing::profile::days_after;
use crate::sourcing::tender::{self, Lot, Named, Tender};
use crate::web::text::Words;
use crate::web::{Actor, At, Ctx, Error, Instant, Locale, Member, Page, filters};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A contract is made within so many days of the award (招标投标法 art. 46).
const CONTRACT_DAYS: i64 = 30;

/// A letter.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/award/letter.html")]
#[schemars(rename = "AwardLetter")]
pub struct Letter {
    pub(super) tender: Named,
    pub(super) lot: Lot,
    pub(super) award: Award,
    /// Whether the reader's company has won.
    pub(super) is_won: bool,
    /// Its name; none where its envelope could not be read.
    pub(super) company_name: Option<String>,
    /// Fen.
    pub(super) price: Option<i64>,
    /// Why its envelope could not be read.
    pub(super) flaw: Option<String>,
    /// Its place: by the committee's ranking, or by price where the buyer compares.
    pub(super) rank: Option<usize>,
    /// Its points, where a committee gave some.
    pub(super) points: Option<Points>,
    /// The points of the first candidate, which are public: more would have been first. Hundredths.
    pub(super) first: Option<i64>,
    /// Whether it is a consortium's bid: its members are liable together.
    pub(super) is_joint: bool,
    /// For the winner: until when the contract is made.
    #[schemars(with = "Option<Instant>")]
    pub(super) contract_by: Option<Timestamp>,
}

/// What a committee gave a bid. Points are hundredths.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AwardLetterPoints")]
pub(super) struct Points {
    /// Whether more than half of the committee rejected it.
    pub(super) is_rejected: bool,
    /// On which grounds, by their codes.
    pub(super) grounds: Vec<&'static str>,
    /// For the price, and at most.
    pub(super) price: Option<i64>,
    /// At most for the price.
    pub(super) price_most: i64,
    /// Criterion by criterion, the mean of what the evaluators gave.
    pub(super) criteria: Vec<Criterion>,
    /// All.
    pub(super) total: Option<i64>,
}

/// The mean for a criterion.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AwardLetterCriterion")]
pub(super) struct Criterion {
    /// What is judged.
    pub(super) title: String,
    /// Hundredths.
    pub(super) points: i64,
    /// At most, hundredths.
    pub(super) most: i64,
}

impl Points {
    fn of(report: &Report, judged: &Judged) -> Self {
        let criterion = |(index, one): (usize, &tender::criteria::Criterion)| {
            let given: Vec<_> = judged.votes.iter().filter_map(|vote| vote.points.get(index).copied()).collect();
            Criterion { title: one.title.clone(), points: mean(&given), most: one.weight * HUNDREDTHS }
        };
        let mut grounds: Vec<_> =
            judged.votes.iter().filter_map(|vote| vote.ground).map(|ground| ground.code()).collect();
        if judged.over_ceiling {
            grounds.push("over-ceiling");
        }
        grounds.sort_unstable();
        grounds.dedup();
        Self {
            is_rejected: judged.is_rejected,
            grounds: if judged.is_rejected { grounds } else { Vec::new() },
            price: judged.price_points,
            price_most: report.criteria.price_weight * HUNDREDTHS,
            criteria: report.criteria.criteria.iter().enumerate().map(criterion).collect(),
            total: judged.total,
        }
    }
}

impl Letter {
    /// Key of what it is called.
    pub(super) fn title(&self) -> &'static str {
        if self.is_won { "letter-won" } else { "letter-regret" }
    }

    fn shown(&self, points: &i64) -> String {
        shown(*points)
    }

    fn some(&self, points: &Option<i64>) -> String {
        points.map_or_else(String::new, shown)
    }

    /// How many points more would have been the first's.
    pub(super) fn gap(&self) -> Option<String> {
        let total = self.points.as_ref()?.total?;
        self.first.filter(|first| *first > total && !self.is_won).map(|first| shown(first - total))
    }
}

/// `GET /lots/{id}/letter`: for the members of a company whose bid for the lot was opened, once it is awarded.
pub async fn show(State(app): State<App>, context: Ctx, member: Member, At(id): At<Id<Lot>>) -> Result<Page, Error> {
    let letter = letter(&app, member, id, context.locale).await?;
    Ok(Page::new(letter.title(), letter))
}

/// `GET /lots/{id}/letter.pdf`: the same on paper, in both languages.
pub async fn printed(State(app): State<App>, member: Member, At(id): At<Id<Lot>>) -> Result<Response, Error> {
    let letter = letter(&app, member, id, Locale::Zh).await?;
    let words = Locale::ALL.map(|locale| Words::new(app.catalogue(), locale));
    let zone = app.zone();
    // Setting and packing take some milliseconds of a core.
    let pdf = tokio::task::spawn_blocking(move || paper::set(&letter, &words, &zone));
    let pdf = pdf.await.map_err(Error::fault)?.map_err(Error::fault)?;
    Ok(crate::paper::file(&format!("letter-{id}.pdf"), pdf))
}

async fn letter(app: &App, member: Member, id: Id<Lot>, locale: Locale) -> Result<Letter, Error> {
    let theirs = app.clone();
    app.db().read(move |tx| read(tx, &theirs, &member, id, locale)).await
}

fn read(tx: &mut Tx, app: &App, member: &Member, id: Id<Lot>, locale: Locale) -> Result<Letter, Error> {
    let (lot, tender) = tender::store::lot(tx, &Actor::Member(member.clone()), id)?;
    of(tx, app, (tender, lot), member.company, locale)
}

/// The letter to a company.
///
/// # Errors
/// 404 where the lot has no award, or the company no bid for it that was opened.
pub fn of(
    tx: &mut Tx,
    app: &App,
    (tender, lot): (Tender, Lot),
    company: Id<Company>,
    locale: Locale,
) -> Result<Letter, Error> {
    let id = lot.id;
    let award = super::list(tx, tender.id)?.into_iter().find(|award| award.lot == id).ok_or_else(Error::not_found)?;
    let own = bid::joint::bid_of_lot(tx, app, (tender.id, id), company)?;
    let own = own.ok_or_else(Error::not_found)?.id;
    let opened: Option<Opened> = ranked(tx, id)?.into_iter().find(|bid| bid.id == own);
    let opened = opened.ok_or_else(Error::not_found)?;
    let report = match evaluation::outcome(tx, tender.id, id)? {
        Outcome::Concluded(report) => Some(report),
        _ => None,
    };
    let judged = report.as_ref().and_then(|report| report.bids.iter().find(|one| one.bid == own));
    let first = candidates::standing(tx, id)?.and_then(|one| one.candidates.first().map(|first| first.total));
    let is_won = award.bid == own;
    Ok(Letter {
        is_won,
        is_joint: opened.consortium.is_some(),
        company_name: opened.company_name,
        price: opened.price,
        flaw: opened.flaw,
        rank: if report.is_some() { judged.and_then(|one| one.rank) } else { opened.rank },
        points: report.as_ref().zip(judged).map(|(report, judged)| Points::of(report, judged)),
        first,
        contract_by: is_won.then(|| days_after(award.decided_at, CONTRACT_DAYS, &app.zone())),
        award,
        lot,
        tender: Named::new(tender, locale),
    })
}
