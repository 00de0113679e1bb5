//! The companies of a state as a spreadsheet, for the operator's reviewers: what the queue shows, company data only. Rows are read some
//! at a time and written as they come, so that a hundred thousand take little memory.

use super::State;
use super::store::{self, Facts, PAGE};
use crate::app::App;
use crate::web::table::{self, Book, Text};
use crate::web::text::Words;
use crate::web::{Context, Ctx, Error, Operator, Param, Reviewer};
use axum::extract::State as Of;
use axum::response::Response;
use jiff::tz::TimeZone;
use kit::db;
use kit::sheet::Cell;

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

/// The companies of a state, some at a time.
struct Reading {
    app: App,
    operator: Operator,
    state: State,
    words: Words,
    after: Option<(i64, [u8; 16])>,
}

impl Reading {
    /// `?state=pending|approved|refused`, waiting ones when not said.
    fn begin(app: App, reviewer: &Reviewer, context: &Context) -> Self {
        let state = context.parameter("state").map_or(State::Pending, |code| State::from_code(&code));
        let words = Words::new(app.catalogue(), context.locale);
        Self { app, operator: Operator::clone(reviewer), state, words, after: Some((i64::MIN, [0; 16])) }
    }

    fn name(&self) -> String {
        format!("companies-{}", self.state.code())
    }

    async fn some(&mut self) -> Result<Option<Vec<Facts>>, Error> {
        let Some(after) = self.after else { return Ok(None) };
        let (operator, state) = (self.operator.clone(), self.state);
        let read = self.app.db().read::<_, db::Error>(move |tx| store::list(tx, &operator, state, after));
        let mut companies = read.await?;
        let is_more = companies.len() > PAGE;
        companies.truncate(PAGE);
        let last = companies.last().filter(|_| is_more);
        self.after = last.map(|last| (last.created_at.as_microsecond(), *last.id.as_bytes()));
        Ok(Some(companies))
    }
}

/// As a workbook.
pub async fn workbook(Of(app): Of<App>, operator: Reviewer, context: Ctx) -> Result<Response, Error> {
    let mut reading = Reading::begin(app, &operator, &context);
    let columns = table::columns(&reading.words, &COLUMNS);
    let mut book = Book::new(reading.words.text("companies", &[]), columns);
    while let Some(companies) = reading.some().await? {
        let rows = companies.into_iter().map(|facts| row(&reading.words, reading.app.zone(), facts)).collect();
        book.push(rows).await;
    }
    book.finish(&reading.name()).await
}

/// The same as csv.
pub async fn text(Of(app): Of<App>, operator: Reviewer, context: Ctx) -> Result<Response, Error> {
    let mut reading = Reading::begin(app, &operator, &context);
    let mut table = Text::new(&COLUMNS.map(|(key, _)| reading.words.text(key, &[])))?;
    while let Some(companies) = reading.some().await? {
        for facts in companies {
            let at = facts.created_at.to_zoned_datetime(reading.app.zone()).strftime("%Y-%m-%d %H:%M").to_string();
            let [name, code, sides, state] = cells(&reading.words, facts);
            table.push(&[name, code, sides, at, state])?;
        }
    }
    table.finish(&reading.name())
}

fn row(words: &Words, zone: TimeZone, facts: Facts) -> Vec<Cell<'static>> {
    let at = facts.created_at.to_zoned_datetime(zone).datetime();
    let [name, code, sides, state] = cells(words, facts);
    vec![name.into(), code.into(), sides.into(), Cell::When(at), state.into()]
}

fn cells(words: &Words, facts: Facts) -> [String; 4] {
    let sides = [(facts.buyer, "company-buyer"), (facts.provider, "company-provider")];
    let sides: Vec<_> = sides.into_iter().filter(|(is, _)| *is).map(|(_, key)| words.text(key, &[])).collect();
    let sides = sides.join(words.locale.pick("、", ", "));
    [facts.name, facts.credit_code, sides, words.text(facts.state.word(), &[])]
}
