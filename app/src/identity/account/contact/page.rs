//! The two pages of a correction.

use super::super::code::Kept;
use super::form::Field;
use super::{Change, store};
use crate::app::App;
use crate::web::{Context, Error, Form, Instant, Person, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db;
use kit::id::Id;
use policy::purpose;
use schemars::JsonSchema;
use serde::Serialize;
use vault::Grant;

/// How the person is reached now, and how that changed.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "Contact")]
#[template(path = "identity/account/contact/contact.html")]
pub struct Contact {
    phone: String,
    email: String,
    /// The newest first; the values themselves are not kept.
    history: Vec<Told>,
    form: Form,
}

/// A change.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ContactChange")]
pub struct Told {
    pub id: Id<Change>,
    /// `phone` or `email`.
    pub field: &'static str,
    #[schemars(with = "Instant")]
    pub asked_at: Timestamp,
    /// When both codes were right; none while it waits for them.
    #[schemars(with = "Option<Instant>")]
    pub changed_at: Option<Timestamp>,
}

impl Contact {
    /// Reads, then opens both for the purpose `account`.
    pub async fn read(app: &App, context: &Context, person: Person) -> Result<Self, Error> {
        let read = app.db().read::<_, db::Error>(move |tx| {
            let contact = super::super::store::contact(tx, person.account())?.ok_or(db::Error::Missing)?;
            Ok((contact, store::history(tx, person.account())?))
        });
        let (contact, history) = read.await?;
        let grant = Grant::<purpose::Account, _>::new(&person, context.request);
        let (phone, email) = app.vault().open_both(&grant, &contact.phone, &contact.email).await?;
        let form = Form::filled([("field", "phone")]);
        Ok(Self { phone: phone.expose().to_owned(), email: email.expose().to_owned(), history, form })
    }

    /// With what is wrong.
    pub fn with(self, form: Form) -> Self {
        Self { form, ..self }
    }
}

/// Where the codes are typed.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/account/contact/waiting.html")]
#[schemars(rename = "ContactWaiting")]
pub struct Waiting {
    pub id: Id<Change>,
    /// `phone` or `email`.
    pub field: &'static str,
    /// Until when the codes may be used.
    #[schemars(with = "Instant")]
    pub expires_at: Timestamp,
    /// Whether they still can.
    pub alive: bool,
    form: Form,
}

impl Waiting {
    /// From its codes.
    pub fn of(id: Id<Change>, field: Field, kept: &Kept, now: Timestamp) -> Self {
        let (expires_at, alive) = (kept.expires_at, kept.is_alive(now));
        Self { id, field: field.code(), expires_at, alive, form: Form::default() }
    }

    /// With what is wrong.
    pub fn with(self, form: Form) -> Self {
        Self { form, ..self }
    }
}
