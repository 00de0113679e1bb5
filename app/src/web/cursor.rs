//! Cursors of lists: the key of the last row, sealed, and bound to the filters it belongs to.

use super::error::Error;
use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::search::Position;
use std::sync::Arc;

/// Seals and opens cursors.
#[derive(Clone)]
pub struct Cursors {
    key: Arc<LessSafeKey>,
    nonces: hmac::Key,
}

impl Cursors {
    /// Cursors under this key.
    ///
    /// # Panics
    /// Never: the key has the cipher's length.
    pub fn new(key: &[u8; 32]) -> Self {
        let nonces = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), b"cursor nonces");
        let key = UnboundKey::new(&AES_256_GCM_SIV, key).expect("32 bytes are a key");
        Self { key: Arc::new(LessSafeKey::new(key)), nonces: hmac::Key::new(hmac::HMAC_SHA256, nonces.as_ref()) }
    }

    /// A cursor after the row with this sort key and id, in a list with these filters: always the same, so that a page
    /// which has not changed is known again.
    pub fn seal(&self, key: i64, id: &[u8; 16], filters: &str) -> String {
        let mut sealed = [&key.to_be_bytes()[..], id].concat();
        let tag = hmac::sign(&self.nonces, &[&sealed, filters.as_bytes()].concat());
        let nonce: [u8; NONCE_LEN] = tag.as_ref()[..NONCE_LEN].try_into().expect("a tag is longer than a nonce");
        let aad = Aad::from(filters.as_bytes());
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .expect("24 bytes can be sealed");
        URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat())
    }

    /// The sort key and id behind a cursor.
    ///
    /// # Errors
    /// 400 `cursor`: not ours, changed, or of a list with other filters.
    pub fn open(&self, cursor: &str, filters: &str) -> Result<(i64, [u8; 16]), Error> {
        self.try_open(cursor, filters).ok_or_else(|| Error::malformed("cursor"))
    }

    /// A cursor after a hit of a search. It carries the score in the open, bound to the seal: the score is no secret.
    pub fn seal_position(&self, position: Position, filters: &str) -> String {
        let score = format!("{:08x}", position.score);
        let seal = self.seal(position.at, &position.id, &format!("{filters} {score}"));
        format!("{score}{seal}")
    }

    /// The place behind a cursor of a search.
    ///
    /// # Errors
    /// 400 `cursor`.
    pub fn open_position(&self, cursor: &str, filters: &str) -> Result<Position, Error> {
        let (score, seal) = cursor.split_at_checked(8).ok_or_else(|| Error::malformed("cursor"))?;
        let (at, id) = self.open(seal, &format!("{filters} {score}"))?;
        let score = u32::from_str_radix(score, 16).map_err(|_| Error::malformed("cursor"))?;
        Ok(Position { score, at, id })
    }

    fn try_open(&self, cursor: &str, filters: &str) -> Option<(i64, [u8; 16])> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let plain = self.key.open_in_place(nonce, Aad::from(filters.as_bytes()), &mut sealed).ok()?;
        let (key, id) = plain.split_at_checked(8)?;
        Some((i64::from_be_bytes(key.try_into().ok()?), id.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_only_where_it_belongs() {
        let cursors = Cursors::new(&[7; 32]);
        let cursor = cursors.seal(-5, &[9; 16], "kind=tender");
        assert_eq!(cursors.open(&cursor, "kind=tender").unwrap(), (-5, [9; 16]));
        assert_eq!(cursors.open(&cursor, "kind=result").unwrap_err().code, "cursor");
        assert_eq!(cursors.open("nonsense", "").unwrap_err().status.as_u16(), 400);
    }
}
