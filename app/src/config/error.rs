//! What is wrong with the configuration: where, which rule, and the way out.

use super::{Origin, nearest, nearest_flag};
use std::path::PathBuf;

/// A configuration that cannot be used. No text repeats a password.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("{path}: {why}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The file is not the TOML that is expected.
    #[error("{path}:{line}: {why}", path = path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// The rule.
        why: String,
    },
    /// A key that does not exist.
    #[error("{place}: there is no `{name}`; the nearest known is `{nearest}` (`ziyun config` prints all)")]
    Unknown {
        /// File and line, "environment", or "command line".
        place: String,
        /// As it was written.
        name: String,
        /// As it would be written there.
        nearest: String,
    },
    /// A variable of the environment that is not UTF-8.
    #[error("environment {0}: the value is not UTF-8")]
    NotText(String),
    /// A value that breaks a rule.
    #[error("{key} ({origin}): {rule}")]
    Value {
        /// Which key.
        key: &'static str,
        /// Where the value came from.
        origin: Origin,
        /// The rule and the way out.
        rule: String,
    },
}

impl Error {
    pub(super) fn unknown_key(name: &str, origin: Origin) -> Self {
        let nearest = nearest(name).name.to_owned();
        Self::Unknown { place: origin.to_string(), name: name.to_owned(), nearest }
    }

    pub(super) fn unknown_variable(name: &str) -> Self {
        let nearest = nearest(name.trim_start_matches(super::key::PREFIX)).variable();
        Self::Unknown { place: "environment".into(), name: name.to_owned(), nearest }
    }

    /// A flag that does not exist, named with or without its hyphens.
    pub fn unknown_flag(name: &str) -> Self {
        let name = format!("--{}", name.trim_start_matches('-'));
        Self::Unknown { place: "command line".into(), nearest: nearest_flag(&name), name }
    }
}
