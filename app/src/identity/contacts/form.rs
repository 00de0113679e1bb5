//! What comes in.

use super::Contact;
use crate::web::{Fields, Parse};
use kit::id::Id;
use vault::{ContactDepartment, ContactEmail, ContactName, ContactOther, ContactPhone, ContactTitle};

/// What may be corrected by the person without another code.
pub struct Words {
    pub name: ContactName,
    pub department: Option<ContactDepartment>,
    pub title: Option<ContactTitle>,
    pub other: Option<ContactOther>,
}

impl Words {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let name = fields.text("name", 1..=60).and_then(|text| text.parse().ok());
        let department = fields.optional_text("department", 60).map(parsed);
        let title = fields.optional_text("title", 60).map(parsed);
        let other = fields.optional_text("other", 200).map(parsed);
        Some(Self { name: name?, department: department?, title: title?, other: other? })
    }
}

/// Texts of these lengths always are such values.
fn parsed<T: std::str::FromStr>(text: Option<String>) -> Option<T> {
    text.and_then(|text| text.parse().ok())
}

/// A contact to be entered.
pub struct Wanted {
    pub id: Id<Contact>,
    /// What the company calls the entry; not personal.
    pub label: String,
    pub words: Words,
    pub phone: Option<ContactPhone>,
    pub email: Option<ContactEmail>,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, label) = (fields.id("id"), fields.name("label", 1..=40));
        let words = Words::parse(fields);
        let phone = fields.like("phone", "13900139000").optional("phone", |text| text.parse().map_err(|_| "phone"));
        let email = fields.like("email", "li@example.com").optional("email", |text| text.parse().map_err(|_| "email"));
        // Of a minor nothing is stored before a guardian has agreed (clause 9.1), and a company cannot agree for one.
        let mut said = |field, rule| if fields.ticked(field) { Some(()) } else { fields.wrong(field, rule) };
        let (adult, confirmed) = (said("adult", "contact-minor"), said("confirmed", "contact-unconfirmed"));
        let (phone, email) = (phone?, email?);
        if phone.is_none() && email.is_none() {
            return fields.wrong("phone", "contact-unreachable");
        }
        adult.and(confirmed)?;
        Some(Self { id: id?, label: label?, words: words?, phone, email })
    }
}

/// What the person says is right.
pub struct Correction(pub Words);

impl Parse for Correction {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Words::parse(fields).map(Self)
    }
}
