//! `ziyun doctor`: looks at an installation from outside, says what is wrong and what to do. It changes nothing: folders,
//! keys, schema and index are made by `serve`, not here, and databases are opened for reading only. It may run beside a
//! program that serves.

mod assessed;
mod attestor;
mod blobs;
mod database;
mod edge;
mod finding;
mod folder;
mod issuer;
mod journal;
mod keys;
mod time;
mod work;

pub use finding::{Finding, State};

use crate::app::ROOMS;
use crate::config::{Config, Settings};
use crate::web::Room;
use kit::clock::Clock;
use kit::db::Db;
use kit::random::Random;

/// What is examined, and what has been found so far.
struct Visit<'c> {
    config: &'c Config,
    clock: Clock,
    random: Random,
    found: Vec<Finding>,
}

impl Visit<'_> {
    fn note(&mut self, finding: Finding) {
        self.found.push(finding);
    }
}

/// All checks, in the order in which one repairs. `more` are rooms that only some ways of running have.
pub async fn examine(settings: &Settings, clock: &Clock, random: &Random, more: &[&'static Room]) -> Vec<Finding> {
    let config = match Config::try_from(settings) {
        Ok(config) => config,
        Err(error) => {
            let todo = "correct that setting; `ziyun config` prints all of them and where they came from";
            return vec![Finding::fail("configuration", error.to_string(), todo)];
        }
    };
    let mut visit = Visit { config: &config, clock: clock.clone(), random: random.clone(), found: Vec::new() };
    edge::configuration(&mut visit);
    assessed::all(&mut visit, &ROOMS.iter().chain(more).copied().collect::<Vec<_>>());
    assessed::processors(&mut visit);
    folder::all(&mut visit);
    let main = database::main(&mut visit).await;
    let keys = database::keys(&mut visit).await;
    time::clock(&mut visit, main.as_ref()).await;
    time::calendar(&mut visit);
    keys::root(&mut visit, keys.as_ref()).await;
    if let Some(main) = &main {
        stands(&mut visit, main).await;
    }
    journal::all(&mut visit, main.as_ref()).await;
    edge::mail(&mut visit).await;
    attestor::all(&mut visit, main.as_ref()).await;
    issuer::all(&mut visit).await;
    edge::tls(&mut visit).await;
    edge::port(&mut visit).await;
    visit.found
}

async fn stands(visit: &mut Visit<'_>, main: &Db) {
    blobs::all(visit, main).await;
    work::deadlines(visit, main).await;
    work::jobs(visit, main).await;
    work::followers(visit, main).await;
    work::search(visit, main).await;
}
