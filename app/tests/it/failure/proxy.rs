//! A connection to PostgreSQL that is cut at a chosen moment: a proxy that reads what the program says to the server.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// When a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Instead of running the statement.
    Statement,
    /// Instead of the COMMIT after it: the server rolls back.
    BeforeCommit,
    /// Instead of the answer to that COMMIT: the server has committed.
    AfterCommit,
}

/// What is to be cut next.
struct Plan {
    moment: Moment,
    statement: &'static str,
    times: usize,
}

/// The way to a server, as long as it lets through.
pub struct Proxy {
    server: String,
    address: SocketAddr,
    told: Arc<Told>,
}

struct Told {
    plan: Mutex<Option<Plan>>,
    cuts: AtomicUsize,
    down: watch::Sender<bool>,
}

impl Proxy {
    /// Before the server of this address, which names its host and port. On a thread of its own, because opening a
    /// database blocks.
    pub fn before(server: &str) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let told =
            Arc::new(Told { plan: Mutex::default(), cuts: AtomicUsize::new(0), down: watch::Sender::new(false) });
        let serve = serve(listener, authority(server).to_owned(), told.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        std::thread::spawn(move || runtime.block_on(serve));
        Self { server: server.to_owned(), address, told }
    }

    /// The address of the server by this way.
    pub fn url(&self) -> String {
        self.server.replace(authority(&self.server), &self.address.to_string())
    }

    /// Cuts the next connection whose transaction runs a statement that contains this, and so many in all.
    pub fn cut(&self, moment: Moment, statement: &'static str, times: usize) {
        *self.told.plan.lock().unwrap() = Some(Plan { moment, statement, times });
    }

    /// How many were cut so.
    pub fn cuts(&self) -> usize {
        self.told.cuts.load(Ordering::SeqCst)
    }

    /// Lets nothing through any more and cuts every connection, or lets all through again.
    pub fn set_down(&self, down: bool) {
        self.told.down.send_replace(down);
    }
}

async fn serve(listener: std::net::TcpListener, to: String, told: Arc<Told>) {
    let listener = TcpListener::from_std(listener).unwrap();
    while let Ok((client, _)) = listener.accept().await {
        if !*told.down.borrow() {
            tokio::spawn(carry(client, to.clone(), told.clone()));
        }
    }
}

fn authority(url: &str) -> &str {
    let rest = url.split_once('@').expect("a user in the address").1;
    rest.split('/').next().expect("a host")
}

/// Both directions of one connection; it is cut when either ends.
async fn carry(client: TcpStream, to: String, told: Arc<Told>) {
    let Ok(server) = TcpStream::connect(to).await else { return };
    // What is said in several small pieces is not held back.
    if client.set_nodelay(true).and(server.set_nodelay(true)).is_err() {
        return;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (held, mut down) = (AtomicBool::new(false), told.down.subscribe());
    tokio::select! {
        _ = asks(from_client, to_server, &told, &held) => {}
        _ = answers(from_server, to_client, &held) => {}
        _ = down.wait_for(|down| *down) => {}
    }
}

async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, held: &AtomicBool) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let size = from.read(&mut buffer).await?;
        if size == 0 || held.load(Ordering::SeqCst) {
            return Ok(());
        }
        to.write_all(&buffer[..size]).await?;
    }
}

async fn asks(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, told: &Told, held: &AtomicBool) -> io::Result<()> {
    let (mut talk, mut begun) = (Talk::default(), false);
    loop {
        let kind = if begun { Some(from.read_u8().await?) } else { None };
        let size = from.read_u32().await?;
        let mut body = vec![0; size as usize - 4];
        from.read_exact(&mut body).await?;
        // Before it begins, a client may ask for TLS.
        begun = begun || !body.starts_with(&80_877_103u32.to_be_bytes());
        match kind.and_then(|kind| talk.hear(kind, &body, told)) {
            Some(Moment::Statement | Moment::BeforeCommit) => return Ok(()),
            Some(Moment::AfterCommit) => held.store(true, Ordering::SeqCst),
            None => {}
        }
        let mut message = Vec::from_iter(kind);
        message.extend(size.to_be_bytes());
        message.extend(body);
        to.write_all(&message).await?;
    }
}

/// What one connection has prepared, and run since its transaction began.
#[derive(Default)]
struct Talk {
    prepared: HashMap<Vec<u8>, String>,
    run: Vec<String>,
}

impl Talk {
    /// What is to be cut at this message.
    fn hear(&mut self, kind: u8, body: &[u8], told: &Told) -> Option<Moment> {
        let mut parts = body.split(|byte| *byte == 0);
        let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        match kind {
            b'P' => drop(self.prepared.insert(first.to_vec(), String::from_utf8_lossy(second).into_owned())),
            b'B' => {
                self.run.push(self.prepared.get(second).cloned().unwrap_or_default());
                return told.is_meant(&[Moment::Statement], &self.run);
            }
            b'Q' => {
                let run = std::mem::take(&mut self.run);
                if first == b"COMMIT" {
                    return told.is_meant(&[Moment::BeforeCommit, Moment::AfterCommit], &run);
                }
            }
            _ => {}
        }
        None
    }
}

impl Told {
    fn is_meant(&self, moments: &[Moment], run: &[String]) -> Option<Moment> {
        let mut plan = self.plan.lock().unwrap();
        let meant = plan.as_mut().filter(|plan| {
            plan.times > 0 && moments.contains(&plan.moment) && run.iter().any(|sql| sql.contains(plan.statement))
        })?;
        meant.times -= 1;
        self.cuts.fetch_add(1, Ordering::SeqCst);
        Some(meant.moment)
    }
}
