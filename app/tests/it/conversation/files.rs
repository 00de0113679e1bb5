//! Files of messages: for the two companies alone, sealed where they lie, gone with what is withdrawn, handed over with a report.

use super::{Pair, joined, read, told};
use crate::data_region::{choose, files, folder};
use crate::operator_duty::holder;
use crate::sourcing::{id, text};
use crate::world::{Answer, Browser, World};
use app::web::OperatorDuty;
use serde_json::{Value, json};

/// Unmistakable bytes of a file.
const DRAWING: &[u8] = b"\x89DRAWING of the seventh quay, sheet four";

async fn send(by: &Browser, thread: &str, message: &str, given: &[(&str, &[u8])]) -> Answer {
    let attached: Vec<_> = given.iter().map(|(name, content)| ("files", *name, *content)).collect();
    by.upload(&format!("/threads/{thread}/messages"), &[("id", message), ("text", "见附件")], &attached).await
}

/// The addresses of the files of a thread's last message.
fn addresses(thread: &Value) -> Vec<String> {
    let last = thread["messages"].as_array().unwrap().last().unwrap();
    last["files"].as_array().unwrap().iter().map(|file| format!("/thread-files/{}", text(file, "id"))).collect()
}

async fn stored(world: &World) -> usize {
    files(world, app::app::REGION).await.len()
}

#[tokio::test]
async fn both_companies_read_a_file_and_nobody_else_does() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    send(&pair.buyer, &pair.thread, &id(), &[("图纸.dwg", DRAWING), ("a.txt", b"second")]).await.ok();
    let page = pair.provider.page(&pair.path("")).await.ok().text;
    assert!(page.contains("图纸.dwg") && page.contains("a.txt") && !page.contains('⟦'), "{page}");
    let seen = read(&pair.provider, &pair.thread).await;
    assert_eq!(seen["messages"][0]["files"][0]["size"], DRAWING.len());
    let files = addresses(&seen);
    for reader in [&pair.buyer, &pair.provider] {
        let file = reader.get(&files[0]).await.ok();
        assert_eq!(file.text, String::from_utf8_lossy(DRAWING));
        assert!(file.header("content-disposition").starts_with("attachment; filename*=UTF-8''%E5%9B%BE"));
        assert_eq!(file.header("content-type"), "application/octet-stream");
    }
    for other in [&world.member("both").await, &world.member("buyer").await] {
        assert_eq!(other.get(&files[0]).await.status, 404);
    }
    assert_eq!(told(&world.operator().await.get(&files[0]).await), (403, "members-only".into()));
    assert_eq!(pair.buyer.get(&format!("/thread-files/{}", id())).await.status, 404);
    // At rest nothing of it can be read.
    for name in crate::data_region::files(&world, app::app::REGION).await {
        let lies = world.app.blobs().get(app::app::REGION, name.parse().unwrap()).await.unwrap();
        assert!(memchr::memmem::find(&lies, &DRAWING[..12]).is_none());
    }
}

#[tokio::test]
async fn they_lie_where_the_company_that_wrote_keeps_its_files() {
    let world = World::configured(|config| config.data_regions = ["default", "north"].map(folder).to_vec()).await;
    let pair = Pair::new(&world).await;
    choose(&pair.provider, "north", "default").await.ok();
    send(&pair.provider, &pair.thread, &id(), &[("a.txt", DRAWING)]).await.ok();
    send(&pair.buyer, &pair.thread, &id(), &[("b.txt", DRAWING)]).await.ok();
    assert_eq!((stored(&world).await, files(&world, "north").await.len()), (1, 1));
}

#[tokio::test]
async fn sent_twice_it_is_there_once_and_a_withdrawn_message_takes_its_files_along() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let message = id();
    for _ in 0..2 {
        send(&pair.buyer, &pair.thread, &message, &[("a.txt", DRAWING)]).await.ok();
    }
    let other = send(&pair.provider, &pair.thread, &message, &[("b.txt", b"of another")]).await;
    assert_eq!(other.status, 404, "another's id");
    let stranger = world.member("both").await;
    assert_eq!(send(&stranger, &pair.thread, &id(), &[("c.txt", b"not theirs")]).await.status, 404);
    world.settle().await;
    assert_eq!(stored(&world).await, 1, "what no message names is gone");
    let file = addresses(&read(&pair.buyer, &pair.thread).await).remove(0);
    pair.buyer.post(&format!("/messages/{message}/withdrawal"), json!({})).await.ok();
    world.settle().await;
    assert_eq!((stored(&world).await, pair.provider.get(&file).await.status.as_u16()), (0, 404));
    let shown = read(&pair.provider, &pair.thread).await;
    assert_eq!(shown["messages"][0]["files"], json!([]));
}

#[tokio::test]
async fn too_many_or_too_large_ones_are_refused_and_the_page_keeps_what_was_written() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let six: Vec<(&str, &[u8])> = vec![("a.txt", b"x"); 6];
    crate::account::refused(&send(&pair.buyer, &pair.thread, &id(), &six).await, "files", "too-many-files");
    let hidden = send(&pair.buyer, &pair.thread, &id(), &[("invoice\u{202E}fdp.exe", b"x")]).await;
    crate::account::refused(&hidden, "files", "hidden-character");
    let large = vec![7_u8; 26 * 1024 * 1024];
    assert_eq!(send(&pair.buyer, &pair.thread, &id(), &[("a.bin", &large)]).await.status, 413);
    assert_eq!((stored(&world).await, world.count("SELECT count(*) FROM thread_message").await), (0, 0));
}

#[tokio::test]
async fn a_report_hands_files_over_and_the_desk_opens_them_on_record() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let thread = joined(&buyer, &provider).await;
    let (bad, kept) = (id(), id());
    send(&provider, &thread, &bad, &[("恐吓.jpg", DRAWING)]).await.ok();
    send(&provider, &thread, &kept, &[("other.txt", b"not handed over")]).await.ok();
    let form = buyer.page(&format!("/threads/{thread}/report")).await.ok().text;
    assert!(form.contains("恐吓.jpg") && !form.contains('⟦'));
    let report = id();
    let fields = json!({ "id": report, "ground": "abuse", "text": "请尽快处理这件事", "message": [bad] });
    for _ in 0..2 {
        buyer.post(&format!("/threads/{thread}/reports"), fields.clone()).await.ok();
    }
    // Withdrawing takes nothing from the case.
    provider.post(&format!("/messages/{bad}/withdrawal"), json!({})).await.ok();
    world.settle().await;
    assert_eq!(stored(&world).await, 2, "the copy, and the other message's");
    let (risk, second) = (holder(&world, OperatorDuty::Risk).await, holder(&world, OperatorDuty::Risk).await);
    risk.post(&format!("/desk/reports/{report}/claim"), json!({})).await.ok();
    let opened = risk.post(&format!("/desk/reports/{report}/opening"), json!({})).await.ok().json();
    let file = opened["messages"][0]["files"][0].clone();
    assert_eq!((&file["name"], &file["size"]), (&json!("恐吓.jpg"), &json!(DRAWING.len())));
    let path = text(&file, "path");
    assert_eq!(told(&second.get(&path).await), (409, "report-claimed".into()));
    assert_eq!(risk.get(&path).await.ok().text, String::from_utf8_lossy(DRAWING));
    assert_eq!(holder(&world, OperatorDuty::Support).await.get(&path).await.status, 403);
    assert_eq!(buyer.get(&path).await.status, 404);
    let own = buyer.get(&format!("/reports/{report}")).await.ok().json();
    assert_eq!(own["openings"].as_array().unwrap().len(), 2, "each opening, the file's too");
    assert_eq!(own["messages"][0]["files"][0]["path"], Value::Null);
    assert!(buyer.page(&format!("/reports/{report}")).await.ok().text.contains("恐吓.jpg"));
}

#[tokio::test]
async fn what_is_taken_down_is_shut_and_comes_back_with_its_message() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let thread = joined(&buyer, &provider).await;
    let bad = id();
    send(&provider, &thread, &bad, &[("a.jpg", DRAWING)]).await.ok();
    let file = addresses(&read(&buyer, &thread).await).remove(0);
    let report = id();
    let fields = json!({ "id": report, "ground": "abuse", "text": "请尽快处理这件事", "message": [bad] });
    buyer.post(&format!("/threads/{thread}/reports"), fields).await.ok();
    let risk = holder(&world, OperatorDuty::Risk).await;
    let desk = |act: &str| format!("/desk/reports/{report}/{act}");
    for act in ["claim", "opening"] {
        risk.post(&desk(act), json!({})).await.ok();
    }
    risk.post(&desk("decision"), json!({ "decision": "taken-down", "reasons": "含有威胁内容" })).await.ok();
    for reader in [&buyer, &provider] {
        assert_eq!(reader.get(&file).await.status, 404);
        assert_eq!(read(reader, &thread).await["messages"][0]["files"], json!([]));
    }
    provider.post(&format!("/reports/{report}/reply"), json!({ "text": "这是正常的图纸" })).await.ok();
    risk.post(&desk("opening"), json!({})).await.ok();
    risk.post(&desk("answer"), json!({ "outcome": "lifted", "reasons": "经核对确系施工图纸" })).await.ok();
    assert_eq!(buyer.get(&file).await.ok().text, String::from_utf8_lossy(DRAWING));
}
