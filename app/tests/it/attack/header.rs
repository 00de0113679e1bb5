//! Header injection: nothing that somebody types begins a line of a head, whichever header it is told in.

use super::{get, raw, session};
use crate::sourcing::{draft, text};
use crate::world::World;

/// A name with the quote and the lines that would begin a header of its own.
const NAMES: [&str; 4] = [
    "a\\\"; x=1.pdf",
    "a%0d%0aset-cookie: evil=1.pdf",
    "a';filename=evil.html;x='.pdf",
    "报价\u{e9}.pdf; filename*=UTF-8''evil.html",
];

#[tokio::test]
async fn a_files_name_stays_one_value_of_one_header() {
    let world = World::new().await;
    let buyer = world.member("buyer").await;
    let tender = text(&buyer.post("/tenders", draft(&world)).await.ok().json(), "id");
    let session = session(&buyer).await;
    let token = buyer.token().await;
    for name in NAMES {
        let body = format!(
            "--b\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--b\r\n\
             content-disposition: form-data; name=\"documents\"; filename=\"{name}\"\r\n\
             content-type: text/html\r\n\r\n{name}\r\n--b--\r\n"
        );
        let head = format!(
            "POST /tenders/{tender}/documents HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: {session}\r\n\
             accept: application/json\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: {}\r\n\r\n",
            world.address(),
            body.len()
        );
        let heard = raw(world.address(), format!("{head}{body}").as_bytes()).await;
        assert_eq!(heard.status, 201, "{name}: {}", heard.body);
    }
    let documents = buyer.get(&format!("/tenders/{tender}/draft")).await.ok().json()["documents"].clone();
    let documents = documents.as_array().unwrap();
    assert_eq!(documents.len(), NAMES.len());
    for document in documents {
        let path = format!("/documents/{}", text(document, "id"));
        let heard = get(&world, &path, &format!("cookie: {session}\r\n")).await;
        assert_eq!(heard.status, 200);
        assert!(heard.header("set-cookie").is_empty(), "{:?}", heard.head);
        let disposition = heard.header("content-disposition");
        let name = disposition[0].strip_prefix("attachment; filename*=UTF-8''").unwrap();
        let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"%-._*".contains(&byte);
        assert!(disposition.len() == 1 && name.bytes().all(harmless), "{disposition:?}");
    }
}

#[tokio::test]
async fn what_comes_in_a_head_comes_back_in_none() {
    let world = World::new().await;
    for (target, lines) in [
        ("/notices?lang=en%0d%0aset-cookie:evil=1", ""),
        ("/notices?lang=evil", ""),
        ("/notices?done=evil%0d%0a", ""),
        ("/session/new?next=/%0d%0aset-cookie:evil=1", ""),
        ("/policy/%0d%0aset-cookie:evil=1", ""),
        ("/%0d%0aset-cookie:%20evil=1", ""),
        ("/session/new", "cookie: form=evil; lang=evil; theme=evil; session=evil\r\n"),
        ("/session", "accept-language: evil\r\nuser-agent: evil\r\nreferer: http://evil.example/\r\n"),
        ("/notices", "if-none-match: W/\"evil\"\r\nrange: evil\r\norigin: http://evil.example\r\n"),
    ] {
        let heard = get(&world, target, &format!("accept: text/html\r\n{lines}")).await;
        assert!(heard.status < 500, "{target}: {}", heard.body);
        assert!(!heard.head.join("\n").contains("evil"), "{target}: {:?}", heard.head);
    }
}

/// The same request may not be two to two readers of it.
#[tokio::test]
async fn a_body_has_one_length() {
    let world = World::new().await;
    let address = world.address();
    for lines in [
        "content-length: 5\r\ncontent-length: 6\r\n",
        "content-length: 5, 6\r\n",
        "content-length: +5\r\n",
        "content-length: -5\r\n",
        "content-length: 0x5\r\n",
        "content-length: 99999999999999999999\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "transfer-encoding: identity, chunked, x\r\n",
        "transfer-encoding : chunked\r\n",
        "content length: 5\r\n",
    ] {
        let request = format!("POST /session HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{lines}\r\n0\r\n\r\n");
        let heard = raw(address, request.as_bytes()).await;
        assert_eq!(heard.status, 400, "{lines}: {:?}", heard.head);
    }
}
