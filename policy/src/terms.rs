//! Service agreements and platform rules (服务协议, 平台规则; clause 3.6): their texts, in each edition.

use serde::Serialize;

use crate::{TERMS, Text};

/// An agreement or a set of rules that companies accept.
#[derive(Debug, Serialize)]
pub struct Terms {
    /// Its name in addresses: "service", "rules".
    pub id: &'static str,
    /// The editions that this program was built with, the oldest first; never empty.
    pub editions: &'static [Edition],
}

/// One edition: a text in both languages. Whether and from when it is in force is for the operator to schedule, and for
/// each company to accept.
#[derive(Debug, Serialize)]
pub struct Edition {
    /// Year and month, ordered as text: "2026-12".
    pub id: &'static str,
    /// The Chinese text, which holds in case of doubt.
    pub zh: Text,
    /// The English text.
    pub en: Text,
}

impl Terms {
    /// The newest edition: what a new installation begins with.
    pub fn newest(&self) -> &'static Edition {
        self.editions.last().expect("build.rs refuses terms without an edition")
    }

    /// The edition of this id; `None` is one that this program was not built with.
    pub fn edition(&self, id: &str) -> Option<&'static Edition> {
        self.editions.iter().find(|edition| edition.id == id)
    }
}

impl Edition {
    /// English for languages that begin with "en", otherwise Chinese.
    pub fn text(&self, lang: &str) -> &Text {
        if lang.starts_with("en") { &self.en } else { &self.zh }
    }
}

/// Terms by their id.
pub fn terms(id: &str) -> Option<&'static Terms> {
    TERMS.iter().find(|terms| terms.id == id)
}
