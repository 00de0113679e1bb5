//! The journal of tombstones: apart from what is backed up, writable, sound, and of one mind with the database.

use super::folder::or_here;
use super::{Finding, Visit};
use jiff::SignedDuration;
use kit::db::Db;
use rustix::fs::{Access, access};
use std::collections::HashSet;
use std::path::Path;
use vault::Error;
use vault::tombstone::{Journal, JournalError, Tombstone, following};

const CHECK: &str = "tombstones";

/// How long the journal may be behind the table: the job that writes it may be tried again.
const GRACE: SignedDuration = SignedDuration::from_mins(5);

/// Place, content, and what the database says.
pub(super) async fn all(visit: &mut Visit<'_>, main: Option<&Db>) {
    let path = visit.config.tombstone_journal.clone();
    if let Some(finding) = place(visit, &path) {
        return visit.note(finding);
    }
    let written = match Journal::at(&path).read() {
        Ok(written) => written,
        Err(JournalError::Missing(_)) => Vec::new(),
        Err(error) => {
            let todo = "restore the file from a copy; if the database was never restored, move it away: the next start makes it anew";
            return visit.note(Finding::fail(CHECK, error.to_string(), todo));
        }
    };
    let shown = path.display();
    let Some(main) = main else {
        return visit.note(Finding::ok(CHECK, format!("{} in {shown}", written.len())));
    };
    let finding = match stored(main).await {
        Ok(stored) => compared(visit, &written, &stored, &path),
        Err(error) => {
            Finding::fail(CHECK, format!("the table cannot be read: {error}"), "see what is said of the database")
        }
    };
    visit.note(finding);
}

/// What is wrong with where it is.
fn place(visit: &Visit<'_>, path: &Path) -> Option<Finding> {
    let folder = path.parent().map(or_here)?;
    let shown = path.display();
    let real = folder.canonicalize().ok();
    for (name, other) in [("data_dir", &visit.config.data_dir), ("key_dir", &visit.config.key_dir)] {
        let inside = real.as_ref().zip(other.canonicalize().ok()).is_some_and(|(real, other)| real.starts_with(other));
        if inside {
            let what =
                format!("{shown} really lies inside {name}, by a link: a restore would take back who was erased");
            return Some(Finding::fail(CHECK, what, "move its folder elsewhere"));
        }
    }
    let target = if path.exists() { path.to_owned() } else { folder };
    let above = target.ancestors().map(or_here).find(|above| above.exists())?;
    access(&above, Access::WRITE_OK).err().map(|error| {
        let what = format!("{shown} cannot be written: {error}; keys of who is erased would stay");
        Finding::fail(CHECK, what, "give it to the program's user")
    })
}

async fn stored(main: &Db) -> Result<Vec<Tombstone>, Error> {
    let (mut all, mut after) = (Vec::<Tombstone>::new(), None);
    loop {
        let page = main.read(move |tx| following(tx, after, 1000)).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = Some(last.subject);
        all.extend(page);
    }
}

fn compared(visit: &Visit<'_>, written: &[Tombstone], stored: &[Tombstone], path: &Path) -> Finding {
    let known = |stones: &[Tombstone]| stones.iter().map(|one| *one.subject.as_bytes()).collect::<HashSet<_>>();
    let (in_journal, in_table) = (known(written), known(stored));
    let shown = path.display();
    let unknown = in_journal.difference(&in_table).count();
    if unknown > 0 {
        let what = format!("{shown} has {unknown} erasures that the database does not know: it is an older one");
        return Finding::fail(CHECK, what, "start `ziyun serve`: it erases them again before it serves");
    }
    let now = visit.clock.now();
    let missing =
        stored.iter().filter(|one| !in_journal.contains(one.subject.as_bytes()) && now.duration_since(one.at) > GRACE);
    match missing.count() {
        0 => Finding::ok(CHECK, format!("{} in {shown}, as in the database", in_table.len())),
        missing => {
            let what = format!("{missing} of who was erased are not in {shown}: a restore would bring them back");
            Finding::fail(CHECK, what, "start `ziyun serve` anew: it writes what is missing; see why jobs fail")
        }
    }
}
