//! What the sources say, as text with its origin.

use super::key::{self, KEYS, Key, PREFIX};
use super::{Error, file, masked};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// A line of a file, from 1.
    File(PathBuf, usize),
    /// A variable of the environment.
    Variable(String),
    /// A flag, or the command itself.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Variable(name) => write!(f, "environment {name}"),
            Self::Flag(name) => write!(f, "flag --{name}"),
        }
    }
}

/// A value and its origin.
#[derive(Clone)]
pub struct Setting {
    /// As its source writes it.
    pub value: String,
    /// Its source.
    pub origin: Origin,
}

/// Every key that has a value.
#[derive(Clone, Default)]
pub struct Settings(BTreeMap<&'static str, Setting>);

impl Settings {
    /// Reads the sources in rising order: defaults, the file, the environment, flags (by the key's name).
    ///
    /// Without a named file `ziyun.toml` of the working directory is read where there is one. Of the environment only
    /// names that begin with `ZIYUN_` matter; an empty one counts as not given.
    ///
    /// # Errors
    /// [`Error`] for a file that cannot be read and for a key, variable or flag that does not exist.
    pub fn read(
        named: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        flags: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<Self, Error> {
        let usual = Path::new("ziyun.toml");
        let file = named.or_else(|| usual.exists().then_some(usual));
        Self::collect(file, environment, flags)
    }

    pub(super) fn collect(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        flags: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<Self, Error> {
        let mut all = Self::default();
        if let Some(path) = file {
            all.0.extend(file::read(path)?);
        }
        all.add_environment(environment)?;
        for (name, value) in flags {
            let key = key::find(name).ok_or_else(|| Error::unknown_flag(name))?;
            all.0.insert(key.name, Setting { value, origin: Origin::Flag(key.flag()) });
        }
        all.add_defaults();
        Ok(all)
    }

    fn add_environment(&mut self, environment: impl IntoIterator<Item = (OsString, OsString)>) -> Result<(), Error> {
        for (name, value) in environment {
            let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
            let known = KEYS.iter().find(|key| key.variable() == name);
            let key = known.ok_or_else(|| Error::unknown_variable(name))?;
            let value = value.into_string().map_err(|_| Error::NotText(name.to_owned()))?;
            if !value.is_empty() {
                self.0.insert(key.name, Setting { value, origin: Origin::Variable(name.to_owned()) });
            }
        }
        Ok(())
    }

    fn add_defaults(&mut self) {
        for key in &KEYS {
            if !self.0.contains_key(key.name)
                && let Some(value) = (key.default)(self)
            {
                self.0.insert(key.name, Setting { value, origin: Origin::Default });
            }
        }
    }

    /// Every key with what it has, in the table's order; passwords masked.
    pub fn shown(&self) -> impl Iterator<Item = (&'static Key, Option<Setting>)> {
        KEYS.iter().map(|key| (key, self.get(key.name).cloned().map(|setting| shown(key, setting))))
    }

    /// Whether anybody said something about this key.
    pub fn is_given(&self, name: &str) -> bool {
        self.get(name).is_some_and(|setting| setting.origin != Origin::Default)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Setting> {
        self.0.get(name)
    }

    /// The value of a key that has a default.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).map_or("", |setting| &setting.value)
    }
}

fn shown(key: &Key, setting: Setting) -> Setting {
    let value = if key.is_address { masked(&setting.value) } else { setting.value };
    Setting { value, ..setting }
}
