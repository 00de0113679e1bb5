//! The cipher: AES-256-GCM-SIV (misuse-resistant) with a commitment to the key, from AWS-LC. A suite id comes first, so
//! that another suite can stand beside it.
//!
//! GCM-SIV alone does not bind a ciphertext to one key. Each data key is therefore split by HKDF-SHA-256 into an
//! encryption key and a public 32-byte commitment, which is stored in front and compared before decryption.

use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Prk, Salt},
};
use zeroize::Zeroizing;

use crate::{Error, Id, sealed::Place};

/// AES-256-GCM-SIV with key commitment, HKDF-SHA-256.
pub const SUITE: u8 = 1;

const COMMITMENT_LEN: usize = 32;

/// A 32-byte key, ready to use. AWS-LC clears its memory when it is dropped.
pub struct Cipher {
    key: LessSafeKey,
    commitment: [u8; COMMITMENT_LEN],
}

impl Cipher {
    pub fn new(key: &[u8; 32]) -> Cipher {
        let prk = Salt::new(HKDF_SHA256, b"ziyun vault suite 1").extract(key);
        let encryption =
            UnboundKey::new(&AES_256_GCM_SIV, &*expand(&prk, b"encryption")).expect("the key has 32 bytes");
        Cipher { key: LessSafeKey::new(encryption), commitment: *expand(&prk, b"commitment") }
    }

    /// commitment, nonce, ciphertext, tag.
    pub fn seal(&self, nonce: [u8; NONCE_LEN], context: &Context, plain: &[u8]) -> Vec<u8> {
        let mut content = Zeroizing::new(plain.to_vec());
        let tag = self
            .key
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&context.0), &mut content)
            .expect("a value is shorter than the cipher's 64 GB");
        [&self.commitment[..], &nonce, &content, tag.as_ref()].concat()
    }

    /// Fails with [`Error::Unreadable`] for another key, another context, or a changed byte; nothing of the plaintext is
    /// left behind then (AWS-LC clears what did not verify).
    pub fn open(&self, context: &Context, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.open_exposed(context, bytes).map(Zeroizing::new)
    }

    /// The same, for who keeps the bytes in a value of another type that clears them.
    pub fn open_exposed(&self, context: &Context, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        let (commitment, rest) = bytes.split_at_checked(COMMITMENT_LEN).ok_or(Error::Unreadable)?;
        let (nonce, content) = rest.split_at_checked(NONCE_LEN).ok_or(Error::Unreadable)?;
        // The commitment is public: how long it takes to compare tells nothing that is not stored beside it.
        if commitment != self.commitment {
            return Err(Error::Unreadable);
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Error::Unreadable)?;
        let mut content = content.to_vec();
        let length =
            self.key.open_in_place(nonce, Aad::from(&context.0), &mut content).map_err(|_| Error::Unreadable)?.len();
        content.truncate(length);
        Ok(content)
    }
}

fn expand(prk: &Prk, label: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    let info = [label];
    let okm = prk.expand(&info, HKDF_SHA256).expect("32 bytes are within HKDF's reach");
    okm.fill(&mut *out).expect("the length is the one asked for");
    out
}

/// What a ciphertext is bound to (its associated data): the parts, each with its length in front, so that none can flow
/// into the next.
pub struct Context(Vec<u8>);

impl Context {
    /// A personal field in its place.
    pub fn of_field<T>(region: &str, place: Place, key: Id<T>) -> Context {
        let mut context = Context(Vec::with_capacity(256));
        context.become_field(region, place, key);
        context
    }

    /// The same in the memory of another that is done with: a page opens dozens.
    pub fn become_field<T>(&mut self, region: &str, place: Place, key: Id<T>) {
        let Place { table, column, subject, row } = place;
        self.write::<&[u8]>(&[
            b"field",
            region.as_bytes(),
            subject.as_bytes(),
            table.as_bytes(),
            column.as_bytes(),
            &row,
            key.as_bytes(),
        ]);
    }

    pub fn new<B: AsRef<[u8]>>(parts: &[B]) -> Context {
        let mut context = Context(Vec::new());
        context.write(parts);
        context
    }

    fn write<B: AsRef<[u8]>>(&mut self, parts: &[B]) {
        self.0.clear();
        self.0.push(SUITE);
        for part in parts.iter().map(AsRef::as_ref) {
            self.0.extend_from_slice(&(part.len() as u64).to_be_bytes());
            self.0.extend_from_slice(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn context(words: &[String]) -> Context {
        Context::new(words)
    }

    proptest! {
        #[test]
        fn it_opens_with_its_own_key_and_context_only(
            key: [u8; 32], other: [u8; 32], nonce: [u8; NONCE_LEN], plain: Vec<u8>, words: Vec<String>, others: Vec<String>,
        ) {
            let cipher = Cipher::new(&key);
            let sealed = cipher.seal(nonce, &context(&words), &plain);
            prop_assert_eq!(sealed.len(), COMMITMENT_LEN + NONCE_LEN + plain.len() + 16);
            prop_assert_eq!(&*cipher.open(&context(&words), &sealed).unwrap(), &plain);
            if words != others {
                prop_assert!(cipher.open(&context(&others), &sealed).is_err());
            }
            if key != other {
                prop_assert!(Cipher::new(&other).open(&context(&words), &sealed).is_err());
            }
        }

        #[test]
        fn a_flipped_bit_or_a_cut_is_noticed(
            key: [u8; 32], nonce: [u8; NONCE_LEN], plain: Vec<u8>, at: prop::sample::Index, bit in 0..8u32,
        ) {
            let cipher = Cipher::new(&key);
            let sealed = cipher.seal(nonce, &context(&[]), &plain);
            let at = at.index(sealed.len());
            let mut flipped = sealed.clone();
            flipped[at] ^= 1 << bit;
            prop_assert!(cipher.open(&context(&[]), &flipped).is_err());
            prop_assert!(cipher.open(&context(&[]), &sealed[..at]).is_err());
        }
    }

    #[test]
    fn parts_do_not_flow_into_each_other() {
        assert_ne!(Context::new(&["ab", "c"]).0, Context::new(&["a", "bc"]).0);
        assert_ne!(Context::new(&["a"]).0, Context::new(&["a", ""]).0);
    }

    #[test]
    fn the_commitment_is_compared_even_where_the_ciphertext_would_decrypt() {
        let cipher = Cipher::new(&[7; 32]);
        let forged = Cipher { key: Cipher::new(&[7; 32]).key, commitment: [0; COMMITMENT_LEN] };
        let sealed = forged.seal([0; NONCE_LEN], &context(&[]), b"x");
        assert!(matches!(cipher.open(&context(&[]), &sealed), Err(Error::Unreadable)));
    }
}
