//! What the pages show, and what their JSON says.

use super::wanted::{KINDS, Wanted};
use crate::reach::digest;
use crate::reach::notice::{Name, names as filters};
use crate::trust::consent::Works;
use crate::web::Form;
use askama::Template;
use schemars::JsonSchema;
use serde::Serialize;

/// A person's subscription.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "SubscriptionOwn")]
#[template(path = "reach/subscription/own.html")]
pub struct Own {
    /// Whether it works; else nothing is kept and nothing is shown.
    works: Works,
    /// What notices may tell: advance, tender, amendment, clarification, candidates, result, failure, termination, other. None means
    /// all of them.
    kinds: Vec<String>,
    /// Codes of the categories wanted, and of groups of them.
    categories: Vec<String>,
    /// Codes of the provinces wanted.
    regions: Vec<String>,
    form: Form,
}

/// What is wanted from now on.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "SubscriptionKept")]
pub struct Kept {
    #[serde(flatten)]
    #[schemars(with = "Codes")]
    pub wanted: Wanted,
}

/// What is wanted, by its codes.
#[derive(JsonSchema)]
#[schemars(rename = "SubscriptionWanted")]
#[expect(dead_code, reason = "the schema of `Wanted`, which is sealed and has none")]
struct Codes {
    /// What notices may tell.
    kinds: Vec<String>,
    /// Of categories, or of groups of them.
    categories: Vec<String>,
    /// Of provinces.
    regions: Vec<String>,
}

impl Own {
    pub(super) fn new(works: Works, wanted: Option<Wanted>, refused: Option<Form>) -> Self {
        let Wanted { kinds, followed } = wanted.unwrap_or_default();
        let (categories, regions) = (followed.categories, followed.regions);
        let parts = [("kinds", &kinds), ("categories", &categories), ("regions", &regions)];
        let kept = || Form::filled(parts.map(|(name, codes)| (name, codes.join("\n"))));
        let form = refused.unwrap_or_else(kept);
        Self { works, kinds, categories, regions, form }
    }

    fn is_on(&self) -> bool {
        self.works == Works::On
    }

    fn waits(&self) -> bool {
        self.works == Works::WaitsForCompany
    }

    fn is_new(&self) -> bool {
        self.categories.is_empty() && self.regions.is_empty()
    }

    fn kinds(&self) -> [&'static str; 9] {
        KINDS
    }

    fn groups(&self) -> Vec<(Option<Name>, Vec<Name>)> {
        digest::groups()
    }

    fn is_open(&self, categories: &[Name], group: &Name) -> bool {
        digest::is_open(&self.form, categories, group)
    }

    fn provinces(&self) -> Vec<Name> {
        digest::provinces()
    }
}
