//! Decryption, which only what is on record gets to.

use policy::Field;

use crate::{Error, Personal, Sealed, Vault, keys, opening::Generations, suite::Context};

/// Proof that the opening is on record; only with it can anything be decrypted.
pub struct Opened<'v> {
    vault: &'v Vault,
    generations: Generations,
}

impl<'v> Opened<'v> {
    /// Of what [`crate::opening::Batch::append`] answered.
    pub(crate) fn of(vault: &'v Vault, generations: Generations) -> Opened<'v> {
        Opened { vault, generations }
    }

    /// The values, in the order of their seals.
    pub(crate) async fn decrypt<T: Personal>(&self, sealed: &[Sealed<T>]) -> Result<Vec<T>, Error> {
        let parts = &self.vault.0;
        let mut wanted = Vec::with_capacity(sealed.len());
        for seal in sealed {
            let subject = seal.subject();
            let generation = self.generations.of(subject).ok_or(Error::Unreadable)?;
            wanted.push(keys::Wanted { subject, class: T::Field::RETENTION, generation, id: seal.key_id()? });
        }
        let mut context = Context::new::<&[u8]>(&[]);
        parts.keyring.each(&wanted, |at, key| sealed[at].decrypt(&parts.region, key, &mut context)).await
    }
}
