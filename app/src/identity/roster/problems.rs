//! The rows that are not carried out, as a workbook with why: corrected, it is a list to be handed in.

use super::Import;
use super::judge::Verdict;
use super::page::{Line, judged, lines};
use super::typed::Typed;
use crate::app::App;
use crate::identity::listing::handed;
use crate::identity::people::Duties;
use crate::web::text::Words;
use crate::web::{At, Ctx, Error, Owner};
use axum::extract::State;
use axum::response::Response;
use kit::id::Id;
use kit::sheet::{Cell, Column};

pub async fn workbook(
    State(app): State<App>,
    context: Ctx,
    owner: Owner,
    At(id): At<Id<Import>>,
) -> Result<Response, Error> {
    context.refuse_prefetch()?;
    let (list, judged) = judged(&app, &owner, id).await?;
    if list.forgotten_at.is_some() {
        return Err(Error::not_found());
    }
    let is_problem = |(kept, verdict): &(super::store::Kept, Option<Verdict>)| {
        matches!(kept.outcome.as_str(), "broken" | "refused") || matches!(verdict, Some(Verdict::Refuse { .. }))
    };
    let judged = judged.into_iter().filter(is_problem).collect();
    let lines = lines(&app, &context, &owner, id, judged).await?;
    let words = Words::new(app.catalogue(), context.locale);
    let column = |key: &str, width| Column { title: words.text(key, &[]), width, ..Column::default() };
    let columns = vec![
        column("roster-column-email", 32),
        column("roster-column-duties", 28),
        column("roster-column-why", 70),
        column("roster-column-row", 8),
    ];
    let rows = lines.into_iter().map(|line| row(&words, line));
    handed(&words.text("roster-sheet-problems", &[]), "problems", columns, rows.collect())
}

fn row(words: &Words, line: Line) -> Vec<Cell<'static>> {
    let why: Vec<_> = line.reasons().iter().map(|key| words.text(key, &[])).collect();
    let read = || Typed { email: line.email.unwrap_or_default(), duties: told(words, line.duties) };
    let cells = line.typed.unwrap_or_else(read);
    vec![cells.email.into(), cells.duties.into(), why.join(" ").into(), Cell::Number(line.number)]
}

/// Duties as a cell has them.
pub fn told(words: &Words, duties: Duties) -> String {
    let said: Vec<_> = duties.list().into_iter().map(|duty| words.text(&duty.word(), &[])).collect();
    said.join(words.locale.pick("、", ", "))
}
