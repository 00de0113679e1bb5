//! The empty list, to be filled in: a workbook with notes and the words to choose from, or csv.

use super::row::COLUMNS;
use crate::app::App;
use crate::identity::company::part::{Kind, Nature};
use crate::identity::listing::handed;
use crate::web::table::csv;
use crate::web::text::Words;
use crate::web::{Administrator, Ctx, Error};
use axum::extract::State;
use axum::response::Response;
use kit::sheet::{Column, Rule};

pub async fn workbook(State(app): State<App>, context: Ctx, _: Administrator) -> Result<Response, Error> {
    let words = Words::new(app.catalogue(), context.locale);
    let columns = COLUMNS.into_iter().map(|(field, _)| column(&words, field)).collect();
    handed(&words.text("company-list-sheet", &[]), "companies", columns, Vec::new())
}

pub async fn text(State(app): State<App>, context: Ctx, _: Administrator) -> Result<Response, Error> {
    let words = Words::new(app.catalogue(), context.locale);
    let head = COLUMNS.map(|(field, _)| words.text(&format!("company-list-field-{field}"), &[]));
    csv("companies", &head.each_ref().map(String::as_str), &[])
}

fn column(words: &Words, field: &str) -> Column {
    let text = |key: &str| words.text(key, &[]);
    let offered: Vec<_> = match field {
        "kind" => Kind::ALL.iter().map(|kind| text(kind.word())).collect(),
        "nature" => Nature::ALL.iter().map(|nature| text(nature.word())).collect(),
        "sides" => ["company-buyer", "company-provider", "company-list-both"].map(text).to_vec(),
        _ => Vec::new(),
    };
    // Programs take a comma for the end of a value.
    let is_list = !offered.is_empty() && offered.iter().all(|value| !value.contains(','));
    let rule = is_list.then(|| Rule { offered, told: text("company-list-offered") });
    let width = if matches!(field, "company" | "address" | "email") { 36 } else { 20 };
    let note = Some(text(&format!("company-list-note-{field}")));
    Column { title: text(&format!("company-list-field-{field}")), width, note, rule }
}
