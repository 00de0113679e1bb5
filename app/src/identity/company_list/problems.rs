//! The rows that are not carried out, as a workbook with why. Addresses are not in it: the number says which row of the own file.

use super::page::{Line, problems};
use crate::app::App;
use crate::identity::listing::{Import, handed};
use crate::web::table::columns;
use crate::web::text::Words;
use crate::web::{Administrator, At, Ctx, Error};
use axum::extract::State;
use axum::response::Response;
use kit::id::Id;
use kit::sheet::Cell;

pub async fn workbook(
    State(app): State<App>,
    context: Ctx,
    by: Administrator,
    At(id): At<Id<Import>>,
) -> Result<Response, Error> {
    let lines = problems(&app, &by, id).await?;
    let words = Words::new(app.catalogue(), context.locale);
    let columns = columns(
        &words,
        &[
            ("roster-column-row", 8),
            ("company-list-field-company", 40),
            ("company-list-field-credit_code", 22),
            ("roster-column-why", 70),
        ],
    );
    let rows = lines.into_iter().map(|line| row(&words, line));
    handed(&words.text("roster-sheet-problems", &[]), "problems", columns, rows.collect())
}

fn row(words: &Words, line: Line) -> Vec<Cell<'static>> {
    let told = |(field, rule): (Option<String>, String)| {
        let field = field.map(|key| words.text(&key, &[]) + words.locale.pick("：", ": "));
        field.unwrap_or_default() + &words.text(&rule, &[])
    };
    let why: Vec<_> = line.reasons().into_iter().map(told).collect();
    let (company, code) = (line.company.unwrap_or_default(), line.credit_code.unwrap_or_default());
    vec![Cell::Number(line.number), company.into(), code.into(), why.join(" ").into()]
}
