//! Sealed to one key: an age file with one X25519 recipient.

use crate::{Identity, Recipient, Shut, Unsealable};
use std::cell::RefCell;
use std::io::{self, BufRead, Read, Write};
use std::iter::once;
use std::rc::Rc;

/// age seals in pieces of so many bytes, each with a tag.
const PIECE: u64 = 64 * 1024;

/// The length of a piece's tag.
const TAG: u64 = 16;

/// Seals to a public key.
///
/// # Errors
/// [`Unsealable::Recipient`].
pub fn seal(plain: &[u8], recipient: &str) -> Result<Vec<u8>, Unsealable> {
    age::encrypt(&read(recipient)?, plain).map_err(failed)
}

/// Opens with the secret key.
///
/// # Errors
/// [`Shut::Ciphertext`]: another key, or changed bytes.
pub fn open(ciphertext: &[u8], identity: &Identity) -> Result<Vec<u8>, Shut> {
    age::decrypt(identity, ciphertext).map_err(|_| Shut::Ciphertext)
}

/// Opens as it is read. What comes out is authentic piece by piece, and whole only when the end was read without an error.
///
/// # Errors
/// [`Shut::Ciphertext`]: another key, or a changed beginning.
pub fn reader<R: BufRead>(ciphertext: R, identity: &Identity) -> Result<impl Read + use<R>, Shut> {
    let decryptor = age::Decryptor::new_buffered(ciphertext).map_err(|_| Shut::Ciphertext)?;
    decryptor.decrypt(once(identity as &dyn age::Identity)).map_err(|_| Shut::Ciphertext)
}

/// A sealing that has begun: how long it gets is known before anything of the content is read.
pub(crate) struct Sealing {
    writer: age::stream::StreamWriter<Onward>,
    onward: Onward,
}

impl Sealing {
    /// Makes the beginning.
    pub fn begin(recipient: &str) -> Result<Self, Unsealable> {
        let recipient = read(recipient)?;
        let encryptor = age::Encryptor::with_recipients(once(&recipient as &dyn age::Recipient)).map_err(failed)?;
        let onward = Onward::default();
        Ok(Self { writer: encryptor.wrap_output(onward.clone()).map_err(failed)?, onward })
    }

    /// How long it is with so many bytes inside.
    pub fn size(&self, length: u64) -> u64 {
        self.onward.0.borrow().len() as u64 + length + TAG * length.div_ceil(PIECE).max(1)
    }

    /// Writes all of it.
    pub fn write(self, plain: impl Read, length: u64, mut into: impl Write) -> Result<(), Unsealable> {
        let Self { mut writer, onward } = self;
        let (mut plain, mut piece) = (plain.take(length + 1), vec![0; PIECE as usize]);
        let mut read = 0;
        loop {
            let some = plain.read(&mut piece).map_err(failed)?;
            read += some as u64;
            if some == 0 {
                break;
            }
            writer.write_all(&piece[..some]).map_err(failed)?;
            onward.drain(&mut into).map_err(failed)?;
        }
        if read != length {
            return Err(failed("what is sealed has changed its size meanwhile"));
        }
        writer.finish().map_err(failed)?;
        onward.drain(&mut into).and_then(|()| into.flush()).map_err(failed)
    }
}

/// What was sealed and is not written yet: of a stream that its writer keeps.
#[derive(Clone, Default)]
struct Onward(Rc<RefCell<Vec<u8>>>);

impl Onward {
    fn drain(&self, into: &mut impl Write) -> io::Result<()> {
        let mut held = self.0.borrow_mut();
        into.write_all(&held)?;
        held.clear();
        Ok(())
    }
}

impl Write for Onward {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn read(recipient: &str) -> Result<Recipient, Unsealable> {
    recipient.parse().map_err(|_| Unsealable::Recipient(recipient.to_owned()))
}

fn failed(why: impl std::fmt::Display) -> Unsealable {
    Unsealable::Failed(why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_is_sealed_as_a_stream_is_opened_as_one_and_its_length_was_known(length in prop_oneof![
            Just(0usize), Just(65_535), Just(65_536), Just(65_537), Just(131_072), 0usize..200_000
        ]) {
            let key = crate::new_key();
            let plain: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let sealing = Sealing::begin(&key.to_public().to_string()).unwrap();
            let (size, mut sealed) = (sealing.size(length as u64), Vec::new());
            sealing.write(&plain[..], length as u64, &mut sealed).unwrap();
            prop_assert_eq!(sealed.len() as u64, size);
            let mut opened = Vec::new();
            reader(&sealed[..], &key).unwrap().read_to_end(&mut opened).unwrap();
            prop_assert!(opened == plain && open(&sealed, &key).unwrap() == plain);
            let last = sealed.len() - 1;
            sealed[last] ^= 1;
            prop_assert!(reader(&sealed[..], &key).unwrap().read_to_end(&mut Vec::new()).is_err());
            prop_assert!(reader(&sealed[..last], &key).unwrap().read_to_end(&mut Vec::new()).is_err());
        }
    }

    #[test]
    fn what_changes_its_size_meanwhile_is_not_sealed() {
        let recipient = crate::new_key().to_public().to_string();
        for given in [&b"shorter"[..], b"much longer than it said"] {
            assert!(Sealing::begin(&recipient).unwrap().write(given, 10, Vec::new()).is_err());
        }
    }
}
