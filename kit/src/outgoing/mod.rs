//! Requests of ours to other people's servers: over HTTP/1.1, with an end in time and in size, and to where they may go.
//!
//! A name is resolved once, every address it has is looked at, and the connection goes to one that was: whoever answers the
//! next question with another address (DNS rebinding) is not asked a second one. A redirect is an answer like any other and is
//! not followed. No error repeats an address, a header or a body: they may hold secrets.

mod reach;
#[cfg(test)]
mod tests;

pub use reach::Reach;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, HOST, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

/// Sends requests.
#[derive(Clone)]
pub struct Outgoing {
    tls: TlsConnector,
    reach: Reach,
    patience: Duration,
    most: usize,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status; a redirect among them.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as far as it was wanted.
    pub body: Bytes,
}

/// Why nothing came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not `http` or `https`, or without a host.
    #[error("the address is none that a request can go to")]
    Address,
    /// The name has no address.
    #[error("the name of the host is not known")]
    Unknown,
    /// An address that requests may not go to.
    #[error("the host lies where requests may not go")]
    Forbidden,
    /// Nobody listens, or the connection broke.
    #[error("the host cannot be reached, or broke the connection off")]
    Unreachable,
    /// The certificate is not that of the host.
    #[error("the host cannot prove who it is")]
    Certificate,
    /// It took too long.
    #[error("the host did not answer in time")]
    Slow,
    /// What came back is no HTTP.
    #[error("the host answered in no form that is understood")]
    Malformed,
}

impl Outgoing {
    /// Requests of this reach, each with an end after `patience`. Of a body at most `most` bytes are read.
    ///
    /// # Panics
    /// Never: the provider has the default protocol versions.
    pub fn new(reach: Reach, patience: Duration, most: usize) -> Self {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has the default protocol versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { tls: TlsConnector::from(Arc::new(config)), reach, patience, most }
    }

    /// Sends a request to an address: its method, headers and body; host and path are the address's.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn send(&self, to: &Url, request: Request<Bytes>) -> Result<Answer, Error> {
        tokio::time::timeout(self.patience, self.exchange(to, request)).await.map_err(|_| Error::Slow)?
    }

    async fn exchange(&self, to: &Url, request: Request<Bytes>) -> Result<Answer, Error> {
        let request = addressed(to, request)?;
        let stream = TcpStream::connect(self.resolve(to).await?).await.map_err(|_| Error::Unreachable)?;
        match to.scheme() {
            "http" => self.over(stream, request).await,
            "https" => {
                let name = ServerName::try_from(to.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned())
                    .map_err(|_| Error::Address)?;
                let secured = self.tls.connect(name, stream).await.map_err(|e| match e.get_ref() {
                    Some(inner) if inner.is::<rustls::Error>() => Error::Certificate,
                    _ => Error::Unreachable,
                })?;
                self.over(secured, request).await
            }
            _ => Err(Error::Address),
        }
    }

    /// One address of the host: the first, if all of them may be gone to. A name that has a forbidden one beside others is
    /// played with.
    async fn resolve(&self, to: &Url) -> Result<SocketAddr, Error> {
        let port = to.port_or_known_default().ok_or(Error::Address)?;
        let addresses: Vec<SocketAddr> = match to.host().ok_or(Error::Address)? {
            Host::Ipv4(ip) => vec![(ip, port).into()],
            Host::Ipv6(ip) => vec![(ip, port).into()],
            Host::Domain(name) => tokio::net::lookup_host((name, port)).await.map_err(|_| Error::Unknown)?.collect(),
        };
        if !addresses.iter().all(|address| self.reach.admits(address.ip())) {
            return Err(Error::Forbidden);
        }
        addresses.first().copied().ok_or(Error::Unknown)
    }

    async fn over<S>(&self, stream: S, request: Request<Full<Bytes>>) -> Result<Answer, Error>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|_| Error::Unreachable)?;
        let exchange = async {
            let answer = sender.send_request(request).await.map_err(|e| broken(&e))?;
            let (head, body) = answer.into_parts();
            Ok(Answer { status: head.status, headers: head.headers, body: self.read(body).await? })
        };
        tokio::pin!(exchange, connection);
        tokio::select! {
            answer = &mut exchange => answer,
            // The connection may be over before its answer is read: what it has left is still there.
            _ = &mut connection => exchange.await,
        }
    }

    /// The beginning of a body; what is more is left, and where nothing is wanted it is not waited for.
    async fn read(&self, mut body: Incoming) -> Result<Bytes, Error> {
        let mut whole = BytesMut::new();
        while whole.len() < self.most {
            let Some(frame) = body.frame().await else { break };
            let Ok(data) = frame.map_err(|e| broken(&e))?.into_data() else { continue };
            let room = self.most - whole.len();
            whole.extend_from_slice(&data[..data.len().min(room)]);
        }
        Ok(whole.freeze())
    }
}

fn broken(error: &hyper::Error) -> Error {
    if error.is_parse() || error.is_parse_status() { Error::Malformed } else { Error::Unreachable }
}

/// The request as it goes over a connection to its host.
fn addressed(to: &Url, request: Request<Bytes>) -> Result<Request<Full<Bytes>>, Error> {
    let host = to.host_str().ok_or(Error::Address)?;
    let host = to.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let path = to.query().map_or_else(|| to.path().to_owned(), |query| format!("{}?{query}", to.path()));
    let (mut parts, body) = request.into_parts();
    parts.uri = path.parse().map_err(|_| Error::Address)?;
    parts.headers.insert(HOST, HeaderValue::from_str(&host).map_err(|_| Error::Address)?);
    parts.headers.insert(USER_AGENT, HeaderValue::from_static("Ziyun"));
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    Ok(Request::from_parts(parts, Full::new(body)))
}
