//! What a reset asks.

use super::super::code::Codes;
use super::super::password::Password;
use super::super::session::form::Name;
use crate::web::{Fields, Parse};

/// Which account.
pub struct Wanted(pub Name);

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let name = fields.like("account", "li@example.com").parse("account", |text| match Name::read(text) {
            Name::Neither => Err("account"),
            name => Ok(name),
        });
        Some(Self(name?))
    }
}

/// Both codes and the new password.
pub struct NewPassword {
    pub codes: Codes,
    pub password: Password,
}

impl Parse for NewPassword {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let codes = Codes::parse(fields);
        let password = fields.secret("password", |text| Password::choose(text, &[]));
        Some(Self { codes: codes?, password: password? })
    }
}
