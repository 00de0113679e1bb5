use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A host that takes one request, says this, and gives back what it was sent.
async fn host(says: Vec<u8>) -> (Url, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/hook?a=1", listener.local_addr().unwrap());
    let sent = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        while !heard.ends_with(b"ping") {
            let mut some = [0; 1024];
            let read = stream.read(&mut some).await.unwrap();
            assert!(read > 0, "the request is whole");
            heard.extend_from_slice(&some[..read]);
        }
        // Whoever has read enough is gone.
        let _ = stream.write_all(&says).await;
        String::from_utf8(heard).unwrap()
    });
    (address.parse().unwrap(), sent)
}

fn ping() -> Request<Bytes> {
    let mut request = Request::new(Bytes::from_static(b"ping"));
    *request.method_mut() = http::Method::POST;
    request
}

fn anywhere() -> Outgoing {
    Outgoing::new(Reach::Anywhere, Duration::from_secs(5), 1000)
}

#[tokio::test]
async fn a_request_goes_to_the_address_and_what_is_said_comes_back() {
    let (to, sent) = host(b"HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\npong".to_vec()).await;
    let answer = anywhere().send(&to, ping()).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.body.as_ref()), (202, &b"pong"[..]));
    let sent = sent.await.unwrap();
    let host = format!("host: {}:{}", to.host_str().unwrap(), to.port().unwrap());
    assert!(sent.starts_with("POST /hook?a=1 HTTP/1.1\r\n") && sent.to_lowercase().contains(&host), "{sent}");
    assert!(sent.to_lowercase().contains("content-length: 4"), "{sent}");
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (to, _) =
        host(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec()).await;
    assert_eq!(anywhere().send(&to, ping()).await.unwrap().status, StatusCode::FOUND);
}

#[tokio::test]
async fn of_a_huge_answer_the_beginning_is_read() {
    let mut says = b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n".to_vec();
    says.extend(vec![b'x'; 4_000_000]);
    let (to, _) = host(says).await;
    assert_eq!(anywhere().send(&to, ping()).await.unwrap().body.len(), 1000);
}

#[tokio::test]
async fn who_does_not_answer_in_time_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let hasty = Outgoing::new(Reach::Anywhere, Duration::from_millis(50), 1000);
    assert_eq!(hasty.send(&to, ping()).await.unwrap_err(), Error::Slow);
    drop(listener);
    assert_eq!(anywhere().send(&to, ping()).await.unwrap_err(), Error::Unreachable);
}

#[tokio::test]
async fn what_is_no_http_is_malformed_and_who_hangs_up_is_unreachable() {
    let (to, _) = host(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()).await;
    assert_eq!(anywhere().send(&to, ping()).await.unwrap_err(), Error::Malformed);
    let (to, _) = host(Vec::new()).await;
    assert_eq!(anywhere().send(&to, ping()).await.unwrap_err(), Error::Unreachable);
}

#[tokio::test]
async fn inside_is_out_of_reach_by_address_and_by_name() {
    let public = Outgoing::new(Reach::Public, Duration::from_secs(5), 1000);
    let addresses = [
        "http://127.0.0.1:9/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost:9/",
    ];
    for address in addresses {
        let refused = public.send(&address.parse().unwrap(), ping()).await.unwrap_err();
        assert_eq!(refused, Error::Forbidden, "{address}");
    }
    assert_eq!(public.send(&"ftp://127.0.0.1/".parse().unwrap(), ping()).await.unwrap_err(), Error::Forbidden);
}
