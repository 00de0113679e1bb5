//! Tricks with files: names that hide or lie, content that is not what it says, too much of it.

use super::session;
use crate::account::refused;
use crate::sourcing::{draft, published, text};
use crate::world::{Answer, Browser, World};
use reqwest::Method;
use serde_json::Value;
use std::io::Write;

async fn drafted(world: &World) -> (Browser, String) {
    let buyer = world.member("buyer").await;
    let tender = text(&buyer.post("/tenders", draft(world)).await.ok().json(), "id");
    (buyer, tender)
}

async fn documents(buyer: &Browser, tender: &str) -> Vec<Value> {
    let shown = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json();
    shown["documents"].as_array().unwrap().clone()
}

async fn put(buyer: &Browser, tender: &str, files: &[(&str, &str, &[u8])]) -> Answer {
    buyer.upload(&format!("/tenders/{tender}/documents"), &[], files).await
}

#[tokio::test]
async fn a_name_is_a_name_and_all_of_it_is_seen() {
    let world = World::new().await;
    let (buyer, tender) = drafted(&world).await;
    for name in ["发票\u{202e}fdp.exe", "报价\u{200b}.pdf", "a\u{2066}b.pdf", "\u{feff}a.pdf", "a\u{2028}b.pdf"] {
        let answer = put(&buyer, &tender, &[("documents", name, b"x")]).await;
        refused(&answer, "documents", "hidden-character");
    }
    let broken = put(&buyer, &tender, &[("documents", "a\u{7}.pdf", b"x")]).await;
    assert_eq!(broken.code(), "multipart", "a head with a control character is none");
    let long = format!("{}.pdf", "长".repeat(3_000));
    let given = ["../../etc/passwd", "C:\\boot.ini", "CON", "nul.txt", "清单.pdf. . ", "...", "/", &long];
    for (number, name) in given.iter().enumerate() {
        put(&buyer, &tender, &[("documents", name, format!("{number}").as_bytes())]).await.ok();
    }
    let mut names: Vec<_> = documents(&buyer, &tender).await.iter().map(|one| text(one, "name")).collect();
    names.sort();
    let kept = ["_CON", "_nul.txt", "boot.ini", "file", "file", "passwd", "清单.pdf"];
    assert_eq!(names[..7], kept);
    assert!(names[7].chars().count() == 120 && names[7].ends_with("长.pdf"), "{}", names[7]);
    let page = buyer.page(&format!("/tenders/{tender}/draft")).await.ok();
    assert!(!page.text.contains("../"), "no folder is on the page");
}

#[tokio::test]
async fn a_type_that_lies_is_a_download_all_the_same() {
    let world = World::new().await;
    let (buyer, tender) = drafted(&world).await;
    let html = b"<html><script>alert(document.cookie)</script>";
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    let both = b"GIF89a/*<script>*/=1;";
    let files: [(&str, &str, &[u8]); 5] = [
        ("documents", "图片.png", html),
        ("documents", "page.html", html),
        ("documents", "图.svg", svg),
        ("documents", "图.gif", both),
        ("documents", "空.pdf", b""),
    ];
    put(&buyer, &tender, &files).await.ok();
    for document in documents(&buyer, &tender).await {
        let file = buyer.get(&format!("/documents/{}", text(&document, "id"))).await.ok();
        assert_eq!(file.header("content-type"), "application/octet-stream");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert!(file.header("content-disposition").starts_with("attachment; "));
        assert!(file.header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(file.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_bomb_stays_packed() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    (0..64).for_each(|_| packer.write_all(&zeros).unwrap());
    let bomb = packer.finish().unwrap();
    assert!(bomb.len() < 70_000, "64 MB in {} bytes", bomb.len());
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    put(&buyer, &tender, &[("documents", "方案.zip", &bomb)]).await.ok();
    let document = documents(&buyer, &tender).await.remove(0);
    assert_eq!(document["size"], bomb.len());
    let request = buyer.request(Method::GET, &format!("/documents/{}", text(&document, "id")));
    assert_eq!(request.send().await.unwrap().bytes().await.unwrap(), bomb);
    let (_, lot) = published(&world, &buyer).await;
    let bid = crate::sourcing::id();
    let fields = [("id", bid.as_str()), ("price", "100"), ("delivery_days", "30")];
    provider.upload(&format!("/lots/{lot}/bids"), &fields, &[("files", "方案.zip", &bomb)]).await.ok();
    // A packed body of a request is not unpacked either.
    let packed = buyer.request(Method::POST, "/tenders").header("content-encoding", "gzip");
    let packed = packed.header("content-type", "application/json").header("x-csrf-token", buyer.token().await);
    assert_eq!(buyer.send(packed.body(bomb).header("accept", "application/json")).await.status, 415);
}

#[tokio::test]
async fn too_much_is_refused_before_it_is_kept() {
    let world = World::new().await;
    let (buyer, tender) = drafted(&world).await;
    let giant = vec![7; 25 * 1024 * 1024];
    let answer = put(&buyer, &tender, &[("documents", "大.bin", &giant)]).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "too-large"));
    let many: Vec<_> = (0..21).map(|_| ("documents", "小.bin", &b"x"[..])).collect();
    refused(&put(&buyer, &tender, &many).await, "documents", "too-many-files");
    let more: Vec<_> = (0..501).map(|_| ("documents", "小.bin", &b"x"[..])).collect();
    assert_eq!(put(&buyer, &tender, &more).await.code(), "too-many-fields");
    let elsewhere = put(&buyer, &tender, &[("files", "小.bin", b"x"), ("documents", "小.bin", b"x")]).await;
    refused(&elsewhere, "files", "unknown-field");
    assert!(documents(&buyer, &tender).await.is_empty());
    assert!(world.app.blobs().list(app::app::REGION).await.unwrap().is_empty(), "nothing lies in the store");
}

#[tokio::test]
async fn broken_parts_are_refused_and_strangers_send_none() {
    let world = World::new().await;
    let (buyer, tender) = drafted(&world).await;
    let path = format!("/tenders/{tender}/documents");
    let session = session(&buyer).await;
    let token = buyer.token().await;
    let part = "content-disposition: form-data; name=\"documents\"; filename=\"a.pdf\"\r\n\r\nx";
    let visitor = world.visitor();
    for (kind, body) in [
        ("multipart/form-data", format!("--b\r\n{part}\r\n--b--\r\n")),
        ("multipart/form-data; boundary=", format!("--b\r\n{part}\r\n--b--\r\n")),
        ("multipart/form-data; boundary=c", format!("--b\r\n{part}\r\n--b--\r\n")),
        ("multipart/form-data; boundary=b", format!("--b\r\n{part}")),
        ("multipart/form-data; boundary=b", "--b\r\nno: disposition".to_owned()),
        ("multipart/form-data; boundary=b", String::new()),
        (
            "multipart/form-data; boundary=b",
            "--b\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n\u{ff}".repeat(2),
        ),
    ] {
        let request = visitor.request(Method::POST, &path).header("accept", "application/json");
        let request = request.header("content-type", kind).header("x-csrf-token", &token).body(body.clone());
        let answer = visitor.send(request.header("cookie", &session)).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "multipart"), "{kind}: {body}");
    }
    let request = visitor.request(Method::POST, &path).header("accept", "application/json");
    let request = request.header("content-type", "multipart/form-data; boundary=b");
    let stranger = visitor.send(request.body(format!("--b\r\n{part}\r\n--b--\r\n"))).await;
    assert_eq!(stranger.status, 401, "{}", stranger.text);
    assert!(documents(&buyer, &tender).await.is_empty());
}
