//! A window, and the form that announces it.

use crate::web::{Fields, Instant, Parse};
use jiff::Timestamp;
use kit::event::Fact;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A time in which the platform will be out of reach.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Window {
    /// Its id.
    pub id: Id<Window>,
    /// From when.
    #[schemars(with = "Instant")]
    pub starts_at: Timestamp,
    /// Until when; later than `starts_at`.
    #[schemars(with = "Instant")]
    pub ends_at: Timestamp,
    /// Why: 5 to 500 characters.
    pub reason: String,
}

impl Parse for Window {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, reason) = (fields.id("id"), fields.text("reason", 5..=500));
        fields.like("ends_at", "2027-01-15T03:30:00Z");
        let (starts_at, ends_at) = (fields.instant("starts_at"), fields.instant("ends_at"));
        if let (Some(starts_at), Some(ends_at)) = (starts_at, ends_at)
            && ends_at <= starts_at
        {
            fields.wrong::<()>("ends_at", "ends-before-it-starts");
        }
        Some(Self { id: id?, starts_at: starts_at?, ends_at: ends_at?, reason: reason? })
    }
}

/// A window was announced.
#[derive(Serialize)]
pub struct Announced {
    /// Which.
    pub window: Id<Window>,
}

impl Fact for Announced {
    const KIND: &'static str = "maintenance.announced";
}
