//! Impact assessments (PIPL 55 and 56): which purposes need one, and which are recorded.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{ASSESSMENTS, PURPOSES};

/// Why PIPL 55 asks for an assessment, in the order of the article.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "AssessmentMark")]
pub enum Mark {
    /// Item 1: sensitive data.
    Sensitive,
    /// Item 2: automated decisions.
    Automated,
    /// Item 3: somebody processes for the operator.
    Entrusted,
    /// Item 3: another processor gets it.
    Provided,
    /// Item 3: anybody may read it.
    Published,
    /// Item 4: it leaves the country.
    Abroad,
    /// Item 5: it weighs on people in another way.
    Influence,
}

impl Mark {
    /// As in `assessments.toml`.
    pub const fn id(self) -> &'static str {
        match self {
            Mark::Sensitive => "sensitive",
            Mark::Automated => "automated",
            Mark::Entrusted => "entrusted",
            Mark::Provided => "provided",
            Mark::Published => "published",
            Mark::Abroad => "abroad",
            Mark::Influence => "influence",
        }
    }

    /// The item of PIPL 55.
    pub const fn item(self) -> u8 {
        match self {
            Mark::Sensitive => 1,
            Mark::Automated => 2,
            Mark::Entrusted | Mark::Provided | Mark::Published => 3,
            Mark::Abroad => 4,
            Mark::Influence => 5,
        }
    }
}

/// A recorded assessment. Texts: Chinese, then English.
#[derive(Debug)]
pub struct Assessment {
    /// Id in [`PURPOSES`].
    pub purpose: &'static str,
    /// What asked for it.
    pub mark: Mark,
    /// When it was made, as `2026-11-20`.
    pub date: &'static str,
    /// The date of the one that stands in its place.
    pub replaced: Option<&'static str>,
    /// Who made it.
    pub by: [&'static str; 2],
    /// Whether purpose and means are lawful, legitimate and necessary.
    pub necessity: [&'static str; 2],
    /// What it does to people, and the risks.
    pub risks: [&'static str; 2],
    /// Whether the measures are lawful, effective and fitting.
    pub measures: [&'static str; 2],
}

/// The assessment in force of this purpose for this mark.
pub fn assessment(purpose: &str, mark: Mark) -> Option<&'static Assessment> {
    ASSESSMENTS.iter().find(|one| one.purpose == purpose && one.mark == mark && one.replaced.is_none())
}

/// The purposes with the marks that each has.
pub fn marked() -> impl Iterator<Item = (&'static str, Mark)> {
    PURPOSES.iter().flat_map(|purpose| purpose.marks.iter().map(|mark| (purpose.id, *mark)))
}
