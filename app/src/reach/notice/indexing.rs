//! The search index follows the publications.

use super::row::Notice;
use super::store;
use crate::app::App;
use crate::web::Error;
use futures::future::BoxFuture;
use kit::db;
use kit::search::Document;

/// One step: puts the next notices into this process's index. An index that has seen more events than there are belongs
/// to another database and is filled anew.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move {
        let seen = app.search().cursor();
        let (published, last) = app.db().read::<_, db::Error>(move |tx| store::published_after(tx, seen)).await?;
        if seen > last {
            app.on_index(|app| app.search().wipe()).await?;
            return Ok(1);
        }
        let Some(cursor) = published.last().map(|(seq, _)| *seq) else {
            app.search().skip(last);
            return Ok(0);
        };
        let documents: Vec<Document> = published.iter().map(|(_, notice)| document(notice)).collect();
        let done = documents.len();
        app.on_index(move |app| app.search().apply(&documents, cursor)).await?;
        Ok(done)
    })
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
