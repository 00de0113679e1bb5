//! How values of other crates look in JSON, for the description of the API. A view model says
//! `#[schemars(with = "Instant")]` beside its [`jiff::Timestamp`].

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// An instant: RFC 3339, in UTC.
pub struct Instant;

/// A calendar day.
pub struct Day;

impl JsonSchema for Instant {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Instant".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time", "examples": ["2027-01-15T01:30:00Z"]})
    }
}

impl JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date", "examples": ["2027-01-15"]})
    }
}
