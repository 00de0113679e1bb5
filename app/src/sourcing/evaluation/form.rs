//! The forms of the buyer: whom it names, and whom it takes out.

use crate::web::{Fields, Parse};
use vault::Email;

/// The buyer's own people, by their e-mails: buyers see no list of addresses, and these are not kept.
pub struct Formed {
    pub own: Vec<Email>,
}

impl Parse for Formed {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let own = fields.like("own", "wang@example.com").optional("own", |text| {
            let all = text.split(|c: char| c.is_whitespace() || ",;，；、".contains(c)).filter(|one| !one.is_empty());
            all.map(|one| one.parse::<Email>().map_err(|_| "email")).collect::<Result<Vec<_>, _>>()
        });
        Some(Self { own: own?.unwrap_or_default() })
    }
}

/// Who is taken out, by the number of the seat, and why.
pub struct Replaced {
    pub number: i64,
    pub reason: String,
}

impl Parse for Replaced {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let number = fields.like("number", "2").parse("number", |text| text.parse().map_err(|_| "choice"));
        let reason = fields.text("reason", 5..=1000);
        Some(Self { number: number?, reason: reason? })
    }
}
