//! What the folder sinks hold, for the demo's mailbox page and for tests that need a code.

use std::fmt;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::eml;
use super::sms::Stored;

/// How a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "MessageChannel")]
pub enum Channel {
    /// To an address.
    Mail,
    /// To a mobile number.
    Sms,
}

/// A message in the outbox.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Delivered {
    /// Which way.
    pub channel: Channel,
    /// The message's id, hyphenated.
    pub id: String,
    /// When it was written; of a mail in whole seconds.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Address or number.
    pub to: String,
    /// Empty for a short message.
    pub subject: String,
    /// The plain text.
    pub text: String,
}

impl fmt::Debug for Delivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Delivered { channel, id, at, .. } = self;
        f.debug_struct("Delivered").field("channel", channel).field("id", id).field("at", at).finish_non_exhaustive()
    }
}

/// The newest `limit` messages under `outbox`, newest first; of the same second, the greater id first. A folder that
/// is not there yet is empty. Reads all files: an outbox belongs to development and is small.
pub fn list(outbox: &Path, limit: usize) -> io::Result<Vec<Delivered>> {
    let mut found = read_all(&outbox.join("mail"), "eml", mail)?;
    found.extend(read_all(&outbox.join("sms"), "json", sms)?);
    found.sort_by(|a, b| (b.at.as_second(), &b.id).cmp(&(a.at.as_second(), &a.id)));
    found.truncate(limit);
    Ok(found)
}

/// Files that are not ours are passed over, staged ones (with a dot before the name) too.
fn read_all(
    folder: &Path,
    extension: &str,
    parse: fn(String, &str) -> Option<Delivered>,
) -> io::Result<Vec<Delivered>> {
    let entries = match fs::read_dir(folder) {
        Err(absent) if absent.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        if path.extension().is_some_and(|found| found == extension) && !stem.starts_with('.') {
            found.extend(parse(stem.to_owned(), &fs::read_to_string(&path)?));
        }
    }
    Ok(found)
}

fn mail(id: String, content: &str) -> Option<Delivered> {
    let eml::Read { to, subject, text, at } = eml::read(content)?;
    Some(Delivered { channel: Channel::Mail, id, at, to, subject, text })
}

fn sms(id: String, content: &str) -> Option<Delivered> {
    let Stored { at, to, text, .. } = serde_json::from_str(content).ok()?;
    Some(Delivered { channel: Channel::Sms, id, at, to, subject: String::new(), text })
}
