//! The description of the API, OpenAPI 3.1, made of the routes and of nothing else.

mod answer;
mod ask;
mod sample;
mod shared;

use super::routes::Row;
use super::who::Who;
use http::Method;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};
use shared::Shared;

/// The description of these routes.
pub fn document(rows: &[Row]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut schemas = settings.for_serialize().into_generator();
    let answers: Vec<_> = rows.iter().map(|row| answer::schema(row, &mut schemas)).collect();
    let defined = Value::Object(definitions(schemas));
    let (mut paths, mut shared) = (Map::new(), Shared::default());
    for (row, answer) in rows.iter().zip(&answers) {
        let path = paths.entry(row.path).or_insert_with(|| json!({}));
        path[row.method.as_str().to_ascii_lowercase()] = operation(row, answer.as_ref(), &defined, &mut shared);
    }
    json!({
        "openapi": "3.1.0",
        "info": info(),
        "servers": [{"url": "/"}],
        "tags": tags(rows),
        "paths": paths,
        "components": {"schemas": defined, "responses": shared.into_components(), "securitySchemes": schemes(),
            "headers": answer::headers()},
    })
}

fn info() -> Value {
    json!({
        "title": "资云 Ziyun",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "Tenders, sealed bids and public notices",
        "description": "The address that a person sees is the address that a program calls; `Accept: application/json` \
            asks for data. Errors are problem+json (RFC 9457) with a stable `code`.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    })
}

fn definitions(mut schemas: SchemaGenerator) -> Map<String, Value> {
    let mut defined = schemas.take_definitions(true);
    defined.insert("Problem".to_owned(), answer::problem());
    defined
}

/// Operations stand under the first part of their id, their room.
fn tags(rows: &[Row]) -> Value {
    let mut names: Vec<_> = rows.iter().map(|row| tag(row)).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| json!({"name": name})).collect()
}

fn tag(row: &Row) -> &'static str {
    row.op.id.split('.').next().unwrap_or("")
}

fn schemes() -> Value {
    json!({
        "token": {"type": "http", "scheme": "bearer", "description": "A token of the company's, from /company/tokens; \
            without cookies. `x-token-scope` says what it must be for."},
        "session": {"type": "apiKey", "in": "cookie", "name": "session",
            "description": "A login session; over TLS the cookie is named `__Host-session`."},
        "form": {"type": "apiKey", "in": "header", "name": "x-csrf-token",
            "description": "The token of `GET /session`, beside its cookie; or the field `csrf`."},
    })
}

fn operation(row: &Row, answer: Option<&Value>, defined: &Value, shared: &mut Shared) -> Value {
    let mut operation = json!({
        "operationId": row.op.id,
        "summary": row.op.summary,
        "tags": [tag(row)],
        "x-who": row.who,
        "x-proof": row.op.demand,
        "x-token-scope": row.op.scope,
        "security": security(row),
        "parameters": ask::parameters(row),
        "responses": answer::responses(row, answer, defined, shared),
    });
    if let Some(body) = ask::body(row) {
        operation["requestBody"] = body;
    }
    operation
}

fn security(row: &Row) -> Value {
    let mut ways = Vec::new();
    if row.op.scope.is_some() {
        ways.push(json!({"token": []}));
    }
    if row.op.by_address {
        return json!([{}]);
    }
    if row.who == Who::Anyone && row.method == Method::GET {
        ways.push(json!({}));
    }
    let session = row.who != Who::Anyone;
    match (session, row.is_act()) {
        (true, true) => ways.push(json!({"session": [], "form": []})),
        (true, false) => ways.push(json!({"session": []})),
        (false, true) => ways.push(json!({"form": []})),
        (false, false) => {}
    }
    Value::Array(ways)
}
