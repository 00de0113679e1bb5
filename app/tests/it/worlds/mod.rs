//! Installations with 0, 1 and 50 sealed bids, and a consortium's where there are any, otherwise equal: whoever is not their bidder gets the same from every page and
//! every piece of data, once ids, hashes, tokens and signatures are replaced by their order of appearance. Excluded: the
//! sealed access log, which opens for security duty only, and readers of the storage itself (docs/sealing.md).

mod copies;
mod crawl;

use crate::consortium;
use crate::people::Applicant;
use crate::sourcing::{add_lot, bid, draft, id, publish, text};
use crate::table::stage::{company, decide};
use crate::world::{Browser, World};
use copies::copies;
use crawl::{Seen, look, tiles};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// So many bids are sealed in each world; the one between in the long run alone, since each world takes as long as the others.
const BIDS: [usize; 3] = [0, 50, 1];

/// Who bids for every lot where there are fifty.
const BIDDERS: usize = 10;

/// What the worlds have in common.
struct Base {
    bidders: Vec<Browser>,
    lots: Vec<String>,
    /// The lot for which, where anybody bids, two of them bid as a consortium.
    joint: String,
    /// Who looks, by what they are to the tender, and their phones; a visitor has none.
    others: Vec<(&'static str, String)>,
    /// Where they begin to look.
    seeds: Vec<String>,
    /// And when.
    then: Timestamp,
}

async fn base(world: &World) -> Base {
    let operator = world.operator().await;
    let mut bidders = Vec::new();
    for _ in 0..BIDDERS {
        bidders.push(approved(world, &operator, "provider").await);
    }
    let (owner, buyer) = (approved(world, &operator, "buyer").await, approved(world, &operator, "both").await);
    let rival = approved(world, &operator, "provider").await;
    let auditor = crate::operator_duty::holder(world, app::web::OperatorDuty::Auditor).await;
    let mut form = draft(world);
    form["consortium_most"] = "3".into();
    let tender = text(&owner.post("/tenders", form).await.ok().json(), "id");
    let mut lots = Vec::new();
    for number in 1..=BIDS[1] / BIDDERS {
        let lot = id();
        add_lot(&owner, &tender, &lot, &format!("第 {number} 包")).await;
        lots.push(lot);
    }
    let joint = id();
    add_lot(&owner, &tender, &joint, "联合体也可以投的一包").await;
    publish(&owner, &tender).await.ok();
    world.settle().await;
    let notices = owner.get("/notices").await.ok().json();
    let mut seeds = vec![format!("/notices/{}", text(&notices["notices"][0], "id")), format!("/tenders/{tender}")];
    seeds.extend(lots.iter().chain([&joint]).flat_map(|lot| {
        ["bids", "opening", "evaluation", "draw", "envelopes", "commitments"].map(|what| format!("/lots/{lot}/{what}"))
    }));
    for one in [&bidders[0], &owner] {
        let company = company(one).await;
        seeds.extend(["companies", "providers", "operator/companies"].map(|what| format!("/{what}/{company}")));
    }
    // What needs no id is there for everybody who is let in.
    let table = world.app.table().into_iter().filter(|row| row.method == http::Method::GET);
    seeds.extend(table.map(|row| row.path.to_owned()).filter(|path| !path.contains('{')));
    let others = vec![
        ("a visitor", String::new()),
        ("its buyer", owner.phone.clone()),
        ("another buyer", buyer.phone.clone()),
        ("a provider who has not bid", rival.phone.clone()),
        ("the operator", "13900139000".to_owned()),
        ("the auditor", auditor.phone.clone()),
    ];
    let then = world.clock.now() + SignedDuration::from_hours(1);
    Base { bidders, lots, joint, others, seeds, then }
}

async fn approved(world: &World, operator: &Browser, side: &str) -> Browser {
    let browser = world.applicant(&Applicant::new(side)).await;
    decide(operator, &company(&browser).await, "approval").await;
    browser
}

/// What everybody but the bidders sees in this world an hour after so many bids were sealed.
async fn after(world: &World, base: &Base, bids: usize) -> BTreeMap<&'static str, Seen> {
    for number in 0..bids {
        let bidder = base.bidders[number % BIDDERS].at(world);
        bid(&bidder, &base.lots[number / BIDDERS], &format!("{}", 100_000 + number)).await;
    }
    if bids > 0 {
        let [lead, partner] = [0, 1].map(|at| base.bidders[at].at(world));
        let made = consortium::made(&lead, &base.joint, &partner).await;
        consortium::accept(&partner, &made).await.ok();
        bid(&lead, &base.joint, "100").await;
    }
    world.until(base.then).await;
    let mut all = BTreeMap::new();
    for (who, phone) in &base.others {
        let browser = if phone.is_empty() { world.visitor() } else { world.again_as(phone).await };
        all.insert(*who, look(world, &browser, &base.seeds).await);
    }
    all.insert("a reader of the transparency log", tiles(&world.visitor()).await);
    all
}

#[tokio::test]
async fn nobody_but_its_bidder_can_tell_none_one_and_fifty_sealed_bids_apart() {
    let world = World::new().await;
    let base = base(&world).await;
    let bids = &BIDS[..if crate::long::is_whole() { 3 } else { 2 }];
    let worlds = copies(world, bids.len()).await;
    let mut seen = Vec::new();
    for (world, bids) in worlds.iter().zip(bids) {
        seen.push(after(world, &base, *bids).await);
    }
    let mut wrong = Vec::new();
    for (other, bids) in seen[1..].iter().zip(&bids[1..]) {
        for (who, none) in &seen[0] {
            wrong.extend(none.told_by(&other[who]).into_iter().map(|what| format!("{bids} bids, {who}: {what}")));
        }
    }
    assert!(wrong.is_empty(), "{} answers tell of bids:\n{}", wrong.len(), wrong.join("\n"));
    let answers: usize = seen[0].values().map(Seen::len).sum();
    let bidder = base.bidders[0].at(&worlds[1]).get("/bids").await.ok().text;
    let none = base.bidders[0].at(&worlds[0]).get("/bids").await.ok().text;
    assert_ne!(bidder, none, "who has bid sees it");
    eprintln!("{answers} answers for {} others are the same with {bids:?} bids", base.others.len());
}
