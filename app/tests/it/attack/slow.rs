//! Who is slow on purpose: connections that say nothing, heads and bodies that never end. The real server, with a short
//! limit; each is let go, and others are served meanwhile.

use crate::command::folder;
use crate::logs::Served;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A limit of one second is over within this, on a busy machine too.
const LONG: Duration = Duration::from_secs(15);

/// Says the beginning, then a byte of the rest now and then (or nothing more), until the server ends it. What it answered.
async fn drip(address: SocketAddr, begin: &[u8], rest: &'static [u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(begin).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let dripping = async {
        let mut pace = tokio::time::interval(Duration::from_millis(150));
        for byte in rest.iter().cycle() {
            pace.tick().await;
            if writer.write_all(&[*byte]).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    let mut answer = Vec::new();
    let heard = async { reader.read_to_end(&mut answer).await };
    let ended = async {
        tokio::select! { read = heard => drop(read), () = dripping => {} }
    };
    tokio::time::timeout(LONG, ended)
        .await
        .unwrap_or_else(|_| panic!("{} still holds", String::from_utf8_lossy(begin)));
    String::from_utf8_lossy(&answer).into_owned()
}

fn post(length: usize) -> Vec<u8> {
    let head = "POST /session HTTP/1.1\r\nhost: x\r\naccept: application/json\r\ncontent-type: application/json\r\n";
    format!("{head}content-length: {length}\r\n\r\n").into_bytes()
}

#[tokio::test]
async fn nobody_holds_a_connection_by_being_slow() {
    let here = folder();
    let served = Served::start(here.path(), &["--request-timeout", "1"]);
    let address: SocketAddr = served.root.strip_prefix("http://").unwrap().parse().unwrap();
    let chunked = "POST /session HTTP/1.1\r\nhost: x\r\naccept: application/json\r\ncontent-type: application/json\r\n\
                   transfer-encoding: chunked\r\n\r\n";
    let (begun, large) = (post(100), post(100_000));
    let (silent, half_preface, preface, head, endless_head, body, endless_body, chunks, idle, served_meanwhile) = tokio::join!(
        drip(address, b"", b""),
        drip(address, b"PRI * HT", b""),
        drip(address, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b""),
        drip(address, b"GET / HTTP/1.1\r\nhost: x\r\n", b""),
        drip(address, b"GET / HTTP/1.1\r\nx: ", b"a"),
        drip(address, &begun, b""),
        drip(address, &large, b" "),
        drip(address, chunked.as_bytes(), b"1\r\n \r\n"),
        drip(address, b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n", b""),
        meanwhile(&served.root),
    );
    for (what, answer) in
        [("silent", silent), ("half a preface", half_preface), ("half a head", head), ("endless head", endless_head)]
    {
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{what}: {answer}");
    }
    assert!(!preface.contains("HTTP/1.1"), "a connection of HTTP/2 that says no more: {preface}");
    for (what, answer) in [("half a body", body), ("endless body", endless_body), ("endless chunks", chunks)] {
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"too-slow\""), "{what}: {answer}");
        assert!(answer.contains("x-content-type-options: nosniff"), "{what}: {answer}");
    }
    assert!(idle.starts_with("HTTP/1.1 200") && idle.ends_with("ok\n"), "served, and then let go: {idle}");
    assert!(served_meanwhile > 5, "others are served meanwhile: {served_meanwhile}");
    served.end();
}

/// How many requests others had answered in the second and a half.
async fn meanwhile(root: &str) -> usize {
    let client = reqwest::Client::new();
    let (begun, mut count) = (Instant::now(), 0);
    while begun.elapsed() < Duration::from_millis(1_500) {
        let answer = client.get(format!("{root}/health")).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        count += 1;
    }
    count
}

/// A slow line is no attack: what comes steadily has the time that it needs.
#[tokio::test]
async fn a_large_body_on_a_slow_line_is_taken() {
    let here = folder();
    let served = Served::start(here.path(), &["--request-timeout", "1"]);
    let address: SocketAddr = served.root.strip_prefix("http://").unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = 200_000;
    stream.write_all(&post(length)).await.unwrap();
    let mut pace = tokio::time::interval(Duration::from_millis(250));
    for _ in 0..10 {
        pace.tick().await;
        stream.write_all(&vec![b' '; length / 10]).await.unwrap();
    }
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 400", "spaces are no JSON, and were read to the end");
    served.end();
}
