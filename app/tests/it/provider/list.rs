//! The list: filters, search, and pages that go on.

use super::{id, profile, sole};
use crate::world::{Browser, World};
use serde_json::{Value, json};

async fn named(visitor: &Browser, query: &str) -> Vec<String> {
    let list = visitor.get(&format!("/providers?{query}")).await.ok().json();
    let names = list["providers"].as_array().unwrap().iter();
    names.map(|line| line["provider"]["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn providers_are_found_by_kind_category_region_and_words() {
    let world = World::new().await;
    let (one, two, three) = (world.member("provider").await, world.member("both").await, sole(&world, 990_201).await);
    one.post("/company/profile", profile(0)).await.ok();
    let mut other = profile(0);
    (other["services"], other["regions"], other["about"]) = (json!(["it-ops"]), json!(["44"]), json!("专做驻场运维"));
    two.post("/company/profile", other).await.ok();
    three.post("/company/publication", json!({})).await.ok();
    world.member("buyer").await;
    world.settle().await;
    let (visitor, ids) = (world.visitor(), [id(&one).await, id(&two).await, id(&three).await]);
    let of = |at: &[usize]| at.iter().map(|at| ids[*at].clone()).collect::<Vec<_>>();
    for (query, found) in [
        ("kind=sole-operator", of(&[2])),
        ("category=it-software", of(&[0])),
        ("region=44", of(&[1])),
        ("category=it-ops&region=33", of(&[])),
        ("words=%E9%A9%BB%E5%9C%BA%E8%BF%90%E7%BB%B4", of(&[1])),
        ("words=zzzz", of(&[])),
        ("kind=&category=&region=&utm_source=x&category=it-ops", of(&[1])),
    ] {
        assert_eq!(named(&visitor, query).await, found, "{query}");
    }
    let mut group = named(&visitor, "category=it").await;
    group.sort();
    let mut both = of(&[0, 1]);
    both.sort();
    assert_eq!(group, both, "a group holds its categories");
    assert_eq!(named(&visitor, "").await.len(), 3, "a buyer is not listed");
    for wrong in [
        "kind=nobody",
        "category=nothing",
        "region=3301",
        "region=99",
        "kind=enterprise&kind=enterprise",
        "words=a&words=b",
    ] {
        let refused = visitor.get(&format!("/providers?{wrong}")).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (400, "provider-filter"), "{wrong}");
    }
    let page = visitor.page("/providers?words=%E9%A9%BB%E5%9C%BA&region=44").await.ok().text;
    assert!(page.contains("<mark>驻场</mark>") && page.contains("广东") && !page.contains('⟦'), "{page}");
    assert!(!visitor.page("/providers?lang=en").await.ok().text.contains('⟦'));
}

#[tokio::test]
async fn the_list_goes_on_page_by_page_and_its_cursor_belongs_to_it() {
    let world = World::new().await;
    fill(&world, 50).await;
    let visitor = world.visitor();
    let (mut path, mut seen, mut pages) = ("/providers".to_owned(), Vec::new(), 0);
    loop {
        let list = visitor.get(&path).await.ok().json();
        assert_eq!(list["total"], 50);
        seen.extend(list["providers"].as_array().unwrap().iter().map(|line| line["provider"]["id"].to_string()));
        pages += 1;
        match list["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!((pages, seen.len(), distinct.len()), (3, 50, 50), "each once");
    let next = visitor.get("/providers").await.json()["next"].as_str().unwrap().to_owned();
    for wrong in [
        next.replace("/providers?", "/providers?kind=enterprise&"),
        "/providers?after=nonsense".to_owned(),
        format!("{next}A"),
    ] {
        let refused = visitor.get(&wrong).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (400, "cursor"), "{wrong}");
    }
}

/// Approved providers straight into the tables, and an event for each as an approval leaves it.
async fn fill(world: &World, count: u64) {
    let unit = move |tx: &mut kit::db::Tx| {
        for n in 0..count {
            let (id, now) = (tx.id::<app::identity::company::Company>(), tx.now());
            tx.execute(
                "INSERT INTO company (id, name, credit_code, buyer, provider, state, decided_at, created_at, version) \
                 VALUES ($1, $2, $3, 0, 1, 'approved', $4, $4, 1)",
                kit::values![id, format!("公司{n}"), crate::people::credit_code(n + 770_000), now],
            )?;
            app::reach::provider::refresh(tx, id)?;
        }
        Ok(())
    };
    world.app.db().write::<_, app::web::Error>(unit).await.unwrap();
    world.settle().await;
}

#[tokio::test]
async fn what_another_process_has_changed_is_on_the_next_page() {
    let Some([one, two]) = World::two().await else {
        eprintln!("skipped: one process owns an embedded database");
        return;
    };
    let me = one.member("provider").await;
    let address = super::address(&me).await;
    let (here, there) = (one.visitor(), two.visitor());
    for world in [&one, &two] {
        world.settle().await;
    }
    for version in 0..4 {
        there.page(&address).await.ok();
        let mut fields = profile(version);
        fields["about"] = json!(format!("第{version}版"));
        me.post("/company/profile", fields).await.ok();
        for visitor in [&here, &there] {
            let page = visitor.get(&address).await.ok().json();
            assert_eq!(page["provider"]["profile"]["about"], format!("第{version}版"));
        }
    }
}

#[tokio::test]
async fn the_list_tells_nothing_of_tenders_or_bids() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    provider.post("/company/profile", profile(0)).await.ok();
    world.settle().await;
    let visitor = world.visitor();
    let (list, page) = ("/providers", super::address(&provider).await);
    let before = (visitor.get(list).await.ok().text, visitor.get(&page).await.ok().text);
    let (_, lot) = crate::sourcing::published(&world, &buyer).await;
    crate::sourcing::bid(&provider, &lot, "1000").await;
    world.settle().await;
    let after = (visitor.get(list).await.ok().text, visitor.get(&page).await.ok().text);
    assert_eq!(before, after);
    let _: Value = serde_json::from_str(&after.0).unwrap();
}
