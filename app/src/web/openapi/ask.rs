//! What an operation asks: parameters of its address, and its body in each form that is read.

use super::super::operation::Answer;
use super::super::routes::Row;
use http::Method;
use serde_json::{Map, Value, json};

/// The parameters of path and query.
pub fn parameters(row: &Row) -> Value {
    let named = |name: &str| match name {
        "id" => json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"},
            "example": "01980000-0000-7000-8000-000000000001"}),
        "ocid" => json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"},
            "example": "ocds-000000-01980000-0000-7000-8000-000000000001"}),
        _ => json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}, "example": "2026-11"}),
    };
    let asked = row.op.query.iter().map(|param| {
        json!({"name": param.name, "in": "query", "description": param.about, "required": false,
            "schema": {"type": "string"}, "example": param.example})
    });
    // A POST that answers with headers alone stands for another method, which no key makes the same again.
    let stands_for = row.method == Method::POST && matches!(row.op.answer, Answer::Nothing);
    let key = (row.method == Method::POST && row.op.scope.is_some() && !stands_for).then(|| {
        json!({"name": "Idempotency-Key", "in": "header", "required": false,
            "description": "With a token: the same act sent again under its key within 24 hours is answered as the first.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
            "example": "8e03978e-40d5-43e8-bc93-6894a57f9324"})
    });
    let tus = (row.op.resumable && row.is_act()).then(|| {
        json!({"name": "Tus-Resumable", "in": "header", "required": true,
            "description": "The version of tus that is spoken, with the other headers that tus has for this request.",
            "schema": {"const": "1.0.0"}, "example": "1.0.0"})
    });
    let meant = stands_for.then(|| {
        json!({"name": "X-HTTP-Method-Override", "in": "header", "required": true, "description": "The method that is meant.",
            "schema": {"enum": ["PATCH", "DELETE"]}, "example": "PATCH"})
    });
    row.parameters().map(named).chain(asked).chain(key).chain(tus).chain(meant).collect()
}

/// The body of an act: flat JSON or a form; files by `multipart/form-data` only.
pub fn body(row: &Row) -> Option<Value> {
    let fields = (row.op.input?.fields)();
    let (mut plain, mut all, mut required) = (Map::new(), Map::new(), Vec::new());
    let mut example = Map::new();
    for field in &fields {
        all.insert(field.name.to_owned(), field.schema());
        if !field.is_file() {
            plain.insert(field.name.to_owned(), field.schema());
        }
        if field.required {
            required.push(field.name);
        }
        if let Some(value) = field.example() {
            example.insert(field.name.to_owned(), value);
        }
    }
    let schema = |properties: &Map<String, Value>| json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    let mut content = Map::new();
    if !fields.iter().any(|field| field.is_file() && field.required) {
        for kind in ["application/json", "application/x-www-form-urlencoded"] {
            content.insert(kind.to_owned(), json!({"schema": schema(&plain), "example": example}));
        }
    }
    if fields.iter().any(|field| field.is_file()) {
        content.insert("multipart/form-data".to_owned(), json!({"schema": schema(&all), "example": example}));
    }
    Some(json!({"required": !required.is_empty(), "content": content}))
}
