//! The dossier (招标页): everything about one tender that its reader may see, on one page. It stands last among the
//! rooms of this wing and asks all of them.

mod dates;
mod lot;

use crate::app::App;
use crate::identity::people::{Duties, Duty};
use crate::sourcing::amendment::{self, Amendment};
use crate::sourcing::award::{self, Award};
use crate::sourcing::bid::State as BidState;
use crate::sourcing::candidates::Shown;
use crate::sourcing::clarification::{self, Question};
use crate::sourcing::demand::{self, Origin};
use crate::sourcing::evaluation::Phase;
use crate::sourcing::guests::Invited;
use crate::sourcing::inviting;
use crate::sourcing::opening::record::{self, OpenedLot};
use crate::sourcing::opening::waiting::{self, Holders, Waiting};
use crate::sourcing::profile::Profile;
use crate::sourcing::qualified;
use crate::sourcing::tender::auction::{self, Terms};
use crate::sourcing::tender::criteria::{self, Criteria};
use crate::sourcing::tender::document::{self, Document};
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Named, Reference, State as Stage, Tender};
use crate::sourcing::termination::{self, Termination};
use crate::web::{Actor, At, Ctx, Error, Form, Op, Page, Room, Routes, Scope, Texts, Who, filters};
use askama::Template;
use axum::extract::State;
use jiff::Timestamp;
use kit::db::Tx;
use kit::id::Id;
use lot::LotOf;
use schemars::JsonSchema;
use serde::Serialize;

/// The room.
pub static ROOM: Room =
    Room::new("dossier", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") });

fn routes() -> Routes {
    let op = Op::page::<Dossier>("tender.show", "招标页：标段、文件、答疑、开标、中标 · Everything about a tender");
    let dates =
        Op::file("tender.dates", "招标日程，日历文件 · Its dates, as a calendar file", dates::FILE).token(Scope::Read);
    Routes::new().get("/tenders/{id}", Who::Anyone, op.token(Scope::Read), show).get(
        "/tenders/{id}/dates",
        Who::Anyone,
        dates,
        dates::file,
    )
}

/// Who reads the page, as far as the page differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Reader {
    Public,
    Buyer,
    Provider,
}

#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/dossier/show.html")]
struct Dossier {
    tender: Named,
    reader: Reader,
    /// Whether the way to bid begins with signing in.
    #[serde(skip)]
    is_visitor: bool,
    /// What the reader may do for their company.
    #[serde(skip)]
    duties: Duties,
    lots: Vec<LotOf>,
    documents: Vec<Document>,
    /// How a committee evaluates it; none where its buyer decides.
    criteria: Option<Criteria>,
    /// How its auction goes; none where there is none.
    auction: Option<Terms>,
    questions: Vec<Question>,
    /// Newest first.
    amendments: Vec<Amendment>,
    /// Newest first.
    terminations: Vec<Termination>,
    /// The demand that it was made of, where the reader may read that.
    demand: Option<Origin>,
    /// The qualified list that it was made of: whom it names follows from that.
    of_list: Option<qualified::Origin>,
    /// The tender that it tenders again.
    again_of: Option<Reference>,
    /// Those that tender it again, as far as the reader may see them.
    again_by: Vec<Reference>,
    opening: Option<Vec<OpenedLot>>,
    /// How far an opening has come that waits for officers' shares; for the buyer's own people.
    waiting: Option<Waiting>,
    /// Who is left of the opening officers, once one is missing; for the buyer's own people.
    holders: Option<Holders>,
    awards: Vec<Award>,
    /// Whom it names: for the buyer; for everybody, where everybody reads the tender.
    named: Vec<Invited>,
    /// Whether the reader's company may bid.
    may_bid: bool,
    profile: &'static Profile,
    #[serde(skip)]
    question_form: Form,
    #[serde(skip)]
    again_form: Form,
    #[serde(skip)]
    now: Timestamp,
}

async fn show(State(app): State<App>, context: Ctx, actor: Actor, At(id): At<Id<Tender>>) -> Result<Page, Error> {
    let theirs = app.clone();
    let new = (Id::v7(context.now, app.random()), Id::v7(context.now, app.random()));
    let dossier = app.db().read(move |tx| read(tx, &theirs, &context, &actor, id, new)).await?;
    Ok(Page::new(dossier.tender.tender.title.clone(), dossier))
}

fn read(
    tx: &mut Tx,
    app: &App,
    context: &Ctx,
    actor: &Actor,
    id: Id<Tender>,
    (question, again): (Id<Question>, Id<Tender>),
) -> Result<Dossier, Error> {
    let tender = tender::store::find(tx, actor, id)?;
    let reader = match actor.member() {
        Some(member) if member.company == tender.company => Reader::Buyer,
        Some(member) if member.is_provider => Reader::Provider,
        _ => Reader::Public,
    };
    let mut lots = Vec::new();
    for lot in tender::store::lots(tx, id)? {
        lots.push(LotOf::read(tx, app, (actor, reader), &tender, lot)?);
    }
    Ok(Dossier {
        reader,
        is_visitor: actor.person().is_none(),
        duties: actor.member().map(|member| member.duties).unwrap_or_default(),
        lots,
        documents: document::list(tx, id)?,
        criteria: criteria::find(tx, id)?,
        auction: auction::find(tx, id)?,
        questions: clarification::list(tx, app, actor, &tender)?,
        amendments: match reader {
            Reader::Buyer => amendment::store::list_whole(tx, id)?,
            _ => amendment::store::list(tx, id)?,
        },
        terminations: termination::store::list(tx, id)?,
        demand: demand::origin(tx, actor, id)?,
        of_list: qualified::origin(tx, id)?,
        again_of: tender::earlier(tx, actor, &tender)?,
        again_by: tender::later(tx, actor, &tender)?,
        again_form: Form::filled([("id", again.to_string())]),
        opening: record::read(tx, actor, &tender)?,
        waiting: waiting::of(tx, actor, &tender)?,
        holders: waiting::missing(tx, actor, &tender)?,
        awards: award::list(tx, id)?,
        named: tender::named::shown(tx, &tender, actor)?,
        may_bid: match actor.member() {
            Some(member) if reader == Reader::Provider => tender::named::may_bid(tx, &tender, member.company)?,
            _ => false,
        },
        profile: tender.method.profile(),
        question_form: Form::filled([("question_id", question.to_string())]),
        now: context.now,
        tender: Named::new(tender, context.locale),
    })
}

impl Dossier {
    /// A provider's member who bids.
    fn bids(&self) -> bool {
        self.asks() && self.may_bid
    }

    /// A provider's member who asks and, where that is permitted, objects.
    fn asks(&self) -> bool {
        self.reader == Reader::Provider && self.duties.has(Duty::Bidder)
    }

    /// Whether questions and objections are still answered.
    fn takes_answers(&self) -> bool {
        self.takes_bids() || clarification::takes_answers(&self.tender.tender, self.now)
    }

    /// The buyer's member who prepares tenders and answers questions.
    fn prepares(&self) -> bool {
        self.reader == Reader::Buyer && self.duties.has_any(&Duty::PREPARING)
    }

    /// The buyer's member who amends what is published.
    fn amends(&self) -> bool {
        self.awards() && self.takes_bids()
    }

    /// The buyer's member who may invite further providers, as long as those can ask.
    fn invites(&self) -> bool {
        let tender = &self.tender.tender;
        self.awards() && inviting::rule::may(tender, self.now).is_ok()
    }

    /// The buyer's member who awards.
    fn awards(&self) -> bool {
        self.reader == Reader::Buyer && self.duties.has(Duty::Buyer)
    }

    fn state(&self) -> Stage {
        self.tender.tender.state
    }

    fn takes_bids(&self) -> bool {
        self.state() == Stage::Published && self.now < self.tender.tender.deadline
    }

    fn takes_questions(&self) -> bool {
        self.takes_bids() && self.now < self.tender.tender.questions_until
    }

    /// Whether its reader's company can have its archive.
    fn has_archive(&self) -> bool {
        let takes_part = self.reader == Reader::Buyer || self.lots.iter().any(|of| of.own_bid.is_some());
        self.state().is_over() && takes_part
    }

    /// The lots that the reader can still bid for and has no sealed bid for.
    fn unbid(&self) -> Vec<&LotOf> {
        let is_sealed = |of: &&LotOf| of.own_bid.as_ref().is_some_and(|bid| bid.state == BidState::Sealed);
        self.lots.iter().filter(|of| self.may_bid && of.lot.state == LotState::Open && !is_sealed(of)).collect()
    }

    /// The lots that can be awarded now: compared by their buyer, or published with the standstill over and nothing pending.
    fn to_award(&self) -> Vec<&LotOf> {
        let is_ready = |of: &&LotOf| match of.lot.state {
            LotState::Evaluation => of.evaluation.is_none(),
            LotState::Candidates => of.candidates.as_ref().is_some_and(Shown::is_open),
            _ => false,
        };
        self.lots.iter().filter(is_ready).collect()
    }

    /// The lots whose committee has finished, and whose candidates are not published.
    fn to_publish(&self) -> Vec<&LotOf> {
        let is_ready = |of: &&LotOf| of.lot.state == LotState::Evaluation && of.evaluation == Some(Phase::Concluded);
        self.lots.iter().filter(is_ready).collect()
    }

    /// The lots whose candidates are published and cannot be awarded yet.
    fn in_standstill(&self) -> Vec<&LotOf> {
        let waits = |of: &&LotOf| of.candidates.as_ref().is_some_and(|one| !one.is_open());
        self.lots.iter().filter(|of| of.lot.state == LotState::Candidates).filter(waits).collect()
    }

    /// The lots that its reader negotiates about.
    fn to_negotiate(&self) -> Vec<&LotOf> {
        self.lots.iter().filter(|of| of.negotiates && of.lot.state == LotState::Negotiation).collect()
    }

    /// The lots whose committee has not finished.
    fn to_evaluate(&self) -> Vec<&LotOf> {
        let goes_on = |of: &&LotOf| of.evaluation.is_some_and(|phase| phase != Phase::Concluded);
        self.lots.iter().filter(|of| of.lot.state == LotState::Evaluation).filter(goes_on).collect()
    }

    fn shows_candidates(&self) -> bool {
        self.lots.iter().any(|of| of.candidates.is_some())
    }

    fn unanswered(&self) -> usize {
        self.questions.iter().filter(|question| question.answer.is_none()).count()
    }

    /// A lot's number.
    fn position(&self, lot: &Id<Lot>) -> i64 {
        self.lots.iter().find(|of| of.lot.id == *lot).map_or(0, |of| of.lot.position)
    }

    /// The stage at `index` (published, bidding, opening, evaluation, award): past, now, next or failed.
    fn stage(&self, index: usize) -> &'static str {
        let now = match self.state() {
            Stage::Draft => 0,
            Stage::Published => 1,
            Stage::Closed => 2,
            // The auction's own stage stands between these two.
            Stage::Auction if index <= 2 => return "past",
            Stage::Auction => return "next",
            Stage::Evaluation => 3,
            Stage::Awarded => 5,
            Stage::Failed if index == self.failed_at() => return "failed",
            Stage::Failed => self.failed_at(),
            Stage::Terminated if index == self.ended_at() => return "failed",
            Stage::Terminated => self.ended_at(),
        };
        match index.cmp(&now) {
            std::cmp::Ordering::Less => "past",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "next",
        }
    }

    /// The stage of the auction, between opening and evaluation.
    fn auction_stage(&self) -> &'static str {
        match self.state() {
            Stage::Auction => "now",
            Stage::Evaluation | Stage::Awarded => "past",
            _ => "next",
        }
    }

    /// The lots whose auction comes or goes on.
    fn in_auction(&self) -> Vec<&LotOf> {
        self.lots.iter().filter(|of| of.lot.state == LotState::Auction).collect()
    }

    /// Whether a lot has a session to look at.
    fn has_session(&self, of: &LotOf) -> bool {
        let is_opened = |one: &OpenedLot| one.lot.id == of.lot.id && !one.failed && !one.unopened;
        self.auction.is_some() && self.opening.as_ref().is_some_and(|lots| lots.iter().any(is_opened))
    }

    /// The stage in which it failed: that of the opening, or, for too few final offers, of evaluation.
    fn failed_at(&self) -> usize {
        if self.tender.tender.opened_at.is_some() { 3 } else { 2 }
    }

    /// The stage in which the buyer ended it: that of bidding or of evaluation.
    fn ended_at(&self) -> usize {
        if self.tender.tender.opened_at.is_some() { 3 } else { 1 }
    }

    /// Whether its buyer may end it, or what goes on of it.
    fn ends(&self) -> bool {
        self.awards() && termination::rule::can_end(self.state())
    }

    /// Whether its reader may tender again what ended without an award.
    fn may_tender_again(&self) -> bool {
        self.prepares() && self.again_by.is_empty() && self.lots.iter().any(|of| of.lot.state.is_unawarded())
    }

    fn opens_at(&self) -> Option<Timestamp> {
        self.tender.tender.opened_at.or(Some(self.tender.tender.deadline))
    }

    fn awarded_at(&self) -> Option<Timestamp> {
        if self.state() == Stage::Awarded { self.awards.iter().map(|award| award.decided_at).max() } else { None }
    }
}
