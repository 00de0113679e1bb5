//! What an operation answers: its view model, its file, and every error with its codes.

use super::super::operation::Answer;
use super::super::renewal::is_always_open;
use super::super::routes::Row;
use super::sample::sample;
use super::shared::Shared;
use http::{Method, StatusCode};
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

/// The schema of what an operation answers; none for files.
pub fn schema(row: &Row, schemas: &mut SchemaGenerator) -> Option<Value> {
    let Answer::View(shapes) = &row.op.answer else { return None };
    let mut found: Vec<Value> = shapes.iter().map(|shape| shape(schemas).to_value()).collect();
    Some(if found.len() == 1 { found.remove(0) } else { json!({"anyOf": found}) })
}

/// Every status with what comes with it; what is the same elsewhere by reference.
pub fn responses(row: &Row, answer: Option<&Value>, defined: &Value, shared: &mut Shared) -> Value {
    let mut all = Map::new();
    let is_act = row.is_act();
    let done = match (&row.op.answer, is_act) {
        (Answer::Nothing, _) => "204",
        (_, true) => "201",
        (_, false) => "200",
    };
    all.insert(done.to_owned(), success(row, answer, defined));
    if is_act || row.who != super::Who::Anyone || !is_always_open(row.path) {
        let about =
            "A browser (Accept: text/html) is sent on: to the result, to sign in, or to agree to a changed policy.";
        let sent = json!({"description": about, "headers": {"Location": header("Location")}});
        all.insert("303".to_owned(), shared.answer(303, sent));
    }
    if !is_act && row.who == super::Who::Anyone {
        let same = json!({"description": "As it was, by the tag that If-None-Match named."});
        all.insert("304".to_owned(), shared.answer(304, same));
    }
    for (status, codes) in row.problems() {
        let refusal = refusal(status, &codes.into_iter().collect::<Vec<_>>());
        all.insert(status.to_string(), shared.answer(status, refusal));
    }
    Value::Object(all)
}

fn success(row: &Row, answer: Option<&Value>, defined: &Value) -> Value {
    let (about, content) = match (&row.op.answer, answer) {
        (Answer::Nothing, _) => return json!({"description": "Done; what is to be told is in the headers."}),
        (Answer::File(kind), _) => {
            ("The file.", json!({*kind: {"schema": {"type": typed(kind), "contentMediaType": kind}}}))
        }
        (Answer::View(_), schema) => {
            let schema = schema.cloned().unwrap_or_default();
            let data = json!({"schema": schema, "example": sample(&schema, defined)});
            let page = json!({"schema": {"type": "string"}});
            let is_act = row.method == Method::POST;
            let sends_on = is_act && !row.op.shown;
            (
                if is_act { "Done." } else { "As data, or as a page." },
                if sends_on {
                    json!({"application/json": data})
                } else {
                    json!({"application/json": data, "text/html": page})
                },
            )
        }
    };
    let mut success = json!({"description": about, "content": content});
    if row.method == Method::POST {
        success["headers"] = json!({"Location": header("Location")});
    }
    success
}

fn header(name: &str) -> Value {
    json!({"$ref": format!("#/components/headers/{name}")})
}

/// The headers that answers have.
pub fn headers() -> Value {
    json!({
        "Location": {"description": "Where the result is seen.", "schema": {"type": "string"}},
        "Retry-After": {"description": "Seconds until the limit allows it again.", "required": true,
            "schema": {"type": "integer", "minimum": 1}},
    })
}

fn refusal(status: u16, codes: &[&str]) -> Value {
    let example = json!({"type": format!("/errors#{}", codes[0]), "status": status, "code": codes[0],
        "title": "…", "request": "01980000-0000-4000-8000-000000000001"});
    let schema = json!({"$ref": "#/components/schemas/Problem", "properties": {"code": {"enum": codes}}});
    // What a browser is told is a page.
    let page = json!({"schema": {"type": "string"}});
    let content = json!({"application/problem+json": {"schema": schema, "example": example}, "text/html": page});
    let mut refusal = json!({"description": codes.join(", "), "content": content});
    if status == StatusCode::TOO_MANY_REQUESTS.as_u16() {
        refusal["headers"] = json!({"Retry-After": header("Retry-After")});
    }
    refusal
}

/// The schema of an error (RFC 9457).
pub fn problem() -> Value {
    json!({
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "required": ["type", "status", "code"],
        "properties": {
            "type": {"type": "string", "description": "A path of ours, one for each code."},
            "status": {"type": "integer", "description": "The status of the answer."},
            "code": {"type": "string", "description": "Stable; what a program decides by."},
            "title": {"type": "string", "description": "The sentence for a person, in the language asked for."},
            "request": {"type": "string", "format": "uuid", "description": "The request's id, for support."},
            "level": {"type": "string", "description": "The level of verification that was missing."},
            "way": {"type": "string", "description": "Where what was missing is had."},
            "errors": {"type": "array", "description": "With code `invalid`: every field that is refused.", "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            }},
        },
    })
}

/// What a file is to who reads it as JSON: ours of that kind are objects.
fn typed(kind: &str) -> &'static str {
    if kind.ends_with("json") { "object" } else { "string" }
}
