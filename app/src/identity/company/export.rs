//! The companies of a state as a spreadsheet, for the operator's reviewers: what the queue shows, company data only. Rows are read some
//! at a time and written as they come, so that a hundred thousand take little memory.

use super::State;
use super::store::{self, Facts, PAGE};
use crate::app::App;
use crate::web::table::{Text, file};
use crate::web::text::Words;
use crate::web::{Context, Ctx, Error, Operator, Param, Reviewer};
use axum::extract::State as Of;
use axum::response::Response;
use jiff::tz::TimeZone;
use kit::db;
use kit::sheet::{Cell, Column, Sheet, XLSX, write};
use std::io::Cursor;
use tokio::sync::mpsc;

/// The parameter, for the description of the API.
pub const PARAMETERS: &[Param] = &[Param { name: "state", about: "pending, approved or refused", example: "pending" }];

/// The keys of the columns, and how many characters wide they are.
const COLUMNS: [(&str, u16); 5] = [
    ("company-company", 40),
    ("company-credit_code", 22),
    ("company-side", 18),
    ("company-since", 18),
    ("company-state", 12),
];

/// `?state=pending|approved|refused`, waiting ones when not said.
pub async fn workbook(Of(app): Of<App>, operator: Reviewer, context: Ctx) -> Result<Response, Error> {
    let (state, words) = asked(&app, &context);
    // What has been read waits for the writer, and the reader for it.
    let (send, mut receive) = mpsc::channel::<Vec<Facts>>(1);
    let (told, zone) = (words.clone(), app.zone());
    let writing = tokio::task::spawn_blocking(move || {
        let rows = std::iter::from_fn(|| receive.blocking_recv()).flatten().map(|facts| row(&told, &zone, facts));
        let column = |(key, width): (&str, u16)| Column { title: told.text(key, &[]), width, ..Column::default() };
        let mut content = Cursor::new(Vec::new());
        let sheet = Sheet { name: told.text("companies", &[]), columns: COLUMNS.map(column).to_vec(), rows };
        write(sheet, &mut content).map(|()| content.into_inner())
    });
    let mut after = Some((i64::MIN, [0; 16]));
    while let Some(from) = after {
        let (companies, next) = page(&app, &operator, state, from).await?;
        if send.send(companies).await.is_err() {
            break;
        }
        after = next;
    }
    drop(send);
    let content = writing.await.map_err(Error::fault)?.map_err(Error::fault)?;
    Ok(file(XLSX, &format!("companies-{}.xlsx", state.code()), content))
}

/// The same as csv.
pub async fn text(Of(app): Of<App>, operator: Reviewer, context: Ctx) -> Result<Response, Error> {
    let (state, words) = asked(&app, &context);
    let head = COLUMNS.map(|(key, _)| words.text(key, &[]));
    let mut table = Text::new(&head)?;
    let mut after = Some((i64::MIN, [0; 16]));
    while let Some(from) = after {
        let (companies, next) = page(&app, &operator, state, from).await?;
        for facts in companies {
            let at = facts.created_at.to_zoned_datetime(app.zone()).strftime("%Y-%m-%d %H:%M").to_string();
            let [name, code, sides, state] = cells(&words, facts);
            table.push(&[name, code, sides, at, state])?;
        }
        after = next;
    }
    table.finish(&format!("companies-{}", state.code()))
}

fn asked(app: &App, context: &Context) -> (State, Words) {
    let state = context.parameter("state").map_or(State::Pending, |code| State::from_code(&code));
    (state, Words::new(app.catalogue(), context.locale))
}

/// Where rows go on: after the row with this instant and id.
type After = (i64, [u8; 16]);

async fn page(
    app: &App,
    operator: &Operator,
    state: State,
    after: After,
) -> Result<(Vec<Facts>, Option<After>), Error> {
    let operator = operator.clone();
    let mut companies = app.db().read::<_, db::Error>(move |tx| store::list(tx, &operator, state, after)).await?;
    let is_more = companies.len() > PAGE;
    companies.truncate(PAGE);
    let last = companies.last().filter(|_| is_more);
    let next = last.map(|last| (last.created_at.as_microsecond(), *last.id.as_bytes()));
    Ok((companies, next))
}

fn row(words: &Words, zone: &TimeZone, facts: Facts) -> [Cell<'static>; 5] {
    let at = facts.created_at.to_zoned_datetime(zone.clone()).datetime();
    let [name, code, sides, state] = cells(words, facts);
    [name.into(), code.into(), sides.into(), Cell::When(at), state.into()]
}

fn cells(words: &Words, facts: Facts) -> [String; 4] {
    let sides = [(facts.buyer, "company-buyer"), (facts.provider, "company-provider")];
    let sides: Vec<_> = sides.into_iter().filter(|(is, _)| *is).map(|(_, key)| words.text(key, &[])).collect();
    let sides = sides.join(words.locale.pick("、", ", "));
    [facts.name, facts.credit_code, sides, words.text(facts.state.word(), &[])]
}
