//! What accounts are found and checked by, held for the life of the process.

use aws_lc_rs::hmac;
use std::sync::Arc;
use tokio::sync::Semaphore;
use vault::{BlindIndex, Email, IdNumber, IndexSlot, LinkedIdentity, Phone, Vault};

/// How many passwords are hashed at the same time: each takes 46 MiB and a core.
const HASHING: usize = 2;

/// Indexes, keys, and the queue before the password hash. Clones share them.
#[derive(Clone)]
pub struct Secrets {
    pub(super) phones: BlindIndex<Phone>,
    pub(super) emails: BlindIndex<Email>,
    pub(super) identities: BlindIndex<LinkedIdentity>,
    pub(super) id_numbers: BlindIndex<IdNumber>,
    pub(super) codes: hmac::Key,
    pub(super) hashing: Arc<Semaphore>,
}

impl Secrets {
    /// What an e-mail is found by: the keyed index that accounts have of theirs.
    pub fn email_index(&self, email: &Email) -> [u8; 32] {
        self.emails.of(email)
    }

    /// What a link is found by.
    pub fn identity_index(&self, identity: &LinkedIdentity) -> [u8; 32] {
        self.identities.of(identity)
    }

    /// What the number of an identity document is found by.
    pub fn id_number_index(&self, number: &IdNumber) -> [u8; 32] {
        self.id_numbers.of(number)
    }

    /// Reads the keys, or makes them.
    ///
    /// # Errors
    /// [`vault::Error`] of the key database.
    pub async fn open(vault: &Vault) -> Result<Self, vault::Error> {
        Ok(Self {
            phones: vault.index(IndexSlot::new("account", "phone_index", 1)).await?,
            emails: vault.index(IndexSlot::new("account", "email_index", 1)).await?,
            identities: vault.index(IndexSlot::new("account_link", "identity_index", 1)).await?,
            id_numbers: vault.index(IndexSlot::new("verification_document", "number_index", 1)).await?,
            codes: hmac::Key::new(hmac::HMAC_SHA256, &*vault.secrets().derive("account/code").await?),
            hashing: Arc::new(Semaphore::new(HASHING)),
        })
    }
}
