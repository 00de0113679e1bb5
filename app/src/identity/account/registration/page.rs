//! What the two pages of registration show. Neither shows a personal datum.

use super::super::Account;
use super::super::code::{self, Kept};
use crate::app::App;
use crate::trust::policy::Shown;
use crate::web::{Context, Error, Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The application form, with what is agreed to.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/account/registration/start.html")]
#[schemars(rename = "RegistrationStart")]
pub struct Start {
    policy: Shown,
    form: Form,
}

impl Start {
    /// # Errors
    /// 503 when this process does not have the version in force.
    pub fn new(app: &App, context: &Context, form: Form) -> Result<Self, Error> {
        Ok(Self { policy: Shown::in_force(app, context)?, form })
    }

    /// The same with a form that was refused.
    pub fn with(self, form: Form) -> Self {
        Self { form, ..self }
    }
}

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "RegistrationStage")]
pub enum Stage {
    /// The codes are on their way.
    Waiting,
    /// The codes are too old or were tried too often.
    Spent,
    /// Done.
    Confirmed,
}

/// The form for the codes.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/account/registration/waiting.html")]
#[schemars(rename = "RegistrationWaiting")]
pub struct Waiting {
    pub id: Id<Account>,
    pub stage: Stage,
    /// Until when the codes may be used.
    #[schemars(with = "Instant")]
    pub expires_at: Timestamp,
    /// Whether new ones can be asked for.
    pub renewable: bool,
    form: Form,
}

impl Waiting {
    /// Of a registration that is there.
    pub async fn read(app: &App, id: Id<Account>) -> Result<Self, Error> {
        let kept = app.db().read::<_, db::Error>(move |tx| code::find(tx, id.cast())).await?;
        Ok(Self::of(id, &kept.ok_or_else(Error::not_found)?, app.clock().now()))
    }

    /// From its codes.
    pub fn of(id: Id<Account>, kept: &Kept, now: Timestamp) -> Self {
        let stage = match kept {
            kept if kept.used => Stage::Confirmed,
            kept if kept.is_alive(now) => Stage::Waiting,
            _ => Stage::Spent,
        };
        Self { id, stage, expires_at: kept.expires_at, renewable: kept.renewable, form: Form::default() }
    }

    /// With what is wrong.
    pub fn with(self, form: Form) -> Self {
        Self { form, ..self }
    }
}
