//! What the program does by itself: numbering events, the rooms' routines, and jobs.

use crate::app::App;
use crate::watch::name::MEMBERS;
use crate::web::{Error, Lane};
use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use kit::db::{self, Tx};
use kit::follower;
use kit::id::Id;
use kit::job::{self, Job, Worker};
use std::future::Future;
use std::time::Duration;
use tokio::sync::Mutex;
use tracing::{Instrument, Span};

/// How many jobs a turn runs at most: whoever steps sees the routines between them.
const JOBS: usize = 16;

/// How many jobs ask others' servers side by side.
const ABREAST: usize = 8;

/// How long the worker rests when there was nothing to do.
const REST: Duration = Duration::from_millis(100);

/// The row that a job's payload names.
///
/// # Errors
/// 500 for a payload that is no id.
pub fn named<T>(payload: Vec<u8>) -> Result<Id<T>, Error> {
    Ok(Id::from_bytes(payload.try_into().map_err(|_| Error::fault("the payload is no id"))?))
}

/// A step of a routine that acts where something is due. It reads first: where nothing is, no unit is written.
pub fn where_due<T, E>(
    app: App,
    due: impl Fn(&mut Tx) -> Result<Vec<T>, db::Error> + Send + 'static,
    act: impl Fn(&mut Tx) -> Result<usize, E> + Send + 'static,
) -> BoxFuture<'static, Result<usize, Error>>
where
    T: Send + 'static,
    E: From<db::Error> + Send + 'static,
    Error: From<E>,
{
    async move {
        if app.db().read::<_, db::Error>(due).await?.is_empty() {
            return Ok(0);
        }
        Ok(app.db().write(act).await?)
    }
    .boxed()
}

/// Held during a turn: whoever settles beside the worker waits for the job that the worker has just claimed, instead of
/// finding nothing left to claim.
#[derive(Default)]
pub(crate) struct Turns {
    routines: Mutex<()>,
    jobs: Mutex<()>,
    post: Mutex<()>,
    outward: Mutex<()>,
    bulk: Mutex<()>,
}

impl App {
    /// One round of everything: routines, then jobs, lane by lane. Answers how much was done; tests repeat it until that is 0.
    ///
    /// # Errors
    /// The first failure of a routine; a failed job is noted with the job instead.
    pub async fn step(&self) -> Result<usize, Error> {
        let (routines, jobs) = (self.routines().await, self.jobs().await);
        let (post, outward, bulk) = (self.post().await, self.outward().await, self.bulk().await);
        Ok(routines? + jobs? + post? + outward? + bulk?)
    }

    /// Rounds until nothing is left to do now. For tests and the demo.
    ///
    /// # Errors
    /// As [`App::step`].
    pub async fn settle(&self) -> Result<(), Error> {
        while self.step().await? > 0 {}
        Ok(())
    }

    /// Rounds until `shutdown` resolves. Jobs and routines do not wait for each other: a process that does not live long
    /// opens envelopes, although filling the search index would take all its time; and neither waits for a mail server, or for a
    /// server of somebody else's. A failing round is logged and tried again.
    pub async fn work(&self, shutdown: impl Future<Output = ()> + Send) {
        let shutdown = shutdown.shared();
        let routines = again(shutdown.clone(), || self.routines());
        let jobs = again(shutdown.clone(), || self.jobs());
        let post = again(shutdown.clone(), || self.post());
        let outward = again(shutdown.clone(), || self.outward());
        let bulk = again(shutdown, || self.bulk());
        tokio::join!(routines, jobs, post, outward, bulk);
        if let Err(error) = self.write_uses(true).await {
            tracing::error!(%error, "the last lines of the use log could not be written");
        }
    }

    /// Each routine once. One that fails does not keep the others from their work.
    async fn routines(&self) -> Result<usize, Error> {
        let _turn = self.turns().routines.lock().await;
        let (mut done, mut failed) = (0, None);
        match follower::sequence(self.db()).await {
            Ok(count) => done += count,
            Err(error) => failed = Some(error.into()),
        }
        for routine in self.rooms().iter().flat_map(|room| room.routines) {
            match (routine.step)(self.clone()).await {
                Ok(count) => done += count,
                Err(error) => drop(failed.get_or_insert(error)),
            }
        }
        match self.sweep().await {
            Ok(count) => done += count,
            Err(error) => drop(failed.get_or_insert(error)),
        }
        failed.map_or(Ok(done), Err)
    }

    /// Some jobs of the program's own.
    async fn jobs(&self) -> Result<usize, Error> {
        let _turn = self.turns().jobs.lock().await;
        let others = [Lane::Post, Lane::Outward, Lane::Bulk].map(|lane| self.kinds(lane)).concat();
        self.in_turn(&self.worker().without(others)).await
    }

    /// Some messages.
    async fn post(&self) -> Result<usize, Error> {
        let _turn = self.turns().post.lock().await;
        self.in_turn(&self.worker().only(self.kinds(Lane::Post))).await
    }

    /// Some jobs that take long.
    async fn bulk(&self) -> Result<usize, Error> {
        let _turn = self.turns().bulk.lock().await;
        self.in_turn(&self.worker().only(self.kinds(Lane::Bulk))).await
    }

    /// Some jobs, one after the other.
    async fn in_turn(&self, worker: &Worker) -> Result<usize, Error> {
        let mut done = 0;
        while done < JOBS {
            let Some(claimed) = self.claim(worker).await? else { break };
            self.carry_out(claimed).await?;
            done += 1;
        }
        Ok(done)
    }

    /// Some jobs that ask others' servers, side by side: a round lasts as long as one request may.
    async fn outward(&self) -> Result<usize, Error> {
        let _turn = self.turns().outward.lock().await;
        let (worker, mut claimed) = (self.worker().only(self.kinds(Lane::Outward)), Vec::new());
        while claimed.len() < ABREAST {
            match self.claim(&worker).await {
                Ok(Some(job)) => claimed.push(job),
                // What has been claimed is carried out.
                Err(_) if !claimed.is_empty() => break,
                Ok(None) => break,
                Err(error) => return Err(error),
            }
        }
        let done = join_all(claimed.into_iter().map(|job| self.carry_out(job))).await;
        Ok(done.into_iter().collect::<Result<Vec<_>, _>>()?.len())
    }

    /// The kinds of job in a lane. Those that ask others' servers are in no figure.
    pub(crate) fn kinds(&self, lane: Lane) -> Vec<&'static str> {
        self.rooms().iter().flat_map(|room| room.jobs).filter(|work| work.lane == lane).map(|work| work.kind).collect()
    }

    /// The job whose turn it is, if there is one.
    async fn claim(&self, worker: &Worker) -> Result<Option<Job>, Error> {
        let (now, asked) = (self.clock().now(), worker.clone());
        let due = self.db().read::<_, db::Error>(move |tx| job::next_due_for(tx, &asked)).await?;
        if due.is_none_or(|due| due > now) {
            return Ok(None);
        }
        let worker = worker.clone();
        Ok(self.db().write::<_, db::Error>(move |tx| job::claim(tx, &worker)).await?)
    }

    /// Runs a claimed job and notes what came of it, unless another worker has taken it over meanwhile.
    async fn carry_out(&self, claimed: Job) -> Result<(), Error> {
        let name = self.names().of_job(&claimed.kind);
        let outcome = tokio::select! {
            outcome = self.run(&claimed).instrument(traced(name)) => outcome,
            () = self.stay_alive(&claimed) => return Ok(()),
        };
        // What a buyer's program is told of a question would set it apart from a bid, of which nobody is told.
        if !self.kinds(Lane::Outward).contains(&claimed.kind.as_str()) {
            self.figures().ran(name, outcome.is_ok());
        }
        self.db()
            .write::<_, db::Error>(move |tx| match &outcome {
                Ok(()) => job::finish(tx, &claimed),
                Err(why) => job::fail(tx, &claimed, why),
            })
            .await?;
        Ok(())
    }

    /// Keeps the claim as long as the job runs; ends only when another worker has taken the job over.
    async fn stay_alive(&self, claimed: &Job) {
        loop {
            tokio::time::sleep(job::RENEWAL.unsigned_abs()).await;
            let claimed = claimed.clone();
            // A database that cannot be asked says nothing about the claim.
            if let Ok(false) = self.db().write::<_, db::Error>(move |tx| job::renew(tx, &claimed)).await {
                return;
            }
        }
    }

    async fn run(&self, job: &Job) -> Result<(), String> {
        let work = self.rooms().iter().flat_map(|room| room.jobs).find(|work| work.kind == job.kind);
        let work = work.ok_or_else(|| format!("no room runs jobs of kind {}", job.kind))?;
        (work.run)(self.clone(), job.id, job.payload.clone()).await.map_err(|error| {
            let kind = self.names().of_job(&job.kind);
            tracing::warn!(job = %job.id, kind, attempt = job.attempts, %error, "a job failed");
            error.to_string()
        })
    }
}

/// One round after the other until `shutdown` resolves.
async fn again<R>(shutdown: impl Future<Output = ()>, round: impl Fn() -> R)
where
    R: Future<Output = Result<usize, Error>>,
{
    tokio::pin!(shutdown);
    loop {
        let rest = match round().await {
            Ok(0) => REST,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::error!(%error, "background work failed; it is tried again");
                Duration::from_secs(1)
            }
        };
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(rest) => {}
        }
    }
}

/// The span for a collector; none for what members leave behind.
fn traced(name: &'static str) -> Span {
    if name == MEMBERS {
        return Span::none();
    }
    tracing::trace_span!(target: "trace", "job", otel.name = format!("job {name}"))
}
