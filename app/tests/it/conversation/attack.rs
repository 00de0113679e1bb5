//! Who has no business in a thread, and what is sent to break one.

use super::{Pair, WORDS, ask, company, own, read, say, share, told};
use crate::sourcing::{id, text};
use crate::world::{World, sabotaged};
use futures::future::join;
use serde_json::json;

#[tokio::test]
async fn nobody_but_the_two_companies_reads_or_writes_a_thread() {
    sabotaged();
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let message = text(&pair.say(WORDS).await, "id");
    let request = text(&pair.buyer.get("/contact-requests").await.ok().json()["requests"][0], "id");
    let third = world.member("both").await;
    let operator = world.operator().await;
    let reads = [pair.path(""), pair.path("/sharing"), pair.path("/address"), format!("/contact-requests/{request}")];
    for path in &reads {
        assert_eq!(told(&third.get(path).await), (404, "not-found".into()), "{path}");
        assert_eq!(told(&operator.get(path).await), (403, "members-only".into()), "{path}");
        assert_eq!(told(&world.visitor().get(path).await), (401, "unauthenticated".into()), "{path}");
    }
    let acts = [
        (pair.path("/messages"), json!({ "id": id(), "text": "插话" })),
        (format!("/messages/{message}/withdrawal"), json!({})),
        (pair.path("/sharing/preview"), own("13911118888")),
        (pair.path("/sharing/end"), json!({})),
        (pair.path("/address/end"), json!({})),
        (pair.path("/look"), json!({})),
        (pair.path("/block"), json!({})),
        (format!("/contact-requests/{request}/acceptance"), json!({})),
        (format!("/contact-requests/{request}/refusal"), json!({})),
        (format!("/contact-requests/{request}/withdrawal"), json!({})),
    ];
    for (path, fields) in acts {
        assert_eq!(told(&third.post(&path, fields.clone()).await), (404, "not-found".into()), "{path}");
        assert_eq!(told(&operator.post(&path, fields).await), (403, "members-only".into()), "{path}");
    }
    assert_eq!(read(&pair.provider, &pair.thread).await["messages"].as_array().map(Vec::len), Some(1));
    assert_eq!(third.get("/threads").await.ok().json()["threads"], json!([]));
}

#[tokio::test]
async fn what_is_written_lies_sealed_and_is_told_nowhere_else() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    pair.say(WORDS).await;
    share(&pair.provider, &pair.thread, own("13911118888")).await.ok();
    world.settle().await;
    for sql in [
        "SELECT count(*) FROM thread_message WHERE n = 1 AND body IS NOT NULL",
        "SELECT count(*) FROM contact_request WHERE body IS NOT NULL",
    ] {
        assert_eq!(world.count(sql).await, 1);
    }
    let rows = world.app.db().read::<_, kit::db::Error>(|tx| {
        let mut all: Vec<Vec<u8>> = tx.all("SELECT body FROM thread_message", &[], |row| row.next())?;
        all.extend(tx.all::<Vec<u8>>("SELECT body FROM contact_request", &[], |row| row.next())?);
        let events: Vec<String> = tx.all("SELECT body FROM event", &[], |row| row.next())?;
        all.extend(events.into_iter().map(String::into_bytes));
        Ok(all)
    });
    for row in rows.await.unwrap() {
        for needle in [WORDS, "驻场维保", "13911118888", "鹿其野"] {
            assert!(!row.windows(needle.len()).any(|part| part == needle.as_bytes()), "{needle}");
        }
    }
    // A row's ciphertext opens in its own place only.
    let moved = |tx: &mut kit::db::Tx| {
        let body: Vec<u8> = tx.one("SELECT body FROM thread_message", &[], |row| row.next())?;
        tx.execute("UPDATE contact_request SET body = $1", kit::values![body])
    };
    world.app.db().write::<_, kit::db::Error>(moved).await.unwrap();
    let request = text(&pair.buyer.get("/contact-requests").await.ok().json()["requests"][0], "id");
    assert_eq!(pair.buyer.get(&format!("/contact-requests/{request}")).await.status, 500);
    for page in ["/", "/notices", "/providers", "/inbox", "/me/data"] {
        let page = pair.buyer.page(page).await.ok().text;
        assert!(!page.contains(WORDS) && !page.contains("13911118888"), "{page}");
    }
}

#[tokio::test]
async fn text_that_hides_or_floods_is_refused() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let long = "长".repeat(4001);
    let cases: [(&str, &str); 6] = [
        ("总价\u{202e}00,068,4", "hidden-character"),
        ("a\u{200b}b", "hidden-character"),
        ("\u{2066}x\u{2069}", "hidden-character"),
        ("a\u{7}b", "control-character"),
        (&long, "too-long"),
        ("   ", "required"),
    ];
    for (words, rule) in cases {
        let refused = say(&pair.buyer, &pair.thread, words).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["code"]), (422, &json!(rule)), "{words:?}");
    }
    let plain = "第一行\n\t第二行 👩\u{200d}🔧 \"引号\" <b>&amp;</b>";
    say(&pair.buyer, &pair.thread, plain).await.ok();
    let page = pair.provider.page(&pair.path("")).await.ok().text;
    assert!(page.contains("&lt;b&gt;") || page.contains("&#60;b&#62;"), "{page}");
    let huge = say(&pair.buyer, &pair.thread, &"大".repeat(200_000)).await;
    assert_eq!(huge.status, 413);
    let unknown = json!({ "id": id(), "text": "好", "company": company(&pair.provider).await });
    assert_eq!(pair.buyer.post(&pair.path("/messages"), unknown).await.json()["errors"][0]["code"], "unknown-field");
}

#[tokio::test]
async fn a_block_that_meets_a_message_leaves_one_order() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let tokens = (pair.buyer.token().await, pair.provider.token().await);
    let (messages, block) = (pair.path("/messages"), pair.path("/block"));
    let (form, nothing) = (json!({ "id": id(), "text": WORDS }), json!({}));
    let both =
        join(pair.buyer.post_with(&tokens.0, &messages, &form), pair.provider.post_with(&tokens.1, &block, &nothing));
    let (sent, blocked) = both.await;
    blocked.ok();
    let stands = world.count("SELECT count(*) FROM thread_message").await;
    match sent.status.as_u16() {
        201 => assert_eq!(stands, 1, "it came before the block"),
        _ => assert_eq!((told(&sent), stands), ((409, "not-reachable".into()), 0)),
    }
    // Afterwards nothing comes through, either way; what was written before is read by both.
    assert_eq!(told(&say(&pair.buyer, &pair.thread, "再来").await), (409, "not-reachable".into()));
    assert_eq!(told(&say(&pair.provider, &pair.thread, "我来").await), (409, "you-blocked".into()));
    assert_eq!(told(&ask(&pair.buyer, &pair.provider).await), (409, "not-reachable".into()));
    for side in [&pair.buyer, &pair.provider] {
        assert_eq!(read(side, &pair.thread).await["messages"].as_array().map(Vec::len), Some(stands as usize));
    }
    let page = pair.provider.page(&pair.path("")).await.ok().text;
    assert!(page.contains("你公司屏蔽了这家公司") && !page.contains("发送消息</button>"), "{page}");
}

#[tokio::test]
async fn a_flood_of_messages_is_slowed() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let token = pair.buyer.token().await;
    let mut refused = None;
    for n in 0..61 {
        let form = json!({ "id": id(), "text": format!("第{n}条") });
        let answer = pair.buyer.post_with(&token, &pair.path("/messages"), &form).await;
        if answer.status != 201 {
            refused = Some((n, told(&answer)));
            break;
        }
    }
    assert_eq!(refused, Some((60, (429, "limited".into()))));
    say(&pair.provider, &pair.thread, "对方不受影响").await.ok();
}
