//! The empty list, to be filled in: a workbook with notes and the duties to choose from, or csv.

use crate::app::App;
use crate::identity::listing::handed;
use crate::identity::people::Duty;
use crate::web::table::csv;
use crate::web::text::Words;
use crate::web::{Ctx, Error, Owner};
use axum::extract::State;
use axum::response::Response;
use kit::sheet::{Column, Rule};

pub async fn workbook(State(app): State<App>, context: Ctx, _: Owner) -> Result<Response, Error> {
    let words = Words::new(app.catalogue(), context.locale);
    let text = |key: &str| words.text(key, &[]);
    let offered: Vec<_> = Duty::ALL.into_iter().map(|duty| text(&duty.word())).collect();
    let columns = vec![
        Column { title: text("roster-column-email"), width: 36, note: Some(text("roster-note-email")), rule: None },
        Column {
            title: text("roster-column-duties"),
            width: 36,
            note: Some(
                words.text("roster-note-duties", &[("duties", offered.join(words.locale.pick("、", ", ")).into())]),
            ),
            rule: Some(Rule { offered, told: text("roster-note-several") }),
        },
    ];
    handed(&text("roster-sheet"), "members", columns, Vec::new())
}

pub async fn text(State(app): State<App>, context: Ctx, _: Owner) -> Result<Response, Error> {
    let words = Words::new(app.catalogue(), context.locale);
    let head = ["roster-column-email", "roster-column-duties"].map(|key| words.text(key, &[]));
    csv("members", &head.each_ref().map(String::as_str), &[])
}
