//! The form of a draft.

use super::Draft;
use crate::web::{Fields, Parse};

/// What was typed, and which version was seen: 0 where there was none.
#[derive(Clone)]
pub struct Given {
    /// The version that was seen.
    pub version: i64,
    /// The new content.
    pub draft: Draft,
}

impl Parse for Given {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, price) = (fields.version(), fields.optional_money("price"));
        let delivery_days = fields.optional("delivery_days", |text| match text.parse() {
            Ok(days @ 1..=3650) => Ok(days),
            _ => Err("delivery-days"),
        });
        let note = fields.optional_text("note", 5000)?.unwrap_or_default();
        Some(Self { version: version?, draft: Draft { price: price?, delivery_days: delivery_days?, note } })
    }
}
