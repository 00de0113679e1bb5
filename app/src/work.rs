//! What the program does by itself: numbering events, the rooms' routines, and jobs.

use crate::app::App;
use crate::watch::name::MEMBERS;
use crate::web::Error;
use kit::job::{self, Job};
use kit::{db, follower};
use std::future::Future;
use std::time::Duration;
use tracing::{Instrument, Span};

/// How many jobs a round runs at most: an hour that has come does not wait behind a long line of mails.
const JOBS: usize = 16;

/// How long the worker rests when there was nothing to do.
const REST: Duration = Duration::from_millis(100);

impl App {
    /// One round of everything. A routine that fails does not keep the others, nor the jobs, from their work. Answers how much was done; tests repeat it until that is 0.
    ///
    /// Rounds of one process follow one another: whoever settles beside the worker waits for the job that the worker
    /// has just claimed, instead of finding nothing left to claim.
    ///
    /// # Errors
    /// The first failure of a routine; a failed job is noted with the job instead.
    pub async fn step(&self) -> Result<usize, Error> {
        let _round = self.round().lock().await;
        let mut done = follower::sequence(self.db()).await?;
        let mut failed = None;
        for routine in self.rooms().iter().flat_map(|room| room.routines) {
            match (routine.step)(self.clone()).await {
                Ok(count) => done += count,
                Err(error) => drop(failed.get_or_insert(error)),
            }
        }
        for _ in 0..JOBS {
            if !self.run_job().await? {
                break;
            }
            done += 1;
        }
        failed.map_or(Ok(done), Err)
    }

    /// Rounds until nothing is left to do now. For tests and the demo.
    ///
    /// # Errors
    /// As [`App::step`].
    pub async fn settle(&self) -> Result<(), Error> {
        while self.step().await? > 0 {}
        Ok(())
    }

    /// Rounds until `shutdown` resolves. A failing round is logged and tried again.
    pub async fn work(&self, shutdown: impl Future<Output = ()> + Send) {
        tokio::pin!(shutdown);
        loop {
            let rest = match self.step().await {
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

    /// Runs the job that has been due longest, if there is one.
    async fn run_job(&self) -> Result<bool, Error> {
        let now = self.clock().now();
        let due = self.db().read::<_, db::Error>(job::next_due).await?;
        if due.is_none_or(|due| due > now) {
            return Ok(false);
        }
        let Some(claimed) = self.db().write::<_, db::Error>(job::claim).await? else { return Ok(false) };
        let name = self.names().of_job(&claimed.kind);
        let outcome = tokio::select! {
            outcome = self.run(&claimed).instrument(traced(name)) => outcome,
            () = self.stay_alive(&claimed) => return Ok(true),
        };
        self.figures().ran(name, outcome.is_ok());
        self.db()
            .write::<_, db::Error>(move |tx| match &outcome {
                Ok(()) => job::finish(tx, &claimed),
                Err(why) => job::fail(tx, &claimed, why),
            })
            .await?;
        Ok(true)
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

/// The span for a collector; none for what members leave behind.
fn traced(name: &'static str) -> Span {
    if name == MEMBERS {
        return Span::none();
    }
    tracing::trace_span!(target: "trace", "job", otel.name = format!("job {name}"))
}
