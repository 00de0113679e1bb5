//! What comes in.

use super::Substitution;
use crate::web::{Fields, Parse};
use jiff::civil::Date;
use kit::id::Id;
use vault::Email;

/// For how many days somebody may be away: what lasts longer is a change of duties, which an owner makes.
pub const MOST_DAYS: i32 = 90;

/// Whom to ask, and from which day to which. The id makes two sendings one.
pub struct New {
    pub id: Id<Substitution>,
    /// By which the colleague is reached: other than owners, members see no list of addresses.
    pub email: Email,
    pub begins_on: Date,
    /// The last day.
    pub ends_on: Date,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let email = fields.like("email", "wang@example.com");
        let email = email.parse("email", |text| text.parse::<Email>().map_err(|_| "email"));
        let (begins_on, ends_on) = (day(fields, "begins_on", "2027-01-15"), day(fields, "ends_on", "2027-01-29"));
        if let (Some(begins_on), Some(ends_on)) = (begins_on, ends_on) {
            match ends_on.since(begins_on).map_or(i32::MAX, |span| span.get_days()) {
                ..0 => drop(fields.wrong::<()>("ends_on", "substitution-ends-first")),
                MOST_DAYS.. => drop(fields.wrong::<()>("ends_on", "substitution-too-long")),
                _ => {}
            }
        }
        Some(Self { id: id?, email: email?, begins_on: begins_on?, ends_on: ends_on? })
    }
}

fn day(fields: &mut Fields, field: &'static str, example: &'static str) -> Option<Date> {
    fields
        .like(field, example)
        .parse(field, |text| text.parse::<Date>().ok().filter(|day| (2000..2200).contains(&day.year())).ok_or("day"))
}
