//! Short reads run where they are asked for. To wake a thread takes longer than most of them do, and where reads, a writer
//! and requests share few processors, each of these wake-ups disturbs who works.
//!
//! Nobody may stay: SQLite counts the steps of its virtual machine, and a unit that takes more than a seat allows is stopped. It
//! runs again on a thread that has time, and what the same place in the program asks later goes there at once.

use super::unit::Unit;
use super::{Error, Tx, sqlite};
use std::any::TypeId;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError};
use std::thread;

/// Connections for short reads.
pub(super) struct Seats {
    seats: Box<[Mutex<Tx>]>,
    /// Kinds of units that took too long.
    long: RwLock<HashSet<TypeId>>,
}

impl Seats {
    /// None: every read goes to a thread.
    pub fn none() -> Self {
        Self { seats: Box::default(), long: RwLock::default() }
    }

    /// As many as can be used at once, and `most` at most.
    pub fn new(most: usize, seat: impl Fn() -> Result<Tx, Error>) -> Result<Self, Error> {
        let at_once = thread::available_parallelism().map_or(1, usize::from);
        let seats: Result<Box<[_]>, _> = (0..at_once.min(most)).map(|_| seat().map(Mutex::new)).collect();
        Ok(Self { seats: seats?, long: RwLock::default() })
    }

    /// Runs a unit and answers who waits for it. It comes back if it is one for a thread.
    pub fn run(&self, unit: Box<dyn Unit>) -> Option<Box<dyn Unit>> {
        let kind = unit.kind();
        if self.long.read().unwrap_or_else(PoisonError::into_inner).contains(&kind) {
            return Some(unit);
        }
        let Some(mut seat) = self.free() else { return Some(unit) };
        let left = sqlite::read_one(&mut seat, unit)?;
        self.long.write().unwrap_or_else(PoisonError::into_inner).insert(kind);
        Some(left)
    }

    /// The first that is free: where few are used, what was read last is near the processors.
    fn free(&self) -> Option<MutexGuard<'_, Tx>> {
        self.seats.iter().find_map(|seat| match seat.try_lock() {
            Ok(seat) => Some(seat),
            Err(TryLockError::Poisoned(seat)) => Some(seat.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        })
    }
}

/// How much of its virtual machine a unit may use at a seat. Clones count together.
#[derive(Clone, Default)]
pub(super) struct Budget(Arc<AtomicU32>);

impl Budget {
    /// After how many steps of its machine SQLite asks whether to go on.
    pub const STEP: i32 = 1_000;

    /// How often it may ask: twenty thousand steps are about half a millisecond.
    const MOST: u32 = 20;

    /// For the next unit.
    pub fn renew(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Whether to stop: once, so that what was begun can be undone.
    pub fn spend(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) + 1 == Self::MOST
    }

    /// Whether the unit was stopped.
    pub fn is_spent(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= Self::MOST
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Db, Settings};
    use super::*;
    use crate::clock::Clock;
    use crate::random::Random;
    use crate::values;
    use std::sync::Barrier;
    use std::sync::atomic::AtomicUsize;
    use std::thread::ThreadId;

    fn database() -> (Db, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings::file(folder.path().join("test.db"));
        (Db::open(&settings, Clock::system(), Random::system()).expect("a database"), folder)
    }

    /// Counts to `last` in SQL; answers how far it came and on which thread, and notes each run.
    async fn count(db: &Db, last: i64, runs: &Arc<AtomicUsize>) -> (i64, ThreadId) {
        let runs = runs.clone();
        let sql =
            "WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < $1) SELECT max(n) FROM n";
        let unit = db.read::<_, Error>(move |tx| {
            runs.fetch_add(1, Ordering::Relaxed);
            Ok((tx.one(sql, values![last], |row| row.next())?, thread::current().id()))
        });
        unit.await.expect("a number")
    }

    #[tokio::test]
    async fn a_short_read_runs_where_it_is_asked_for() {
        let (db, _folder) = database();
        let runs = Arc::default();
        assert_eq!(count(&db, 10, &runs).await, (10, thread::current().id()));
        assert_eq!(runs.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_long_read_is_sent_to_a_thread_and_the_next_of_its_kind_at_once() {
        let (db, _folder) = database();
        let runs = Arc::default();
        for expected in [2, 3] {
            let (number, thread) = count(&db, 100_000, &runs).await;
            assert_eq!(number, 100_000);
            assert_ne!(thread, thread::current().id());
            assert_eq!(runs.load(Ordering::Relaxed), expected);
        }
    }

    #[tokio::test]
    async fn what_walks_is_never_begun_twice() {
        let (db, _folder) = database();
        let unit = db.walk::<_, Error>(|_| Ok(thread::current().id()));
        assert_ne!(unit.await.expect("an answer"), thread::current().id());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 3)]
    async fn who_finds_no_seat_is_served_by_a_thread() {
        let (db, _folder) = database();
        // More at once than there are seats: none goes on before all have come.
        let at_once = db.0.seats.seats.len() + 1;
        let all = Arc::new(Barrier::new(at_once));
        let units = (0..at_once).map(|_| {
            let (db, all) = (db.clone(), all.clone());
            tokio::spawn(async move {
                let unit = db.read::<_, Error>(move |_| Ok(all.wait().is_leader()));
                unit.await.expect("an answer")
            })
        });
        let leaders = futures::future::join_all(units.collect::<Vec<_>>()).await;
        assert_eq!(leaders.into_iter().filter(|leader| *leader.as_ref().expect("a task")).count(), 1);
    }

    #[tokio::test]
    async fn a_panic_at_a_seat_leaves_it_to_the_next() {
        let (db, _folder) = database();
        for _ in 0..3 {
            let unit = db.read::<(), Error>(|_| panic!("as the test wants it"));
            assert!(matches!(unit.await, Err(Error::Panicked)));
        }
        assert_eq!(count(&db, 1, &Arc::default()).await, (1, thread::current().id()));
    }

    #[test]
    fn a_budget_stops_once_and_is_renewed() {
        let budget = Budget::default();
        let stops = || (0..100).filter(|_| budget.spend()).count();
        assert_eq!((stops(), budget.is_spent()), (1, true));
        budget.renew();
        assert!(!budget.is_spent());
    }
}
