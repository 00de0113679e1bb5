//! The index of demands that anybody may read follows their events, and holds public texts only.

use super::demand::Demand;
use super::filter::Filter;
use super::list;
use crate::app::App;
use crate::index::{self, Happened};
use crate::reach::category;
use crate::web::Error;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::search::{Document, Found, Query};
use kit::{follower, values};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Where it lies in the node's folder.
pub const FOLDER: &str = "demands";

/// How many events a step reads.
const STEP: i64 = 500;

/// The body of an event about a demand.
#[derive(Deserialize)]
struct Of {
    demand: Id<Demand>,
}

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move { index::follow(&app, App::demands, happened).await })
}

fn happened(tx: &mut Tx, seen: i64) -> Result<Happened, db::Error> {
    let last = follower::last(tx)?;
    let sql = "SELECT seq, body FROM event WHERE kind IN ('demand.published', 'demand.changed', 'demand.closed') \
         AND seq > $1 ORDER BY seq LIMIT $2";
    let bodies: Vec<(i64, String)> = tx.all(sql, values![seen, STEP], |row| Ok((row.next()?, row.next()?)))?;
    let mut ids = BTreeSet::new();
    for (_, body) in &bodies {
        let Of { demand } = serde_json::from_str(body).map_err(|e| db::Error::Engine(format!("of a demand: {e}")))?;
        ids.insert(*demand.as_bytes());
    }
    let ids: Vec<Id<Demand>> = ids.into_iter().map(Id::from_bytes).collect();
    let public = list::public_of(tx, &ids)?;
    let is_gone = |id: &&Id<Demand>| public.iter().all(|demand| demand.id != **id);
    let gone = ids.iter().filter(is_gone).map(|id| *id.as_bytes()).collect();
    let documents = public.iter().map(document).collect();
    Ok(Happened { cursor: bodies.last().map(|(seq, _)| *seq), last, documents, gone })
}

/// What can be searched for: what the page shows to everybody. A budget that is not shown finds nothing.
fn document(demand: &Demand) -> Document {
    let content = &demand.content;
    let mut labels = vec![format!("category:{}", content.category), format!("region:{}", content.region)];
    labels.extend(category::by_code(&content.category).map(|one| format!("category:{}", one.group())));
    labels.sort_unstable();
    labels.dedup();
    Document {
        id: *demand.id.as_bytes(),
        title: content.title.clone(),
        body: format!("{}\n{}", content.summary, demand.company_name),
        labels,
        at: demand.published_at.map_or(0, |at| at.as_microsecond()),
        due: content.wanted_on.map(super::demand::stored),
        amount: content.budget,
    }
}

impl Filter {
    /// The question to the index. Days are compared as they are stored.
    pub fn query(&self) -> Query {
        let mut labels = Vec::new();
        labels.extend(self.category.as_ref().map(|code| vec![format!("category:{code}")]));
        labels.extend(self.region.as_ref().map(|code| vec![format!("region:{code}")]));
        Query {
            words: self.words.clone(),
            labels,
            amount_from: self.budget_from,
            amount_until: self.budget_until,
            due_from: self.wanted_from.map(super::demand::stored),
            due_until: self.wanted_until.map(|day| super::demand::stored(day) + 1),
            ..Query::default()
        }
    }
}

/// Asks it.
///
/// # Errors
/// 500 when it cannot be read.
pub async fn search(app: &App, query: Query) -> Result<Found, Error> {
    app.on_index(move |app| app.demands().search(&query)).await
}
