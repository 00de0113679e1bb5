//! Key material that belongs to no person (index keys, tender keys), by name, wrapped in the key database.

use std::sync::Arc;

use kit::{
    db::{Db, Tx},
    random::Random,
    values,
};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    Error, RootKeys,
    suite::{Cipher, Context},
};

/// The named secrets. A name is a path such as `tender/<id>/identity`.
#[derive(Clone)]
pub struct Secrets {
    db: Db,
    root: Arc<RootKeys>,
    random: Random,
}

impl Secrets {
    pub(crate) fn new(db: Db, root: Arc<RootKeys>, random: Random) -> Secrets {
        Secrets { db, root, random }
    }

    /// Stores a secret durably. The same bytes again are fine; others are refused, since a lost key cannot be had back.
    ///
    /// # Errors
    /// [`Error::SecretTaken`], [`Error::Db`], [`Error::Epoch`].
    pub async fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let held = self.keep(name, bytes).await?;
        if held.ct_eq(bytes).into() { Ok(()) } else { Err(Error::SecretTaken(name.to_owned())) }
    }

    /// The secret of this name.
    ///
    /// # Errors
    /// [`Error::Db`], [`Error::Epoch`].
    pub async fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let wanted = name.to_owned();
        let stored = self.db.read(move |tx| stored(tx, &wanted)).await?;
        stored.map(|stored| self.unwrap(name, stored)).transpose()
    }

    /// The 32 random bytes of this name, made on first use. All who race get the same.
    ///
    /// # Errors
    /// [`Error::SecretTaken`] if the name holds something else than 32 bytes, [`Error::Db`], [`Error::Epoch`].
    pub async fn derive(&self, name: &str) -> Result<Zeroizing<[u8; 32]>, Error> {
        let held = match self.get(name).await? {
            Some(held) => held,
            None => self.keep(name, &*Zeroizing::new(self.random.bytes::<32>())).await?,
        };
        let bytes: &[u8; 32] = held.as_slice().try_into().map_err(|_| Error::SecretTaken(name.to_owned()))?;
        Ok(Zeroizing::new(*bytes))
    }

    /// Encrypts a short value that is no personal field (a code in a job's payload, a cursor) under the secret of this
    /// name, bound to `context`.
    ///
    /// # Errors
    /// As [`Secrets::derive`].
    pub async fn seal(&self, name: &str, context: &str, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let cipher = Cipher::new(&*self.derive(name).await?);
        Ok(cipher.seal(self.random.bytes(), &payload(name, context), plain))
    }

    /// Decrypts what [`Secrets::seal`] made for the same name and context.
    ///
    /// # Errors
    /// [`Error::Unreadable`] for anything else; as [`Secrets::derive`].
    pub async fn open(&self, name: &str, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        Cipher::new(&*self.derive(name).await?).open(&payload(name, context), sealed)
    }

    /// The key of this name, made on first use, for many values: the key database is asked once.
    ///
    /// # Errors
    /// As [`Secrets::derive`].
    pub async fn keyed(&self, name: &str) -> Result<Keyed, Error> {
        let cipher = Cipher::new(&*self.derive(name).await?);
        Ok(Keyed { name: name.to_owned(), cipher, random: self.random.clone() })
    }

    /// Stores the bytes durably unless the name is taken; answers what it holds then. All who race get the same.
    ///
    /// # Errors
    /// [`Error::Db`], [`Error::Epoch`].
    pub async fn keep(&self, name: &str, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (epoch, wrapped) = self.root.wrap(&self.random, &what(name), bytes);
        let owned = name.to_owned();
        let unit = move |tx: &mut Tx| {
            let now = tx.now();
            tx.execute(
                "INSERT INTO secret (name, version, epoch, wrapped, created_at) 
                 VALUES ($1, 1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
                values![&owned, epoch, wrapped.clone(), now],
            )?;
            stored(tx, &owned)
        };
        let held = self.db.write(unit).await?.ok_or(Error::Db(kit::db::Error::Missing))?;
        self.unwrap(name, held)
    }

    fn unwrap(&self, name: &str, (epoch, wrapped): (i64, Vec<u8>)) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.root.unwrap(epoch, &what(name), &wrapped)
    }
}

/// The key of one name, ready to use. What it seals, [`Secrets::open`] opens with the same name and context.
pub struct Keyed {
    name: String,
    cipher: Cipher,
    random: Random,
}

impl Keyed {
    /// Encrypts a value that is no personal field, bound to `context`.
    pub fn seal(&self, context: &str, plain: &[u8]) -> Vec<u8> {
        self.cipher.seal(self.random.bytes(), &payload(&self.name, context), plain)
    }

    /// Decrypts it.
    ///
    /// # Errors
    /// [`Error::Unreadable`] for what was sealed under another name, for another context, or was changed.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.cipher.open(&payload(&self.name, context), sealed)
    }
}

fn stored(tx: &mut Tx, name: &str) -> Result<Option<(i64, Vec<u8>)>, Error> {
    Ok(tx.first("SELECT epoch, wrapped FROM secret WHERE name = $1", values![name], |row| {
        Ok((row.next()?, row.next()?))
    })?)
}

fn what(name: &str) -> [Vec<u8>; 2] {
    [b"secret".to_vec(), name.as_bytes().to_vec()]
}

fn payload(name: &str, context: &str) -> Context {
    Context::new(&["payload", name, context])
}
