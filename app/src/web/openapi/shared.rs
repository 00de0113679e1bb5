//! Answers that many operations share: described once, named after what they say.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

/// The answers of all operations but what each alone answers.
#[derive(Default)]
pub struct Shared(Map<String, Value>);

impl Shared {
    /// A reference to this answer of this status. Its name changes with what it says and with nothing else.
    pub fn answer(&mut self, status: u16, answer: Value) -> Value {
        let said = digest(&SHA256, answer.to_string().as_bytes());
        let name = format!("{status}-{}", hex::encode(&said.as_ref()[..4]));
        let reference = json!({"$ref": format!("#/components/responses/{name}")});
        self.0.insert(name, answer);
        reference
    }

    /// All of them, by name.
    pub fn into_components(self) -> Value {
        Value::Object(self.0)
    }
}
