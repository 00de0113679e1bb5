//! Versions of the policy: a text, and the uses of personal data that it permits.

use serde::Serialize;

use crate::{RETENTIONS, Text, VERSIONS, field_named, purpose_named, recipient_named};

/// One version that this program was built with. Whether and from when it is in force is for the operator to schedule.
#[derive(Debug, Serialize)]
pub struct Version {
    /// Year and month, ordered as text: "2026-11".
    pub id: &'static str,
    /// What it permits, in order.
    pub uses: &'static [Use],
    /// The Chinese text, which holds in case of doubt.
    pub zh: Text,
    /// The English text.
    pub en: Text,
}

/// One use of a personal field: for what, which, by whom received, kept for how long. Ids of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Use {
    /// For what.
    pub purpose: &'static str,
    /// Which.
    pub field: &'static str,
    /// By whom received.
    pub recipient: &'static str,
    /// Kept for how long.
    pub retention: &'static str,
}

impl Use {
    /// The four in plain words, Chinese or English. An id that is no longer declared stands for itself.
    pub fn words(&self, lang: &str) -> [&'static str; 4] {
        let told = |zh: &'static str, en: &'static str| if lang.starts_with("en") { en } else { zh };
        let kept = RETENTIONS.iter().find(|entry| entry.id == self.retention);
        [
            purpose_named(self.purpose).map_or(self.purpose, |entry| told(entry.zh, entry.en)),
            field_named(self.field).map_or(self.field, |entry| told(entry.zh, entry.en)),
            recipient_named(self.recipient).map_or(self.recipient, |entry| told(entry.zh, entry.en)),
            kept.map_or(self.retention, |entry| told(entry.zh, entry.en)),
        ]
    }
}

impl Version {
    /// English for languages that begin with "en", otherwise Chinese.
    pub fn text(&self, lang: &str) -> &Text {
        if lang.starts_with("en") { &self.en } else { &self.zh }
    }

    /// Whether it permits this use of a field.
    pub fn permits(&self, purpose: &str, field: &str, recipient: &str, retention: &str) -> bool {
        let wanted = (purpose, field, recipient, retention);
        self.uses.binary_search_by(|one| (one.purpose, one.field, one.recipient, one.retention).cmp(&wanted)).is_ok()
    }

    /// The uses that it has and `before` has not. A change is material when there is one (clause 10.1): that is
    /// computed and never declared.
    pub fn grown(&self, before: &Version) -> Vec<Use> {
        self.uses.iter().filter(|one| before.uses.binary_search(one).is_err()).copied().collect()
    }
}

/// The versions that a program knows, the oldest first.
#[derive(Clone, Copy, Debug)]
pub struct Versions(&'static [Version]);

impl Versions {
    /// Those that this program was built with.
    pub const COMPILED: Self = Self(VERSIONS);

    /// Others, for tests of what happens between two versions. Oldest first, each with its uses in order.
    pub const fn new(versions: &'static [Version]) -> Self {
        Self(versions)
    }

    /// All, the oldest first.
    pub fn all(self) -> &'static [Version] {
        self.0
    }

    /// The newest.
    pub fn newest(self) -> &'static Version {
        self.0.last().expect("build.rs refuses a policy without a version")
    }

    /// The one of this id; `None` is a version that this program was not built with.
    pub fn named(self, id: &str) -> Option<&'static Version> {
        self.0.iter().find(|version| version.id == id)
    }
}

/// The newest version that this program was built with: what a new installation begins with.
pub fn current() -> &'static Version {
    Versions::COMPILED.newest()
}

/// A version by its id, of those that this program was built with.
pub fn version(id: &str) -> Option<&'static Version> {
    Versions::COMPILED.named(id)
}
