//! Our own HTTPS with HTTP/2, as browsers speak it: `:authority` and no `Host`.

use crate::world::port;
use app::app::App;
use app::config::{Config, Tls};
use app::server::{Server, Stop};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use kit::clock::Clock;
use kit::random::Random;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

fn file(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls").join(name)
}

/// A connection that trusts our certificate alone and speaks this.
async fn connect(address: SocketAddr, protocol: &str) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file("long.pem")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(protocol.as_bytes()), "both speak {protocol}");
    stream
}

struct Client {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
    cookie: String,
    token: String,
}

impl Client {
    async fn new(address: SocketAddr) -> Self {
        let stream = connect(address, "h2").await;
        let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let authority = format!("localhost:{}", address.port());
        let mut client = Self { sender, authority, cookie: String::new(), token: String::new() };
        let (session, told) = client.send("GET", "/session", &[]).await;
        client.cookie = session.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        client.token = serde_json::from_str::<Value>(&told).unwrap()["csrf"].as_str().unwrap().to_owned();
        client
    }

    async fn send(&mut self, method: &str, path: &str, lines: &[(&str, &str)]) -> (Response<()>, String) {
        let mut request = Request::builder().method(method).uri(format!("https://{}{path}", self.authority));
        let own =
            [("accept", "application/json"), ("cookie", self.cookie.as_str()), ("x-csrf-token", self.token.as_str())];
        for (name, value) in own.iter().chain(lines).filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        let body = if method == "POST" { "theme=dark" } else { "" };
        if method == "POST" {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        self.sender.ready().await.unwrap();
        let answer = self.sender.send_request(request.body(Full::from(body)).unwrap()).await.unwrap();
        let (head, body) = answer.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        (Response::from_parts(head, ()), text)
    }

    async fn act(&mut self, lines: &[(&str, &str)]) -> (u16, String) {
        let (answer, text) = self.send("POST", "/preferences/theme", lines).await;
        let code = serde_json::from_str::<Value>(&text).unwrap()["code"].as_str().unwrap_or_default().to_owned();
        (answer.status().as_u16(), code)
    }
}

#[tokio::test]
async fn a_form_is_our_own_by_the_authority_that_it_was_sent_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::under(folder.path());
    config.listen = SocketAddr::from(([127, 0, 0, 1], port()));
    config.tls = Some(Tls { cert: file("long.pem"), key: file("key.pem") });
    let app = App::open(config, Clock::system(), Random::system(), &[]).await.unwrap();
    app.migrate().await.unwrap();
    let server = Server::bind(app.config()).await.unwrap();
    let (address, (end, stop)) = (server.address, Stop::by_hand());
    let serving = tokio::spawn({
        let app = app.clone();
        async move { server.run(&app, &stop).await }
    });
    let mut client = Client::new(address).await;
    assert!(client.cookie.starts_with("__Host-form="), "{}", client.cookie);
    let own = format!("https://{}", client.authority);
    assert_eq!(client.act(&[("origin", &own), ("sec-fetch-site", "same-origin")]).await, (201, String::new()));
    assert_eq!(client.act(&[]).await.0, 201, "a program's, without either");
    let port = address.port();
    for foreign in [
        format!("http://localhost:{port}"),
        "https://localhost".to_owned(),
        format!("https://127.0.0.1:{port}"),
        "https://evil.example".to_owned(),
        "null".to_owned(),
    ] {
        assert_eq!(client.act(&[("origin", &foreign)]).await, (403, "cross-site".to_owned()), "{foreign}");
    }
    let evil = [("origin", "https://evil.example"), ("host", "evil.example")];
    assert_eq!(client.act(&evil).await, (403, "cross-site".to_owned()), "the authority is what counts");
    let (answer, _) = client.send("GET", "/health", &[]).await;
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000; includeSubDomains");
    drop(client);
    // HTTP/1.1 is still spoken.
    drop((connect(address, "http/1.1").await, end));
    serving.await.unwrap().unwrap();
}
