//! Files beside the database: those of the newest rows are there. Both must be restored from the same time.

use super::{Finding, Visit};
use crate::sourcing::tender::newest_blobs;
use kit::blobs;
use kit::db::{Db, Error};

/// How many of the newest documents are looked for.
const SAMPLE: i64 = 50;

/// The newest documents of tenders.
pub(super) async fn all(visit: &mut Visit<'_>, main: &Db) {
    let root = visit.config.data_dir.join("blobs");
    let named = match main.read::<_, Error>(|tx| newest_blobs(tx, SAMPLE)).await {
        Ok(named) => named,
        Err(error) => {
            return visit.note(Finding::fail(
                "files",
                format!("their rows cannot be read: {error}"),
                "see what is said of the database",
            ));
        }
    };
    let is_gone =
        |(region, name): &&(String, String)| name.parse().map_or(true, |name| !blobs::is_there(&root, region, name));
    let gone = named.iter().filter(is_gone).count();
    visit.note(if gone == 0 {
        Finding::ok("files", format!("the newest {} are in {}", named.len(), root.display()))
    } else {
        let what = format!("{gone} of the newest {} are not in {}", named.len(), root.display());
        Finding::fail("files", what, "restore data_dir from the back-up of the same time as the database")
    });
}
