//! The award (中标): the buyer chooses a bid of each lot, by price unless there is a reason, which is written down. Where a committee
//! evaluates the tender, its report and the publication of its candidates come first ([`candidates`](crate::sourcing::candidates)): nobody
//! else can win, nothing is awarded before the standstill is over, and whoever chooses another than the first says why.

mod approve;
mod letter;
mod page;
mod paper;

use crate::app::App;
use crate::identity::approval;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Act, Target};
use crate::sourcing::bid::{Bid, joint};
use crate::sourcing::candidates::awardable;
use crate::sourcing::clarification;
use crate::sourcing::evaluation::{self, Outcome};
use crate::sourcing::extension;
use crate::sourcing::opening::record::{Opened, ranked};
use crate::sourcing::tender::event::{Awarded, LotAwarded};
use crate::sourcing::tender::lot::{self, State as LotState};
use crate::sourcing::tender::{self, Done, Lot, State as Stage, Tender, set_lot};
use crate::web::{
    Actor, At, Ctx, Error, Fields, Form, Input, Instant, News, Op, Page, Parse, Provider, Purchaser, Room, Routes,
    Saved, Scope, Texts, Who,
};
use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;
use kit::values;
pub use letter::{Letter, of as letter};
use page::FormPage;
pub use paper::set as set_letter;
use schemars::JsonSchema;
use serde::Serialize;

/// The room.
pub static ROOM: Room = Room {
    news: Some(news),
    ..Room::new("award", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

/// Why a choice cannot be decided.
const REFUSED: [&str; 12] = [
    "bid-over-ceiling",
    "bid-void",
    "bids-expired",
    "objections-unanswered",
    "lot-not-in-evaluation",
    "bid-unreadable",
    "evaluation-not-concluded",
    "bid-not-candidate",
    "candidates-unpublished",
    "award-standstill",
    "award-paused",
    "award-appealable",
];

fn routes() -> Routes {
    let form =
        Op::page::<FormPage>("award.form", "定标表单：已开标的投标并列 · The opened bids side by side, and the choice")
            .conflicts(&REFUSED)
            .binding()
            .token(Scope::Tender);
    let choice = Op::act::<Choice, Done>("award.create", "定标 · Awards a lot to one of its bids")
        .conflicts(&REFUSED)
        .fails(StatusCode::FORBIDDEN, &mandate::REFUSALS)
        .fails(StatusCode::FORBIDDEN, &approval::REFUSALS)
        .binding()
        .token(Scope::Tender);
    let asked = Op::act::<Choice, approval::Done>("award.ask-approval", "提交定标审批 · Asks for approval of a choice")
        .conflicts(&REFUSED)
        .conflicts(&approval::UNASKED)
        .binding()
        .token(Scope::Tender);
    let letter = Op::page::<Letter>(
        "award.letter",
        "中标通知书或结果通知书：自己的得分和名次 · The letter to a bidder of an awarded lot, with its debrief",
    );
    let paper = Op::file("award.letter-paper", "通知书，可打印，中英文 · The letter on paper", "application/pdf");
    Routes::new()
        .get("/lots/{id}/letter", Who::Member, letter, letter::show)
        .get("/lots/{id}/letter.pdf", Who::Member, paper, letter::printed)
        .get("/lots/{id}/award", Who::Purchaser, form, new)
        .post("/lots/{id}/award", Who::Purchaser, choice, create)
        .post("/lots/{id}/approval", Who::Purchaser, asked, ask)
}

/// An award, which is public.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Award {
    /// The lot.
    pub lot: Id<Lot>,
    /// The chosen bid.
    pub bid: Id<Bid>,
    /// The winner; of a consortium its lead.
    pub company: Id<Company>,
    /// The winner's name; of a consortium those of all members.
    pub company_name: String,
    /// Fen.
    pub amount: i64,
    /// Why this one.
    pub reason: String,
    /// Why another than the first of the committee's ranking.
    pub departure: Option<String>,
    /// When it was decided.
    #[schemars(with = "Instant")]
    pub decided_at: Timestamp,
}

struct Choice {
    bid: Id<Bid>,
    reason: String,
    departure: Option<String>,
}

impl Parse for Choice {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (bid, reason) = (fields.id("bid"), fields.text("reason", 5..=2000));
        let departure = fields.optional_text("departure", 2000);
        Some(Self { bid: bid?, reason: reason?, departure: departure? })
    }
}

async fn new(State(app): State<App>, context: Ctx, buyer: Purchaser, At(lot): At<Id<Lot>>) -> Result<Page, Error> {
    Ok(Page::new("award-choose", FormPage::read(&app, buyer, lot, Form::default(), context.locale).await?))
}

async fn create(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again =
        async |form: Form| Ok(("award-choose", FormPage::read(&app, buyer.clone(), lot, form, context.locale).await?));
    let act = async |choice: Choice, form: Form| {
        let (app, buyer) = (app.clone(), buyer.clone());
        app.clone().db().write(move |tx| decide(tx, &app, &buyer, lot, (&choice, &form))).await
    };
    let id = input.act_on(again, act).await?;
    Ok(Saved::at(format!("/tenders/{id}?done=lot-awarded#lots"), Done { id }))
}

async fn ask(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again =
        async |form: Form| Ok(("award-choose", FormPage::read(&app, buyer.clone(), lot, form, context.locale).await?));
    let act = async |choice: Choice, form: Form| approve::ask(&app, buyer.clone(), lot, (choice, form)).await;
    let done = input.act_on(again, act).await?;
    Ok(approval::Done::saved(done.id, "approval-asked"))
}

/// A lot of the buyer's own, with its tender.
fn own(tx: &mut Tx, buyer: &Purchaser, id: Id<Lot>) -> Result<(Lot, Tender), Error> {
    let (lot, tender) = tender::store::lot(tx, &Actor::Member((***buyer).clone()), id)?;
    if tender.company == buyer.company { Ok((lot, tender)) } else { Err(Error::not_found()) }
}

/// The bids of a lot among which its buyer chooses: by price, or those that are published as candidates, by the committee's ranking; what
/// cannot win has no rank.
///
/// # Errors
/// 409 `evaluation-not-concluded`, `candidates-unpublished`, `award-standstill`, `award-paused`, `award-appealable`.
fn candidates(tx: &mut Tx, lot: &Lot) -> Result<(Vec<Opened>, bool), Error> {
    let mut bids = ranked(tx, lot.id)?;
    match evaluation::outcome(tx, lot.tender, lot.id)? {
        Outcome::ByBuyer => Ok((bids, false)),
        Outcome::Running => Err(Error::conflict("evaluation-not-concluded")),
        Outcome::Concluded(_) => {
            let published = awardable(tx, lot.id)?.candidates;
            for bid in &mut bids {
                let stands = bid.void.is_none();
                bid.rank = published.iter().find(|one| stands && one.bid == bid.id).map(|one| one.rank);
            }
            bids.sort_by_key(|bid| (bid.rank.is_none(), bid.rank, bid.id));
            Ok((bids, true))
        }
    }
}

/// Whether a lot waits for its award.
fn waits(lot: &Lot) -> bool {
    matches!(lot.state, LotState::Evaluation | LotState::Candidates)
}

/// The bid that is chosen, if its lot can be awarded to it now.
fn chosen(
    tx: &mut Tx,
    zone: &TimeZone,
    (tender, lot): (&Tender, &Lot),
    (choice, form): (&Choice, &Form),
) -> Result<Opened, Error> {
    if tender.state != Stage::Evaluation || !waits(lot) {
        return Err(Error::conflict("lot-not-in-evaluation"));
    }
    let until = extension::until(tx, zone, tender, choice.bid)?;
    if let Some(until) = until.filter(|until| *until <= tx.now()) {
        return Err(Error::conflict("bids-expired").with("until", until));
    }
    clarification::settled(tx, tender)?;
    let (bids, is_evaluated) = candidates(tx, lot)?;
    let chosen = bids.into_iter().find(|bid| bid.id == choice.bid).ok_or_else(Error::not_found)?;
    if chosen.company.is_none() || chosen.price.is_none() {
        return Err(Error::conflict("bid-unreadable"));
    }
    if chosen.void.is_some() {
        return Err(Error::conflict("bid-void"));
    }
    if chosen.over_ceiling {
        return Err(Error::conflict("bid-over-ceiling"));
    }
    if is_evaluated && chosen.rank.is_none() {
        return Err(Error::conflict("bid-not-candidate"));
    }
    if is_evaluated && chosen.rank != Some(1) && choice.departure.is_none() {
        return Err(form.clone().refuse("departure", "departure-needed"));
    }
    Ok(chosen)
}

/// Awards a lot; with the last one the tender is awarded.
fn decide(
    tx: &mut Tx,
    app: &App,
    buyer: &Purchaser,
    id: Id<Lot>,
    (choice, form): (&Choice, &Form),
) -> Result<Id<Tender>, Error> {
    buyer.still(tx)?;
    let (lot, tender) = own(tx, buyer, id)?;
    let target = Target::of(app, buyer.company, tender.id, Some(lot.id));
    mandate::may(tx, buyer, Act::Award, &target)?;
    if lot.state == LotState::Awarded && list(tx, tender.id)?.iter().any(|award| award.bid == choice.bid) {
        return Ok(tender.id);
    }
    let bid = chosen(tx, &app.zone(), (&tender, &lot), (choice, form))?;
    let (Some(company), Some(amount)) = (bid.company, bid.price) else {
        return Err(Error::conflict("bid-unreadable"));
    };
    approval::may(tx, buyer, &approve::award(&tender, &lot, &bid, choice))?;
    let now = tx.now();
    tx.execute(
        "INSERT INTO award (lot, tender, bid, company, amount, reason, departure, decided_by, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            lot.id,
            tender.id,
            choice.bid,
            company,
            amount,
            &choice.reason,
            choice.departure.clone().filter(|_| bid.rank != Some(1)),
            buyer.account(),
            now
        ],
    )?;
    set_lot(tx, lot.id, LotState::Awarded)?;
    event::record(tx, tender.scope(), &LotAwarded { tender: tender.id, lot: lot.id, company })?;
    conclude(tx, &tender)?;
    Ok(tender.id)
}

fn conclude(tx: &mut Tx, tender: &Tender) -> Result<(), db::Error> {
    let states: Vec<_> = tender::store::lots(tx, tender.id)?.into_iter().map(|lot| lot.state).collect();
    if lot::outcome(&states) == Stage::Awarded {
        tender::move_on(tx, &Tender { state: Stage::Awarded, ..tender.clone() })?;
        event::record(tx, tender.scope(), &Awarded { tender: tender.id })?;
    }
    Ok(())
}

/// The awards of a tender.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Award>, db::Error> {
    tx.all(
        "SELECT a.lot, a.bid, a.company, CASE WHEN b.consortium IS NULL THEN c.name ELSE b.company_name END, a.amount, a.reason, \
         a.departure, a.decided_at FROM award a JOIN company c ON c.id = a.company JOIN bid b ON b.id = a.bid WHERE a.tender = $1 ORDER BY a.decided_at, a.lot",
        values![tender],
        |row| {
            Ok(Award {
                lot: row.next()?,
                bid: row.next()?,
                company: row.next()?,
                company_name: row.next()?,
                amount: row.next()?,
                reason: row.next()?,
                departure: row.next()?,
                decided_at: row.next()?,
            })
        },
    )
}

/// For a provider: what became of the lots it had bid for.
fn news(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<News>, db::Error> {
    let Some(provider) = Provider::of(actor) else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for whose in joint::WHOSE {
        let sql = format!(
            "SELECT a.decided_at, t.title, t.id, a.bid, b.id FROM bid b JOIN award a ON a.lot = b.lot \
             JOIN tender t ON t.id = b.tender WHERE {whose} ORDER BY b.received_at DESC, b.id DESC LIMIT 10"
        );
        all.extend(tx.all(&sql, values![provider.company], |row| {
            let (at, about) = (row.next()?, row.next()?);
            let path = format!("/tenders/{}", row.next::<Id<Tender>>()?);
            let is_won = row.next::<Id<Bid>>()? == row.next::<Id<Bid>>()?;
            Ok(News { at, what: if is_won { "award-news-won" } else { "award-news-decided" }, about, path })
        })?);
    }
    all.sort_by_key(|news| std::cmp::Reverse(news.at));
    all.truncate(10);
    Ok(all)
}
