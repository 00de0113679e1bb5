//! Personal data: sealed at rest under a key per person, opened for a purpose only, and never without a record.
//!
//! A column with personal data holds [`Sealed<T>`]. It cannot be shown, logged or serialised; the only way to its
//! content is [`Vault::open`] with a [`Grant`], and that compiles only for a use that the policy's matrix has:
//!
//! ```no_run
//! # use vault::*;
//! # struct OwnAccount(Id<Subject>);
//! # impl Proof for OwnAccount {
//! #     type Recipient = policy::recipient::Subject;
//! #     fn opener(&self) -> Opener { Opener::person(self.0, "member") }
//! #     fn scope(&self) -> Scope { Scope::Only(self.0) }
//! # }
//! # type Read = (Id<Subject>, Id<()>, Vec<u8>);
//! # async fn page(vault: Vault, me: OwnAccount, request: RequestId, read: Read) -> Result<(), Error> {
//! # let (subject, row, bytes) = read;
//! const PHONE: Slot<Phone> = Slot::new("account", "phone");
//! let sealed = PHONE.load(bytes, subject, row);              // as read in a unit
//! let grant = Grant::<policy::purpose::Account, _>::new(&me, request);
//! let phone = vault.open(&grant, &sealed).await?;            // check, append, then decrypt
//! println!("{}", phone.expose());
//! # Ok(()) }
//! ```
//!
//! Keys live in a database of their own ([`key_migrations`]), wrapped under the root key file ([`RootKeys`]).

pub mod access;
pub mod consent;
mod error;
mod exception;
mod figures;
mod grant;
mod index;
mod keys;
mod ledger;
mod opening;
mod personal;
mod recorded;
mod root;
mod sealed;
mod secrets;
mod standing;
mod suite;

pub use error::{Error, Refusal};
pub use exception::Case;
pub use figures::Figures;
pub use grant::{Grant, Opener, Proof, Request, RequestId, Scope};
pub use index::{BlindIndex, IndexSlot};
pub use kit::id::Id;
pub use opening::Opening;
pub use personal::{Email, Followed, Ip, Malformed, Personal, Phone, Search, UserAgent};
pub use recorded::Recorded;
pub use root::RootKeys;
pub use sealed::{Sealed, Slot};
pub use secrets::Secrets;
pub use standing::{Standing, Subject, change_standing, enrol, standing};

use std::{num::NonZeroUsize, sync::Arc};

use kit::{
    db::{Db, Migration},
    random::Random,
};
use policy::{Field, Permits, Purpose, Recipient};

use crate::{keys::Keyring, ledger::Ledger, opening::Batch, suite::Context};

/// How many unwrapped data keys one process keeps in memory.
const CACHED_KEYS: NonZeroUsize = NonZeroUsize::new(10_000).expect("a number that is not 0");

/// The schema of the key database.
pub fn key_migrations() -> Vec<Migration> {
    vec![Migration { name: "0001_keys".into(), sql: include_str!("../migrations/0001_keys.sql").into() }]
}

/// The one door to personal data. Clones share keys and caches.
#[derive(Clone)]
pub struct Vault(Arc<Parts>);

struct Parts {
    db: Db,
    ledger: Ledger,
    keyring: Keyring,
    secrets: Secrets,
    random: Random,
    region: String,
}

impl Vault {
    /// `db` holds subjects and openings, `keys` is the key database (SQLite: with `secure_delete`), `region` is the
    /// data centre that all seals are bound to.
    pub fn new(db: Db, keys: Db, root: RootKeys, region: &str, random: Random) -> Vault {
        let root = Arc::new(root);
        let keyring = Keyring::new(keys.clone(), root.clone(), random.clone(), CACHED_KEYS);
        let secrets = Secrets::new(keys, root, random.clone());
        Vault(Arc::new(Parts {
            ledger: Ledger::new(db.clone()),
            db,
            keyring,
            secrets,
            random,
            region: region.to_owned(),
        }))
    }

    /// A fresh person: random, tells no time, never reused. [`enrol`] it in the unit that stores the first seal.
    pub fn new_subject(&self) -> Id<Subject> {
        Id::v4(&self.0.random)
    }

    /// Seals a value for one place: it opens nowhere else. Makes the subject's key first if there is none, durably, so
    /// call it before the unit that stores the bytes.
    ///
    /// # Errors
    /// [`Error::Db`] of the key database, [`Error::Epoch`] if the root file does not fit it.
    pub async fn seal<T: Personal, W>(
        &self,
        slot: Slot<T>,
        subject: Id<Subject>,
        row: Id<W>,
        value: &T,
    ) -> Result<Sealed<T>, Error> {
        let key = self.0.keyring.obtain(subject, T::Field::RETENTION).await?;
        let context = Context::of_field(&self.0.region, slot.place(subject, row), key.id);
        let content = key.cipher.seal(self.0.random.bytes(), &context, value.expose().as_bytes());
        Ok(slot.load(sealed::envelope(key.id, &content), subject, row))
    }

    /// Opens one value. See [`Vault::open_many`].
    ///
    /// # Errors
    /// As [`Vault::open_many`].
    pub async fn open<T, P, R>(&self, grant: &Grant<P, R>, sealed: &Sealed<T>) -> Result<T, Error>
    where
        T: Personal,
        P: Permits<T::Field, R>,
        R: Recipient,
    {
        let opened = self.open_many(grant, std::slice::from_ref(sealed)).await?;
        Ok(opened.into_iter().next().expect("one seal gives one value"))
    }

    /// Opens what one page shows of one field, with one record: compares every subject's standing, appends the opening
    /// durably, then decrypts. In the order given; nothing is recorded for an empty slice. Pages that open at the same
    /// time are recorded in one transaction.
    ///
    /// # Errors
    /// [`Error::Refused`] if a subject is outside the grant, unknown, blocked or destroyed, or has not agreed to what
    /// rests on consent (recorded as denied, and nothing is opened); [`Error::Db`] if the record cannot be written; [`Error::Unreadable`] if a seal does not
    /// belong to its place.
    pub async fn open_many<T, P, R>(&self, grant: &Grant<P, R>, sealed: &[Sealed<T>]) -> Result<Vec<T>, Error>
    where
        T: Personal,
        P: Permits<T::Field, R>,
        R: Recipient,
    {
        let mut batch = Batch::new(grant);
        batch.add::<T>(P::BASIS, sealed);
        self.append(batch).await?.decrypt(sealed).await
    }

    /// Opens two fields of one person with one record.
    ///
    /// # Errors
    /// As [`Vault::open_many`].
    pub async fn open_both<T, U, P, R>(
        &self,
        grant: &Grant<P, R>,
        one: &Sealed<T>,
        other: &Sealed<U>,
    ) -> Result<(T, U), Error>
    where
        T: Personal,
        U: Personal,
        P: Permits<T::Field, R> + Permits<U::Field, R>,
        R: Recipient,
    {
        let (one, other) = (std::slice::from_ref(one), std::slice::from_ref(other));
        let mut batch = Batch::new(grant);
        batch.add::<T>(<P as Permits<T::Field, R>>::BASIS, one);
        batch.add::<U>(<P as Permits<U::Field, R>>::BASIS, other);
        let appended = self.append(batch).await?;
        let (one, other) = (appended.decrypt(one).await?, appended.decrypt(other).await?);
        Ok(one.into_iter().zip(other).next().expect("one seal gives one value"))
    }

    /// The index that finds equal values of a column without opening them. Makes its key on first use.
    ///
    /// # Errors
    /// [`Error::Db`] of the key database, [`Error::Epoch`] if the root file does not fit it.
    pub async fn index<T: Personal>(&self, slot: IndexSlot<T>) -> Result<BlindIndex<T>, Error> {
        Ok(slot.with_key(&*self.0.secrets.derive(&slot.name()).await?))
    }

    /// Destroys the keys of a person whose standing is [`Standing::Destroyed`]: what they sealed is unreadable from then on
    /// in the database, its copies and its back-ups. May be repeated. Call it after the unit that changed the standing, as a
    /// job that this unit has left.
    ///
    /// # Errors
    /// [`Error::NotDestroyed`] for any other standing, [`Error::Db`].
    pub async fn destroy_keys(&self, subject: Id<Subject>) -> Result<(), Error> {
        let found = self.0.db.read(move |tx| standing(tx, subject)).await?;
        if found != Some(Standing::Destroyed) {
            return Err(Error::NotDestroyed(subject));
        }
        self.0.keyring.destroy(subject).await
    }

    /// Key material that belongs to no person.
    pub fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    /// How often it was asked.
    pub fn figures(&self) -> &Figures {
        self.0.ledger.figures()
    }

    async fn append<P: Purpose, R: Recipient>(&self, batch: Batch<P, R>) -> Result<Appended<'_>, Error> {
        Ok(Appended { vault: self, generations: batch.append(&self.0.ledger).await? })
    }
}

/// Proof that the opening is on record; only with it can anything be decrypted.
struct Appended<'v> {
    vault: &'v Vault,
    generations: opening::Generations,
}

impl Appended<'_> {
    async fn decrypt<T: Personal>(&self, sealed: &[Sealed<T>]) -> Result<Vec<T>, Error> {
        let parts = &self.vault.0;
        let mut wanted = Vec::with_capacity(sealed.len());
        for seal in sealed {
            let subject = seal.subject();
            let generation = self.generations.of(subject).ok_or(Error::Unreadable)?;
            wanted.push(keys::Wanted { subject, class: T::Field::RETENTION, generation, id: seal.key_id()? });
        }
        let keys = parts.keyring.find(&wanted).await?;
        sealed.iter().zip(keys).map(|(seal, key)| seal.decrypt(&parts.region, &key)).collect()
    }
}
