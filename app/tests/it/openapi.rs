//! The description of the API: complete, true, checked in.

use crate::contract::{answer, description, operations, validator};
use crate::world::World;
use app::app::ROOMS;
use app::web::text::Words;
use app::web::{Locale, Row};
use axum::http::StatusCode;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::Path;

fn rows() -> Vec<Row> {
    ROOMS.iter().flat_map(|room| (room.routes)().table().to_vec()).collect()
}

#[tokio::test]
async fn it_is_served_and_checked_in() {
    let world = World::new().await;
    let answer = world.visitor().get("/openapi.json").await.ok();
    let served: Value = answer.json();
    assert_eq!(served["openapi"], "3.1.0");
    assert!(&served == description(), "the program describes its own rooms");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap_or_default()).unwrap_or_default();
    let now = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi.json");
    std::fs::write(&now, serde_json::to_string_pretty(&served).unwrap() + "\n").unwrap();
    assert!(kept == served, "the API has changed: `ziyun openapi >docs/openapi.json`, and say so in CHANGELOG.md");
}

#[test]
#[should_panic(expected = "undeclared")]
fn an_answer_that_is_not_declared_is_noticed() {
    crate::contract::check("GET", "/notices", 418, "application/json", "{}");
}

#[test]
#[should_panic(expected = "not as declared")]
fn an_answer_in_another_form_is_noticed() {
    crate::contract::check("GET", "/notices", 200, "application/json", "{}");
}

#[test]
fn every_operation_is_told_completely() {
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id), "{id} is there twice");
        assert!(
            id.contains('.') && operation["summary"].as_str().is_some_and(|text| text.len() > 5),
            "{method} {path}"
        );
        assert!(operation["x-who"].is_string(), "{id}: who may use it");
        for (name, content) in operation["requestBody"]["content"].as_object().unwrap_or(&Map::new()) {
            assert!(content["example"].is_object(), "{id} {name}: an example");
        }
        let success = ["200", "201", "204"].iter().find_map(|status| operation["responses"].get(status)).unwrap();
        let data = &success["content"]["application/json"];
        assert!(
            data.is_null() || data["schema"].get("contentMediaType").is_some() || !data["example"].is_null(),
            "{id}"
        );
    }
    assert_eq!(ids.len(), rows().len());
}

/// A cursor is sealed, so whoever takes one may find that it is not ours. Random requests find that too, but not always.
#[test]
fn who_takes_a_cursor_declares_that_it_may_be_refused() {
    let mut seen = 0;
    for row in rows() {
        let takes = |name: &str| row.op.query.iter().any(|param| param.name == name);
        if !["after", "unread"].into_iter().any(takes) {
            continue;
        }
        let refused = row.problems().remove(&StatusCode::BAD_REQUEST.as_u16()).unwrap_or_default();
        assert!(refused.contains("cursor"), "{}: 400 `cursor` is not declared", row.op.id);
        seen += 1;
    }
    assert!(seen > 8, "{seen} take cursors");
}

#[test]
fn every_example_of_an_input_is_taken_by_its_parser() {
    for row in rows() {
        let Some(asked) = row.op.input else { continue };
        let fields = (asked.fields)();
        if fields.iter().any(|field| field.is_file() && field.required) {
            continue;
        }
        let example: Map<_, _> =
            fields.iter().filter_map(|field| Some((field.name.to_owned(), field.example()?))).collect();
        let taken = (asked.takes)(&Value::Object(example.clone()));
        let problems = taken.err().and_then(|error| error.form).map(|form| form.problems().to_vec());
        assert!(problems.is_none(), "{}: {example:?} {problems:?}", row.op.id);
    }
}

#[test]
fn every_example_fits_its_schema() {
    let mut fitted = 0;
    for (_, _, operation) in operations() {
        let answers =
            operation["responses"].as_object().unwrap().keys().map(|status| answer(operation, status).unwrap());
        for content in answers.chain([&operation["requestBody"]]).filter_map(|one| one["content"].as_object()) {
            for (kind, content) in
                content.iter().filter(|(kind, one)| !one["example"].is_null() && !kind.contains("form"))
            {
                let wrong: Vec<_> =
                    validator(&content["schema"]).iter_errors(&content["example"]).map(|e| e.to_string()).collect();
                assert!(wrong.is_empty(), "{} {kind}: {wrong:?} {}", operation["operationId"], content["example"]);
                fitted += 1;
            }
        }
    }
    assert!(fitted > 300, "{fitted} examples");
}

#[tokio::test]
async fn every_code_has_its_sentence() {
    let world = World::new().await;
    let words = Words::new(world.app.catalogue(), Locale::Zh);
    for row in rows() {
        for code in row.problems().into_values().flatten() {
            assert!(words.find(&format!("error-{code}"), &[]).is_some(), "{}: {code} has no text", row.op.id);
        }
    }
}
