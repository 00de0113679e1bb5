//! Both databases: reachable, of a fitting version and schema, and set so that what they acknowledge is durable.

use super::{Finding, Visit};
use crate::app::migrations;
use crate::config::masked;
use kit::db::{About, Db, Error, Migration, Settings, about};
use std::path::Path;

/// Part of a server's connections in use, in percent, above which somebody should look.
const CROWDED: i64 = 80;

/// The main database, if it can be used.
pub(super) async fn main(visit: &mut Visit<'_>) -> Option<Db> {
    let url = visit.config.database_url.clone();
    look(visit, "database", &url, migrations()).await
}

/// The key database, if it can be used.
pub(super) async fn keys(visit: &mut Visit<'_>) -> Option<Db> {
    let url = visit.config.key_database_url.clone();
    look(visit, "key database", &url, vault::key_migrations()).await
}

async fn look(visit: &mut Visit<'_>, check: &'static str, url: &str, steps: Vec<Migration>) -> Option<Db> {
    let shown = masked(url);
    if url.strip_prefix("sqlite:").is_some_and(|path| !Path::new(path).exists()) {
        visit.note(Finding::warn(
            check,
            format!("{shown} is not there yet"),
            "the first `ziyun serve` makes it, or `ziyun migrate`",
        ));
        return None;
    }
    let settings = Settings::new(url).threads(1).read_only();
    let opened = Db::open(&settings, visit.clock.clone(), visit.random.clone());
    let (db, about) = match asked(opened).await {
        Ok(open) => open,
        Err(error) => {
            visit.note(unreachable(check, &shown, &error));
            return None;
        }
    };
    durable(visit, check, &shown, &about);
    let newest = steps.last().map(|step| step.name.clone()).unwrap_or_default();
    match db.check_schema(steps).await {
        Ok(()) => {
            visit.note(Finding::ok(check, format!("{} at {shown}, schema {newest}", about.version)));
            Some(db)
        }
        Err(error) => {
            let todo = "older: stop nothing and run `ziyun migrate`; newer: run the program that made it";
            visit.note(Finding::fail(check, format!("{shown}: {error}"), todo));
            None
        }
    }
}

async fn asked(opened: Result<Db, Error>) -> Result<(Db, About), Error> {
    let db = opened?;
    let about = db.read(about).await?;
    Ok((db, about))
}

fn unreachable(check: &'static str, shown: &str, error: &Error) -> Finding {
    let todo = match error {
        Error::Gone(_) if shown.starts_with("postgres") => {
            "see that the server runs, and that host, port, user and password are right"
        }
        Error::Schema(_) => "use a server of that version",
        _ if shown.starts_with("sqlite:") => {
            "see who owns the file and whether it is a database; else restore it from a back-up"
        }
        _ => "see what the server's log says",
    };
    Finding::fail(check, format!("{shown} cannot be used: {error}"), todo)
}

fn durable(visit: &mut Visit<'_>, check: &'static str, shown: &str, about: &About) {
    if !about.unfit.is_empty() {
        let what = format!("{shown} may lose what it acknowledged, or cannot write: {}", about.unfit.join(", "));
        visit.note(Finding::fail(check, what, "set fsync and full_page_writes to on, and use the primary server; an embedded database keeps journal_mode = wal"));
    }
    if let Some((used, allowed)) = about.connections
        && used * 100 > allowed * CROWDED
    {
        let what = format!("{used} of {allowed} connections are in use at {shown}");
        visit.note(Finding::warn(check, what, "raise max_connections, or run fewer processes: each has 18"));
    }
}
