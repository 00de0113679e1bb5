//! The search index follows the publications.

use super::row::Notice;
use super::store;
use crate::app::App;
use crate::index::{self, Happened};
use crate::web::Error;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::search::Document;

/// One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move { index::follow(&app, App::search, happened).await })
}

fn happened(tx: &mut Tx, seen: i64) -> Result<Happened, db::Error> {
    let (published, last) = store::published_after(tx, seen)?;
    let cursor = published.last().map(|(seq, _)| *seq);
    let documents = published.iter().map(|(_, notice)| document(notice)).collect();
    Ok(Happened { cursor, last, documents, gone: Vec::new() })
}

/// What can be searched for: the title, and all texts that the page shows.
fn document(notice: &Notice) -> Document {
    let mut labels = vec![
        format!("kind:{}", notice.kind.code()),
        format!("category:{}", notice.category.code),
        format!("category:{}", notice.category.group()),
    ];
    if let Some(region) = notice.region {
        labels.push(format!("region:{}", region.code));
        labels.push(format!("region:{}", region.province().code));
    }
    // What a snippet shows first comes first.
    let texts = [
        &notice.content,
        &notice.qualification,
        &notice.performance,
        &notice.winner,
        &notice.buyer,
        &notice.agent,
        &notice.project_no,
    ];
    let texts: Vec<&str> = texts.into_iter().flatten().map(String::as_str).collect();
    Document {
        id: *notice.id.as_bytes(),
        title: notice.title.clone(),
        body: texts.join("\n"),
        labels,
        at: notice.published.at.as_microsecond(),
        due: notice.deadline.map(|deadline| deadline.at.as_microsecond()),
        amount: notice.budget.filter(|budget| budget.currency == "CNY").map(|budget| budget.minor),
    }
}
