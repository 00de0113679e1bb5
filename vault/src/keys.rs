//! Data keys: one per subject and retention class, wrapped in the key database, unwrapped in a bounded cache.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
};

use kit::{
    db::{Db, Row, Tx, Value},
    id::Id,
    random::Random,
    values,
};
use lru::LruCache;
use policy::{Control, Retention};
use zeroize::Zeroizing;

use crate::{Error, RootKeys, Subject, suite::Cipher};

/// The generation of a subject's first keys.
pub const FIRST_GENERATION: i64 = 1;

/// A subject's key for one retention class, unwrapped.
pub struct DataKey {
    pub id: Id<DataKey>,
    pub class: Retention,
    pub generation: i64,
    pub cipher: Cipher,
}

/// The key that a seal names, as the subject's standing allows it.
#[derive(Clone, Copy)]
pub struct Wanted {
    pub subject: Id<Subject>,
    pub class: Retention,
    pub generation: i64,
    pub id: Id<DataKey>,
}

/// How many keys are looked up, and used, in one look into memory: who has a new key to put there waits no longer.
const TOGETHER: usize = 64;

/// After how many looks one of them is noted as a use. To note each would have every thread write where all others read,
/// which costs more than what is opened.
const NOTED: usize = 32;

/// How many subjects are remembered as new: those whose first seal is under way.
const NEW: NonZeroUsize = NonZeroUsize::new(1024).expect("not zero");

/// What was used longest ago goes first, as far as uses are noted.
type Keys = LruCache<(Id<Subject>, Retention), Arc<DataKey>>;

pub struct Keyring {
    db: Db,
    root: Arc<RootKeys>,
    random: Random,
    cache: RwLock<Keys>,
    new: Mutex<LruCache<Id<Subject>, ()>>,
    looks: AtomicUsize,
    series: OnceLock<[u8; 3]>,
    made: AtomicU32,
}

impl Keyring {
    pub fn new(db: Db, root: Arc<RootKeys>, random: Random, bound: NonZeroUsize) -> Keyring {
        let (cache, new) = (RwLock::new(Keys::new(bound)), Mutex::new(LruCache::new(NEW)));
        let (looks, series, made) = (AtomicUsize::new(0), OnceLock::new(), AtomicU32::new(0));
        Keyring { db, root, random, cache, new, looks, series, made }
    }

    /// A subject that was made just now has no key: none is looked for before its first is made.
    pub fn expect_none(&self, subject: Id<Subject>) {
        self.new.lock().unwrap_or_else(PoisonError::into_inner).put(subject, ());
    }

    /// The key to seal with. If there is none it is made, and durable before it is used; of two that race, both get the
    /// first.
    pub async fn obtain(&self, subject: Id<Subject>, class: Retention) -> Result<Arc<DataKey>, Error> {
        if let Some(key) = self.cache().peek(&(subject, class)) {
            return Ok(key.clone());
        }
        let is_new = self.new.lock().unwrap_or_else(PoisonError::into_inner).contains(&subject);
        let found = if is_new { None } else { self.db.read(move |tx| newest(tx, subject, class)).await? };
        let stored = match found {
            Some(stored) => stored,
            None => self.make(subject, class).await?,
        };
        self.unwrap(subject, class, stored)
    }

    /// Opens with the keys in the order asked for; `open` gets the place of each. Keys that are in memory are used where they
    /// lie. All that it lacks are read in one unit.
    pub async fn each<T>(
        &self,
        wanted: &[Wanted],
        mut open: impl FnMut(usize, &DataKey) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut opened = Vec::with_capacity(wanted.len());
        for some in wanted.chunks(TOGETHER) {
            if !self.each_cached(some, &mut opened, &mut open)? {
                break;
            }
        }
        let rest = &wanted[opened.len()..];
        if !rest.is_empty() {
            for key in self.find(rest).await? {
                opened.push(open(opened.len(), &key)?);
            }
        }
        Ok(opened)
    }

    /// Opens with these if all of them are in memory; answers whether they are.
    fn each_cached<T>(
        &self,
        wanted: &[Wanted],
        opened: &mut Vec<T>,
        open: &mut impl FnMut(usize, &DataKey) -> Result<T, Error>,
    ) -> Result<bool, Error> {
        let cache = self.cache();
        let keys: Option<Vec<_>> = wanted.iter().map(|wanted| fitting(&cache, wanted)).collect();
        let Some(keys) = keys else { return Ok(false) };
        for key in keys {
            opened.push(open(opened.len(), key)?);
        }
        drop(cache);
        self.note(wanted);
        Ok(true)
    }

    /// One look in [`NOTED`] is a use.
    fn note(&self, wanted: &[Wanted]) {
        if self.looks.fetch_add(1, Ordering::Relaxed).is_multiple_of(NOTED) {
            let mut cache = self.changing();
            for one in wanted {
                cache.promote(&(one.subject, one.class));
            }
        }
    }

    /// The keys, in the order asked for.
    async fn find(&self, wanted: &[Wanted]) -> Result<Vec<Arc<DataKey>>, Error> {
        let cached = self.cached(wanted);
        let missing: Vec<Wanted> =
            wanted.iter().zip(&cached).filter(|(_, key)| key.is_none()).map(|(wanted, _)| *wanted).collect();
        let mut read = Vec::new().into_iter();
        if !missing.is_empty() {
            let unit =
                move |tx: &mut Tx| missing.iter().map(|wanted| by_id(tx, wanted)).collect::<Result<Vec<_>, Error>>();
            read = self.db.read(unit).await?.into_iter();
        }
        let mut keys = Vec::with_capacity(wanted.len());
        for (wanted, cached) in wanted.iter().zip(cached) {
            keys.push(match cached {
                Some(key) => key,
                None => {
                    let stored = read.next().flatten().ok_or(Error::KeyGone(wanted.subject))?;
                    self.unwrap(wanted.subject, wanted.class, stored)?
                }
            });
        }
        Ok(keys)
    }

    /// Those of these subjects who have any key.
    pub async fn left_of(&self, subjects: Vec<Id<Subject>>) -> Result<Vec<Id<Subject>>, Error> {
        let unit = move |tx: &mut Tx| {
            let mut left = Vec::new();
            for subject in &subjects {
                let sql = "SELECT subject FROM data_key WHERE subject = $1 LIMIT 1";
                left.extend(tx.first(sql, values![*subject], |row| row.next::<Id<Subject>>())?);
            }
            Ok(left)
        };
        self.db.read(unit).await
    }

    /// Deletes all keys of a subject, but those of the classes that are held, and answers how many there were. What is in
    /// memory goes whole.
    pub async fn destroy(&self, subject: Id<Subject>, held: &[Retention]) -> Result<u64, Error> {
        let but: String = (2..).take(held.len()).map(|n| format!(" AND class <> ${n}")).collect();
        let sql = format!("DELETE FROM data_key WHERE subject = $1{but}");
        let mut values = vec![subject.into()];
        values.extend(held.iter().map(|class| Value::from(class.id())));
        let unit = move |tx: &mut Tx| tx.execute(&sql, &values);
        let mut gone = 0;
        if policy::holds(Control::KeysDestroyed) {
            gone = self.db.write(unit).await?;
        }
        let mut cache = self.changing();
        let theirs: Vec<_> = cache.iter().map(|(of, _)| *of).filter(|(of, _)| *of == subject).collect();
        for of in theirs {
            cache.pop(&of);
        }
        Ok(gone)
    }

    /// Those that the cache has, where they stand.
    fn cached(&self, wanted: &[Wanted]) -> Vec<Option<Arc<DataKey>>> {
        let cache = self.cache();
        wanted.iter().map(|wanted| fitting(&cache, wanted).cloned()).collect()
    }

    /// An id beside the last that this process gave (UUIDv8): 24 bits that are its series, 24 that count, and chance. Keys made in turn lie
    /// side by side in their index; the id, which each seal names, tells in which order, and no time.
    fn next_id(&self) -> Id<DataKey> {
        let mut bytes = *Id::<DataKey>::v4(&self.random).as_bytes();
        let series = *self.series.get_or_init(|| [bytes[0], bytes[1], bytes[2]]);
        let [_, count @ ..] = self.made.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes[..3].copy_from_slice(&series);
        bytes[3..6].copy_from_slice(&count);
        bytes[6] = bytes[6] & 0x0F | 0x80;
        Id::from_bytes(bytes)
    }

    async fn make(&self, subject: Id<Subject>, class: Retention) -> Result<Stored, Error> {
        let id = self.next_id();
        let key = Zeroizing::new(self.random.bytes::<32>());
        let (epoch, wrapped) = self.root.wrap(&self.random, &what(id, subject, class, FIRST_GENERATION), &*key);
        let unit = move |tx: &mut Tx| {
            let now = tx.now();
            let made = tx.execute(
                "INSERT INTO data_key (id, subject, class, generation, epoch, wrapped, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (subject, class, generation) DO NOTHING",
                values![id, subject, class.id(), FIRST_GENERATION, epoch, wrapped.clone(), now],
            )?;
            if made == 1 {
                // The first generation is the only one that is ever made.
                return Ok(Some(Stored { id, generation: FIRST_GENERATION, epoch, wrapped: wrapped.clone() }));
            }
            newest(tx, subject, class)
        };
        self.db.write(unit).await?.ok_or(Error::KeyGone(subject))
    }

    fn unwrap(&self, subject: Id<Subject>, class: Retention, stored: Stored) -> Result<Arc<DataKey>, Error> {
        let Stored { id, generation, epoch, wrapped } = stored;
        let bytes = self.root.unwrap(epoch, &what(id, subject, class, generation), &wrapped)?;
        let key: &[u8; 32] = bytes.as_slice().try_into().map_err(|_| Error::Epoch(epoch))?;
        let key = Arc::new(DataKey { id, class, generation, cipher: Cipher::new(key) });
        self.changing().put((subject, class), key.clone());
        Ok(key)
    }

    fn cache(&self) -> RwLockReadGuard<'_, Keys> {
        self.cache.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn changing(&self) -> RwLockWriteGuard<'_, Keys> {
        self.cache.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A cached key of an earlier generation, or of another id, does not count: the database decides.
fn fitting<'k>(cache: &'k Keys, wanted: &Wanted) -> Option<&'k Arc<DataKey>> {
    let key = cache.peek(&(wanted.subject, wanted.class))?;
    (key.id == wanted.id && key.generation == wanted.generation).then_some(key)
}

/// A key as the key database has it.
struct Stored {
    id: Id<DataKey>,
    generation: i64,
    epoch: i64,
    wrapped: Vec<u8>,
}

fn stored(row: &mut Row<'_>) -> Result<Stored, kit::db::Error> {
    Ok(Stored { id: row.next()?, generation: row.next()?, epoch: row.next()?, wrapped: row.next()? })
}

fn newest(tx: &mut Tx, subject: Id<Subject>, class: Retention) -> Result<Option<Stored>, Error> {
    Ok(tx.first(
        "SELECT id, generation, epoch, wrapped FROM data_key 
         WHERE subject = $1 AND class = $2 ORDER BY generation DESC LIMIT 1",
        values![subject, class.id()],
        stored,
    )?)
}

fn by_id(tx: &mut Tx, wanted: &Wanted) -> Result<Option<Stored>, Error> {
    Ok(tx.first(
        "SELECT id, generation, epoch, wrapped FROM data_key 
         WHERE id = $1 AND subject = $2 AND class = $3 AND generation = $4",
        values![wanted.id, wanted.subject, wanted.class.id(), wanted.generation],
        stored,
    )?)
}

/// What a wrapped key is bound to: moved to another subject or class it does not unwrap.
fn what(id: Id<DataKey>, subject: Id<Subject>, class: Retention, generation: i64) -> Vec<Vec<u8>> {
    vec![
        b"data-key".to_vec(),
        id.as_bytes().to_vec(),
        subject.as_bytes().to_vec(),
        class.id().as_bytes().to_vec(),
        generation.to_be_bytes().to_vec(),
    ]
}
