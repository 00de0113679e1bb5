//! The gateways, against a small server of their own words.

use super::*;
use crate::random::Random;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A server that says this to one request, and gives back the request.
async fn server(status: u16, says: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://:k%2Fey@{}", listener.local_addr().expect("bound"));
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut heard = String::new();
        loop {
            let mut some = [0; 4096];
            let read = stream.read(&mut some).await.expect("a request");
            heard.push_str(&String::from_utf8_lossy(&some[..read]));
            let Some((head, body)) = heard.split_once("\r\n\r\n") else { continue };
            let head = head.to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
            if body.len() >= length.parse::<usize>().expect("a number") {
                break;
            }
        }
        let answer = format!("HTTP/1.1 {status} Said\r\nContent-Length: {}\r\n\r\n{says}", says.len());
        stream.write_all(answer.as_bytes()).await.expect("it is heard");
        heard
    });
    (address, heard)
}

fn short() -> ShortMessage {
    let (id, at) = (Id::v4(&Random::seeded(1)), Timestamp::UNIX_EPOCH);
    ShortMessage { id, at, to: "+8613800138000".to_owned(), text: "【资云】密码已更改 & more".to_owned() }
}

fn push() -> PushMessage {
    PushMessage {
        id: Id::v4(&Random::seeded(1)),
        at: Timestamp::UNIX_EPOCH,
        topic: "zy-abc".to_owned(),
        title: "资云".to_owned(),
        text: "已开标".to_owned(),
        link: "https://ziyun.example/inbox".to_owned(),
    }
}

#[tokio::test]
async fn a_short_message_goes_out_by_the_gateway() {
    let (address, heard) = server(200, r#"{"code":0,"msg":"发送成功","count":1,"fee":0.05,"sid":3310228982}"#).await;
    let sms = Sms::gateway(&address).expect("an address");
    sms.send(&short()).await.expect("taken");
    let heard = heard.await.expect("heard");
    assert!(heard.starts_with("POST /v2/sms/single_send.json HTTP/1.1\r\n"), "{heard}");
    let body = heard.split_once("\r\n\r\n").expect("a body").1;
    let pairs: Vec<_> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    assert_eq!(pairs[1], ("mobile".to_owned(), "+8613800138000".to_owned()));
    assert_eq!(pairs[2], ("text".to_owned(), "【资云】密码已更改 & more".to_owned()));
    assert_eq!(pairs[3], ("uid".to_owned(), short().id.to_string()));
    assert!(!format!("{sms:?}").contains("ey"), "the key is told nobody: {sms:?}");
}

#[tokio::test]
async fn what_a_gateway_refuses_is_told_apart() {
    for (status, says, passing) in [
        (400, r#"{"http_status_code":400,"code":33,"msg":"超过频率","detail":"+8613800138000"}"#, true),
        (400, r#"{"http_status_code":400,"code":10,"msg":"手机号加入黑名单"}"#, false),
        (502, "<html>Bad Gateway</html>", true),
    ] {
        let (address, _) = server(status, says).await;
        let error = Sms::gateway(&address).expect("an address").send(&short()).await.expect_err("refused");
        assert_eq!(error.is_passing(), passing, "{error}");
        assert!(!error.to_string().contains("138"), "no error repeats the number: {error}");
    }
    let nobody = Sms::gateway("http://:key@127.0.0.1:1").expect("an address").send(&short()).await;
    assert!(nobody.expect_err("nobody").is_passing());
    for wrong in ["https://sms.example", "ftp://:key@sms.example", "sms"] {
        assert!(
            matches!(Sms::gateway(wrong), Err(Error::Gateway)) && matches!(Push::server(wrong), Err(Error::Gateway))
        );
    }
}

#[tokio::test]
async fn a_push_message_goes_to_its_topic() {
    let (address, heard) = server(200, r#"{"id":"hwQ2YpKdmg","topic":"zy-abc"}"#).await;
    let port = Push::server(&address).expect("an address");
    port.send(&push()).await.expect("taken");
    let heard = heard.await.expect("heard");
    assert!(
        heard.starts_with("POST / HTTP/1.1\r\n") && heard.to_lowercase().contains("authorization: bearer"),
        "{heard}"
    );
    let body: serde_json::Value = serde_json::from_str(heard.split_once("\r\n\r\n").expect("a body").1).expect("JSON");
    assert_eq!((&body["topic"], &body["message"]), (&serde_json::json!("zy-abc"), &serde_json::json!("已开标")));
    assert!(port.address("zy-abc").expect("a server").ends_with("/zy-abc"));
    let (address, _) = server(507, r#"{"code":50701,"error":"insufficient storage"}"#).await;
    assert!(Push::server(&address).expect("an address").send(&push()).await.expect_err("refused").is_passing());
    let folder = tempfile::tempdir().expect("a folder");
    let outbox = Push::folder(folder.path());
    for _ in 0..2 {
        outbox.send(&push()).await.expect("written");
    }
    assert_eq!(std::fs::read_dir(folder.path().join("push")).expect("a folder").count(), 1);
}
