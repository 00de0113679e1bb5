//! Bids on the desk of their own bidder: what is sealed until when, what was opened.

use super::joint;
use super::state::State;
use super::store::{self, Bid};
use crate::app::App;
use crate::sourcing::tender::{self, State as Stage, Tender};
use crate::web::{Actor, Item, News, Provider, Shelf, Sign, Task, Who};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// Bids that lapse at the deadline unless they are confirmed, and those whose ciphertexts have not come, for who bids.
pub(super) fn waiting(tx: &mut Tx, app: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(provider) = Provider::of(actor).filter(|_| Who::Bidder.admits(actor).is_ok()) else {
        return Ok(Vec::new());
    };
    let mut tenders = tender::store::list_open(tx, Some(provider.company))?;
    let mut tasks = Vec::new();
    tenders.retain(|tender| tender.company != provider.company);
    let ids: Vec<_> = tenders.iter().map(|tender| tender.id).collect();
    for bid in store::of_tenders(tx, app, &provider, &ids)? {
        let Some(tender) = tenders.iter().find(|tender| tender.id == bid.tender) else { continue };
        let is_led = bid.is_led(app, provider.company);
        if is_led && bid.awaits_ciphertext {
            tasks.push(Task {
                what: "bid-waiting-upload",
                args: vec![("title", tender.title.clone().into())],
                path: format!("/bids/{}", bid.id),
                due: Some(tender.closes_at()),
                glyph: "hourglass",
                act: "bid-waiting-upload-act",
            });
        }
        let lots = tender::store::lots(tx, tender.id)?;
        if joint::is_broken(tx, &bid)? {
            tasks.push(task(tender, &bid, ("bid-waiting-broken", "bid-waiting-broken-act")));
        }
        if is_led && lots.iter().any(|lot| lot.id == bid.lot && bid.is_behind(lot)) {
            tasks.push(task(tender, &bid, ("bid-waiting-confirm", "bid-waiting-confirm-act")));
        }
    }
    Ok(tasks)
}

fn task(tender: &Tender, bid: &Bid, (what, act): (&'static str, &'static str)) -> Task {
    Task {
        what,
        args: vec![("title", tender.title.clone().into())],
        path: format!("/bids/{}", bid.id),
        due: Some(tender.deadline),
        glyph: "warn",
        act,
    }
}

pub(super) fn shelves(tx: &mut Tx, app: &App, actor: &Actor) -> Result<Vec<Shelf>, db::Error> {
    let Some(provider) = Provider::of(actor) else { return Ok(Vec::new()) };
    let running = tender::store::list_running(tx, provider.company)?;
    let ids: Vec<_> = running.iter().map(|tender| tender.id).collect();
    let is_over = |bid: &Bid| matches!(bid.state, State::Withdrawn | State::Terminated);
    let bids = store::of_tenders(tx, app, &provider, &ids)?.into_iter().filter(|bid| !is_over(bid));
    let of = |bid: Bid| running.iter().find(|tender| tender.id == bid.tender).map(|tender| item(tender, &bid));
    let items = bids.filter_map(of).collect();
    Ok(vec![Shelf { heading: "bid-running", all: "/bids", start: None, none: "bid-running-none", items }])
}

fn item(tender: &Tender, bid: &Bid) -> Item {
    let (next, then) = match tender.state {
        Stage::Published => (Some(tender.deadline), "bid-next-opening"),
        Stage::Closed if tender.hands.is_some() => (None, "tender-next-shares"),
        Stage::Closed => (None, "tender-next-opened"),
        Stage::Auction => (tender.auction_check, "tender-next-auction"),
        _ => (None, "tender-next-award"),
    };
    Item {
        title: tender.title.clone(),
        about: vec![tender.company_name.clone(), tender.number.clone()],
        path: format!("/bids/{}", bid.id),
        sign: Sign { kind: bid.state.kind(), glyph: bid.state.glyph(), word: bid.state.word() },
        next,
        then,
    }
}

pub(super) fn news(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<News>, db::Error> {
    let Some(provider) = Provider::of(actor) else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for whose in joint::WHOSE {
        let sql = format!(
            "SELECT t.opened_at, t.title, b.id FROM bid b JOIN tender t ON t.id = b.tender \
             WHERE {whose} AND t.opened_at IS NOT NULL ORDER BY b.received_at DESC, b.id DESC LIMIT 10"
        );
        all.extend(tx.all(&sql, values![provider.company], |row| {
            let (at, about) = (row.next()?, row.next()?);
            Ok(News { at, what: "bid-news-opened", about, path: format!("/bids/{}", row.next::<Id<Bid>>()?) })
        })?);
    }
    all.sort_by_key(|news| std::cmp::Reverse(news.at));
    all.truncate(10);
    Ok(all)
}
