//! Unwrapped data keys in memory, bounded. Each part has its own, and a thread stays with one part, so that threads on
//! different cores neither wait for each other nor carry the same lines of memory to and fro.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use kit::id::Id;
use lru::LruCache;
use policy::Retention;

use crate::{Subject, keys::DataKey};

/// What was used longest ago goes first.
pub type Keys = LruCache<(Id<Subject>, Retention), Arc<DataKey>>;

/// How many parts there are: more would hold the same keys once more each, for cores that are rarely there.
const PARTS: usize = 4;

pub struct Cache([Mutex<Keys>; PARTS]);

impl Cache {
    /// Each part holds so many.
    pub fn new(bound: NonZeroUsize) -> Cache {
        Cache(std::array::from_fn(|_| Mutex::new(Keys::new(bound))))
    }

    /// The part of this thread.
    pub fn near(&self) -> MutexGuard<'_, Keys> {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static PART: usize = THREADS.fetch_add(1, Ordering::Relaxed) % PARTS;
        }
        locked(&self.0[PART.with(|part| *part)])
    }

    /// Drops all keys of a subject, from every part.
    pub fn forget(&self, subject: Id<Subject>) {
        for mut keys in self.0.iter().map(locked) {
            let theirs: Vec<_> = keys.iter().map(|(of, _)| *of).filter(|(of, _)| *of == subject).collect();
            for of in theirs {
                keys.pop(&of);
            }
        }
    }
}

fn locked(part: &Mutex<Keys>) -> MutexGuard<'_, Keys> {
    part.lock().unwrap_or_else(PoisonError::into_inner)
}
