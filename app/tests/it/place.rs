//! Databases of the test server. Most of a test's time there would go into making the schema: it is made once for a server
//! and copied.

use app::app::migrations;
use kit::clock::Clock;
use kit::db::{Db, Scratch, Settings};
use kit::random::Random;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

const PREFIX: &str = "ziyun_test";

/// The server that tests use, if any.
#[expect(clippy::disallowed_methods, reason = "which server the tests use is said by the environment")]
pub fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    SERVER.get_or_init(|| std::env::var("ZIYUN_TEST_DATABASE_URL").ok()).as_deref()
}

/// An empty database on this server.
pub async fn scratch(server: &str) -> Scratch {
    let server = server.to_owned();
    let create = move || Scratch::create(&server, PREFIX, &Random::system()).expect("a database of its own");
    tokio::task::spawn_blocking(create).await.expect("a database")
}

/// One that has the main schema of this build already.
pub async fn laid_out(server: &str) -> Scratch {
    let model = model();
    if let Some(copy) = copied(server, &model).await {
        return copy;
    }
    make(server, &model).await;
    copied(server, &model).await.expect("the model has been made")
}

async fn copied(server: &str, model: &str) -> Option<Scratch> {
    let (server, model) = (server.to_owned(), model.to_owned());
    let copy = move || Scratch::copied(&server, &model, PREFIX, &Random::system()).ok();
    tokio::task::spawn_blocking(copy).await.expect("an answer of the server")
}

/// A copy of one that is no longer used: its connections may still be ending.
pub async fn copy_of(server: &str, one: &Scratch) -> Scratch {
    for _ in 0..200 {
        if let Some(copy) = copied(server, one.name()).await {
            return copy;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{} is still in use", one.name());
}

/// Makes the model. Tests are processes: of those that do so at the same time one gives it its name.
async fn make(server: &str, model: &str) {
    let mut made = scratch(server).await;
    let settings = Settings::new(made.url()).threads(1);
    let db = Db::open(&settings, Clock::system(), Random::system()).expect("a database opens");
    db.migrate(migrations()).await.expect("the schema applies");
    drop(db);
    let model = model.to_owned();
    let name = move || {
        if made.rename(&model).is_err() {
            made.remove().expect("another's stands, this one goes");
        }
    };
    tokio::task::spawn_blocking(name).await.expect("an answer of the server");
}

/// Named after the schema, so that a server that outlives a build keeps none of another.
fn model() -> String {
    let mut hasher = DefaultHasher::new();
    for step in migrations() {
        (step.name, step.sql).hash(&mut hasher);
    }
    format!("{PREFIX}_model_{:016x}", hasher.finish())
}
