//! Asking the index of providers.

use super::filter::Filter;
use super::page::Line;
use super::public::Public;
use super::store::{self, PAGE};
use crate::app::App;
use crate::identity::company::Company;
use crate::reach::category;
use crate::web::Error;
use kit::db;
use kit::id::Id;
use kit::search::{Found, Position, Query};

/// What a provider can be filtered by.
pub fn labels(page: &Public) -> Vec<String> {
    let profile = page.profile.clone().unwrap_or_default();
    let mut labels = vec![format!("kind:{}", page.kind.code())];
    for category in profile.categories() {
        labels.push(format!("category:{}", category.code));
        labels.push(format!("category:{}", category.group()));
    }
    labels.extend(profile.provinces().iter().map(|province| format!("region:{}", province.code)));
    labels.sort_unstable();
    labels.dedup();
    labels
}

impl Filter {
    /// The question to the index.
    fn query(&self) -> Query {
        let mut labels = Vec::new();
        labels.extend(self.kind.map(|kind| vec![format!("kind:{}", kind.code())]));
        labels.extend(self.category.as_ref().map(|code| vec![format!("category:{code}")]));
        labels.extend(self.region.as_ref().map(|code| vec![format!("region:{code}")]));
        Query { words: self.words.clone(), labels, ..Query::default() }
    }

    /// Whether a code is a category or a group of them.
    pub fn is_category(code: &str) -> bool {
        category::is_code(code)
    }
}

/// The lines of a page, the cursor of the next one, and how many there are.
pub async fn page(
    app: &App,
    filter: &Filter,
    after: Option<String>,
) -> Result<(Vec<Line>, Option<String>, usize), Error> {
    let bound = filter.address(None);
    let after = after.map(|cursor| app.cursors().open_position(&cursor, &bound)).transpose()?;
    let found = search(app, Query { after, limit: PAGE, ..filter.query() }).await?;
    let last = found.hits.last().filter(|_| found.more);
    let next = last.map(|hit| app.cursors().seal_position(hit.position, &bound));
    let ids: Vec<Id<Company>> = found.hits.iter().map(|hit| Id::from_bytes(hit.id)).collect();
    let pages = app.db().read::<_, db::Error>(move |tx| store::of_ids(tx, &ids)).await?;
    let mut hits = found.hits;
    let lines = pages.into_iter().map(|page| {
        let hit = hits.iter_mut().find(|hit| hit.id == *page.id.as_bytes());
        let marks = hit.map(|hit| (std::mem::take(&mut hit.title), std::mem::take(&mut hit.snippet)));
        Line::new(page, marks.filter(|_| !filter.words.is_empty()))
    });
    Ok((lines.collect(), next, found.total))
}

/// How many a file reads of the index at once.
const AT_ONCE: usize = 25 * PAGE;

/// Some pages of a filter after a position, and the position of the last where there are more.
pub async fn some(
    app: &App,
    filter: &Filter,
    after: Option<Position>,
) -> Result<(Vec<Public>, Option<Position>), Error> {
    let found = search(app, Query { after, limit: AT_ONCE, ..filter.query() }).await?;
    let next = found.hits.last().filter(|_| found.more).map(|hit| hit.position);
    let ids: Vec<Id<Company>> = found.hits.iter().map(|hit| Id::from_bytes(hit.id)).collect();
    let pages = app.db().read::<_, db::Error>(move |tx| store::of_ids(tx, &ids)).await?;
    Ok((pages, next))
}

async fn search(app: &App, query: Query) -> Result<Found, Error> {
    app.on_index(move |app| app.directory().search(&query)).await
}
