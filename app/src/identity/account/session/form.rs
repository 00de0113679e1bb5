//! What signing in asks.

use super::super::Secrets;
use super::super::password::Password;
use crate::web::{Fields, Parse, local_path};
use vault::{Email, Phone};

/// A phone or an e-mail, and a password.
pub struct Wanted {
    pub name: Name,
    pub password: Password,
    pub next: String,
}

/// What somebody calls their account by.
#[derive(Clone)]
pub enum Name {
    /// A mobile number.
    Phone(Phone),
    /// An e-mail.
    Email(Email),
    /// Neither: no account has it, and the answer is the same as for one that does not exist.
    Neither,
}

impl Name {
    /// Never fails: what is no phone and no e-mail is found nowhere.
    pub fn read(text: &str) -> Self {
        match (text.parse(), text.parse()) {
            (Ok(phone), _) => Self::Phone(phone),
            (_, Ok(email)) => Self::Email(email),
            _ => Self::Neither,
        }
    }

    /// What an account of this name is found by.
    pub fn index(&self, secrets: &Secrets) -> [u8; 32] {
        match self {
            Self::Phone(phone) => secrets.phones.of(phone),
            Self::Email(email) => secrets.emails.of(email),
            Self::Neither => [0; 32],
        }
    }
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let name = fields.like("account", "li@example.com").parse("account", |text| Ok::<_, &str>(Name::read(text)));
        let password = fields.secret("password", Password::typed);
        let next = fields.like("next", "/tenders").optional("next", local_path);
        Some(Self { name: name?, password: password?, next: next?.unwrap_or_else(|| "/".to_owned()) })
    }
}
