//! The server: a listener, HTTPS or plain HTTP, background work beside it, and an orderly end.

mod greeting;

use crate::app::App;
use crate::config::{Config, Tls};
use crate::watch::{self as watching, counted};
use axum_server::Handle;
use axum_server::accept::DefaultAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use greeting::Greeted;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// How long requests under way may take once the end was asked for.
const GRACE: Duration = Duration::from_secs(10);

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another program listens there.
    #[error("{0} is taken by another program; choose another address with --listen, for instance --listen {ip}:{port}",
        ip = .0.ip(), port = next_port(.0.port()))]
    Taken(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {why}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system says.
        why: std::io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error("tls_cert {cert}, tls_key {key}: {why}", cert = cert.display(), key = key.display())]
    Tls {
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What is wrong.
        why: std::io::Error,
    },
    /// Figures cannot be served.
    #[error(transparent)]
    Figures(#[from] watching::Error),
    /// The listener failed.
    #[error("the server stopped: {0}")]
    Stopped(#[from] std::io::Error),
}

fn next_port(port: u16) -> u16 {
    port.checked_add(1).unwrap_or(8080)
}

/// When to end. Clones resolve together.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Asked for by the sender (`true`, or its drop).
    pub fn by_hand() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    /// Asked for by SIGTERM or SIGINT.
    ///
    /// # Errors
    /// What the system says when signals cannot be received.
    pub fn on_signals() -> std::io::Result<Self> {
        let (sender, stop) = Self::by_hand();
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        tokio::spawn(async move {
            either(&mut terminate, &mut interrupt).await;
            tracing::info!("asked to end; requests under way are finished first");
            // Nobody may be waiting any more.
            let _ = sender.send(true);
        });
        Ok(stop)
    }

    /// Resolves when the end is asked for.
    pub fn asked(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut receiver = self.0.clone();
        async move {
            // A dropped sender asks for the end too.
            let _ = receiver.wait_for(|asked| *asked).await;
        }
    }
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

/// What will serve: a listener, and a certificate where HTTPS is configured.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    certificate: Option<RustlsConfig>,
    figures: Option<watching::Listener>,
    /// Where it listens, with the port that port 0 became.
    pub address: SocketAddr,
}

impl Server {
    /// Listens and reads the certificate. Nobody is answered before [`Server::run`].
    ///
    /// # Errors
    /// [`Error::Taken`], [`Error::Listen`], [`Error::Tls`], [`Error::Figures`].
    pub async fn bind(config: &Config) -> Result<Self, Error> {
        let certificate = match &config.tls {
            Some(tls) => Some(certificate(tls).await?),
            None => None,
        };
        let address = config.listen;
        let failed = |why: std::io::Error| match why.kind() {
            std::io::ErrorKind::AddrInUse => Error::Taken(address),
            _ => Error::Listen { address, why },
        };
        let listener = TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let figures = watching::Listener::bind(config).await?;
        Ok(Self { listener, certificate, figures, address })
    }

    /// `https://…` or `http://…`, where it listens.
    pub fn root(&self) -> String {
        format!("{}://{}", if self.certificate.is_some() { "https" } else { "http" }, self.address)
    }

    /// Serves and works until the end is asked for; then finishes what is under way, at most 10 s.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub async fn run(mut self, app: &App, stop: &Stop) -> Result<(), Error> {
        let (served, end) = Stop::by_hand();
        let figures = self.figures.take();
        let serving = async {
            let outcome = self.serve(app, stop).await;
            // The work ends with the server, whatever ended that.
            let _ = served.send(true);
            outcome
        };
        let scraped = async {
            if let Some(figures) = figures {
                figures.run(app, &end).await;
            }
        };
        let (outcome, (), ()) = tokio::join!(serving, app.work(end.asked()), scraped);
        outcome
    }

    async fn serve(self, app: &App, stop: &Stop) -> Result<(), Error> {
        let handle = Handle::new();
        let service = counted(app.router().into_make_service_with_connect_info::<SocketAddr>(), app);
        let patience = app.config().request_timeout;
        let mut server = axum_server::from_tcp(self.listener)?.handle(handle.clone());
        limit(server.http_builder(), patience);
        let serving = async {
            match self.certificate {
                None => server.acceptor(Greeted::new(DefaultAcceptor::new(), patience)).serve(service).await,
                Some(certificate) => {
                    let acceptor = RustlsAcceptor::new(certificate).handshake_timeout(patience);
                    server.acceptor(Greeted::new(acceptor, patience)).serve(service).await
                }
            }
        };
        let ending = async {
            stop.asked().await;
            app.live().end();
            app.auctions().end();
            handle.graceful_shutdown(Some(GRACE));
            // Connections that were being accepted at that instant have missed it.
            tokio::time::sleep(GRACE).await;
            handle.shutdown();
        };
        tokio::select! {
            outcome = serving => outcome.map_err(Error::Stopped),
            () = ending => Ok(()),
        }
    }
}

/// Who is slow with a head, or has gone without a word, does not keep a connection. A body has a limit of its own, where it
/// is read.
fn limit(http: &mut Builder<TokioExecutor>, patience: Duration) {
    http.http1().timer(TokioTimer::new()).header_read_timeout(patience);
    http.http2().timer(TokioTimer::new()).keep_alive_interval(patience).keep_alive_timeout(patience);
}

pub(crate) async fn certificate(tls: &Tls) -> Result<RustlsConfig, Error> {
    // Of two that install it the first wins; both are the same.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    RustlsConfig::from_pem_file(&tls.cert, &tls.key).await.map_err(|why| Error::Tls {
        cert: tls.cert.clone(),
        key: tls.key.clone(),
        why,
    })
}
