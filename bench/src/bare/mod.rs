//! The floors: the same work with nothing around it. Bare axum, bare drivers; no session, no log, no checks.

pub mod insert;
pub mod pages;
pub mod read;
mod rows;
mod store;

pub use store::Store;

use axum::Router;
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// How many worker threads a server has, ours and the program's: one a core by tokio's default, here said aloud.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// A server in a runtime of its own, until it is dropped.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Serves a router on loopback.
///
/// # Panics
/// When no port is free.
pub fn serve(router: Router) -> Server {
    let listener = free_port();
    let address = listener.local_addr().expect("a listener has an address");
    let (stop, stopped) = oneshot::channel();
    let run = move || {
        let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(cores()).enable_all().build();
        let runtime = threads.expect("a runtime starts");
        runtime.block_on(async {
            listener.set_nonblocking(true).expect("a socket that tokio can take");
            let listener = tokio::net::TcpListener::from_std(listener).expect("a socket that tokio can take");
            tokio::select! {
                served = axum::serve(listener, router) => served.expect("the bare server serves"),
                _ = stopped => {}
            }
        });
    };
    Server { address, stop: Some(stop), thread: Some(std::thread::spawn(run)) }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; then its thread tells.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the bare server ends in order");
        }
    }
}

/// A port of loopback below the ephemeral ones.
pub fn free_port() -> TcpListener {
    let start = 20_000 + std::process::id() % 11_000;
    let mut ports = (start..start + 1000).filter_map(|port| u16::try_from(port).ok());
    ports.find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok()).expect("a free port below 32768")
}
