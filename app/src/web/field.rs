//! A field of a form as the description of the API tells it.

use serde_json::{Value, json};

/// A field that a parser takes.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may not be left out.
    pub required: bool,
}

/// What a field holds.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A text of so many characters.
    Text {
        /// At least.
        least: usize,
        /// At most.
        most: usize,
    },
    /// An instant.
    Instant,
    /// An amount in yuan, up to two digits after the point.
    Money,
    /// An id.
    Id,
    /// The version of a row that was seen.
    Version,
    /// A secret, which no answer repeats.
    Secret,
    /// Yes or no.
    Tick,
    /// Texts.
    Several(&'static [&'static str]),
    /// One of these codes.
    Choice(Vec<&'static str>),
    /// Files.
    Files {
        /// At most.
        most: usize,
    },
    /// A text in a form of its own, such as this one.
    Other(&'static str),
}

impl Field {
    /// Whether it can be sent by `multipart/form-data` only.
    pub fn is_file(&self) -> bool {
        matches!(self.kind, Kind::Files { .. })
    }

    /// Its JSON Schema.
    pub fn schema(&self) -> Value {
        match &self.kind {
            Kind::Text { least, most } => json!({"type": "string", "minLength": least, "maxLength": most}),
            Kind::Instant => json!({"type": "string", "format": "date-time",
                "description": "RFC 3339, or YYYY-MM-DDThh:mm in the installation's zone"}),
            Kind::Money => json!({"type": "string", "pattern": "^[0-9]+(\\.[0-9]{1,2})?$", "description": "yuan"}),
            Kind::Id => json!({"type": "string", "format": "uuid"}),
            Kind::Version => json!({"type": "integer", "description": "the version that was seen"}),
            Kind::Secret => json!({"type": "string", "format": "password", "writeOnly": true, "minLength": 1}),
            Kind::Tick => json!({"type": "boolean"}),
            Kind::Several(_) => json!({"type": "array", "items": {"type": "string"}}),
            Kind::Choice(codes) => json!({"type": "string", "enum": codes}),
            Kind::Files { most } => json!({"type": "array", "maxItems": most, "minItems": usize::from(self.required),
                "items": {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}}),
            Kind::Other(_) => json!({"type": "string"}),
        }
    }

    /// A value that its parser takes; none for files.
    pub fn example(&self) -> Option<Value> {
        Some(match &self.kind {
            Kind::Text { least, .. } => json!("示例文字 ".repeat(least / 5 + 1).trim()),
            Kind::Instant => json!("2027-01-15T01:30:00Z"),
            Kind::Money => json!("869000.00"),
            Kind::Id => json!("01980000-0000-7000-8000-000000000001"),
            Kind::Version => json!(1),
            Kind::Secret => json!("correct horse battery staple"),
            Kind::Tick => json!(true),
            Kind::Several(example) => json!(example),
            Kind::Choice(codes) => json!(codes.first()?),
            Kind::Files { .. } => return None,
            Kind::Other(example) => json!(example),
        })
    }
}
