//! What comes in.

use crate::web::{Fields, Parse};
use vault::Email;

/// Where the guardian is written to. Used once, kept nowhere.
pub struct Ask {
    pub email: Email,
}

impl Parse for Ask {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let email = fields.like("email", "guardian@example.com");
        let email = email.parse("email", |text| text.parse::<Email>().map_err(|_| "email"));
        Some(Self { email: email? })
    }
}

/// The guardian's yes, to the policy's version that the page has shown.
pub struct Agree;

impl Parse for Agree {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let policy = fields
            .like("policy", policy::current().id)
            .parse("policy", |version| if version == policy::current().id { Ok(()) } else { Err("policy-superseded") });
        let mut said = |field, rule| if fields.ticked(field) { Some(()) } else { fields.wrong(field, rule) };
        let guardian = said("guardian", "guardian-undeclared");
        let agreed = said("agree", "not-agreed");
        guardian.and(agreed).and(policy).map(|()| Self)
    }
}
