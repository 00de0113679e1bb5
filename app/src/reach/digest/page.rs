//! What the pages show, and what their JSON says.

use super::followed::Followed;
use crate::reach::category;
use crate::reach::notice::{Name, names as filters};
use crate::reach::region;
use crate::trust::consent::Works;
use crate::web::{Form, Instant};
use askama::Template;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// A person's digest.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "DigestOwn")]
#[template(path = "reach/digest/own.html")]
pub struct Own {
    /// Whether it works; else nothing is kept and nothing is shown.
    works: Works,
    /// Codes of the categories followed, and of groups of them.
    categories: Vec<String>,
    /// Codes of the provinces followed.
    regions: Vec<String>,
    /// When the next digest goes out.
    #[schemars(with = "Instant")]
    next_at: Timestamp,
    form: Form,
}

/// What is followed from now on.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "DigestKept")]
pub struct Kept {
    #[serde(flatten)]
    #[schemars(with = "Codes")]
    pub followed: Followed,
    /// When the next digest goes out.
    #[schemars(with = "Instant")]
    pub next_at: Timestamp,
}

/// What is followed, by its codes.
#[derive(JsonSchema)]
#[schemars(rename = "DigestFollowed")]
#[expect(dead_code, reason = "the schema of `Followed`, which is sealed and has none")]
struct Codes {
    /// Of categories, or of groups of them.
    categories: Vec<String>,
    /// Of provinces.
    regions: Vec<String>,
}

/// What ending a digest by a mail's link means. It tells nothing of the reader: whoever has the link may see it.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "DigestLeave")]
#[template(path = "reach/digest/leave.html")]
pub struct Leave {
    /// The link's key.
    #[serde(skip)]
    pub key: String,
    /// Whether it has not ended yet.
    pub is_on: bool,
}

/// It has ended.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "DigestLeft")]
pub struct Left {
    /// False.
    pub is_on: bool,
}

impl Own {
    pub(super) fn new(works: Works, followed: Option<Followed>, refused: Option<Form>, next_at: Timestamp) -> Self {
        let Followed { categories, regions } = followed.unwrap_or_default();
        let kept = || Form::filled([("categories", categories.join("\n")), ("regions", regions.join("\n"))]);
        let form = refused.unwrap_or_else(kept);
        Self { works, categories, regions, next_at, form }
    }

    fn is_on(&self) -> bool {
        self.works == Works::On
    }

    fn waits(&self) -> bool {
        self.works == Works::WaitsForCompany
    }

    /// Nothing has been chosen yet, so no mail comes.
    fn is_new(&self) -> bool {
        self.categories.is_empty() && self.regions.is_empty()
    }

    fn groups(&self) -> Vec<(Option<Name>, Vec<Name>)> {
        groups()
    }

    fn is_open(&self, categories: &[Name], group: &Name) -> bool {
        is_open(&self.form, categories, group)
    }

    fn provinces(&self) -> Vec<Name> {
        provinces()
    }
}

/// Each group with its categories; a group of one is its category.
pub fn groups() -> Vec<(Option<Name>, Vec<Name>)> {
    let groups = category::groups().iter().map(|group| {
        let whole = (group.category.len() > 1).then(|| group.into());
        (whole, group.category.iter().map(Name::from).collect())
    });
    groups.collect()
}

/// Whether something in a group is chosen in a form, so that it is shown open.
pub fn is_open(form: &Form, categories: &[Name], group: &Name) -> bool {
    let chosen = |code: &str| form.checked("categories", code);
    chosen(group.code) || categories.iter().any(|one| chosen(one.code))
}

/// The provinces to choose among.
pub fn provinces() -> Vec<Name> {
    region::provinces().map(Name::from).collect()
}
