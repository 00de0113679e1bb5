//! What a correction asks.

use super::super::code::Codes;
use super::super::password::Password;
use crate::web::{Fields, Parse};
use vault::{Email, Phone};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The mobile number.
    Phone,
    /// The e-mail.
    Email,
}

impl Field {
    /// As it is stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }

    /// The field of this code.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Phone, Self::Email].into_iter().find(|field| field.code() == code)
    }
}

/// The new one.
#[derive(Clone)]
pub enum New {
    Phone(Phone),
    Email(Email),
}

impl New {
    /// Which of the two it is.
    pub fn field(&self) -> Field {
        match self {
            Self::Phone(_) => Field::Phone,
            Self::Email(_) => Field::Email,
        }
    }
}

/// The new one, and the password.
pub struct Wanted {
    pub new: New,
    pub current: Password,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let field = fields.one_of("field", ["phone", "email"]);
        let field = field.parse("field", |code| Field::of(code).ok_or("choice"));
        let new = fields.like("value", "13900139000").parse("value", |text| match field {
            Some(Field::Phone) => text.parse().map(New::Phone).map_err(|_| "phone"),
            Some(Field::Email) => text.parse().map(New::Email).map_err(|_| "email"),
            None => Err("account"),
        });
        let current = fields.secret("current", Password::typed);
        Some(Self { new: new?, current: current? })
    }
}

/// The codes that came to the old and to the new one.
pub struct Confirmation(pub Codes);

impl Parse for Confirmation {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Codes::parse_from(fields, ["old_code", "new_code"]).map(Self)
    }
}
