//! The two pages of a reset. Neither tells whether there is an account.

use super::super::code::{self, Kept};
use super::Reset;
use crate::app::App;
use crate::web::{Error, Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// Which account.
#[derive(Default, Template, Serialize, JsonSchema)]
#[template(path = "identity/account/reset/start.html")]
#[schemars(rename = "ResetStart")]
pub struct Start {
    pub form: Form,
}

/// Where the codes are typed.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/account/reset/waiting.html")]
#[schemars(rename = "ResetWaiting")]
pub struct Waiting {
    pub id: Id<Reset>,
    /// Until when the codes may be used.
    #[schemars(with = "Instant")]
    pub expires_at: Timestamp,
    /// Whether they still can.
    pub alive: bool,
    /// Whether they were.
    pub done: bool,
    /// Whether new ones can be asked for.
    pub renewable: bool,
    form: Form,
}

impl Waiting {
    /// Of a reset that is there.
    pub async fn read(app: &App, id: Id<Reset>) -> Result<Self, Error> {
        let kept = app.db().read::<_, db::Error>(move |tx| code::find(tx, id.cast())).await?;
        Ok(Self::of(id, &kept.ok_or_else(Error::not_found)?, app.clock().now()))
    }

    /// From its codes.
    pub fn of(id: Id<Reset>, kept: &Kept, now: Timestamp) -> Self {
        let (alive, done) = (kept.is_alive(now), kept.used);
        Self { id, expires_at: kept.expires_at, alive, done, renewable: kept.renewable && !done, form: Form::default() }
    }

    /// With what is wrong.
    pub fn with(self, form: Form) -> Self {
        Self { form, ..self }
    }
}
