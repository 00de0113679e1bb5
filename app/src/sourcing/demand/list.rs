//! Lists of demands: the public one, what a provider is invited to, the company's own.

use super::demand::{Demand, State};
use super::filter::Filter;
use super::indexing::search;
use super::page::{Named, prepares};
use super::store::{COLUMNS, read};
use crate::app::App;
use crate::identity::people::Duties;
use crate::reach::{category, region};
use crate::sourcing::tender::{category_named, region_named};
use crate::web::{Context, Error, Locale, Provider, filters};
use askama::Template;
use kit::db::{self, Tx, Value};
use kit::id::Id;
use kit::search::Query;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// How many a page shows.
pub(super) const PAGE: usize = 20;

/// The demands that anybody may read and providers may answer, newest first, after the one with this time and id; one more than
/// [`PAGE`] when there are more.
///
/// # Errors
/// [`db::Error`].
pub(super) fn public(tx: &mut Tx, filter: &Filter, after: Option<(i64, [u8; 16])>) -> Result<Vec<Demand>, db::Error> {
    let (at, id) = after.unwrap_or((i64::MAX, [0xFF; 16]));
    let (conditions, more) = filter.conditions();
    let sql = format!(
        "SELECT {COLUMNS} WHERE d.state = 'published' AND d.audience = 'all' AND (d.published_at, d.id) < ($1, $2){conditions} \
         ORDER BY d.published_at DESC, d.id DESC LIMIT $3"
    );
    let mut values: Vec<Value> = values![at, id, PAGE as i64 + 1].to_vec();
    values.extend(more);
    Ok(tx.all(&sql, &values, read)?.into_iter().map(|demand| demand.read_by(None)).collect())
}

/// Those of these that anybody may read and providers may answer, in this order.
///
/// # Errors
/// [`db::Error`].
pub(super) fn public_of(tx: &mut Tx, ids: &[Id<Demand>]) -> Result<Vec<Demand>, db::Error> {
    let sql = |places: &str| {
        format!("SELECT {COLUMNS} WHERE d.id IN ({places}) AND d.state = 'published' AND d.audience = 'all'")
    };
    let mut found = tx.among(ids, sql, read)?;
    found.sort_by_key(|demand| ids.iter().position(|id| *id == demand.id));
    Ok(found.into_iter().map(|demand| demand.read_by(None)).collect())
}

/// A page of what was asked for, and the cursor of the next one: by words from the index, the best or the newest first, else the
/// newest. `bound` begins what a cursor belongs to.
///
/// # Errors
/// 400 `cursor`.
pub(super) async fn found(
    app: &App,
    filter: &Filter,
    (after, bound): (Option<String>, &str),
    newest: bool,
) -> Result<(Vec<Demand>, Option<String>), Error> {
    let bound = format!("{bound}{}", filter.address(None));
    if !filter.words.is_empty() {
        let after = after.map(|cursor| app.cursors().open_position(&cursor, &bound)).transpose()?;
        let found = search(app, Query { after, limit: PAGE, newest, ..filter.query() }).await?;
        let last = found.hits.last().filter(|_| found.more);
        let next = last.map(|hit| app.cursors().seal_position(hit.position, &bound));
        let ids: Vec<Id<Demand>> = found.hits.iter().map(|hit| Id::from_bytes(hit.id)).collect();
        return Ok((app.db().read::<_, db::Error>(move |tx| public_of(tx, &ids)).await?, next));
    }
    let after = after.map(|cursor| app.cursors().open(&cursor, &bound)).transpose()?;
    let asked = filter.clone();
    let mut rows = app.db().read::<_, Error>(move |tx| Ok(public(tx, &asked, after)?)).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let last = rows.last().filter(|_| more).and_then(|one| Some((one.published_at?.as_microsecond(), one.id)));
    Ok((rows, last.map(|(at, id)| app.cursors().seal(at, id.as_bytes(), &bound))))
}

/// What a provider is invited to and was published, newest first.
///
/// # Errors
/// [`db::Error`].
pub(super) fn inviting(tx: &mut Tx, provider: &Provider) -> Result<Vec<Demand>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS} JOIN demand_invitation v ON v.demand = d.id WHERE v.company = $1 AND d.audience = 'invited' \
         AND d.state <> $2 ORDER BY d.published_at DESC, d.id DESC LIMIT 100"
    );
    let found = tx.all(&sql, values![provider.company, State::Draft.code()], read)?;
    Ok(found.into_iter().map(|demand| demand.read_by(Some(provider.company))).collect())
}

/// The public list.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/demand/list.html")]
#[schemars(rename = "DemandList")]
pub struct List {
    /// What was asked for.
    pub filter: Filter,
    /// The demands of this page, newest first.
    pub demands: Vec<Named>,
    /// The address of the next page.
    pub next: Option<String>,
    /// Whether this is the first page.
    #[serde(skip)]
    pub first: bool,
    /// Whether its reader drafts demands.
    #[serde(skip)]
    pub prepares: bool,
}

impl List {
    /// Reads a page of it.
    ///
    /// # Errors
    /// 400 `demand-filter`, `cursor`.
    pub async fn read(app: &App, context: &Context, prepares: bool) -> Result<Self, Error> {
        let (filter, after) = Filter::read(context)?;
        let first = after.is_none();
        let (found, next) = found(app, &filter, (after, ""), false).await?;
        let next = next.map(|cursor| filter.address(Some(("after", &cursor))));
        let demands = found.into_iter().map(|demand| Named::new(demand, context.locale)).collect();
        Ok(Self { filter, demands, next, first, prepares })
    }

    fn category_zh(&self, code: &str) -> String {
        group(code).map_or_else(|| category_named(code, Locale::Zh), |one| one.zh.clone())
    }

    fn category_en(&self, code: &str) -> String {
        group(code).map_or_else(|| category_named(code, Locale::En), |one| one.en.clone())
    }

    fn region_zh(&self, code: &str) -> String {
        region_named(code, Locale::Zh)
    }

    fn region_en(&self, code: &str) -> String {
        region_named(code, Locale::En)
    }
}

fn group(code: &str) -> Option<&'static category::Group> {
    category::groups().iter().find(|group| group.code == code)
}

/// The company's own.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/demand/own.html")]
#[schemars(rename = "DemandOwnList")]
pub struct OwnList {
    /// The newest first.
    demands: Vec<Named>,
    /// Whether its reader drafts demands.
    #[serde(skip)]
    prepares: bool,
}

impl OwnList {
    /// The company's own.
    pub fn new(demands: Vec<Demand>, duties: Duties, locale: Locale) -> Self {
        let demands = demands.into_iter().map(|demand| Named::new(demand, locale)).collect();
        Self { demands, prepares: prepares(duties) }
    }

    /// Where a line leads: a draft to its form, for who may change it.
    fn href(&self, one: &Named) -> String {
        if self.prepares { one.href() } else { format!("/demands/{}", one.demand.id) }
    }
}
