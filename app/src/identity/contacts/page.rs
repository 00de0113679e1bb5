//! What the pages show.

use super::Contact;
use super::store::Lying;
use crate::identity::company::Company;
use crate::trust::consent::{Question, Works};
use crate::web::{Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use policy::{Permits, Purpose, Recipient, field};
use schemars::JsonSchema;
use serde::Serialize;
use vault::{Grant, Vault};

/// The company's own list, and the form.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ContactList")]
#[template(path = "identity/contacts/own.html")]
pub struct Own {
    pub contacts: Vec<Line>,
    pub form: Form,
}

/// An entry as the company sees it: by its label.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Contact")]
pub struct Line {
    pub id: Id<Contact>,
    pub label: String,
    #[schemars(with = "Instant")]
    pub entered_at: Timestamp,
    /// Whether it is shown: off while the person has not agreed.
    pub works: Works,
    /// Until when the person may answer; then it is deleted.
    #[schemars(with = "Instant")]
    pub asked_until: Timestamp,
    /// Whether a wrong number, or a wrong e-mail, was cut off.
    pub has_phone: bool,
    pub has_email: bool,
}

impl Line {
    pub fn new(one: Lying, works: Works) -> Self {
        let (has_phone, has_email) = (one.phone.is_some(), one.email.is_some());
        let Lying { id, label, entered_at, asked_until, .. } = one;
        Self { id, label, entered_at, works, asked_until, has_phone, has_email }
    }

    /// Colour, icon and key of its state's word.
    fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match self.works {
            Works::On => ("live", "ok", "contacts-is-on"),
            Works::WaitsForCompany => ("warn", "half", "contacts-is-waiting"),
            Works::Off => ("warn", "hourglass", "contacts-is-asked"),
        }
    }
}

/// It is gone.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "ContactRemoved")]
pub struct Removed {
    pub removed: Id<Contact>,
}

/// What the link to a contact shows.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ContactAsking")]
#[template(path = "identity/contacts/asking.html")]
pub struct Asking {
    pub company: String,
    #[schemars(with = "Instant")]
    pub entered_at: Timestamp,
    #[schemars(with = "Instant")]
    pub until: Timestamp,
    /// The question, as it will be asked.
    pub asks: Question,
    #[serde(skip)]
    pub form: Form,
}

/// A provider's contacts, closed.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ContactsOf")]
#[template(path = "identity/contacts/closed.html")]
pub struct Of {
    pub id: Id<Company>,
    pub company: String,
    /// How many there are to be shown.
    pub count: usize,
    /// Providers that the reader can see today, yet; and in all.
    pub left: i64,
    pub most: i64,
    /// Whether this one can be shown now.
    pub can_show: bool,
}

/// A provider's contacts, shown.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ContactsShown")]
#[template(path = "identity/contacts/shown.html")]
pub struct Shown {
    pub id: Id<Company>,
    pub company: String,
    pub cards: Vec<Card>,
}

/// A contact, opened.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "ContactCard")]
pub struct Card {
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub department: Option<String>,
    pub title: Option<String>,
    pub other: Option<String>,
}

impl Card {
    /// Opens contacts for whom the grant names, with one record.
    ///
    /// # Errors
    /// As [`Vault::open_many`].
    pub async fn open<P, R>(vault: &Vault, grant: &Grant<'_, P, R>, all: &[Lying]) -> Result<Vec<Self>, vault::Error>
    where
        R: Recipient,
        P: Purpose
            + Permits<field::ContactName, R>
            + Permits<field::ContactPhone, R>
            + Permits<field::ContactEmail, R>
            + Permits<field::ContactDepartment, R>
            + Permits<field::ContactTitle, R>
            + Permits<field::ContactOther, R>,
    {
        let names: Vec<_> = all.iter().map(|one| one.name.clone()).collect();
        let phones: Vec<_> = all.iter().filter_map(|one| one.phone.clone()).collect();
        let emails: Vec<_> = all.iter().filter_map(|one| one.email.clone()).collect();
        let departments: Vec<_> = all.iter().filter_map(|one| one.department.clone()).collect();
        let titles: Vec<_> = all.iter().filter_map(|one| one.title.clone()).collect();
        let others: Vec<_> = all.iter().filter_map(|one| one.other.clone()).collect();
        let reached = ((&names[..], &phones[..]), &emails[..]);
        let placed = ((&departments[..], &titles[..]), &others[..]);
        let (reached, placed) = vault.open_together(grant, (reached, placed)).await?;
        let (((names, phones), emails), ((departments, titles), others)) = (reached, placed);
        let (mut phones, mut emails) = (phones.into_iter(), emails.into_iter());
        let (mut departments, mut titles) = (departments.into_iter(), titles.into_iter());
        let mut others = others.into_iter();
        let card = |(one, name): (&Lying, vault::ContactName)| Self {
            name: name.disclose(),
            phone: one.phone.as_ref().and_then(|_| phones.next()).map(|value| value.disclose()),
            email: one.email.as_ref().and_then(|_| emails.next()).map(|value| value.disclose()),
            department: one.department.as_ref().and_then(|_| departments.next()).map(|one| one.disclose()),
            title: one.title.as_ref().and_then(|_| titles.next()).map(|value| value.disclose()),
            other: one.other.as_ref().and_then(|_| others.next()).map(|value| value.disclose()),
        };
        Ok(all.iter().zip(names).map(card).collect())
    }

    /// What there is beside the name: keys of words and values.
    fn lines(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("contacts-department", &self.department),
            ("contacts-title", &self.title),
            ("contacts-phone", &self.phone),
            ("contacts-email", &self.email),
            ("contacts-other", &self.other),
        ];
        all.into_iter().filter_map(|(word, value)| Some((word, value.as_deref()?))).collect()
    }

    /// The form to correct it with.
    pub fn form(&self) -> Form {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Form::filled([
            ("name", self.name.clone()),
            ("department", text(&self.department)),
            ("title", text(&self.title)),
            ("other", text(&self.other)),
        ])
    }
}

/// A contact's own page.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ContactOwn")]
#[template(path = "identity/contacts/correct.html")]
pub struct Correct {
    pub card: Card,
    pub form: Form,
}

/// It is corrected.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "ContactCorrected")]
pub struct Corrected {
    pub corrected: Id<Contact>,
}
