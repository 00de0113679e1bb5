//! What the pages of passkeys show, and what their JSON says.

use super::challenge::Challenge;
use super::store::{Listed, Passkey};
use crate::app::App;
use crate::web::{Context, Error, Instant, Person, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use policy::purpose;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use vault::Grant;

/// A challenge, for `navigator.credentials`. It is answered once, within five minutes, by the browser that asked for it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PasskeyChallenge")]
pub struct Asked {
    /// Comes back with the answer, in the field `challenge`.
    pub challenge: Id<Challenge>,
    /// The options as WebAuthn (Level 3, § 5.1.8 and § 5.1.9) writes them in JSON: bytes in Base64url. The answer's own JSON form
    /// (`toJSON()`) comes back as a text, in the field `credential`.
    pub options: Value,
}

/// A passkey.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Passkey")]
pub struct Line {
    /// Its id.
    pub id: Id<Passkey>,
    /// What its person calls it.
    pub name: String,
    /// When it was registered.
    #[schemars(with = "Instant")]
    pub since: Timestamp,
    /// When it was used last.
    #[schemars(with = "Option<Instant>")]
    pub used_at: Option<Timestamp>,
    /// When its counter went back: there is another one like it, and both are refused.
    #[schemars(with = "Option<Instant>")]
    pub doubted_at: Option<Timestamp>,
    /// Since when it signs nobody in by itself: a leak was reported, or a sign-in denied.
    #[schemars(with = "Option<Instant>")]
    pub paused_at: Option<Timestamp>,
}

impl Line {
    /// All of a person. Their names are opened, on record, if there are any.
    pub async fn all(app: &App, context: &Context, person: Person, listed: Vec<Listed>) -> Result<Vec<Self>, Error> {
        let grant = Grant::<purpose::Security, _>::new(&person, context.request);
        let names: Vec<_> = listed.iter().map(|one| one.name.clone()).collect();
        let names = app.vault().open_many(&grant, &names).await?;
        let line = |(one, name): (Listed, String)| Self {
            id: one.id,
            name,
            since: one.made_at,
            used_at: one.used_at,
            doubted_at: one.doubted_at,
            paused_at: one.paused_at,
        };
        let names = names.into_iter().map(|name| name.disclose());
        Ok(listed.into_iter().zip(names).map(line).collect())
    }
}

/// A passkey was registered. With the first second factor of an account comes a set of recovery codes, shown this once.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "PasskeyAdded")]
#[template(path = "identity/account/factor/codes.html")]
pub struct Added {
    /// Its id.
    pub added: Id<Passkey>,
    /// Each for one use; none when the account has a set already.
    pub codes: Vec<String>,
}

/// A passkey was removed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PasskeyRemoved")]
pub struct Removed {
    /// Its id.
    pub removed: Id<Passkey>,
}

/// A passkey signs in by itself again.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PasskeyConfirmed")]
pub struct Confirmed {
    /// Its id.
    pub confirmed: Id<Passkey>,
}
