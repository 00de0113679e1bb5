//! One unit for all who ask at the same time: rows that share a transaction and what it costs, a number that all want to know.
//!
//! There is no timer. Who finds no turn called calls one; it takes those who wait when a thread gets to it, so that an answer
//! is never older than its question. The thread answers them itself, after the commit. An embedded database has one writer:
//! the next turn may be called while this one is still being committed, and finds all who have come meanwhile. A server would
//! run it beside this one, with the few who have come so far: there it is called when this one has ended.

use super::unit::{Mode, Run, Unit, attempt};
use super::{Db, Engine, Error, Figures, Tx};
use crossbeam_channel::Sender;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::oneshot;

/// The way to one kind of shared work. Clones are the same way.
pub struct Shared<I, O>(Arc<Way<I, O>>);

struct Way<I, O> {
    line: Mutex<Line<I, O>>,
    work: Box<Work<I, O>>,
    mode: Mode,
    most: usize,
    /// Whether the next turn may be called before this one has ended.
    overlaps: bool,
    units: Sender<Box<dyn Unit>>,
    figures: Arc<Figures>,
}

/// Answers all of these, in their order. May be run again, as each unit.
type Work<I, O> = dyn Fn(&mut Tx, &[I]) -> Result<Vec<O>, Error> + Send + Sync;

/// Who waits, and whether a turn is called that will take them.
struct Line<I, O> {
    waiting: VecDeque<Waiting<I, O>>,
    called: bool,
}

/// The way back to who asked.
type Back<O> = oneshot::Sender<Result<O, Error>>;

/// A question, and the way back.
type Waiting<I, O> = (I, Back<O>);

impl<I, O> Clone for Shared<I, O> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<I: Send + 'static, O: Send + 'static> Shared<I, O> {
    /// `work` may write. It gets `most` questions at most at a time: that bounds how long the first of them waits. It answers
    /// each; its error is everybody's.
    pub fn writing(
        db: &Db,
        most: usize,
        work: impl Fn(&mut Tx, &[I]) -> Result<Vec<O>, Error> + Send + Sync + 'static,
    ) -> Self {
        Self::new(db, Mode::Write, most, Box::new(work))
    }

    /// The same for work that only reads.
    pub fn reading(
        db: &Db,
        most: usize,
        work: impl Fn(&mut Tx, &[I]) -> Result<Vec<O>, Error> + Send + Sync + 'static,
    ) -> Self {
        Self::new(db, Mode::Read, most, Box::new(work))
    }

    fn new(db: &Db, mode: Mode, most: usize, work: Box<Work<I, O>>) -> Self {
        Self(Arc::new(Way {
            line: Mutex::new(Line { waiting: VecDeque::new(), called: false }),
            work,
            mode,
            most,
            overlaps: mode == Mode::Write && db.engine() == Engine::Sqlite,
            units: if mode == Mode::Write { db.0.writes.clone() } else { db.0.reads.clone() },
            figures: db.0.figures.clone(),
        }))
    }

    /// The answer, durably if anything was written. Who stops waiting takes nobody along.
    ///
    /// # Errors
    /// Those of a unit ([`Db::write`]).
    pub async fn ask(&self, question: I) -> Result<O, Error> {
        let (back, answer) = oneshot::channel();
        if self.0.join((question, back)) {
            Turn::call(&self.0);
        }
        answer.await.unwrap_or(Err(Error::Closed))
    }
}

impl<I, O> Way<I, O> {
    /// Answers whether nobody has called a turn yet.
    fn join(&self, waiting: Waiting<I, O>) -> bool {
        let mut line = self.line();
        line.waiting.push_back(waiting);
        !std::mem::replace(&mut line.called, true)
    }

    fn line(&self) -> MutexGuard<'_, Line<I, O>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The unit: who it is for, once it has begun, and what its last run answered.
struct Turn<I: Send + 'static, O: Send + 'static> {
    way: Arc<Way<I, O>>,
    taken: Option<(Vec<I>, Vec<Back<O>>)>,
    /// Whether the next turn is its to call, when it has ended.
    calls_next: bool,
    result: Option<Result<Vec<O>, Error>>,
    ended: bool,
    since: Instant,
}

impl<I: Send + 'static, O: Send + 'static> Turn<I, O> {
    fn call(way: &Arc<Way<I, O>>) {
        let (way, since) = (way.clone(), Instant::now());
        let units = way.units.clone();
        let turn = Self { way, taken: None, calls_next: false, result: None, ended: false, since };
        // Where the threads are gone it is dropped, and with it those who wait.
        drop(units.send(Box::new(turn)));
    }

    /// Those who wait, `most` at most. Who is left waits for the turn that this one calls.
    fn take(&mut self, most: usize) {
        let mut line = self.way.line();
        let many = line.waiting.len().min(most);
        self.taken = Some(line.waiting.drain(..many).unzip());
        self.calls_next = !self.way.overlaps || !line.waiting.is_empty();
        line.called = self.calls_next;
    }

    fn end(&mut self, result: Result<Vec<O>, Error>) {
        self.ended = true;
        if self.taken.is_none() {
            self.take(usize::MAX);
        }
        let (_, backs) = self.taken.take().unwrap_or_default();
        if std::mem::take(&mut self.calls_next) {
            let mut line = self.way.line();
            line.called = !line.waiting.is_empty();
            let calls = line.called;
            drop(line);
            if calls {
                Self::call(&self.way);
            }
        }
        match result {
            // Who asked may be gone.
            Ok(answers) => backs.into_iter().zip(answers).for_each(|(back, answer)| drop(back.send(Ok(answer)))),
            Err(error) => backs.into_iter().for_each(|back| drop(back.send(Err(error.clone())))),
        }
    }
}

impl<I: Send + 'static, O: Send + 'static> Unit for Turn<I, O> {
    fn mode(&self) -> Mode {
        self.way.mode
    }

    fn run(&mut self, tx: &mut Tx) -> Run {
        if self.taken.is_none() {
            self.take(self.way.most);
        } else {
            self.way.figures.again.inc();
        }
        let way = self.way.clone();
        let questions = self.taken.as_ref().map(|(questions, _)| questions.as_slice()).unwrap_or_default();
        let (result, run) = attempt(tx, &way.figures, |tx| (way.work)(tx, questions));
        self.result = Some(result);
        run
    }

    fn answer(mut self: Box<Self>) {
        self.way.figures.took(self.way.mode, self.since.elapsed());
        let result = self.result.take().unwrap_or(Err(Error::Closed));
        self.end(result);
    }

    fn fail(mut self: Box<Self>, error: Error) {
        self.way.figures.took(self.way.mode, self.since.elapsed());
        self.way.figures.failed(&error);
        self.end(Err(error));
    }
}

/// Its thread is gone: who waits for it is told, and who comes later calls anew.
impl<I: Send + 'static, O: Send + 'static> Drop for Turn<I, O> {
    fn drop(&mut self) {
        if !self.ended {
            self.end(Err(Error::Closed));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::db::Settings;
    use crate::random::Random;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::task::JoinSet;

    async fn database(folder: &tempfile::TempDir) -> Db {
        let settings = Settings::file(folder.path().join("data.db"));
        let db = Db::open(&settings, Clock::system(), Random::system()).expect("a database");
        db.write::<_, Error>(|tx| tx.execute("CREATE TABLE asked (number BIGINT)", &[])).await.expect("a table");
        db
    }

    /// Writes numbers and answers their doubles, ten at most in a turn; panics over 13, and cannot double 17.
    fn doubling(db: &Db) -> (Shared<i64, i64>, Arc<AtomicUsize>) {
        let turns = Arc::new(AtomicUsize::new(0));
        let count = turns.clone();
        let shared = Shared::writing(db, 10, move |tx, numbers: &[i64]| {
            assert!(numbers.len() <= 10 && !numbers.contains(&13), "a fault of the work");
            count.fetch_add(1, Ordering::Relaxed);
            for number in numbers {
                tx.execute("INSERT INTO asked (number) VALUES ($1)", &[(*number).into()])?;
            }
            if numbers.contains(&17) {
                Err(Error::Engine("17".into()))
            } else {
                Ok(numbers.iter().map(|n| n * 2).collect())
            }
        });
        (shared, turns)
    }

    async fn written(db: &Db) -> i64 {
        let count = "SELECT count(*) FROM asked";
        db.read::<_, Error>(move |tx| tx.one(count, &[], |row| row.next())).await.expect("a number")
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn those_who_ask_together_share_turns_and_each_gets_its_own_answer() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = database(&folder).await;
        let (shared, turns) = doubling(&db);
        for round in 0..20 {
            let mut all = JoinSet::new();
            for number in 100..125 {
                let shared = shared.clone();
                all.spawn(async move { assert_eq!(shared.ask(number).await.expect("an answer"), number * 2) });
            }
            while let Some(one) = all.join_next().await {
                one.expect("each gets its own");
            }
            assert_eq!(written(&db).await, 25 * (round + 1), "durable when it answers");
        }
        assert!(turns.load(Ordering::Relaxed) < 20 * 25, "{turns:?} turns for 500");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn readers_share_a_snapshot_that_is_never_older_than_their_question() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = database(&folder).await;
        let count = Shared::reading(&db, usize::MAX, |tx, askers: &[()]| {
            let sql = "SELECT count(*) FROM asked";
            let counted: i64 = tx.one(sql, &[], |row| row.next())?;
            Ok(vec![counted; askers.len()])
        });
        for number in 0..30 {
            db.write::<_, Error>(|tx| tx.execute("INSERT INTO asked (number) VALUES (1)", &[])).await.expect("a row");
            let mut all = JoinSet::new();
            for _ in 0..8 {
                let count = count.clone();
                all.spawn(async move { count.ask(()).await.expect("a number") });
            }
            while let Some(counted) = all.join_next().await {
                assert_eq!(counted.expect("an answer"), number + 1);
            }
        }
    }

    #[tokio::test]
    async fn an_error_is_everybodys_nothing_of_it_is_written_and_the_next_are_served() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = database(&folder).await;
        let (shared, _) = doubling(&db);
        assert!(matches!(shared.ask(13).await, Err(Error::Panicked)));
        assert!(matches!(shared.ask(17).await, Err(Error::Engine(_))));
        assert_eq!(shared.ask(21).await.expect("an answer"), 42);
        assert_eq!(written(&db).await, 1);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_stops_waiting_takes_nobody_along() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = database(&folder).await;
        let (shared, _) = doubling(&db);
        for _ in 0..50 {
            let gone = tokio::spawn({
                let shared = shared.clone();
                async move { shared.ask(1).await }
            });
            let stays = shared.ask(2);
            gone.abort();
            assert_eq!(stays.await.expect("an answer"), 4);
        }
    }
}
