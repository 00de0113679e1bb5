//! The policy's text, as structure: pages render it without HTML strings.

use aws_lc_rs::digest::{SHA256, digest};
use schemars::JsonSchema;
use serde::Serialize;

/// The policy in one language.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Text {
    /// BCP 47: "zh-CN" or "en".
    pub lang: &'static str,
    /// The heading of the page.
    pub title: &'static str,
    /// Numbered 1, 2, 3 …
    pub sections: &'static [Section],
    /// The file as written, with `{contact}` unfilled.
    #[serde(skip)]
    pub source: &'static str,
}

/// A numbered section.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PolicySection")]
pub struct Section {
    /// From 1.
    pub number: u32,
    /// Without the number.
    pub heading: &'static str,
    /// Never empty.
    pub blocks: &'static [Block],
}

/// A paragraph or a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "PolicyBlock")]
pub enum Block {
    /// One paragraph.
    Paragraph(&'static [Span]),
    /// One entry per item.
    List(&'static [&'static [Span]]),
}

/// A stretch of text.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "PolicySpan")]
pub enum Span {
    /// Ordinary words.
    Plain(&'static str),
    /// A term that weighs on the reader's rights, to be highlighted (clause 0.1).
    Weighty(&'static str),
    /// A technical name, such as a cookie's.
    Code(&'static str),
    /// Where the contact of the personal information officer stands.
    Contact,
}

impl Text {
    /// SHA-256 of the file as written.
    pub fn sha256(&self) -> [u8; 32] {
        sha256(self.source)
    }

    /// The text as a reader saw it: the contact filled in.
    pub fn shown(&self, contact: &str) -> String {
        self.source.replace("{contact}", contact)
    }

    /// SHA-256 of [`Text::shown`]: what an agreement records (clause 0.1).
    pub fn shown_sha256(&self, contact: &str) -> [u8; 32] {
        sha256(&self.shown(contact))
    }
}

fn sha256(text: &str) -> [u8; 32] {
    digest(&SHA256, text.as_bytes()).as_ref().try_into().expect("SHA-256 has 32 bytes")
}
