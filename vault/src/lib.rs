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

mod accepted;
pub mod access;
pub mod consent;
mod error;
mod exception;
mod figures;
mod grant;
mod hold;
mod index;
mod keys;
mod ledger;
mod opened;
mod opening;
mod personal;
mod recorded;
mod root;
mod sealed;
mod secrets;
mod standing;
mod suite;
mod together;
pub mod tombstone;

pub use accepted::{accept, accepted};
pub use error::{Error, Refusal};
pub use exception::Case;
pub use figures::Figures;
pub use grant::{Grant, Opener, Proof, Request, RequestId, Scope};
pub use hold::{Held, held, hold_keys};
pub use index::{BlindIndex, IndexSlot};
pub use kit::id::Id;
pub use opening::Opening;
pub use personal::{
    AuthenticatorSecret, ContactDepartment, ContactEmail, ContactName, ContactOther, ContactPhone, ContactTitle, Email,
    ExportKey, Followed, IdName, IdNumber, Ip, LinkedIdentity, Malformed, PasskeyName, Personal, Phone, Representative,
    RequestText, Search, SharedEmail, SharedName, SharedPhone, Use, UserAgent, VerificationPage,
};
pub use recorded::Recorded;
pub use root::RootKeys;
pub use sealed::{Sealed, Slot};
pub use secrets::{Keyed, Secrets};
pub use standing::{Standing, Subject, change_standing, enrol, enrol_accepting, standing};
pub use together::Together;

use std::{num::NonZeroUsize, sync::Arc};

use kit::{
    db::{Db, Migration, Tx},
    random::Random,
};
use policy::{Control, Field, Permits, Purpose, Recipient, Versions};

use crate::{
    keys::Keyring, ledger::Ledger, opened::Opened, opening::Batch, suite::Context, tombstone::Journal,
    tombstone::Tombstone,
};

/// How many unwrapped data keys one process keeps in memory.
const CACHED_KEYS: NonZeroUsize = NonZeroUsize::new(10_000).expect("a number that is not 0");

/// Of how many erased persons one unit looks for keys.
const TOGETHER: usize = 500;

/// The schema of the key database.
pub fn key_migrations() -> Vec<Migration> {
    let step = |name: &str, sql: &str| Migration { name: name.into(), sql: sql.into() };
    vec![
        step("0001_keys", include_str!("../migrations/0001_keys.sql")),
        step("0002_restored", include_str!("../migrations/0002_restored.sql")),
    ]
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
    /// data centre that all seals are bound to. It knows the versions of the policy that the program was built with.
    pub fn new(db: Db, keys: Db, root: RootKeys, region: &str, random: Random) -> Vault {
        Vault::knowing(Versions::COMPILED, db, keys, root, region, random)
    }

    /// The same with these versions of the policy.
    pub fn knowing(versions: Versions, db: Db, keys: Db, root: RootKeys, region: &str, random: Random) -> Vault {
        let root = Arc::new(root);
        let keyring = Keyring::new(keys.clone(), root.clone(), random.clone(), CACHED_KEYS);
        let secrets = Secrets::new(keys, root, random.clone());
        Vault(Arc::new(Parts {
            ledger: Ledger::new(&db, versions),
            db,
            keyring,
            secrets,
            random,
            region: region.to_owned(),
        }))
    }

    /// A fresh person: random, tells no time, never reused. [`enrol`] it in the unit that stores the first seal.
    pub fn new_subject(&self) -> Id<Subject> {
        let subject = Id::v4(&self.0.random);
        self.0.keyring.expect_none(subject);
        subject
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
    pub async fn open<T, P, R>(&self, grant: &Grant<'_, P, R>, sealed: &Sealed<T>) -> Result<T, Error>
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
    /// [`Error::Refused`] if a subject is outside the grant, unknown, blocked or destroyed, has not accepted a
    /// version of the policy that permits it, or has not agreed to what rests on consent (recorded as denied, and nothing
    /// is opened); [`Error::Db`] if the record cannot be written; [`Error::Unreadable`] if a seal does not
    /// belong to its place.
    pub async fn open_many<T, P, R>(&self, grant: &Grant<'_, P, R>, sealed: &[Sealed<T>]) -> Result<Vec<T>, Error>
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
        grant: &Grant<'_, P, R>,
        one: &Sealed<T>,
        other: &Sealed<U>,
    ) -> Result<(T, U), Error>
    where
        T: Personal,
        U: Personal,
        P: Permits<T::Field, R> + Permits<U::Field, R>,
        R: Recipient,
    {
        self.open_together(grant, (one, other)).await
    }

    /// Opens fields of different kinds with one record, as a page shows them of a person:
    /// `open_together(&grant, ((&name, &address), (&phone, &email)))`.
    ///
    /// # Errors
    /// As [`Vault::open_many`].
    pub async fn open_together<P, R, S>(&self, grant: &Grant<'_, P, R>, sealed: S) -> Result<S::Values, Error>
    where
        P: Purpose,
        R: Recipient,
        S: Together<P, R>,
    {
        let mut batch = Batch::new(grant);
        sealed.add(&mut batch);
        sealed.decrypt(&self.append(batch).await?).await
    }

    /// The index that finds equal values of a column without opening them. Makes its key on first use.
    ///
    /// # Errors
    /// [`Error::Db`] of the key database, [`Error::Epoch`] if the root file does not fit it.
    pub async fn index<T: Personal>(&self, slot: IndexSlot<T>) -> Result<BlindIndex<T>, Error> {
        Ok(slot.with_key(&*self.0.secrets.derive(&slot.name()).await?))
    }

    /// Destroys the keys of a person whose standing is [`Standing::Destroyed`], but for the classes that are held until later
    /// ([`hold_keys`]): what the others sealed is unreadable from then on in the database, its copies and its back-ups. May
    /// be repeated, and is, when a held class ends. Call it after the unit that changed the standing, as a job that this unit
    /// has left. The journal has the tombstone before the first key goes.
    ///
    /// # Errors
    /// [`Error::NotDestroyed`] for any other standing, [`Error::Journal`] (no key was destroyed then), [`Error::Db`].
    pub async fn destroy_keys(&self, subject: Id<Subject>, journal: &Journal) -> Result<(), Error> {
        let read = move |tx: &mut Tx| Ok::<_, Error>((standing(tx, subject)?, tombstone::find(tx, subject)?));
        let (Some(Standing::Destroyed), Some(stone)) = self.0.db.read(read).await? else {
            return Err(Error::NotDestroyed(subject));
        };
        if policy::holds(Control::TombstoneFirst) {
            journal.note(stone).await?;
        }
        self.destroy_but_held(subject).await.map(drop)
    }

    async fn destroy_but_held(&self, subject: Id<Subject>) -> Result<u64, Error> {
        let read = move |tx: &mut Tx| Ok::<_, Error>((held(tx, subject)?, tx.now()));
        let (held, now) = self.0.db.read(read).await?;
        let held: Vec<_> = held.into_iter().filter(|one| one.until > now).map(|one| one.class).collect();
        self.0.keyring.destroy(subject, &held).await
    }

    /// Destroys the keys of all these, whose erasure stands in the journal and in the database: a restored key database
    /// brings back those of who was erased later. What the law has held stays. Answers of how many there were any others.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn bury(&self, stones: &[Tombstone]) -> Result<usize, Error> {
        let mut buried = 0;
        for some in stones.chunks(TOGETHER) {
            let asked: Vec<_> = some.iter().map(|stone| stone.subject).collect();
            for subject in self.0.keyring.left_of(asked).await? {
                buried += usize::from(self.destroy_but_held(subject).await? > 0);
            }
        }
        Ok(buried)
    }

    /// Key material that belongs to no person.
    pub fn secrets(&self) -> &Secrets {
        &self.0.secrets
    }

    /// How often it was asked.
    pub fn figures(&self) -> &Figures {
        self.0.ledger.figures()
    }

    async fn append<P: Purpose, R: Recipient>(&self, batch: Batch<P, R>) -> Result<Opened<'_>, Error> {
        Ok(Opened::of(self, batch.append(&self.0.ledger).await?))
    }
}
