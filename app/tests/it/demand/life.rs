//! From a draft to its end: published, changed, closed, copied, tendered; found in the list.

use super::{answer, broken, changed, draft, publish, published_as, read, told, version};
use crate::sourcing::{id, text};
use crate::world::World;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn a_demand_is_drafted_published_changed_and_closed_and_each_edition_stays() {
    let world = World::new().await;
    let (buyer, other, visitor) = (world.member("buyer").await, world.member("buyer").await, world.visitor());
    let form = draft(&world);
    for _ in 0..2 {
        buyer.post("/demands", form.clone()).await.ok();
    }
    let demand = text(&form, "id");
    assert_eq!(buyer.get("/demands/own").await.ok().json()["demands"].as_array().unwrap().len(), 1, "one draft");
    assert_eq!(told(&other.post("/demands", form).await), (404, "not-found".into()), "another's id");
    let (page, draft_page) = (format!("/demands/{demand}"), format!("/demands/{demand}/draft"));
    for (who, path) in [(&other, &page), (&visitor, &page), (&other, &draft_page)] {
        assert_eq!(who.get(path).await.status, 404, "{path}");
    }
    let past = changed(&world, &json!(1), "wanted_on", "2020-01-01");
    buyer.post(&draft_page, past.clone()).await.ok();
    assert_eq!(told(&buyer.post(&draft_page, past).await), (412, "stale".into()));
    assert_eq!(publish(&buyer, &demand).await.code(), "demand-unready");
    buyer.post(&draft_page, changed(&world, &json!(2), "title", "通勤班车租赁")).await.ok();
    assert_eq!(told(&buyer.post(&format!("{page}/publication"), json!({"version": 2})).await), (412, "stale".into()));
    for _ in 0..2 {
        buyer.post(&format!("{page}/publication"), json!({"version": 3})).await.ok();
    }
    let public = read(&visitor, &demand).await;
    assert_eq!((&public["demand"]["title"], &public["demand"]["budget"]), (&json!("通勤班车租赁"), &json!(48_612_345)));
    assert!(visitor.get("/demands").await.ok().text.contains(&demand));
    assert_eq!(
        buyer.post(&draft_page, changed(&world, &json!(4), "title", "改")).await.json()["errors"][0]["code"],
        "too-short"
    );
    assert_eq!(
        buyer.post(&draft_page, changed(&world, &json!(4), "title", "改成别的")).await.code(),
        "demand-not-draft"
    );

    let change = format!("{page}/change");
    let second = changed(&world, &json!(4), "summary", "每个工作日五班，往返两个厂区，含司机与保险。");
    for _ in 0..2 {
        buyer.post(&change, second.clone()).await.ok();
    }
    assert_eq!(
        told(&buyer.post(&change, changed(&world, &json!(4), "title", "另一份需求")).await),
        (412, "stale".into())
    );
    assert_eq!(other.post(&change, second.clone()).await.status, 404);
    let mut closed_to = second;
    (closed_to["audience"], closed_to["version"]) = (json!("invited"), json!(5));
    assert_eq!(broken(&buyer.post(&change, closed_to).await), ("audience".into(), "demand-audience-fixed".into()));
    let long = changed(&world, &json!(5), "summary", &"长".repeat(20_001));
    assert_eq!(broken(&buyer.post(&change, long).await), ("summary".into(), "too-long".into()));
    let huge = changed(&world, &json!(5), "summary", &"长".repeat(200_000));
    assert_eq!(buyer.post(&change, huge).await.status, 413);
    let now = read(&visitor, &demand).await;
    assert_eq!((&now["demand"]["edition"], now["editions"].as_array().unwrap().len()), (&json!(2), 2));
    let first = visitor.get(&format!("{page}/editions/1")).await.ok().json();
    assert!(text(&first["edition"], "summary").contains("四班") && text(&now["demand"], "summary").contains("五班"));
    for (path, status) in [("3", 404), ("0", 404), ("x", 404)] {
        assert_eq!(visitor.get(&format!("{page}/editions/{path}")).await.status, status);
    }
    let html = visitor.page(&format!("{page}/editions/1")).await.ok().text;
    assert!(html.contains("这是旧版") && !html.contains('⟦'), "{html}");

    let closing = format!("{page}/closing");
    let refused = buyer.submit(&closing, &[("version", "5"), ("reason", "短")]).await;
    assert!(refused.status == 422 && refused.text.contains(">\n短</textarea>"), "{}", refused.text);
    let reason = json!({"version": 5, "reason": "改由现有车队承担，不再外租。"});
    assert_eq!(other.post(&closing, reason.clone()).await.status, 404);
    for _ in 0..2 {
        buyer.post(&closing, reason.clone()).await.ok();
    }
    assert_eq!(
        told(&buyer.post(&closing, json!({"version": 6, "reason": "另一个原因"})).await),
        (409, "demand-not-open".into())
    );
    assert_eq!(buyer.post(&change, changed(&world, &json!(6), "title", "还想再改")).await.code(), "demand-not-open");
    let page = visitor.page(&page).await.ok().text;
    assert!(page.contains("改由现有车队承担") && !page.contains('⟦'), "{page}");
    assert!(!visitor.get("/demands").await.ok().text.contains(&demand));
}

#[tokio::test]
async fn a_demand_becomes_a_tender_without_typing_anything_twice() {
    let world = World::new().await;
    let (buyer, one, two) =
        (world.member("buyer").await, world.member("provider").await, world.member("provider").await);
    let demand = text(&buyer.post("/demands", draft(&world)).await.ok().json(), "id");
    let page = format!("/demands/{demand}");
    let files: [(&str, &str, &[u8]); 2] =
        [("documents", "../线路图.pdf", b"%PDF-1.7 routes"), ("documents", "时刻.xlsx", b"PK times")];
    for _ in 0..2 {
        buyer.upload(&format!("{page}/documents"), &[], &files).await.ok();
    }
    publish(&buyer, &demand).await.ok();
    let late = buyer.upload(&format!("{page}/documents"), &[], &files).await;
    assert_eq!(told(&late), (409, "demand-not-draft".into()));
    answer(&one, &demand, "可以提供新能源客车。").await.ok();
    let obstacle = buyer.page("/company/closing").await.ok().text;
    assert!(obstacle.contains("有服务商在等结果"), "{obstacle}");

    let seen = version(&buyer, &demand).await;
    let form = json!({"id": id(), "version": seen});
    let stale = json!({"id": id(), "version": 1});
    assert_eq!(told(&buyer.post(&format!("{page}/tender"), stale).await), (412, "stale".into()));
    assert_eq!(one.post(&format!("{page}/tender"), form.clone()).await.code(), "buyers-only");
    let place = format!("{page}/tender");
    let (first, second) = tokio::join!(buyer.post(&place, form.clone()), buyer.post(&place, form.clone()));
    let tender = text(&first.ok().json(), "id");
    assert_eq!(text(&second.ok().json(), "id"), tender, "the same form is the same draft");
    let other = json!({"id": id(), "version": seen});
    assert_eq!(told(&buyer.post(&format!("{page}/tender"), other).await), (409, "demand-not-open".into()));
    world.settle().await;

    let made = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json();
    let was = read(&buyer, &demand).await;
    for field in ["title", "summary", "category", "region"] {
        assert_eq!(made["tender"][field], was["demand"][field], "{field}");
    }
    let lot = &made["lots"][0];
    assert_eq!((&lot["budget"], &made["tender"]["budget_shown"]), (&json!(48_612_345), &json!(true)));
    assert!(text(lot, "description").contains(&text(&was["demand"], "wanted_on")), "{lot}");
    let documents = made["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 2);
    let names: Vec<_> = documents.iter().map(|one| text(one, "name")).collect();
    assert_eq!(names, ["线路图.pdf", "时刻.xlsx"]);
    let file = buyer.get(&format!("/documents/{}", text(&documents[0], "id"))).await.ok();
    assert_eq!(file.text, "%PDF-1.7 routes");
    // Both pages lead to each other; a draft to nobody but its company.
    assert_eq!(was["demand"]["outcome"], "tender");
    assert!(buyer.page(&page).await.ok().text.contains(&format!("/tenders/{tender}/draft")));
    assert_eq!(read(&one, &demand).await["tender"], json!(null));
    assert_eq!(world.visitor().get(&format!("/tenders/{tender}")).await.status, 404);
    crate::sourcing::publish(&buyer, &tender).await.ok();
    world.settle().await;
    let dossier = world.visitor().get(&format!("/tenders/{tender}")).await.ok().json();
    assert_eq!(dossier["demand"]["id"], json!(demand));
    assert_eq!(read(&one, &demand).await["tender"]["id"], json!(tender));
    let kinds = |inbox: serde_json::Value| {
        let lines = inbox["unread"].as_array().unwrap().clone();
        lines.iter().map(|line| text(line, "kind")).filter(|kind| kind.starts_with("demand-")).collect::<Vec<_>>()
    };
    let mut told_one = kinds(one.get("/inbox").await.ok().json());
    told_one.sort();
    assert_eq!(told_one, ["demand-closed", "demand-tendered"]);
    assert!(kinds(two.get("/inbox").await.ok().json()).is_empty(), "who has not answered is told nothing");

    // A template: what is copied is a draft of its own, with files of its own.
    let copy = json!({"id": id()});
    assert_eq!(world.member("buyer").await.post(&format!("{page}/copy"), copy.clone()).await.status, 404);
    for _ in 0..2 {
        buyer.post(&format!("{page}/copy"), copy.clone()).await.ok();
    }
    let copied = buyer.get(&format!("/demands/{}/draft", text(&copy, "id"))).await.ok().json();
    assert_eq!((&copied["demand"]["title"], &copied["demand"]["state"]), (&was["demand"]["title"], &json!("draft")));
    let own = text(&copied["documents"][0], "id");
    buyer.post(&format!("/demand-documents/{own}/removal"), json!({})).await.ok();
    world.settle().await;
    let kept = format!("/demand-documents/{}", text(&was["documents"][0], "id"));
    assert_eq!(one.get(&kept).await.ok().text, "%PDF-1.7 routes");
    assert_eq!(buyer.get(&format!("/demand-documents/{own}")).await.status, 404);
    assert_eq!(answer(&one, &demand, "还想再报一次。").await.code(), "demand-not-open");
}

#[tokio::test]
async fn demands_are_found_by_category_region_budget_and_day_and_pages_go_on() {
    let world = World::new().await;
    let (buyer, visitor) = (world.member("buyer").await, world.visitor());
    let mut ids = Vec::new();
    for n in 0..22 {
        let mut form = draft(&world);
        form["budget"] = json!((n + 1) * 1000);
        if n == 0 {
            (form["category"], form["region"], form["wanted_on"]) = (json!("other"), json!("33"), json!("2027-09-01"));
        }
        if n == 1 {
            (form["budget_shown"], form["title"]) = (json!(""), json!("机房精密空调维保"));
        }
        ids.push(published_as(&buyer, form).await);
        world.clock.advance(SignedDuration::from_secs(1));
    }
    ids.reverse();
    let first = visitor.get("/demands").await.ok().json();
    let next = text(&first, "next");
    let rest = visitor.get(&next).await.ok().json();
    assert_eq!(rest["next"], json!(null));
    let listed = [&first, &rest].into_iter().flat_map(|page| page["demands"].as_array().unwrap());
    assert_eq!(listed.map(|one| text(one, "id")).collect::<Vec<_>>(), ids, "the newest first, each once");
    let count = async |query: &str| {
        let page = visitor.get(&format!("/demands?{query}")).await.ok().json();
        page["demands"].as_array().unwrap().len()
    };
    for (query, expected) in [
        ("category=other", 1),
        ("category=it", 20),
        ("region=33", 1),
        ("region=36&category=other", 0),
        ("budget_until=1000", 1),
        ("budget_from=2000&budget_until=2000", 0),
        ("budget_from=21000", 2),
        ("wanted_from=2027-08-01", 1),
        ("wanted_until=2020-01-01", 0),
        ("utm_source=x&region=", 20),
    ] {
        assert_eq!(count(query).await, expected, "{query}");
    }
    for query in ["region=99", "category=cats", "budget_from=many", "wanted_from=soon"] {
        assert_eq!(told(&visitor.get(&format!("/demands?{query}")).await), (400, "demand-filter".into()), "{query}");
    }
    // By words, with the same filters; a budget that is not shown finds nothing here either. The feed tells the same.
    world.settle().await;
    for (query, expected) in [
        ("words=空调维保", 1),
        ("words=空调维保&budget_until=999999", 0),
        ("words=班车&category=other", 1),
        ("words=班车&budget_from=21000", 2),
        ("words=班车&wanted_from=2027-08-01", 1),
        ("words=班车", 20),
        ("words=没有这样的词句", 0),
    ] {
        assert_eq!(count(query).await, expected, "{query}");
    }
    let found = visitor.get("/demands?words=班车").await.ok().json();
    let rest = visitor.get(&text(&found, "next")).await.ok().json();
    assert_eq!((rest["demands"].as_array().map(Vec::len), &rest["next"]), (Some(1), &json!(null)));
    let feed = visitor.get("/demands.atom?words=空调维保&lang=en").await.ok();
    let feed = atom_syndication::Feed::read_from(feed.text.as_bytes()).expect("a feed");
    assert_eq!((feed.entries.len(), feed.entries[0].title.value.as_str()), (1, "机房精密空调维保"));
    assert!(feed.entries[0].links[0].href.ends_with(&format!("/demands/{}", ids[20])));
    let whole = visitor.get("/demands.atom").await.ok();
    let whole = atom_syndication::Feed::read_from(whole.text.as_bytes()).expect("a feed");
    assert!(whole.entries.len() == 20 && whole.links.iter().any(|link| link.rel == "next"));
    let closing = json!({ "version": version(&buyer, &ids[20]).await, "reason": "改由内部解决，不再征集" });
    buyer.post(&format!("/demands/{}/closing", ids[20]), closing).await.ok();
    world.settle().await;
    assert_eq!(count("words=空调维保").await, 0, "what is closed is not found");
    let moved = next.replace("/demands?", "/demands?region=36&");
    assert_eq!(told(&visitor.get(&moved).await), (400, "cursor".into()), "a cursor belongs to its filters");
    for language in ["zh-CN", "en"] {
        let page = visitor.page(&format!("/demands?region=36&category=it&lang={language}")).await.ok().text;
        assert!(page.contains("class=\"chip\"") && !page.contains('⟦'), "{page}");
    }
}
