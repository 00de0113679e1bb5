//! The program itself, as it is released: started as a process, asked over HTTP, weighed, ended.

use crate::bare::free_port;
use crate::http::Client;
use crate::place::Database;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `ziyun serve`. Dropped, it ends in order.
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process until it first answered.
    pub start: Duration,
    /// When it answered first.
    pub since: Instant,
    child: Child,
}

impl Served {
    /// Starts it on a database whose schema stands, and waits until it answers.
    ///
    /// # Panics
    /// When the program is not beside this one, or does not answer.
    pub fn start(database: &Database) -> Self {
        Self::behind(database, false)
    }

    /// The same, believing what a proxy says of where requests come from.
    ///
    /// # Panics
    /// As [`Served::start`].
    pub fn behind(database: &Database, proxy: bool) -> Self {
        let address = free_port().local_addr().expect("a listener has an address");
        let data = database.folder.join("data");
        let begin = Instant::now();
        let child = Command::new(program())
            .env_clear()
            .current_dir(&database.folder)
            .args(["--listen", &address.to_string(), "--database-url", &database.url, "--data-dir"])
            .arg(data)
            .args(["--trusted-proxy", if proxy { "true" } else { "false" }])
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(database.folder.join("log")).expect("a log can be written"))
            .spawn()
            .expect("the program starts");
        let mut served = Self { address, start: Duration::ZERO, since: begin, child };
        served.wait();
        (served.start, served.since) = (begin.elapsed(), Instant::now());
        served
    }

    fn wait(&mut self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
        let mut client = Client::new(self.address);
        let begin = Instant::now();
        while !runtime.block_on(client.get("/health")).is_ok_and(|answer| answer.status == 200) {
            let ended = self.child.try_wait().expect("a child can be asked");
            assert!(ended.is_none() && begin.elapsed() < PATIENCE, "the program does not answer: {ended:?}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// How much memory it holds, in bytes, where the system tells (Linux): all, and without mapped files, whose pages the
    /// system takes back when it wants them.
    pub fn memory(&self) -> Option<(u64, u64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let read = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
        };
        Some((read("VmRSS:")?, read("RssAnon:")?))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            // Then it ends without order; its data are durable all the same.
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

/// `ziyun`, built beside this program.
fn program() -> PathBuf {
    let own = std::env::current_exe().expect("a program knows where it lies");
    let program = own.with_file_name("ziyun");
    assert!(program.exists(), "{} is missing; build it with: cargo build --release -p app", program.display());
    program
}
