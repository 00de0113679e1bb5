//! The job that tells one subscriber. Its payload holds an id and two instants; what is wanted is opened when it runs, if the
//! consent still stands then. Run again it tells nothing twice: each notice is told of once, whatever job does it.

use super::store::{self, Row};
use super::wanted::Wanted;
use crate::app::App;
use crate::reach::digest::Payload;
use crate::reach::inbox::{self, Telling};
use crate::reach::notice::{Arrived, Notice, arrived};
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::Job;
use policy::{purpose, recipient};
use vault::{Grant, Opener, Proof, Scope, Subject};

/// The kind of this job.
pub const KIND: &str = "subscription.tell";

/// How many notices of a round a subscriber is told of: who imports an archive fills nobody's inbox.
const MOST: usize = 30;

/// How many are looked at for them.
const READ: i64 = 300;

/// The right of this job to tell one subscriber what they want to be told.
struct AtOnce(Id<Subject>);

impl Proof for AtOnce {
    type Recipient = recipient::Subject;

    fn opener(&self) -> Opener {
        Opener::program(KIND)
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.0)
    }
}

/// Runs it. A function that has ended meanwhile, a refusal by the vault and a round without anything wanted tell nothing.
pub(super) fn run(app: App, job: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let Payload { reader, since, until } = serde_json::from_slice(&payload).map_err(Error::fault)?;
        let Some(row) = app.db().read::<_, db::Error>(move |tx| store::of(tx, reader)).await? else { return Ok(()) };
        let Some(wanted) = open(&app, job, reader, &row).await? else { return Ok(()) };
        let since = since.max(row.changed_at);
        let found = app.db().read::<_, db::Error>(move |tx| fitting(tx, &wanted, since, until)).await?;
        if found.is_empty() {
            return Ok(());
        }
        let program = app.clone();
        Ok(app.db().write::<_, db::Error>(move |tx| tell(tx, &program, reader, &found)).await?)
    }
    .boxed()
}

/// What is wanted; none when the vault refuses, or when nothing is followed any more.
async fn open(app: &App, job: Id<Job>, reader: Id<Subject>, row: &Row) -> Result<Option<Wanted>, Error> {
    let proof = AtOnce(reader);
    let grant = Grant::<purpose::Subscription, _>::new(&proof, job.cast());
    match app.vault().open(&grant, &row.wanted).await {
        Ok(opened) => Ok(Some(Wanted::of(&opened)?).filter(|wanted| !wanted.followed.is_empty())),
        Err(vault::Error::Refused(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The newest that are wanted, the oldest of them first.
fn fitting(tx: &mut Tx, wanted: &Wanted, since: Timestamp, until: Timestamp) -> Result<Vec<Id<Notice>>, db::Error> {
    let Wanted { followed, .. } = wanted.clone();
    let asked = Arrived { categories: followed.categories, regions: followed.regions, since, until };
    let found = arrived(tx, &asked, READ)?;
    let fitting = found.iter().filter(|notice| wanted.takes(notice.exact())).map(|notice| notice.id);
    let mut some: Vec<_> = fitting.take(MOST).collect();
    some.reverse();
    Ok(some)
}

/// Tells of them, unless the function has ended since.
fn tell(tx: &mut Tx, app: &App, reader: Id<Subject>, notices: &[Id<Notice>]) -> Result<(), db::Error> {
    let Some(row) = store::of(tx, reader)? else { return Ok(()) };
    for notice in notices {
        // The notice stands for the event: by it one is told of once.
        let telling = Telling { kind: &inbox::kind::NOTICE_ARRIVED, about: *notice.as_bytes(), event: notice.cast() };
        inbox::tell(tx, app, (row.account, reader), telling)?;
    }
    Ok(())
}
