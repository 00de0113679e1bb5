//! Consortium bids: several companies bid as one, nobody else learns of it before the opening, and no company stands in two bids.

use crate::amendment::problems;
use crate::archive;
use crate::sourcing::{after, bid, draft, id, published_as, submit, text};
use crate::world::{Answer, Browser, World, sabotaged};
use serde_json::{Value, json};

async fn company(browser: &Browser) -> Value {
    browser.get("/company").await.ok().json()["company"].clone()
}

async fn code(browser: &Browser) -> String {
    text(&company(browser).await, "credit_code")
}

/// A published tender that takes consortia of up to three: tender and lot.
async fn taking(world: &World, buyer: &Browser) -> (String, String) {
    let mut form = draft(world);
    form["consortium_most"] = json!("3");
    published_as(world, buyer, form).await
}

async fn providers<const N: usize>(world: &World) -> [Browser; N] {
    let mut all = Vec::new();
    for _ in 0..N {
        all.push(world.member("provider").await);
    }
    all.try_into().unwrap_or_else(|_| panic!("there are {N}"))
}

fn form(partners: &str) -> Value {
    json!({"id": id(), "share": "60", "work": "总体集成", "partners": partners, "clauses": "各方按份额完成工作并分配款项。"})
}

/// A consortium of two, as its lead has made it.
pub async fn made(lead: &Browser, lot: &str, partner: &Browser) -> String {
    let form = form(&format!("{}，40，网络建设", code(partner).await));
    text(&lead.post(&format!("/lots/{lot}/consortia"), form).await.ok().json(), "id")
}

pub async fn accept(partner: &Browser, id: &str) -> Answer {
    let seen = partner.get(&format!("/consortia/{id}")).await.ok().json();
    partner.post(&format!("/consortia/{id}/acceptance"), json!({"agreement": seen["agreement_sha256"]})).await
}

async fn depart(browser: &Browser, id: &str) -> Answer {
    browser.post(&format!("/consortia/{id}/departure"), json!({})).await
}

#[tokio::test]
async fn a_consortium_bids_as_one_and_nobody_else_knows_before_the_opening() {
    sabotaged();
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let [lead, partner, single, rival] = providers(&world).await;
    world.stay_signed_in(100).await;
    let (tender, lot) = taking(&world, &buyer).await;

    // What the form refuses, field by field.
    let make = format!("/lots/{lot}/consortia");
    let (own, other) = (code(&lead).await, code(&partner).await);
    for (partners, rule) in [
        ("查无此网络公司，40，网络建设".to_owned(), "invited-unknown"),
        (format!("{other}，30，网络建设"), "consortium-sum"),
        (format!("{other} 40 网络建设"), "consortium-line"),
        (format!("{own}，40，网络建设"), "consortium-twice"),
        (format!("{other}，20，网络\n{other}，20，建设"), "consortium-twice"),
        (format!("{other}，20，网络\n{other}，10，建设\n{other}，10，调试"), "consortium-too-many"),
    ] {
        assert_eq!(problems(&lead.post(&make, form(&partners)).await), [rule], "{partners}");
    }

    // The agreement comes with a file of what was signed on paper.
    let sent = form(&format!("{other}，40，网络建设"));
    let fields = ["id", "share", "work", "partners", "clauses"].map(|name| (name, text(&sent, name)));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for _ in 0..2 {
        lead.upload(&make, &fields, &[("signed", "联合协议.pdf", b"%PDF-1.7 in ink")]).await.ok();
    }
    let consortium = text(&sent, "id");
    assert_eq!(world.count("SELECT count(*) FROM consortium").await, 1, "sent twice, it is one");
    assert_eq!(rival.post(&make, sent).await.status, 404, "the id is another's");
    let path = format!("/consortia/{consortium}");
    assert_eq!(rival.get(&path).await.status, 404);
    assert_eq!(rival.post(&format!("{path}/departure"), json!({})).await.status, 404);
    assert_eq!(buyer.get(&path).await.code(), "providers-only");
    assert_eq!(world.operator().await.get(&path).await.code(), "members-only");
    let paper = format!("{path}/signed-agreement");
    assert!(partner.get(&paper).await.ok().text.contains("in ink"), "who is invited reads what they are to accept");
    assert!(partner.page(&path).await.ok().text.contains("联合协议.pdf"));
    for stranger in [&rival, &buyer, &single] {
        assert_eq!(stranger.get(&paper).await.status, 404, "not before the opening");
    }
    assert!(partner.page("/").await.ok().text.contains("受邀加入联合体"));
    assert!(!rival.page("/").await.ok().text.contains("联合体："), "the rival's desk tells nothing");
    let names = format!("{} {}", text(&company(&lead).await, "id"), text(&company(&partner).await, "id"));
    let plain = "SELECT count(*) FROM consortium_member WHERE company IS NOT NULL OR work IS NOT NULL";
    assert_eq!(world.count(plain).await, 0, "no row says who: {names}");

    // Who has agreed to what.
    let early = submit(&lead, &lot, &id(), "100").await;
    assert_eq!(early.code(), "consortium-incomplete");
    let forged = partner.post(&format!("{path}/acceptance"), json!({"agreement": "ab".repeat(32)})).await;
    assert_eq!(forged.status, 412, "another agreement than the one that is accepted");
    accept(&partner, &consortium).await.ok();
    accept(&partner, &consortium).await.ok();
    assert_eq!(submit(&partner, &lot, &id(), "90").await.code(), "consortium-member");
    assert_eq!(partner.post(&make, form(&format!("{own}，40，开发"))).await.code(), "consortium-engaged");

    // The lead bids for all, and the member sees it without being able to change it.
    let joint = bid(&lead, &lot, "100").await;
    let of_it = format!("/bids/{joint}");
    let seen = partner.get(&of_it).await.ok().json();
    assert_eq!((&seen["can_change"], &seen["is_partner"]), (&json!(false), &json!(true)));
    let receipt = partner.get(&format!("{of_it}/receipt")).await.ok().json();
    let agreed = partner.get(&path).await.ok().json()["agreement_sha256"].clone();
    assert_eq!(receipt["statement"]["agreement_sha256"], agreed);
    assert_eq!(partner.post(&format!("{of_it}/withdrawal"), json!({"version": 1})).await.status, 404);
    assert_eq!(rival.get(&of_it).await.status, 404);
    assert_eq!(depart(&lead, &consortium).await.code(), "consortium-bid-sealed");
    assert!(partner.page(&of_it).await.ok().text.contains("由牵头人提交"));

    // Who invites a company that has bid is not told; the company itself is.
    bid(&single, &lot, "300").await;
    let refused = made(&rival, &lot, &single).await;
    assert_eq!(accept(&single, &refused).await.code(), "consortium-bid-alone");
    assert_eq!(submit(&rival, &lot, &id(), "200").await.code(), "consortium-incomplete");
    depart(&rival, &refused).await.ok();
    bid(&rival, &lot, "200").await;

    world.until(after(world.clock.now(), 10)).await;
    world.settle().await;
    let record = |browser: Browser, tender: String| async move {
        browser.get(&format!("/tenders/{tender}/opening")).await.ok().json()["lots"][0]["bids"].clone()
    };
    let public = record(world.visitor(), tender.clone()).await;
    assert_eq!(public.as_array().map(Vec::len), Some(3), "{public}");
    // What nobody has bid for goes with the deadline.
    assert_eq!(rival.get(&format!("/consortia/{refused}")).await.status, 404);
    assert_eq!(world.count("SELECT count(*) FROM consortium").await, 1);
    let first = &public[0];
    let both = [text(&company(&lead).await, "name"), text(&company(&partner).await, "name")];
    assert!(both.iter().all(|name| text(first, "company_name").contains(name.as_str())), "{first}");
    assert_eq!(first["consortium"]["agreement_sha256"], agreed);
    assert_eq!(first["consortium"]["members"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        first["consortium"]["members"][1]["share"],
        json!(null),
        "the division is for the buyer and the members"
    );
    assert_eq!(first["consortium"]["has_file"], false);
    let of_buyer = record(buyer.clone(), tender.clone()).await;
    assert_eq!(of_buyer[0]["consortium"]["has_file"], true);
    assert!(buyer.page(&format!("/tenders/{tender}/opening")).await.ok().text.contains(&paper));
    assert!(buyer.get(&paper).await.ok().text.contains("in ink"));
    assert_eq!(rival.get(&paper).await.status, 404);
    let of_partner = record(partner.clone(), tender.clone()).await;
    assert_eq!(of_partner[0]["consortium"]["members"][1]["share"], 40);
    assert_eq!(of_partner[0]["note"], "两年质保", "a member reads its own bid");
    assert!(world.visitor().page(&format!("/tenders/{tender}/opening")).await.ok().text.contains("共同投标协议"));

    let choice = json!({"bid": joint, "reason": "价格最低，满足全部要求"});
    let buyer = world.again(&buyer).await;
    buyer.post(&format!("/lots/{lot}/award"), choice).await.ok();
    world.settle().await;
    let letter = partner.get(&format!("/lots/{lot}/letter")).await.ok().json();
    assert_eq!((&letter["is_won"], &letter["is_joint"]), (&json!(true), &json!(true)));
    assert!(both.iter().all(|name| text(&letter["award"], "company_name").contains(name.as_str())), "{letter}");
    assert!(partner.page(&format!("/lots/{lot}/letter")).await.ok().text.contains("连带责任"));
    assert!(partner.get("/inbox").await.ok().text.contains("tender-awarded"));
    let releases = world.visitor().get("/ocds/releases").await.ok().text;
    assert!(both.iter().all(|name| releases.contains(name.as_str())), "open data name all members");

    // Every member can have the archive, with its own agreement and the receipts of its bid; who has bid alone has none of that.
    let held = async |who: &Browser| {
        let files = archive::unpacked(&archive::made(&world, who, &tender).await.1);
        let of_agreements = |name: &String, end: &str| name.starts_with("agreements/") && name.ends_with(end);
        let agreement = files.iter().find(|(name, _)| of_agreements(name, ".json"));
        assert_eq!(files.keys().any(|name| of_agreements(name, "联合协议.pdf")), agreement.is_some());
        let letters = files.keys().filter(|name| name.contains("/letters/") && name.ends_with(".json")).count();
        let sha256 = agreement.map(|(_, text)| json!(hex::encode(app::sourcing::tender::document::sha256(text))));
        (sha256, letters, files.keys().any(|name| name.starts_with(&format!("receipts/{joint}"))))
    };
    assert_eq!(held(&partner).await, (Some(agreed.clone()), 1, true));
    assert_eq!(held(&single).await, (None, 1, false));
}

#[tokio::test]
async fn a_bid_lapses_when_a_member_has_left_and_one_company_joins_one_consortium() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let [lead, partner, second, third, fourth] = providers(&world).await;
    world.stay_signed_in(100).await;
    let (tender, lot) = taking(&world, &buyer).await;

    // Two invite the same company; it accepts both at once.
    let (one, other) = (made(&lead, &lot, &partner).await, made(&second, &lot, &partner).await);
    let (first, again) = tokio::join!(accept(&partner, &one), accept(&partner, &other));
    let mut codes = [first.status.as_u16(), again.status.as_u16()];
    codes.sort_unstable();
    assert_eq!(codes, [201, 409], "one of them");
    if again.status == 201 {
        depart(&partner, &other).await.ok();
        accept(&partner, &one).await.ok();
    }
    depart(&second, &other).await.ok();
    depart(&second, &other).await.ok();
    assert_eq!(accept(&partner, &other).await.code(), "consortium-dissolved");

    // Who leaves and comes back leaves the bid as it was; who leaves for good ends it.
    let joint = bid(&lead, &lot, "100").await;
    let broken = async || lead.get(&format!("/bids/{joint}")).await.ok().json()["is_broken"].clone();
    depart(&partner, &one).await.ok();
    assert_eq!(broken().await, true);
    assert_eq!(partner.get(&format!("/bids/{joint}")).await.status, 404, "who has left sees no more of it");
    accept(&partner, &one).await.ok();
    assert_eq!(broken().await, false);
    depart(&partner, &one).await.ok();
    assert!(lead.page("/").await.ok().text.contains("联合体有成员退出"));
    for (provider, yuan) in [(&second, "200"), (&third, "300"), (&fourth, "400")] {
        bid(provider, &lot, yuan).await;
    }
    world.until(after(world.clock.now(), 10)).await;
    world.settle().await;
    let record = world.visitor().get(&format!("/tenders/{tender}/opening")).await.ok().json();
    assert_eq!(record["lots"][0]["bids"].as_array().map(Vec::len), Some(3), "{record}");
    assert_eq!(lead.get(&format!("/bids/{joint}")).await.ok().json()["bid"]["state"], "lapsed");
    assert!(lead.get("/inbox").await.ok().text.contains("bid-lapsed"));
    assert!(!partner.get("/inbox").await.ok().text.contains("bid-lapsed"), "it was not the bid of who had left");
    let names = world.visitor().get(&format!("/tenders/{tender}/opening")).await.ok().text;
    assert!(!names.contains("联合体"), "who never bid is named nowhere");
    assert_eq!(depart(&world.again(&lead).await, &one).await.code(), "deadline-passed");
    let kept = "SELECT count(*) FROM bid WHERE state = 'lapsed' AND (envelope IS NOT NULL OR blob IS NOT NULL)";
    assert_eq!(world.count(kept).await, 0);
}

#[tokio::test]
async fn a_company_in_two_bids_makes_all_of_them_void_after_the_opening() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let [lead, partner, third] = providers(&world).await;
    world.stay_signed_in(100).await;
    let (tender, lot) = taking(&world, &buyer).await;
    bid(&partner, &lot, "90").await;
    made(&lead, &lot, &partner).await;
    // The front door refuses to accept; somebody with the database does it all the same.
    let sql = "UPDATE consortium_member SET standing = 'accepted'";
    world.app.db().write::<_, kit::db::Error>(move |tx| tx.execute(sql, &[]).map(drop)).await.unwrap();
    let joint = bid(&lead, &lot, "100").await;
    let sound = bid(&third, &lot, "300").await;
    world.until(after(world.clock.now(), 10)).await;
    world.settle().await;
    let record = world.visitor().get(&format!("/tenders/{tender}/opening")).await.ok().json();
    let bids = record["lots"][0]["bids"].as_array().unwrap();
    let told: Vec<_> = bids.iter().map(|bid| (bid["rank"].clone(), bid["void"].clone())).collect();
    let void = (json!(null), json!("doubled"));
    assert_eq!(told, [(json!(1), json!(null)), void.clone(), void], "{record}");
    let (award, buyer) = (format!("/lots/{lot}/award"), world.again(&buyer).await);
    let choose = |bid: &str| json!({"bid": bid, "reason": "价格最低，满足全部要求"});
    assert_eq!(buyer.post(&award, choose(&joint)).await.code(), "bid-void");
    buyer.post(&award, choose(&sound)).await.ok();

    // A tender that says nothing of consortia takes none.
    let (_, plain) = crate::sourcing::published(&world, &buyer).await;
    let lead = world.again(&lead).await;
    assert_eq!(lead.get(&format!("/lots/{plain}/consortia/new")).await.code(), "consortium-not-taken");
}
