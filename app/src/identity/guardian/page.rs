//! What the pages show. None of them shows anything of a person.

use super::store::Consent;
use crate::trust::policy::Shown;
use crate::web::{Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// How a guardian is asked.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "GuardianStart")]
#[template(path = "identity/guardian/start.html")]
pub struct Start {
    pub form: Form,
}

/// The mail is out. Whom it went to is not repeated.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "GuardianAsked")]
pub struct Asked {
    /// Until when the guardian can agree.
    #[schemars(with = "Instant")]
    pub until: Timestamp,
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "GuardianStage")]
pub enum Stage {
    /// The guardian can agree.
    Asked,
    /// Too late to agree.
    Late,
    /// Agreed; the permission has not been used.
    Agreed,
    /// A minor has registered with it.
    Used,
    /// Taken back.
    Withdrawn,
}

impl Stage {
    pub fn of(consent: Option<&Consent>, is_fresh: bool) -> Self {
        match consent {
            Some(Consent { withdrawn_at: Some(_), .. }) => Self::Withdrawn,
            Some(Consent { used_at: Some(_), .. }) => Self::Used,
            Some(_) => Self::Agreed,
            None if is_fresh => Self::Asked,
            None => Self::Late,
        }
    }
}

/// The guardian's page.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "GuardianPage")]
#[template(path = "identity/guardian/show.html")]
pub struct Show {
    pub stage: Stage,
    /// When it was agreed to.
    #[schemars(with = "Option<Instant>")]
    pub agreed_at: Option<Timestamp>,
    /// Where the minor registers, once the guardian has agreed: to be handed on.
    pub permission: Option<String>,
    /// What is agreed to.
    pub policy: Shown,
    #[serde(skip)]
    pub key: String,
    pub form: Form,
}

/// How it stands after an act.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "GuardianDone")]
pub struct Done {
    pub stage: Stage,
    /// Where the minor registers.
    pub permission: Option<String>,
}
