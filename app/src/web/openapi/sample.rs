//! A value that fits a schema: the example of an answer.

use serde_json::{Map, Value, json};

/// A value that fits, with everything in it that may be there.
pub fn sample(schema: &Value, defined: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return sample(&defined[name], defined);
    }
    for key in ["const", "default"] {
        if let Some(value) = schema.get(key) {
            return value.clone();
        }
    }
    for key in ["examples", "enum"] {
        if let Some(value) = schema[key].get(0) {
            return value.clone();
        }
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(value) = schema[key].get(0) {
            return merged(sample(value, defined), object(schema, defined));
        }
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("any");
    match kind {
        "object" => object(schema, defined),
        "array" => json!([sample(&schema["items"], defined)]),
        "string" => json!(text(schema["format"].as_str())),
        "integer" | "number" => json!(schema["minimum"].as_i64().unwrap_or(0).max(1)),
        "boolean" => json!(true),
        _ => Value::Null,
    }
}

fn object(schema: &Value, defined: &Value) -> Value {
    let Some(properties) = schema["properties"].as_object() else { return json!({}) };
    Value::Object(properties.iter().map(|(name, schema)| (name.clone(), sample(schema, defined))).collect())
}

fn merged(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            Value::Object(one.into_iter().chain(other).collect::<Map<_, _>>())
        }
        (one, _) => one,
    }
}

fn text(format: Option<&str>) -> &'static str {
    match format {
        Some("date-time") => "2027-01-15T01:30:00Z",
        Some("date") => "2027-01-15",
        Some("uuid") => "01980000-0000-7000-8000-000000000001",
        _ => "文字",
    }
}
