//! The list of providers as a file for anybody: of each line what law and rules want public and what it serves, and no way of contact,
//! since a file is no use for reaching one provider. Rows are read some at a time and written as they come.

use super::directory;
use super::filter::Filter;
use super::public::Public;
use crate::app::App;
use crate::web::limit::{self, Limit, source};
use crate::web::table::{self, Book, Text};
use crate::web::text::Words;
use crate::web::{Context, Ctx, Error};
use axum::extract::State;
use axum::response::Response;
use jiff::SignedDuration;
use kit::search::Position;
use kit::sheet::Cell;

/// The most rows of a file: of more a filter makes several.
pub const MOST: usize = 20_000;

/// Files that one source fetches.
static FROM_ONE_SOURCE: Limit = Limit { name: "provider-file", burst: 10, every: SignedDuration::from_mins(1) };

/// The keys of the columns, and how many characters wide they are.
const COLUMNS: [(&str, u16); 10] = [
    ("provider-name", 40),
    ("provider-kind", 18),
    ("provider-credit-code", 22),
    ("provider-permits", 40),
    ("provider-exempt", 40),
    ("provider-verified", 14),
    ("provider-closes-on", 14),
    ("provider-services", 40),
    ("provider-regions", 30),
    ("provider-page", 60),
];

/// The providers of a filter, some at a time.
struct Reading {
    app: App,
    words: Words,
    filter: Filter,
    /// Where it goes on: at the beginning, after a position, or nowhere.
    after: Option<Option<Position>>,
    left: usize,
}

impl Reading {
    async fn begin(app: App, context: &Context) -> Result<Self, Error> {
        let (filter, _) = Filter::read(context)?;
        let counted = app.limits().of(&FROM_ONE_SOURCE, &[&source(context.ip)]);
        limit::take(app.db(), std::slice::from_ref(&counted)).await?;
        let words = Words::new(app.catalogue(), context.locale);
        Ok(Self { app, words, filter, after: Some(None), left: MOST })
    }

    async fn some(&mut self) -> Result<Option<Vec<[String; 10]>>, Error> {
        let Some(after) = self.after.filter(|_| self.left > 0) else { return Ok(None) };
        let (pages, next) = directory::some(&self.app, &self.filter, after).await?;
        self.after = next.map(Some);
        let rows: Vec<_> = pages.into_iter().take(self.left).map(|page| self.row(page)).collect();
        self.left -= rows.len();
        Ok(Some(rows))
    }

    fn row(&self, page: Public) -> [String; 10] {
        let (words, comma) = (&self.words, self.words.locale.pick("、", ", "));
        let profile = page.profile.unwrap_or_default();
        let services = profile.categories().into_iter().map(|one| words.locale.pick(&one.zh, &one.en));
        let regions = profile.provinces().into_iter().map(|one| words.locale.pick(one.name_zh, one.name_en));
        let permits = page.permits.into_iter().map(|one| format!("{} {}", one.name, one.number));
        let day = page.verified_at.to_zoned_datetime(self.app.zone()).date();
        [
            page.name,
            words.text(page.kind.word(), &[]),
            page.credit_code,
            permits.collect::<Vec<_>>().join(comma),
            page.exemption.unwrap_or_default(),
            day.to_string(),
            page.closes_on.map(|day| day.to_string()).unwrap_or_default(),
            services.collect::<Vec<_>>().join(comma),
            regions.collect::<Vec<_>>().join(comma),
            self.app.config().address(&format!("/providers/{}", page.id)),
        ]
    }
}

/// As a workbook.
pub async fn workbook(State(app): State<App>, context: Ctx) -> Result<Response, Error> {
    let mut reading = Reading::begin(app, &context).await?;
    let columns = table::columns(&reading.words, &COLUMNS);
    let mut book = Book::new(reading.words.text("provider-list", &[]), columns);
    while let Some(rows) = reading.some().await? {
        book.push(rows.into_iter().map(|row| row.into_iter().map(Cell::from).collect()).collect()).await;
    }
    book.finish("providers").await
}

/// As csv.
pub async fn text(State(app): State<App>, context: Ctx) -> Result<Response, Error> {
    let mut reading = Reading::begin(app, &context).await?;
    let mut table = Text::new(&COLUMNS.map(|(key, _)| reading.words.text(key, &[])))?;
    while let Some(rows) = reading.some().await? {
        rows.iter().try_for_each(|row| table.push(row))?;
    }
    table.finish("providers")
}
