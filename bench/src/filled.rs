//! Databases with many notices. The embedded ones stay under `bench/out/filled` from run to run, by the schema that they
//! were made with; a server's is copied from those, with the search index.

use crate::notices;
use crate::place::{Database, Place, runtime};
use app::app::migrations;
use app::reach::notice::{Notice, insert};
use app::web::Cursors;
use aws_lc_rs::digest::{SHA256, digest};
use kit::db;
use kit::id::Id;
use kit::values;
use postgres::{Client, NoTls};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Raised when the notices or the search index are made differently.
const EDITION: &str = "2";

/// What a server's database gets of an embedded one.
const TABLES: [&str; 4] = ["notice", "event", "sequencer", "follower"];

/// A database with notices.
pub struct Filled {
    /// The database.
    pub database: Database,
    /// The notices' ids and instants (µs), the oldest first.
    pub notices: Arc<Vec<(Id<Notice>, i64)>>,
    /// The program's cursors on it.
    pub cursors: Cursors,
}

/// One with so many, to be read only: the embedded one is the one that stays.
///
/// # Panics
/// When the disk or the server fails.
pub fn with(place: &Place, out: &Path, count: usize) -> Filled {
    let embedded = embedded(out, count);
    match place.engine {
        "sqlite" => ready(Database::kept(&embedded), &embedded),
        _ => own(place, out, count),
    }
}

/// The same, to be written too.
///
/// # Panics
/// When the disk or the server fails.
pub fn own(place: &Place, out: &Path, count: usize) -> Filled {
    let embedded = embedded(out, count);
    let database = place.database();
    if place.engine == "sqlite" {
        copy_folder(&embedded, &database.folder).expect("a folder is copied");
    } else {
        drop(database.app(&runtime()));
        copy(&embedded, &database, &TABLES);
        let (from, to) = (embedded.join("node").join("search"), database.folder.join("node").join("search"));
        copy_folder(&from, &to).expect("the index is copied");
    }
    ready(database, &embedded)
}

fn ready(database: Database, embedded: &Path) -> Filled {
    let runtime = runtime();
    let cursors = database.app(&runtime).cursors().clone();
    Filled { database, notices: Arc::new(read(embedded)), cursors }
}

fn embedded(out: &Path, count: usize) -> PathBuf {
    kept(out, &count.to_string(), |folder| fill(folder, count))
}

/// The folder of an embedded database that stays, by the schema of now; made by `fill` when it is not there.
///
/// # Panics
/// When the disk fails.
pub fn kept(out: &Path, name: &str, fill: impl FnOnce(&Path)) -> PathBuf {
    let all: String = migrations().iter().map(|step| step.sql.clone()).collect();
    let hash = digest(&SHA256, format!("{EDITION}{all}").as_bytes());
    let edition: String = hash.as_ref()[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    let filled = out.join("filled");
    std::fs::create_dir_all(&filled).expect("the folder can be written");
    for old in std::fs::read_dir(&filled).expect("a folder").flatten().filter(|old| *old.file_name() != *edition) {
        std::fs::remove_dir_all(old.path()).expect("an old folder can be removed");
    }
    let folder = filled.join(&edition).join(name);
    if !folder.exists() {
        let part = filled.join(&edition).join(format!("{name}.part"));
        if part.exists() {
            std::fs::remove_dir_all(&part).expect("a broken folder can be removed");
        }
        fill(&part);
        std::fs::rename(&part, &folder).expect("a folder can be renamed");
    }
    folder
}

fn fill(folder: &Path, count: usize) {
    let database = Database::kept(folder);
    let runtime = runtime();
    let app = database.app(&runtime);
    runtime.block_on(async {
        for some in notices::made(count, 4) {
            let unit = app.db().write::<_, db::Error>(move |tx| insert(tx, &some));
            unit.await.expect("notices are published");
        }
        app.db().write::<_, db::Error>(number).await.expect("their events are numbered");
        app.settle().await.expect("notices are indexed");
    });
}

/// What the sequencer would do, and the follower that passes them over, in one statement each.
fn number(tx: &mut db::Tx) -> Result<(), db::Error> {
    tx.execute(
        "UPDATE event SET seq = numbered.n FROM (SELECT id AS one, row_number() OVER (ORDER BY id) AS n FROM event) \
         AS numbered WHERE event.id = numbered.one",
        &[],
    )?;
    tx.execute("UPDATE sequencer SET last = (SELECT max(seq) FROM event)", &[])?;
    let sql = "INSERT INTO follower (name, seq) SELECT $1, last FROM sequencer";
    tx.execute(sql, values!["notice-tenders"]).map(drop)
}

fn open(folder: &Path) -> Connection {
    Connection::open(folder.join("data").join("ziyun.db")).expect("the file opens")
}

fn read(folder: &Path) -> Vec<(Id<Notice>, i64)> {
    let connection = open(folder);
    let sql = "SELECT id, published_at FROM notice ORDER BY published_at, id";
    let mut statement = connection.prepare(sql).expect("a statement");
    let rows = statement.query_map([], |row| Ok((Id::from_bytes(row.get(0)?), row.get(1)?))).expect("rows");
    rows.map(|row| row.expect("a row")).collect()
}

/// Copies tables of an embedded database into a server's, in place of what they hold there.
///
/// # Panics
/// When the disk or the server fails.
pub fn copy(from: &Path, to: &Database, tables: &[&str]) {
    let connection = open(from);
    let mut client = Client::connect(&to.url, NoTls).expect("the server answers");
    for table in tables {
        client.batch_execute(&format!("DELETE FROM {table}")).expect("an empty table");
        copy_table(&connection, &mut client, table);
    }
    tidy(to);
}

/// What a server does by itself within a minute: rows that were changed leave their indexes, and it knows its tables. An
/// embedded database needs none of it.
///
/// # Panics
/// When the server fails.
pub fn tidy(database: &Database) {
    if database.url.starts_with("postgres") {
        let mut client = Client::connect(&database.url, NoTls).expect("the server answers");
        client.batch_execute("VACUUM ANALYZE").expect("the server knows its tables");
    }
}

fn copy_table(connection: &Connection, client: &mut Client, table: &str) {
    let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).expect("a statement");
    let columns = statement.column_names().collect::<Vec<_>>().join(", ");
    let mut out = client.copy_in(&format!("COPY {table} ({columns}) FROM STDIN")).expect("the server takes rows");
    let (width, mut rows) = (statement.column_count(), statement.query([]).expect("rows"));
    let mut text = String::new();
    while let Some(row) = rows.next().expect("a row") {
        for column in 0..width {
            cell(&mut text, row.get_ref(column).expect("a cell"));
            text.push(if column + 1 == width { '\n' } else { '\t' });
        }
        if text.len() > 1 << 16 {
            out.write_all(text.as_bytes()).expect("the server takes rows");
            text.clear();
        }
    }
    out.write_all(text.as_bytes()).expect("the server takes rows");
    out.finish().expect("the server takes rows");
}

/// In the text format of COPY.
fn cell(text: &mut String, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => text.push_str("\\N"),
        ValueRef::Integer(number) => write!(text, "{number}").expect("memory takes text"),
        ValueRef::Real(number) => write!(text, "{number}").expect("memory takes text"),
        ValueRef::Text(bytes) => {
            let escaped = String::from_utf8_lossy(bytes).replace('\\', "\\\\").replace('\n', "\\n");
            text.push_str(&escaped.replace('\t', "\\t").replace('\r', "\\r"));
        }
        ValueRef::Blob(bytes) => {
            text.push_str("\\\\x");
            bytes.iter().for_each(|byte| write!(text, "{byte:02x}").expect("memory takes text"));
        }
    }
}

/// Copies a folder with all below it.
///
/// # Errors
/// Of the disk.
pub fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for one in std::fs::read_dir(from)? {
        let one = one?;
        let target = to.join(one.file_name());
        if one.file_type()?.is_dir() {
            copy_folder(&one.path(), &target)?;
        } else {
            std::fs::copy(one.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_escaped_for_copy() {
        let mut text = String::new();
        for value in [ValueRef::Null, ValueRef::Integer(-3), ValueRef::Text(b"a\\b\tc\nd"), ValueRef::Blob(&[0, 255])] {
            cell(&mut text, value);
            text.push('|');
        }
        assert_eq!(text, "\\N|-3|a\\\\b\\tc\\nd|\\\\x00ff|");
    }
}
