//! What the page of a person's keys shows, and what its JSON says.

use super::store::{self, Key};
use crate::app::App;
use crate::web::{Context, Error, Form, Instant, Person, filters};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use kit::db;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A key of the reader's own.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OfficerKey")]
pub struct Line {
    /// Its id.
    pub id: Id<Key>,
    /// The public half.
    pub recipient: String,
    /// When it was enrolled.
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
    /// When its person last proved that they can use it; before that no tender is sealed to it.
    #[schemars(with = "Option<Instant>")]
    pub proved_at: Option<Timestamp>,
    /// Since when no tender is sealed to it any more.
    #[schemars(with = "Option<Instant>")]
    pub ended_at: Option<Timestamp>,
    /// The secret half: an age file under the person's passphrase, in base64.
    pub kept: String,
    /// The same for a passkey, an age file in base64; none where there is no passkey.
    pub wrapped: Option<String>,
    /// Which passkey that is, for the browser.
    pub hint: Option<String>,
    /// What only its holder decrypts, an age file in base64; what is inside proves it. None of a key that has ended.
    pub challenge: Option<String>,
}

impl Line {
    /// A key, with its next challenge.
    ///
    /// # Errors
    /// 500 when a key is none.
    pub fn of(app: &App, key: Key) -> Result<Self, Error> {
        let challenge = match key.ended_at {
            Some(_) => None,
            None => {
                let sealed = sealing::one::seal(&expected(app, &key), &key.recipient).map_err(Error::fault)?;
                Some(STANDARD.encode(sealed))
            }
        };
        let kept = store::kept(&key);
        let (wrapped, hint) = store::wrapped(&key).unzip();
        let Key { id, recipient, made_at, proved_at, ended_at, .. } = key;
        Ok(Self { id, recipient, made_at, proved_at, ended_at, kept, wrapped, hint, challenge })
    }
}

/// What a key's next challenge holds.
pub fn expected(app: &App, key: &Key) -> [u8; 32] {
    app.mark("officer/challenge", &[key.id.as_bytes(), &key.version.to_be_bytes()])
}

/// The reader's keys.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "OfficerKeys")]
#[template(path = "identity/officer/show.html")]
pub struct Keys {
    /// Newest first; one at most has not ended.
    pub keys: Vec<Line>,
    /// Of a new one, with its id.
    pub form: Form,
    /// Whether the reader proved a short while ago who they are, which enrolling and ending ask for.
    #[serde(skip)]
    pub is_fresh: bool,
}

impl Keys {
    /// Reads them.
    ///
    /// # Errors
    /// 503.
    pub async fn read(app: &App, context: &Context, person: Person, form: Option<Form>) -> Result<Self, Error> {
        let account = person.account();
        let keys = app.db().read::<_, db::Error>(move |tx| store::list(tx, account)).await?;
        let next: Id<Key> = Id::v7(context.now, app.random());
        Ok(Self {
            keys: keys.into_iter().map(|key| Line::of(app, key)).collect::<Result<_, _>>()?,
            form: form.unwrap_or_else(|| Form::filled([("id", next.to_string())])),
            is_fresh: person.assurance().is_fresh(context.now),
        })
    }

    /// The one that holds.
    fn current(&self) -> Option<&Line> {
        self.keys.iter().find(|key| key.ended_at.is_none())
    }

    /// Those that have ended: what was sealed to them opens with them still.
    fn earlier(&self) -> impl Iterator<Item = &Line> {
        self.keys.iter().filter(|key| key.ended_at.is_some())
    }
}
