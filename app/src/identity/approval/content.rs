//! What is asked for: an act with its whole content, as it will be sent, and the digest that an approval is bound to.

use super::act::Act;
use crate::web::{Error, Instant, Locale};
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A value as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ApprovalValue")]
pub enum Shown {
    /// Somebody's own words.
    Text(String),
    /// Key of a word.
    Word(String),
    /// A name in both languages.
    Named {
        /// Chinese.
        zh: String,
        /// English.
        en: String,
    },
    /// An instant.
    Instant(#[schemars(with = "Instant")] Timestamp),
    /// Fen; none where no amount was given.
    Money(Option<i64>),
    /// A file, and where who decides reads it.
    File {
        /// Its name.
        name: String,
        /// SHA-256, hexadecimal.
        sha256: String,
        /// Where it is read.
        path: String,
    },
}

impl Shown {
    /// Somebody's own words.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// What a code is called, in both languages.
    pub fn named(name: fn(&str, Locale) -> String, code: &str) -> Self {
        Self::Named { zh: name(code, Locale::Zh), en: name(code, Locale::En) }
    }
}

/// A line of the content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ApprovalLine")]
pub struct Line {
    /// Key of its label.
    pub label: String,
    /// The number of the lot that it belongs to.
    pub lot: Option<i64>,
    /// What stands there.
    pub value: Shown,
}

impl Line {
    /// A line of the whole.
    pub fn new(label: &str, value: Shown) -> Self {
        Self { label: label.to_owned(), lot: None, value }
    }

    /// A line of a lot.
    pub fn of_lot(lot: i64, label: &str, value: Shown) -> Self {
        Self { lot: Some(lot), ..Self::new(label, value) }
    }
}

/// What stands in the request: everything that is decided on, and how the act is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What who decides is shown.
    pub lines: Vec<Line>,
    /// Where the act is sent.
    pub path: String,
    /// The fields of its form.
    pub fields: Vec<(String, String)>,
}

/// An act that somebody means to do, or does.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Which act.
    pub act: Act,
    /// The tender or the lot.
    pub subject: Id<()>,
    /// What it is called.
    pub title: String,
    /// Fen; none when it is not known.
    pub amount: Option<i64>,
    /// The rest.
    pub content: Content,
}

/// What the digest is of. Its first field tells it from every other thing that is hashed.
#[derive(Serialize)]
struct Bound<'a> {
    form: &'static str,
    act: &'static str,
    subject: Id<()>,
    amount: Option<i64>,
    content: &'a Content,
}

impl Ask {
    /// SHA-256 of everything in it: another value anywhere is another digest.
    ///
    /// # Errors
    /// 500 when it cannot be written down.
    pub fn digest(&self) -> Result<[u8; 32], Error> {
        let bound = Bound {
            form: "ziyun/approval/1",
            act: self.act.code(),
            subject: self.subject,
            amount: self.amount,
            content: &self.content,
        };
        let text = serde_json::to_vec(&bound).map_err(Error::fault)?;
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &text);
        Ok(digest.as_ref().try_into().expect("SHA-256 has 32 bytes"))
    }
}

/// The lines of `one` that do not stand in `other`.
pub fn beyond<'a>(one: &'a [Line], other: &[Line]) -> Vec<&'a Line> {
    one.iter().filter(|line| !other.contains(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask() -> Ask {
        let lines = vec![Line::new("tender-title", Shown::Text("维保".into()))];
        let content =
            Content { lines, path: "/tenders/1/publication".into(), fields: vec![("version".into(), "3".into())] };
        Ask { act: Act::Publish, subject: Id::from_bytes([1; 16]), title: "维保".into(), amount: Some(5), content }
    }

    #[test]
    fn every_part_is_bound() {
        let first = ask().digest().unwrap();
        assert_eq!(ask().digest().unwrap(), first);
        let changes: [fn(&mut Ask); 7] = [
            |ask| ask.act = Act::Award,
            |ask| ask.subject = Id::from_bytes([2; 16]),
            |ask| ask.amount = None,
            |ask| ask.content.lines.clear(),
            |ask| ask.content.lines[0].lot = Some(1),
            |ask| ask.content.path.push('x'),
            |ask| ask.content.fields[0].1 = "4".into(),
        ];
        for change in changes {
            let mut other = ask();
            change(&mut other);
            assert_ne!(other.digest().unwrap(), first);
        }
    }
}
