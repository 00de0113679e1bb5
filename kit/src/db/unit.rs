//! A unit on its way through the threads: what to run, and whom to answer.

use super::{Error, Figures, Tx};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::oneshot;

/// Whether a unit may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Read,
    Write,
}

/// How one run of a unit ended, before anything is committed.
#[derive(Debug)]
pub(super) enum Run {
    /// It wants to be committed.
    Done,
    /// It returned an error of its own, or a statement of it was refused: roll it back and answer.
    Refused,
    /// A row of it was refused by a constraint; beside other writers perhaps because of a row that it could not see yet.
    Collided,
    /// The engine failed under it.
    Failed(Error),
}

/// A unit with its types erased, so that threads can queue it.
pub(super) trait Unit: Send {
    fn mode(&self) -> Mode;
    /// Runs the closure once and keeps what it returned.
    fn run(&mut self, tx: &mut Tx) -> Run;
    /// Answers with what the last run returned.
    fn answer(self: Box<Self>);
    /// Answers with an error of the engine.
    fn fail(self: Box<Self>, error: Error);
}

/// Runs it once: what it returned, and what that means for its transaction.
pub(super) fn attempt<T, E: From<Error>>(
    tx: &mut Tx,
    figures: &Figures,
    work: impl FnOnce(&mut Tx) -> Result<T, E>,
) -> (Result<T, E>, Run) {
    tx.renew();
    let result = catch_unwind(AssertUnwindSafe(|| work(tx)));
    let failure = tx.failure();
    let Ok(result) = result else {
        figures.failed(&Error::Panicked);
        return (Err(Error::Panicked.into()), Run::Refused);
    };
    let run = match failure {
        Some(Error::Constraint(_)) => Run::Collided,
        Some(Error::Engine(_)) => Run::Refused,
        Some(error) => Run::Failed(error),
        None if result.is_ok() => Run::Done,
        None => Run::Refused,
    };
    (result, run)
}

/// A closure, the result of its last run, the way back to who waits, and since when they do.
pub(super) struct Pending<F, T, E> {
    mode: Mode,
    work: F,
    result: Option<Result<T, E>>,
    back: oneshot::Sender<Result<T, E>>,
    since: Instant,
    figures: Arc<Figures>,
}

impl<F, T, E> Pending<F, T, E>
where
    F: Fn(&mut Tx) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    pub fn queue(mode: Mode, work: F, figures: &Arc<Figures>) -> (Box<dyn Unit>, oneshot::Receiver<Result<T, E>>) {
        let (back, answer) = oneshot::channel();
        let (since, figures) = (Instant::now(), figures.clone());
        (Box::new(Self { mode, work, result: None, back, since, figures }), answer)
    }
}

impl<F, T, E> Unit for Pending<F, T, E>
where
    F: Fn(&mut Tx) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn mode(&self) -> Mode {
        self.mode
    }

    fn run(&mut self, tx: &mut Tx) -> Run {
        if self.result.is_some() {
            self.figures.again.inc();
        }
        let (result, run) = attempt(tx, &self.figures, &self.work);
        self.result = Some(result);
        run
    }

    fn answer(self: Box<Self>) {
        self.figures.took(self.mode, self.since.elapsed());
        let result = self.result.unwrap_or_else(|| Err(Error::Closed.into()));
        // Who waited may be gone; the unit stands all the same.
        drop(self.back.send(result));
    }

    fn fail(self: Box<Self>, error: Error) {
        self.figures.took(self.mode, self.since.elapsed());
        self.figures.failed(&error);
        drop(self.back.send(Err(error.into())));
    }
}
