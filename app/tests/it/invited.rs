//! Tenders that name providers: invited ones, which reach nobody else, and direct orders, which everybody may object to.

use crate::amendment::{amend, later, problems, shown};
use crate::demand;
use crate::sourcing::{add_lot, after, bid, draft, id, in_days, publish, submit, text};
use crate::world::{Answer, Browser, World, sabotaged};
use serde_json::{Value, json};

/// A title that stands nowhere else.
const TITLE: &str = "海底光缆抢修船租赁框架";

/// A draft of this method that could be published, once it names somebody.
async fn drafted(world: &World, buyer: &Browser, method: &str) -> (String, String) {
    let mut form = draft(world);
    (form["method"], form["title"]) = (json!(method), json!(TITLE));
    if method == "direct" {
        form["questions_until"] = in_days(world, 8).into();
    }
    let tender = text(&buyer.post("/tenders", form).await.ok().json(), "id");
    let lot = id();
    add_lot(buyer, &tender, &lot, "抢修船一艘").await;
    (tender, lot)
}

async fn version(buyer: &Browser, tender: &str) -> Value {
    buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json()["tender"]["version"].clone()
}

/// Names these in a draft.
async fn name(buyer: &Browser, tender: &str, named: &str, reason: &str) -> Answer {
    let form = json!({"version": version(buyer, tender).await, "named": named, "reason": reason});
    buyer.post(&format!("/tenders/{tender}/named"), form).await
}

async fn company(browser: &Browser) -> Value {
    browser.get("/company").await.ok().json()["company"].clone()
}

/// The rules that stand between a draft and its publication.
async fn unready(buyer: &Browser, tender: &str) -> Vec<String> {
    let page = buyer.get(&format!("/tenders/{tender}/publication")).await.ok().json();
    page["unready"].as_array().unwrap().iter().map(|one| text(one, "rule")).collect()
}

/// How often the inbox has something of this kind.
async fn told(browser: &Browser, kind: &str) -> usize {
    let inbox = browser.get("/inbox").await.ok().json();
    inbox["unread"].as_array().unwrap().iter().filter(|line| line["kind"] == kind).count()
}

/// Neither the tender nor anything of it is shown to who is not invited.
async fn hidden(reader: &Browser, who: &str, places: &[String]) {
    for place in places {
        assert_eq!(reader.get(place).await.status, 404, "{place} for {who}");
        assert_eq!(reader.page(place).await.status, 404, "{place} for {who}");
    }
    let lists = [
        "/opportunities",
        "/",
        "/inbox",
        "/company/mandates",
        "/notices",
        "/notices?words=%E5%85%89%E7%BC%86",
        "/ocds/releases",
    ];
    for list in lists {
        for answer in [reader.get(list).await, reader.page(list).await] {
            assert!(!answer.text.contains(TITLE), "{list} for {who}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn an_invited_tender_reaches_nobody_else() {
    sabotaged();
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let mut guests = Vec::new();
    for _ in 0..3 {
        guests.push(world.member("provider").await);
    }
    let others = [
        ("visitor", world.visitor()),
        ("provider", world.member("provider").await),
        ("both", world.member("both").await),
        ("operator", world.operator().await),
    ];
    world.stay_signed_in(100).await;
    let (tender, lot) = drafted(&world, &buyer, "invited").await;
    buyer.upload(&format!("/tenders/{tender}/documents"), &[], &[("documents", "航区图.pdf", b"%PDF-1.7")]).await.ok();

    // Whom it names: from the public list, by name or code, as often as one likes, and never fewer than three.
    assert_eq!(unready(&buyer, &tender).await, ["named-too-few"]);
    let first = company(&guests[0]).await;
    let unknown = name(&buyer, &tender, &format!("{}\n查无此船务公司", text(&first, "name")), "").await;
    assert_eq!(problems(&unknown), ["invited-unknown"]);
    assert_eq!(
        problems(&name(&buyer, &tender, &text(&company(&buyer).await, "credit_code"), "").await),
        ["invited-unknown"]
    );
    let two = format!("{}、{}", text(&first, "name"), text(&company(&guests[1]).await, "credit_code"));
    name(&buyer, &tender, &two, "").await.ok();
    assert_eq!(
        (unready(&buyer, &tender).await, publish(&buyer, &tender).await.code()),
        (vec!["named-too-few".into()], "tender-unready".into())
    );
    let all = format!("{two}\n{}", text(&company(&guests[2]).await, "credit_code"));
    name(&buyer, &tender, &all, "").await.ok();
    let seen = version(&buyer, &tender).await;
    name(&buyer, &tender, &all, "").await.ok();
    assert_eq!(version(&buyer, &tender).await, seen, "the same again changes nothing");
    let stale = json!({"version": 1, "named": two});
    assert_eq!(buyer.post(&format!("/tenders/{tender}/named"), stale).await.status, 412);
    assert_eq!(name_as(&others[2].1, &tender).await.status, 404);
    let refused =
        buyer.submit(&format!("/tenders/{tender}/named"), &[("version", "9"), ("named", "查无此船务公司")]).await;
    assert!(refused.status == 422 && refused.text.contains("\n查无此船务公司</textarea>"), "{}", refused.text);
    publish(&buyer, &tender).await.ok();
    world.settle().await;

    let page = format!("/tenders/{tender}");
    let document = format!("/documents/{}", text(&shown(&buyer, &tender).await["documents"][0], "id"));
    let mut places = vec![page.clone(), format!("{page}/dates"), document];
    for (who, reader) in &others {
        hidden(reader, who, &places).await;
    }
    let question = || json!({"question_id": id(), "question": "备件到场时间是否含夜间？"});
    for reader in [&others[1].1, &others[2].1] {
        assert_eq!(reader.post(&format!("{page}/questions"), question()).await.status, 404);
        assert_eq!(submit(reader, &lot, &id(), "100").await.status, 404);
        assert_eq!(told(reader, "tender-invited").await, 0);
    }
    assert_eq!(shown(&buyer, &tender).await["named"].as_array().unwrap().len(), 3);
    for guest in &guests {
        assert_eq!(told(guest, "tender-invited").await, 1);
        assert!(guest.page("/opportunities").await.ok().text.contains(TITLE));
        let html = guest.page(&page).await.ok().text;
        assert!(html.contains("邀请招标") && !html.contains('⟦'), "{html}");
        assert_eq!(shown(guest, &tender).await["named"], json!([]), "nor who else is invited");
    }

    // What happens to it is told to the invited, whether they have bid or not, and to nobody by a notice.
    guests[0].post(&format!("{page}/questions"), question()).await.ok();
    let asked = text(&shown(&buyer, &tender).await["questions"][0], "id");
    buyer.post(&format!("/questions/{asked}/answer"), json!({"answer": "含夜间。"})).await.ok();
    amend(&buyer, &tender, &later(&buyer, &tender, 1).await).await.ok();
    let mut bids = Vec::new();
    for (guest, yuan) in guests.iter().zip(["100", "200", "300"]) {
        bids.push(bid(guest, &lot, yuan).await);
    }
    world.settle().await;
    assert_eq!(told(&guests[2], "tender-amended").await, 1);
    places.extend([format!("{page}/opening"), format!("/lots/{lot}/candidates")]);
    world.until(after(world.clock.now(), 12)).await;
    for (who, reader) in &others {
        hidden(reader, who, &places).await;
    }
    guests[0].get(&format!("{page}/opening")).await.ok();

    // The award is a public fact, and the tender stays what it was.
    buyer.post(&format!("/lots/{lot}/award"), json!({"bid": bids[0], "reason": "满足全部要求，价格最低"})).await.ok();
    world.settle().await;
    let notices = world.visitor().get("/notices?kind=result").await.ok().json();
    let notice = format!("/notices/{}", text(&notices["notices"][0], "id"));
    let told_all = world.visitor().page(&notice).await.ok().text;
    assert!(told_all.contains(TITLE) && !told_all.contains(&tender), "{told_all}");
    let releases = world.visitor().get("/ocds/releases").await.ok().json()["releases"].clone();
    assert_eq!(releases.as_array().unwrap().len(), 1, "{releases}");
    assert_eq!(
        (&releases[0]["tag"], &releases[0]["tender"]["procurementMethod"]),
        (&json!(["award"]), &json!("limited"))
    );
    for (_, reader) in &others {
        for place in &places {
            assert_eq!(reader.get(place).await.status, 404, "{place}");
        }
    }
}

#[tokio::test]
async fn further_providers_are_invited_while_they_can_ask_and_have_the_same_time() {
    let world = World::new().await;
    let (buyer, other) = (world.member("buyer").await, world.member("buyer").await);
    let mut guests = Vec::new();
    for _ in 0..6 {
        guests.push(world.member("provider").await);
    }
    world.stay_signed_in(100).await;
    let mut codes = Vec::new();
    for guest in &guests {
        codes.push(text(&company(guest).await, "credit_code"));
    }
    let (tender, lot) = drafted(&world, &buyer, "invited").await;
    name(&buyer, &tender, &codes[..3].join("\n"), "").await.ok();
    let path = format!("/tenders/{tender}/invitation");
    assert_eq!(demand::told(&buyer.get(&path).await), (409, "inviting-ended".into()), "a draft names its own");
    publish(&buyer, &tender).await.ok();
    world.settle().await;
    let (late, page) = (&guests[3], format!("/tenders/{tender}"));
    assert_eq!(late.get(&page).await.status, 404);
    let seen = shown(&buyer, &tender).await["tender"]["version"].clone();
    let form = |named: &str| json!({"version": seen, "named": named});
    assert_eq!(other.post(&path, form(&codes[3])).await.status, 404);
    assert_eq!(problems(&buyer.post(&path, form("查无此船务公司")).await), ["invited-unknown"]);
    let html = buyer.page(&path).await.ok().text;
    assert!(html.contains(&codes[0]) && html.contains("补充邀请服务商") && !html.contains('⟦'), "{html}");
    assert!(buyer.page(&page).await.ok().text.contains(&path));
    for _ in 0..2 {
        buyer.post(&path, form(&format!("{}\n{}", codes[0], codes[3]))).await.ok();
    }
    assert_eq!(buyer.post(&path, form(&codes[4])).await.status, 412, "who has seen fewer guests looks again");
    world.settle().await;
    assert_eq!((told(late, "tender-invited").await, told(&guests[0], "tender-invited").await), (1, 1));
    assert_eq!(shown(late, &tender).await["named"], json!([]));
    assert_eq!(shown(&buyer, &tender).await["named"].as_array().map(Vec::len), Some(4));
    bid(late, &lot, "100").await;

    // Too near the deadline for the method's time: it is moved for all, or nobody comes.
    world.until(after(world.clock.now(), 6)).await;
    let further = async |code: &str| {
        let version = shown(&buyer, &tender).await["tender"]["version"].clone();
        buyer.post(&path, json!({"version": version, "named": code})).await
    };
    assert_eq!(demand::told(&further(&codes[4]).await), (409, "inviting-late".into()));
    amend(&buyer, &tender, &later(&buyer, &tender, 4).await).await.ok();
    further(&codes[4]).await.ok();
    shown(&guests[4], &tender).await;
    world.until(after(world.clock.now(), 2)).await;
    assert_eq!(demand::told(&further(&codes[5]).await), (409, "inviting-ended".into()));
    assert_eq!(guests[5].get(&page).await.status, 404);
}

/// Somebody else tries to name providers.
async fn name_as(other: &Browser, tender: &str) -> Answer {
    other.post(&format!("/tenders/{tender}/named"), json!({"version": 1, "named": ""})).await
}

#[tokio::test]
async fn a_direct_order_says_why_and_waits_for_the_answers_to_objections() {
    let world = World::new().await;
    let (buyer, chosen, objector) =
        (world.member("buyer").await, world.member("provider").await, world.member("provider").await);
    world.stay_signed_in(100).await;
    // Under rules that the program cannot follow, or that do not know the method, there is no tender at all.
    for (regime, field, code) in [
        ("compulsory", "regime", "regime-compulsory"),
        ("government", "regime", "regime-government"),
        ("voluntary", "method", "regime-method"),
        ("feudal", "regime", "choice"),
    ] {
        let mut form = draft(&world);
        (form["method"], form["regime"]) = (json!("direct"), json!(regime));
        assert_eq!(demand::broken(&buyer.post("/tenders", form).await), (field.into(), code.into()));
    }
    let (tender, lot) = drafted(&world, &buyer, "direct").await;
    let page = format!("/tenders/{tender}");
    assert_eq!(unready(&buyer, &tender).await, ["named-too-few", "no-reason"]);
    let mut short = draft(&world);
    short.as_object_mut().unwrap().remove("id");
    (short["version"], short["method"], short["title"]) =
        (version(&buyer, &tender).await, json!("direct"), json!(TITLE));
    buyer.post(&format!("{page}/draft"), short.clone()).await.ok();
    assert_eq!(unready(&buyer, &tender).await[0], "notice-too-short", "five working days are more than a week");
    (short["version"], short["questions_until"]) = (version(&buyer, &tender).await, json!(in_days(&world, 8)));
    buyer.post(&format!("{page}/draft"), short).await.ok();
    let code = text(&company(&chosen).await, "credit_code");
    let both = format!("{code} {}", text(&company(&objector).await, "credit_code"));
    assert_eq!(problems(&name(&buyer, &tender, &both, "").await), ["named-too-many"]);
    assert_eq!(problems(&name(&buyer, &tender, &code, "专利").await), ["too-short"]);
    name(&buyer, &tender, &code, "只有这家持有该型号抢修船的专利和图纸。").await.ok();
    publish(&buyer, &tender).await.ok();
    world.settle().await;
    let public = shown(&world.visitor(), &tender).await;
    assert_eq!(public["tender"]["reason"], "只有这家持有该型号抢修船的专利和图纸。");
    assert_eq!(public["named"][0]["name"], company(&chosen).await["name"]);
    let html = world.visitor().page(&page).await.ok().text;
    assert!(html.contains("只有这家持有该型号抢修船的专利和图纸") && !html.contains('⟦'), "{html}");
    let notices = world.visitor().get("/notices").await.ok().text;
    assert!(notices.contains("单一来源公示"), "{notices}");
    let release = world.visitor().get("/ocds/releases").await.ok().json()["releases"][0]["tender"].clone();
    assert_eq!(
        (text(&release, "procurementMethod"), release["procurementMethodRationale"].is_string()),
        ("direct".into(), true)
    );

    assert_eq!((told(&chosen, "tender-invited").await, told(&objector, "tender-invited").await), (1, 0));
    assert_eq!(demand::told(&submit(&objector, &lot, &id(), "90").await), (409, "not-named".into()));
    assert!(!objector.page(&page).await.ok().text.contains("/bids/new"));
    let objection = json!({"question_id": id(), "question": "我公司也有同型号的抢修船，请改为公开招标。"});
    objector.post(&format!("{page}/questions"), objection).await.ok();
    let offer = bid(&chosen, &lot, "100").await;
    world.until(after(world.clock.now(), 11)).await;
    let choice = json!({"bid": offer, "reason": "专利独有，价格与上年持平"});
    let award = format!("/lots/{lot}/award");
    assert_eq!(buyer.post(&award, choice.clone()).await.code(), "objections-unanswered");
    let open = shown(&buyer, &tender).await;
    assert_eq!(open["lots"][0]["state"], "evaluation", "one offer is enough");
    let answer = format!("/questions/{}/answer", text(&open["questions"][0], "id"));
    assert!(buyer.page(&page).await.ok().text.contains(&answer), "it is answered after the deadline, too");
    buyer.post(&answer, json!({"answer": "贵公司的船舶航区不含外海，不能替代。"})).await.ok();
    buyer.post(&award, choice).await.ok();
}

#[tokio::test]
async fn a_demand_becomes_an_invited_tender_or_a_direct_order() {
    let world = World::new().await;
    let (buyer, invited, interested, stranger) = (
        world.member("buyer").await,
        world.member("provider").await,
        world.member("provider").await,
        world.member("provider").await,
    );
    let code = text(&company(&invited).await, "name");
    let both = [code.clone(), text(&company(&interested).await, "credit_code")];
    let both: Vec<_> = both.iter().map(String::as_str).collect();
    let names = |page: &Value| {
        let mut all: Vec<_> =
            page["naming"]["named"].as_array().unwrap().iter().map(|one| text(one, "company")).collect();
        all.sort();
        all
    };
    let mut expected = [text(&company(&invited).await, "id"), text(&company(&interested).await, "id")];
    expected.sort();
    let published = async || demand::published_as(&buyer, demand::inviting(&world, &both)).await;
    let first = published().await;
    demand::answer(&interested, &first, "可以提供渡轮。").await.ok();
    let page = format!("/demands/{first}");
    assert!(buyer.page(&page).await.ok().text.contains("以其他方式采购"));
    let form = json!({"id": id(), "version": demand::version(&buyer, &first).await, "method": "invited"});
    let tender = text(&buyer.post(&format!("{page}/tender"), form).await.ok().json(), "id");
    let made = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json();
    assert_eq!((&made["tender"]["method"], names(&made)), (&json!("invited"), expected.to_vec()));
    assert_eq!(unready(&buyer, &tender).await, ["named-too-few"], "two are no three");
    let three = format!("{}\n{}\n{}", both[0], both[1], text(&company(&stranger).await, "credit_code"));
    name(&buyer, &tender, &three, "").await.ok();
    publish(&buyer, &tender).await.ok();
    world.settle().await;
    assert_eq!((told(&interested, "tender-invited").await, told(&interested, "demand-tendered").await), (1, 0));

    let second = published().await;
    let page = format!("/demands/{second}");
    let seen = demand::version(&buyer, &second).await;
    let order = |provider: &str| json!({"id": id(), "version": seen, "method": "direct", "provider": provider});
    let place = format!("{page}/tender");
    assert_eq!(
        demand::broken(&buyer.post(&place, order("")).await),
        ("provider".into(), "demand-provider-needed".into())
    );
    let other = order(&text(&company(&stranger).await, "id"));
    assert_eq!(demand::broken(&buyer.post(&place, other).await), ("provider".into(), "demand-provider-unknown".into()));
    let version = seen.to_string();
    let (fresh, method) = (id(), "direct");
    let refused =
        buyer.submit(&place, &[("id", &fresh), ("version", &version), ("method", method), ("provider", "")]).await;
    assert!(refused.status == 422 && refused.text.contains("单一来源要选择一家服务商"), "{}", refused.text);
    let chosen = text(&company(&invited).await, "id");
    let tender = text(&buyer.post(&place, order(&chosen)).await.ok().json(), "id");
    let made = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json();
    assert_eq!((&made["tender"]["method"], names(&made)), (&json!("direct"), vec![chosen]));
    assert_eq!(unready(&buyer, &tender).await, ["no-reason"]);
    // A draft that is changed to a method for all names nobody any more.
    let mut form = draft(&world);
    form.as_object_mut().unwrap().remove("id");
    (form["version"], form["deadline"]) = (made["tender"]["version"].clone(), json!(in_days(&world, 10)));
    buyer.post(&format!("/tenders/{tender}/draft"), form).await.ok();
    assert_eq!(name(&buyer, &tender, &code, "").await.code(), "method-names-nobody");
    publish(&buyer, &tender).await.ok();
    assert_eq!(shown(&world.visitor(), &tender).await["named"], json!([]));
}
