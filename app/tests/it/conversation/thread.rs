//! Messages: read by both, never edited, withdrawn by their author for some minutes, paged.

use super::{Pair, WORDS, joined, mails, notices, read, say, texts, told};
use crate::colleague::colleague;
use crate::sourcing::{id, text};
use crate::world::World;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn both_write_and_each_knows_what_was_read() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let first = pair.say(WORDS).await;
    assert_eq!((&first["number"], &first["is_read"]), (&json!(1), &json!(false)));
    world.settle().await;
    let unread = |list: &Value| list["threads"][0]["unread"].clone();
    assert_eq!(unread(&pair.provider.get("/threads").await.ok().json()), 1);
    assert!(notices(&pair.provider).await.iter().any(|line| line.contains("有新消息")));
    assert!(!mails(&world).contains(WORDS) && mails(&world).contains("会话里有新消息"));
    let seen = read(&pair.provider, &pair.thread).await;
    assert_eq!((texts(&seen), &seen["messages"][0]["is_own"]), (vec![WORDS.to_owned()], &json!(false)));
    assert_eq!(unread(&pair.provider.get("/threads").await.ok().json()), 0, "read, once it was shown");
    assert_eq!(read(&pair.buyer, &pair.thread).await["messages"][0]["is_read"], true);
    say(&pair.provider, &pair.thread, "收到。\n下周一答复").await.ok();
    let page = pair.buyer.page(&pair.path("")).await.ok().text;
    for words in ["收到。", WORDS, "对方已读", "成员1", "投标经办", "分享我的联系方式"] {
        assert!(page.contains(words), "{words} is missing: {page}");
    }
    assert!(!page.contains('⟦') && !page.contains(&pair.provider.phone));
    let sent = pair.buyer.submit(&pair.path("/messages"), &[("id", &id()), ("text", "好")]).await;
    assert_eq!((sent.status.as_u16(), sent.header("location").contains("done=message-sent")), (303, true));
    let empty = pair.buyer.submit(&pair.path("/messages"), &[("id", &id()), ("text", "  ")]).await;
    assert!(empty.status == 422 && empty.text.contains(WORDS), "the page comes back with the thread");
}

#[tokio::test]
async fn a_message_sent_twice_is_one_and_another_ones_id_is_nobodys() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let form = json!({ "id": id(), "text": WORDS });
    let one = pair.buyer.post(&pair.path("/messages"), form.clone()).await.ok().json();
    let two = pair.buyer.post(&pair.path("/messages"), form.clone()).await.ok().json();
    assert_eq!(one["number"], two["number"]);
    let other = json!({ "id": form["id"], "text": "另一段话" });
    let kept = pair.buyer.post(&pair.path("/messages"), other.clone()).await.ok().json();
    assert_eq!(kept["text"], WORDS, "what was sent first stands");
    assert_eq!(told(&pair.provider.post(&pair.path("/messages"), other).await), (404, "not-found".into()));
    let token = pair.buyer.token().await;
    let path = pair.path("/messages");
    let form = json!({ "id": id(), "text": "同时发了两次" });
    let at_once = (0..4).map(|_| pair.buyer.post_with(&token, &path, &form));
    for answer in futures::future::join_all(at_once).await {
        answer.ok();
    }
    assert_eq!(world.count("SELECT count(*) FROM thread_message").await, 2);
}

#[tokio::test]
async fn its_author_withdraws_a_message_for_ten_minutes_and_nobody_else_does() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let mate = colleague(&world, &pair.buyer, &["buyer"]).await;
    let sent = text(&pair.say(WORDS).await, "id");
    let path = format!("/messages/{sent}/withdrawal");
    assert_eq!(told(&mate.post(&path, json!({})).await), (403, "message-of-another".into()));
    assert_eq!(told(&pair.provider.post(&path, json!({})).await), (404, "not-found".into()));
    world.clock.advance(SignedDuration::from_mins(9));
    for _ in 0..2 {
        pair.buyer.post(&path, json!({})).await.ok();
    }
    let seen = read(&pair.provider, &pair.thread).await;
    assert_eq!((&seen["messages"][0]["text"], seen["messages"][0]["withdrawn_at"].is_string()), (&Value::Null, true));
    assert_eq!(world.count("SELECT count(*) FROM thread_message WHERE body IS NOT NULL").await, 0);
    assert!(pair.provider.page(&pair.path("")).await.ok().text.contains("已由作者撤回"));
    let late = text(&pair.say("第二条").await, "id");
    world.clock.advance(SignedDuration::from_mins(10));
    let refused = pair.buyer.post(&format!("/messages/{late}/withdrawal"), json!({})).await;
    assert_eq!(told(&refused), (409, "message-old".into()));
}

#[tokio::test]
async fn messages_come_page_by_page_and_a_cursor_opens_its_own_thread_only() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    for n in 1..=55 {
        pair.say(&format!("第{n}条")).await;
    }
    let newest = read(&pair.provider, &pair.thread).await;
    assert_eq!(
        (texts(&newest).len(), texts(&newest)[0].as_str(), texts(&newest)[49].as_str()),
        (50, "第6条", "第55条")
    );
    let older = text(&newest, "older");
    let rest = pair.provider.get(&older).await.ok().json();
    assert_eq!((texts(&rest).len(), texts(&rest)[0].as_str(), &rest["older"]), (5, "第1条", &Value::Null));
    let cursor = older.split_once("after=").unwrap().1;
    let third = world.member("provider").await;
    let elsewhere = joined(&pair.buyer, &third).await;
    let foreign = third.get(&format!("/threads/{elsewhere}?after={cursor}")).await;
    assert_eq!(told(&foreign), (400, "cursor".into()));
    assert_eq!(told(&pair.buyer.get(&older).await), (400, "cursor".into()), "nor for the other side");
}

#[tokio::test]
async fn whose_duties_do_not_allow_it_reads_and_does_not_write() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    pair.say(WORDS).await;
    let viewer = colleague(&world, &pair.provider, &["viewer"]).await;
    assert_eq!(texts(&read(&viewer, &pair.thread).await), [WORDS]);
    let page = viewer.page(&pair.path("")).await.ok().text;
    assert!(page.contains("你的职责只能阅读") && !page.contains("发送消息</button>"), "{page}");
    assert_eq!(told(&say(&viewer, &pair.thread, "我来答").await), (403, "duty-correspondent".into()));
    // Somebody who writes is told apart by a number, and not by a name.
    let mate = colleague(&world, &pair.provider, &["bidder"]).await;
    say(&mate, &pair.thread, "我是同事").await.ok();
    let seen = read(&pair.buyer, &pair.thread).await;
    assert_eq!((&seen["messages"][1]["member"], &seen["messages"][1]["duties"]), (&json!(2), &json!(["bidder"])));
}

#[tokio::test]
async fn who_writes_a_number_is_told_and_it_is_sent_as_it_is() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let page = pair.buyer.page(&pair.path("")).await.ok().text;
    assert!(page.contains("消息里写的电话、邮箱会原样给对方看到"), "before it is sent: {page}");
    let words = "请打 139-0013-9000 找我";
    let sent = pair.buyer.submit(&pair.path("/messages"), &[("id", &id()), ("text", words)]).await;
    assert!(sent.header("location").contains("done=message-sent-contact"), "{}", sent.header("location"));
    let seen = read(&pair.provider, &pair.thread).await;
    assert_eq!((texts(&seen), &seen["messages"][0]["holds_contact"]), (vec![words.to_owned()], &json!(true)));
    let flash = pair.buyer.page(&pair.path("?done=message-sent-contact")).await.ok().text;
    assert!(flash.contains("十分钟之内撤回"), "{flash}");
}

#[tokio::test]
async fn a_program_reads_and_writes_by_its_scopes_and_has_read_nothing() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    pair.say(WORDS).await;
    let made = crate::token::make(&world, &pair.provider, &["read", "message"]).await;
    let token = text(&made.ok().json(), "secret");
    let client = world.visitor();
    let bearer = |method: &str, path: &str| {
        let request = client.request(method.parse().unwrap(), path).header("accept", "application/json");
        request.bearer_auth(&token)
    };
    let seen = client.send(bearer("GET", &pair.path(""))).await.ok().json();
    assert_eq!(texts(&seen), [WORDS]);
    let list = client.send(bearer("GET", "/threads")).await.ok().json();
    assert_eq!(list["threads"][0]["unread"], 1, "a program that fetches has read nothing");
    let form = json!({ "id": id(), "text": "由程序发出" });
    client.send(bearer("POST", &pair.path("/messages")).json(&form)).await.ok();
    assert_eq!(texts(&read(&pair.buyer, &pair.thread).await), [WORDS, "由程序发出"]);
    let look = client.send(bearer("POST", &pair.path("/look")).json(&json!({}))).await;
    assert_eq!(told(&look), (403, "token-not-here".into()), "contact data are for people");
    let narrow = text(&crate::token::make(&world, &pair.provider, &["read"]).await.ok().json(), "secret");
    let request = client.request(reqwest::Method::POST, &pair.path("/messages")).bearer_auth(narrow).json(&form);
    assert_eq!(
        told(&client.send(request.header("accept", "application/json")).await),
        (403, "token-scope-message".into())
    );
}
