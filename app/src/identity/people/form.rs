//! What comes in.

use super::duty::{Duties, Duty};
use super::invitation::Invitation;
use crate::web::{Fields, Parse};
use kit::id::Id;
use vault::Email;

/// Whom to invite, and for what. The id makes two sendings one invitation.
pub struct New {
    pub id: Id<Invitation>,
    pub email: Email,
    pub duties: Duties,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let email = fields.like("email", "wang@example.com");
        let email = email.parse("email", |text| text.parse::<Email>().map_err(|_| "email"));
        let duties = duties(fields);
        Some(Self { id: id?, email: email?, duties: duties? })
    }
}

/// Other duties for a colleague, as the form showed them.
pub struct Other {
    pub version: i64,
    pub duties: Duties,
}

impl Parse for Other {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, duties) = (fields.version(), duties(fields));
        Some(Self { version: version?, duties: duties? })
    }
}

/// The boxes that are ticked: one at least.
fn duties(fields: &mut Fields) -> Option<Duties> {
    let codes = fields.several("duty", &["bidder", "viewer"]);
    let known: Option<Vec<_>> = codes.iter().map(|code| Duty::of_code(code)).collect();
    match known {
        Some(known) if !known.is_empty() => Some(Duties::of(&known)),
        Some(_) => fields.wrong("duty", "duty-none"),
        None => fields.wrong("duty", "choice"),
    }
}
