//! The program as a process: started, and killed.

use crate::place::Place;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

/// How long a start may take. (A machine that others share is slow at times.)
const PATIENCE: Duration = Duration::from_secs(60);

/// Why the program does not serve.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be started.
    #[error("the program does not start: {0}")]
    Start(#[from] std::io::Error),
    /// It ended, or said something else.
    #[error("the program does not serve; it said {0:?}")]
    Mute(String),
}

/// A `ziyun serve`. Dropped, it is killed.
pub struct Node(Child);

impl Node {
    /// Starts it and waits for nothing.
    ///
    /// # Errors
    /// [`Error::Start`].
    pub fn spawn(place: &Place) -> Result<Self, Error> {
        let mut command = place.command(&["serve"]);
        Ok(Self(command.stdout(Stdio::piped()).stderr(place.log()?).spawn()?))
    }

    /// Waits until it serves.
    ///
    /// # Errors
    /// [`Error::Mute`].
    pub async fn serving(&mut self) -> Result<(), Error> {
        let out = self.0.stdout.take().ok_or_else(|| Error::Mute("nothing: it was asked before".into()))?;
        let line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            // An end without a line is told as one that is empty.
            BufReader::new(out).read_line(&mut line).map(|_| line).unwrap_or_default()
        });
        let line = tokio::time::timeout(PATIENCE, line).await;
        let line = line.map_err(|_| Error::Mute(format!("nothing within {PATIENCE:?}")))?.unwrap_or_default();
        if line.starts_with("serving on ") { Ok(()) } else { Err(Error::Mute(line)) }
    }

    /// SIGKILL: nothing is finished, nothing is said. Answers when the process is gone, with its locks.
    ///
    /// # Errors
    /// What the system says.
    pub fn kill(mut self) -> std::io::Result<()> {
        self.0.kill()?;
        self.0.wait().map(drop)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
