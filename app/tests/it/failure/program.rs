//! The real `ziyun serve`, on the stores of a world.

use crate::command::ziyun;
use crate::world::{World, port};
use app::config::Config;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A process that serves.
pub struct Program {
    child: Child,
    /// Where, as a browser types it.
    pub root: String,
}

impl Program {
    /// Starts one and waits until it serves. `with` may change how.
    pub async fn start(world: &World, with: impl FnOnce(&mut Command)) -> Self {
        Self::start_in(world.folder.path(), world.app.config(), with).await
    }

    /// The same where the world itself may be gone.
    pub async fn start_in(folder: &Path, config: &Config, with: impl FnOnce(&mut Command)) -> Self {
        let mut command = told(folder, config, &["serve", "--log", "error"]);
        with(&mut command);
        Self::wait_for(command.stdout(Stdio::piped()).spawn().unwrap()).await
    }

    async fn wait_for(mut child: Child) -> Self {
        let mut told = BufReader::new(child.stdout.take().unwrap());
        let line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            told.read_line(&mut line).map(|_| line)
        });
        let line = line.await.unwrap().unwrap();
        let root = line.trim().strip_prefix("serving on ").unwrap_or_else(|| panic!("it does not serve: {line}"));
        Self { root: root.to_owned(), child }
    }

    /// How it ended by itself, within ten seconds.
    pub async fn ended(&mut self) -> ExitStatus {
        until("the process ends", async || self.child.try_wait().unwrap()).await
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(mut self) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap();
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program on the stores of a world, with a node folder of its own: the world keeps the usual one.
pub fn on(world: &World, arguments: &[&str]) -> Command {
    told(world.folder.path(), world.app.config(), arguments)
}

fn told(folder: &Path, config: &Config, arguments: &[&str]) -> Command {
    let mut command = ziyun(folder, arguments);
    let folders: [(&str, &PathBuf); 3] =
        [("DATA", &config.data_dir), ("KEY", &config.key_dir), ("OUTBOX", &config.outbox_dir)];
    for (name, folder) in folders {
        command.env(format!("ZIYUN_{name}_DIR"), folder);
    }
    command.env("ZIYUN_NODE_DIR", node(folder));
    command.env("ZIYUN_DATABASE_URL", &config.database_url).env("ZIYUN_KEY_DATABASE_URL", &config.key_database_url);
    command.env("ZIYUN_LISTEN", format!("127.0.0.1:{}", port()));
    command
}

/// The node folder of the programs that share this folder with a world.
pub fn node(folder: &Path) -> PathBuf {
    folder.join("node-of-program")
}

/// Asks again and again until there is an answer, for ten seconds at most.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let patience = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < patience, "within ten seconds: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
