//! `demo.json`: what a demo needs to go on where it stopped: how far its clock is ahead, its databases, its accounts.

use super::cast::Role;
use crate::app::App;
use crate::config::Config;
use jiff::SignedDuration;
use kit::clock::Clock;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The file beside the demo's data folder.
const NAME: &str = "demo.json";

/// Who can sign in. The passwords are drawn anew for each demo.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DemoAccount")]
pub struct Account {
    /// What the account is for.
    pub role: Role,
    /// The company; none for the operator.
    pub company: Option<String>,
    /// Name to sign in with.
    pub email: String,
    /// The other name to sign in with, and where codes go.
    pub phone: String,
    /// The password.
    pub password: String,
}

/// What is kept.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    /// How far the demo's clock is ahead of the machine's, in microseconds.
    pub ahead: i64,
    /// Names of the databases for data and for keys, where they lie on a server.
    pub databases: Option<[String; 2]>,
    /// Everybody.
    pub accounts: Vec<Account>,
}

impl Kept {
    /// What a folder keeps; `None` when there is no demo in it.
    pub fn read(folder: &Path) -> io::Result<Option<Self>> {
        match fs::read_to_string(folder.join(NAME)) {
            Ok(text) => serde_json::from_str(&text).map(Some).map_err(io::Error::other),
            Err(absent) if absent.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps it, readable for its owner only, all or nothing.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let staged = folder.join(format!(".{NAME}"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&staged)?;
        serde_json::to_writer_pretty(&mut file, self).map_err(io::Error::other)?;
        file.write_all(b"\n").and_then(|()| file.sync_all())?;
        fs::rename(&staged, folder.join(NAME))
    }

    /// Notes how far a program's clock is ahead by now. A demo that keeps nothing stays as it is.
    pub fn note_clock(app: &App) -> io::Result<()> {
        let folder = folder(app.config());
        let Some(mut kept) = Self::read(&folder)? else { return Ok(()) };
        kept.ahead = ahead(app.clock());
        kept.write(&folder)
    }

    /// The clock that goes on from here.
    pub fn clock(&self) -> Clock {
        let machine = Clock::system().now();
        Clock::movable(machine.checked_add(SignedDuration::from_micros(self.ahead)).unwrap_or(machine))
    }
}

/// How far a clock is ahead of the machine's, in microseconds.
pub(super) fn ahead(clock: &Clock) -> i64 {
    clock.now().as_microsecond() - Clock::system().now().as_microsecond()
}

/// The folder that holds a demo's data folder.
pub(super) fn folder(config: &Config) -> PathBuf {
    config.data_dir.parent().unwrap_or(Path::new("")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back_and_its_clock_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Kept::read(folder.path()).unwrap().is_none());
        let ahead = 3_600_000_000 * 24 * 9;
        Kept { ahead, ..Kept::default() }.write(folder.path()).unwrap();
        let kept = Kept::read(folder.path()).unwrap().unwrap();
        let measured = super::ahead(&kept.clock());
        assert!((measured - ahead).abs() < 5_000_000, "{measured}");
    }
}
