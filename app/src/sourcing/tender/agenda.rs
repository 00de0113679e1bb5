//! Tenders on the desk. For a buyer: drafts to finish, questions to answer, lots to award, and what runs. For a witness: what they are asked.
//! For a provider and the operator: what takes bids. Nothing here tells of bids.

use super::tender::{Due, State, Tender, timeline};
use super::{store, witnessing};
use crate::app::App;
use crate::web::{Actor, Buyer, Item, News, Provider, Shelf, Sign, Start, Task, Who};
use kit::db::{self, Tx};
use kit::values;

/// How many things a shelf holds.
const SHOWN: usize = 6;

pub(super) fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let mut tasks = witnessing::waiting(tx, actor)?;
    let Some(buyer) = Buyer::of(actor) else { return Ok(tasks) };
    let (prepares, awards) = (Who::Preparer.admits(actor).is_ok(), Who::Purchaser.admits(actor).is_ok());
    for tender in store::list_own(tx, &buyer)? {
        match tender.state {
            State::Draft if prepares => {
                tasks.push(task(&tender, "tender-waiting-draft", "/draft", "edit", "tender-waiting-draft-act"));
            }
            State::Published if prepares && has_questions(tx, &tender)? => {
                let what = ("tender-waiting-questions", "tender-waiting-questions-act");
                let mut asked = task(&tender, what.0, "#questions", "question", what.1);
                asked.due = Some(tender.deadline);
                tasks.push(asked);
            }
            State::Evaluation if prepares && tender.method.profile().circle.reason && has_questions(tx, &tender)? => {
                let what = ("tender-waiting-objections", "tender-waiting-questions-act");
                tasks.push(task(&tender, what.0, "#questions", "question", what.1));
            }
            State::Evaluation if awards && is_evaluated(tx, &tender)? => {
                tasks.push(task(&tender, "tender-waiting-award", "", "award", "tender-waiting-award-act"));
            }
            _ => {}
        }
    }
    Ok(tasks)
}

fn task(tender: &Tender, what: &'static str, place: &str, glyph: &'static str, act: &'static str) -> Task {
    let args = vec![("title", tender.title.clone().into())];
    Task { what, args, path: format!("/tenders/{}{place}", tender.id), due: None, glyph, act }
}

/// Whether a lot is compared by its buyer, or evaluated by a committee that has no report yet; what follows on the report is told by
/// the room of candidates.
fn is_evaluated(tx: &mut Tx, tender: &Tender) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM lot l LEFT JOIN committee c ON c.lot = l.id \
               WHERE l.tender = $1 AND l.state = 'evaluation' AND c.concluded_at IS NULL LIMIT 1";
    Ok(tx.first(sql, values![tender.id], |row| row.next::<i64>())?.is_some())
}

fn has_questions(tx: &mut Tx, tender: &Tender) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM question WHERE tender = $1 AND answer IS NULL LIMIT 1";
    Ok(tx.first(sql, values![tender.id], |row| row.next::<i64>())?.is_some())
}

pub(super) fn shelves(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Shelf>, db::Error> {
    let mut shelves = Vec::new();
    if let Some(buyer) = Buyer::of(actor) {
        let mut own = store::list_own(tx, &buyer)?;
        let runs = |state| matches!(state, State::Published | State::Closed | State::Auction | State::Evaluation);
        own.retain(|tender| runs(tender.state));
        own.sort_by_key(|tender| tender.deadline);
        let start = Start { path: "/tenders/new", word: "tender-new-act", icon: "plus" };
        let items = own.iter().take(SHOWN).map(|tender| item(tender, vec![tender.number.clone()])).collect();
        let (heading, none) = ("tender-running", "tender-running-none");
        let start = Who::Preparer.admits(actor).is_ok().then_some(start);
        shelves.push(Shelf { heading, all: "/tenders", start, none, items });
    }
    if Provider::of(actor).is_some() || matches!(actor, Actor::Operator(_)) {
        let own = actor.member().map(|member| member.company);
        let open = store::list_open(tx, own)?.into_iter().filter(|tender| Some(tender.company) != own).take(SHOWN);
        let about = |tender: &Tender| vec![tender.company_name.clone(), tender.number.clone()];
        let until = |tender: Tender| Item {
            next: Some(tender.deadline),
            then: "tender-next-opening",
            ..item(&tender, about(&tender))
        };
        let start = Start { path: "/opportunities", word: "tender-find-act", icon: "search" };
        let (heading, none, items) = ("tender-opportunities", "tender-none-open", open.map(until).collect());
        let start = Provider::of(actor).map(|_| start);
        shelves.push(Shelf { heading, all: "/opportunities", start, none, items });
    }
    Ok(shelves)
}

fn item(tender: &Tender, about: Vec<String>) -> Item {
    let coming = timeline(tender).next();
    let then = match (tender.state, coming) {
        (State::Published, Some((_, Due::QuestionsEnd))) => "tender-next-questions",
        (State::Published, _) => "tender-next-opening",
        (State::Auction, _) => "tender-next-auction",
        (State::Evaluation, Some((_, Due::FinalOffers))) => "tender-next-finals",
        (State::Evaluation, Some(_)) => "tender-next-standstill",
        (State::Evaluation, None) => "tender-next-award",
        _ if tender.hands.is_some() => "tender-next-shares",
        _ => "tender-next-opened",
    };
    let state = tender.state;
    Item {
        title: tender.title.clone(),
        about,
        path: format!("/tenders/{}", tender.id),
        sign: Sign { kind: state.kind(), glyph: state.glyph(), word: state.word() },
        next: coming.map(|(at, _)| at),
        then,
    }
}

pub(super) fn news(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<News>, db::Error> {
    let mut news = Vec::new();
    if let Some(buyer) = Buyer::of(actor) {
        for tender in store::list_own(tx, &buyer)? {
            match (tender.state, tender.opened_at) {
                (State::Failed, _) => news.push(new(&tender, tender.deadline, "tender-news-failed")),
                (_, Some(at)) => news.push(new(&tender, at, "tender-news-opened")),
                _ => {}
            }
        }
    }
    if let Some(provider) = Provider::of(actor) {
        let published = store::list_open(tx, Some(provider.company))?
            .into_iter()
            .filter_map(|tender| Some((tender.published_at?, tender)));
        news.extend(published.map(|(at, tender)| new(&tender, at, "tender-news-published")));
    }
    Ok(news)
}

fn new(tender: &Tender, at: jiff::Timestamp, what: &'static str) -> News {
    News { at, what, about: tender.title.clone(), path: format!("/tenders/{}", tender.id) }
}
