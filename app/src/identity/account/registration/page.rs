//! What the two pages of registration show. Neither shows a personal datum.

use super::super::Account;
use super::super::code::{self, Kept};
use crate::app::App;
use crate::identity::company::prepared;
use crate::identity::people::invitation;
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
    /// The company that the invitation is from, by which one registers.
    invited_by: Option<String>,
    /// Where the address of who is asked to register was published, where the company was prepared.
    prepared_from: Option<String>,
    form: Form,
}

impl Start {
    /// With a form that is empty, or was refused. An invitation that cannot be used is no field that could be mended.
    ///
    /// # Errors
    /// 404 and 409 for an invitation that is none, or is over; 503 when this process does not have the version in force.
    pub async fn read(app: &App, context: &Context, form: Form) -> Result<Self, Error> {
        let invited_by = match form.value("invitation") {
            "" => None,
            key => Some(invitation::open(app, key).await?.map_err(invitation::refused)?.company_name),
        };
        let (form, prepared_from) = match form.value("prepared") {
            "" => (form, None),
            key => {
                let kept = prepared::open(app, key).await?;
                (prepared::Prefilled::form(&kept, form), Some(kept.source))
            }
        };
        Ok(Self { policy: Shown::in_force(app, context)?, invited_by, prepared_from, form })
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
