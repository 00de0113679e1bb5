//! How a search index follows events. An index is disposable: who shows what it finds reads the rows again.

use crate::app::App;
use crate::web::Error;
use kit::db::{self, Tx};
use kit::search::{Document, Index};

/// What has happened after an event, as an index is to have it.
pub struct Happened {
    /// The number of the last event that was looked at; none where there is none.
    pub cursor: Option<i64>,
    /// The last number that there is.
    pub last: i64,
    /// What is to be found, as it is now.
    pub documents: Vec<Document>,
    /// What is to be found no more.
    pub gone: Vec<[u8; 16]>,
}

/// One step: puts what has happened next into this process's index. An index that has seen more events than there are belongs to another
/// database and is filled anew.
///
/// # Errors
/// Of the database; 500 when the index cannot be written.
pub async fn follow(
    app: &App,
    index: fn(&App) -> &Index,
    happened: impl Fn(&mut Tx, i64) -> Result<Happened, db::Error> + Send + 'static,
) -> Result<usize, Error> {
    let seen = index(app).cursor();
    let happened = app.db().read::<_, db::Error>(move |tx| happened(tx, seen)).await?;
    if seen > happened.last {
        return app.on_index(move |app| index(app).wipe()).await.map(|()| 1);
    }
    let Happened { cursor, last, documents, gone } = happened;
    let Some(cursor) = cursor else {
        index(app).skip(last);
        return Ok(0);
    };
    let done = documents.len() + gone.len();
    app.on_index(move |app| index(app).change(&documents, &gone, cursor)).await?;
    Ok(done.max(1))
}
