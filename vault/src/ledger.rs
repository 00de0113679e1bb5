//! Openings of concurrent pages are recorded together: one transaction compares the standing of all their subjects and
//! appends all their rows.
//!
//! There is no timer. Who finds nobody at work puts somebody to work; who comes while a commit is under way waits for the
//! next one. The work is a task of its own, so that a page whose reader has gone takes no other page with it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kit::db::{self, Db};
use tokio::sync::oneshot;

use crate::{
    Error, Figures,
    opening::{Generations, Record, append},
};

/// How many records one transaction takes at most: bounds how long the first of them waits.
const TOGETHER: usize = 256;

/// The one way into the table `opening`.
pub struct Ledger {
    db: Db,
    line: Line,
    figures: Arc<Figures>,
}

/// Who waits for a record, and whether somebody is at work on it.
#[derive(Clone, Default)]
struct Line(Arc<Mutex<Queue>>);

#[derive(Default)]
struct Queue {
    served: bool,
    waiting: VecDeque<Waiting>,
}

/// A record, and the way back to its page.
type Waiting = (Record, oneshot::Sender<Result<Generations, Error>>);

impl Ledger {
    pub fn new(db: Db) -> Ledger {
        Ledger { db, line: Line::default(), figures: Arc::default() }
    }

    /// Answers when the record is durable; whoever does not get `Ok` may not decrypt.
    pub async fn append(&self, record: Record) -> Result<Generations, Error> {
        let (back, answer) = oneshot::channel();
        if let Some(service) = self.line.join((record, back)) {
            tokio::spawn(service.run(self.db.clone(), self.figures.clone()));
        }
        let recorded = answer.await.unwrap_or(Err(Error::Db(db::Error::Closed)));
        self.figures.note(&recorded);
        recorded
    }

    pub fn figures(&self) -> &Figures {
        &self.figures
    }
}

impl Line {
    /// Who finds nobody at work gets the work to start.
    fn join(&self, waiting: Waiting) -> Option<Service> {
        let mut queue = self.queue();
        queue.waiting.push_back(waiting);
        let idle = !std::mem::replace(&mut queue.served, true);
        idle.then(|| Service { line: self.clone(), over: false })
    }

    /// The next ones; the service is over when there are none.
    fn next(&self) -> Option<Vec<Waiting>> {
        let mut queue = self.queue();
        queue.served = !queue.waiting.is_empty();
        let many = queue.waiting.len().min(TOGETHER);
        queue.served.then(|| queue.waiting.drain(..many).collect())
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The work on a line, from the first who waits until nobody does.
struct Service {
    line: Line,
    over: bool,
}

impl Service {
    async fn run(mut self, db: Db, figures: Arc<Figures>) {
        while let Some(waiting) = self.line.next() {
            figures.together.observe(waiting.len() as f64);
            let (records, backs): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
            let outcomes: Vec<_> = match db.write::<_, db::Error>(move |tx| append(tx, &records)).await {
                Ok(outcomes) => outcomes.into_iter().map(|outcome| outcome.map_err(Error::Refused)).collect(),
                Err(error) => backs.iter().map(|_| Err(Error::Db(error.clone()))).collect(),
            };
            for (back, outcome) in backs.into_iter().zip(outcomes) {
                // A page that nobody waits for any more is on record all the same.
                drop(back.send(outcome));
            }
        }
        self.over = true;
    }
}

/// Cut off (its runtime ends, or a fault of ours): who waits is told at once, and the next who comes starts anew.
impl Drop for Service {
    fn drop(&mut self) {
        if !self.over {
            let mut queue = self.line.queue();
            queue.served = false;
            queue.waiting.clear();
        }
    }
}
