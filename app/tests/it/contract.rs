//! What the description of the API promises, compared with every answer that any test gets.

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

static DESCRIPTION: LazyLock<Value> = LazyLock::new(app::description::description);

/// The operation of a path, if it is described.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    let fits = |pattern: &str| {
        let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
        let is_same = |(wanted, given): (&&str, &&str)| wanted.starts_with('{') && !given.is_empty() || wanted == given;
        pattern.len() == path.len() && pattern.iter().zip(&path).all(is_same)
    };
    let literal = paths.get(path).or_else(|| paths.iter().find(|(pattern, _)| fits(pattern)).map(|(_, item)| item))?;
    literal.get(method.to_ascii_lowercase())
}

/// A validator of a schema of the description, with those that it refers to.
pub fn validator(schema: &Value) -> Validator {
    let (mut whole, mut schemas) = (schema.clone(), Map::new());
    refer(schema, &mut schemas);
    whole["components"] = json!({"schemas": schemas});
    jsonschema::validator_for(&whole).expect("a schema of the description is one")
}

/// Collects the schemas that this one names, and those that they name.
fn refer(schema: &Value, found: &mut Map<String, Value>) {
    match schema {
        Value::Object(parts) => {
            let named =
                parts.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/components/schemas/"));
            if let Some(name) = named.filter(|name| !found.contains_key(*name)) {
                let schema = &DESCRIPTION["components"]["schemas"][name];
                found.insert(name.to_owned(), schema.clone());
                refer(schema, found);
            }
            parts.values().for_each(|part| refer(part, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| refer(part, found)),
        _ => {}
    }
}

/// Compares an answer with what is declared. Methods that no operation has are refused for all alike.
#[track_caller]
pub fn check(method: &str, path: &str, status: u16, kind: &str, text: &str) {
    let Some(operation) = operation(method, path) else { return };
    let declared = answer(operation, &status.to_string());
    let declared = declared.unwrap_or_else(|| panic!("{method} {path} answers {status}, undeclared: {text}"));
    let kind = kind.split(';').next().unwrap_or("");
    if declared.get("content").is_none() || text.is_empty() {
        return;
    }
    let content = &declared["content"][kind];
    assert!(content.is_object(), "{method} {path} {status} answers {kind}, undeclared");
    if kind.ends_with("json") && content["schema"].get("contentMediaType").is_none() {
        let body: Value = serde_json::from_str(text).expect("JSON");
        let wrong: Vec<_> = validator(&content["schema"])
            .iter_errors(&body)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{method} {path} {status} is not as declared: {wrong:?}\n{body}");
    }
}

/// What an operation declares for a status, wherever it stands.
pub fn answer(operation: &'static Value, status: &str) -> Option<&'static Value> {
    let declared = operation["responses"].get(status)?;
    let Some(reference) = declared.get("$ref").and_then(Value::as_str) else { return Some(declared) };
    DESCRIPTION.pointer(reference.trim_start_matches('#'))
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
