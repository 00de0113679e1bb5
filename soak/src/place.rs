//! Where the program runs: folders and databases of its own, and a look behind its counter.

use crate::plan::Plan;
use kit::clock::Clock;
use kit::db::{Db, Error, Scratch, Settings, Tx};
use kit::random::Random;
use std::fs::{File, OpenOptions};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// An installation in a temporary folder.
pub struct Place {
    program: PathBuf,
    folder: TempDir,
    /// Of data and of keys, on a server.
    databases: Vec<Scratch>,
    /// Where the program listens.
    pub address: SocketAddr,
}

impl Place {
    /// Makes it; nothing runs there yet.
    ///
    /// # Errors
    /// What the system or the server says.
    pub fn make(plan: &Plan) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let folder = tempfile::Builder::new().prefix("ziyun-soak.").tempdir()?;
        let mut databases = Vec::new();
        if let Some(server) = &plan.server {
            for _ in 0..2 {
                databases.push(Scratch::create(server, "ziyun_soak", &Random::system())?);
            }
        }
        Ok(Self { program: plan.program.clone(), folder, databases, address: free_address()? })
    }

    /// The folder of everything.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The program with these arguments, configured for this place and by nothing else.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(self.folder()).env_clear().stdin(Stdio::null());
        command.env("ZIYUN_LISTEN", self.address.to_string()).env("ZIYUN_LOG", "info,access=off");
        // Its operator signs in unattended.
        command.env("ZIYUN_OPERATOR_SECOND_FACTOR", "offered");
        if let [data, keys] = self.databases.as_slice() {
            command.env("ZIYUN_DATABASE_URL", data.url()).env("ZIYUN_KEY_DATABASE_URL", keys.url());
        }
        command
    }

    /// The log that all processes of the run share.
    ///
    /// # Errors
    /// What the system says.
    pub fn log(&self) -> std::io::Result<File> {
        OpenOptions::new().create(true).append(true).open(self.log_file())
    }

    /// Where it lies.
    pub fn log_file(&self) -> PathBuf {
        self.folder().join("log")
    }

    /// Where messages are delivered.
    pub fn outbox(&self) -> PathBuf {
        self.folder().join("outbox")
    }

    /// Where files lie.
    pub fn blobs(&self) -> PathBuf {
        self.folder().join("data/blobs")
    }

    /// Whether only one process may work here.
    pub fn is_embedded(&self) -> bool {
        self.databases.is_empty()
    }

    /// Reads behind the program's counter, on one snapshot. The connection is closed again: a program that is killed may be
    /// the last that had an embedded database open.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.open()?.read(work).await
    }

    /// Changes something behind the program's counter.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.open()?.write(work).await
    }

    fn open(&self) -> Result<Db, Error> {
        let file = || Settings::file(self.folder().join("data/ziyun.db"));
        let settings = self.databases.first().map_or_else(file, |data| Settings::new(data.url()));
        Db::open(&settings.threads(1), Clock::system(), Random::system())
    }

    /// Keeps the folder for whoever looks for the cause of a violation, and answers where it is.
    pub fn keep(&mut self) -> &Path {
        self.folder.disable_cleanup(true);
        self.folder.path()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for database in std::mem::take(&mut self.databases) {
            // A database that stays costs space on a server that is for tests.
            let _ = database.remove();
        }
    }
}

/// Below the ephemeral ports, so that no client's connection takes it while the program is down.
fn free_address() -> std::io::Result<SocketAddr> {
    let start = 20_000 + std::process::id() % 11_000;
    let bind = |port: u32| TcpListener::bind((Ipv4Addr::LOCALHOST, u16::try_from(port).ok()?)).ok();
    let listener = (0..1000).map(|step| start + step).find_map(bind);
    listener.ok_or_else(|| std::io::Error::other("no port below 32768 is free"))?.local_addr()
}
