//! What the description of the API promises, compared with every answer that any test gets.

use app::app::ROOMS;
use app::web::{Row, document};
use axum::http::Method;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

static DESCRIPTION: LazyLock<Value> = LazyLock::new(app::description::description);

/// A validator of a schema of the description, with those that it refers to.
pub fn validator(schema: &Value) -> Validator {
    validator_in(&DESCRIPTION, schema)
}

fn validator_in(document: &Value, schema: &Value) -> Validator {
    let (mut whole, mut schemas) = (schema.clone(), Map::new());
    refer(document, schema, &mut schemas);
    whole["components"] = json!({"schemas": schemas});
    jsonschema::validator_for(&whole).expect("a schema of the description is one")
}

/// Collects the schemas that this one names, and those that they name.
fn refer(document: &Value, schema: &Value, found: &mut Map<String, Value>) {
    match schema {
        Value::Object(parts) => {
            let named =
                parts.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/components/schemas/"));
            if let Some(name) = named.filter(|name| !found.contains_key(*name)) {
                let schema = &document["components"]["schemas"][name];
                found.insert(name.to_owned(), schema.clone());
                refer(document, schema, found);
            }
            parts.values().for_each(|part| refer(document, part, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| refer(document, part, found)),
        _ => {}
    }
}

/// Compares an answer with what is declared. Methods that no operation has are refused for all alike.
#[track_caller]
pub fn check(method: &str, path: &str, status: u16, kind: &str, text: &str) {
    let Some((document, operation)) = described(method, path) else { return };
    let declared = answer_in(document, operation, &status.to_string());
    let declared = declared.unwrap_or_else(|| panic!("{method} {path} answers {status}, undeclared: {text}"));
    let kind = kind.split(';').next().unwrap_or("");
    if declared.get("content").is_none() || text.is_empty() {
        return;
    }
    let content = &declared["content"][kind];
    assert!(content.is_object(), "{method} {path} {status} answers {kind}, undeclared");
    if kind.ends_with("json") && content["schema"].get("contentMediaType").is_none() {
        let body: Value = serde_json::from_str(text).expect("JSON");
        let wrong: Vec<_> = validator_in(document, &content["schema"])
            .iter_errors(&body)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{method} {path} {status} is not as declared: {wrong:?}\n{body}");
    }
}

/// The operation of a request, and a description that has it and nothing else: the whole takes longer than most tests.
fn described(method: &str, path: &str) -> Option<(&'static Value, &'static Value)> {
    type Known = Mutex<HashMap<(Method, &'static str), &'static Value>>;
    static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
        ROOMS.iter().chain(&[&crate::walkthrough::ROOM]).flat_map(|room| (room.routes)().table().to_vec()).collect()
    });
    static KNOWN: LazyLock<Known> = LazyLock::new(Known::default);
    let is_literal = ROWS.iter().any(|row| row.path == path);
    let is_meant = |row: &&Row| if is_literal { row.path == path } else { fits(row.path, path) };
    let row = ROWS.iter().filter(is_meant).find(|row| row.method.as_str() == method)?;
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || -> &'static Value { Box::leak(Box::new(document(std::slice::from_ref(row)))) };
    let document = *known.entry((row.method.clone(), row.path)).or_insert_with(make);
    Some((document, &document["paths"][row.path][method.to_ascii_lowercase()]))
}

fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    let is_same = |(wanted, given): (&&str, &&str)| wanted.starts_with('{') && !given.is_empty() || wanted == given;
    pattern.len() == path.len() && pattern.iter().zip(&path).all(is_same)
}

/// What an operation declares for a status, wherever it stands.
pub fn answer(operation: &'static Value, status: &str) -> Option<&'static Value> {
    answer_in(&DESCRIPTION, operation, status)
}

fn answer_in(document: &'static Value, operation: &'static Value, status: &str) -> Option<&'static Value> {
    let declared = operation["responses"].get(status)?;
    let Some(reference) = declared.get("$ref").and_then(Value::as_str) else { return Some(declared) };
    document.pointer(reference.trim_start_matches('#'))
}

/// Every operation: method, path, what is declared.
pub fn operations() -> impl Iterator<Item = (&'static str, &'static str, &'static Value)> {
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (method.as_str(), path.as_str(), operation))
    })
}

/// The whole description.
pub fn description() -> &'static Value {
    &DESCRIPTION
}
