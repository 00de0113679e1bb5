//! Sealed to many hands: an envelope that opens with the platform's key **and** k of n holders' shares.
//!
//! ```text
//! ziyun envelope v2\n
//! {"content":4312,"k":2,"n":3,"recipient":"age1…","shares":2101}\n
//! the shares: an age file for the platform's key; inside a JSON list of boxes, one a holder, in the holders' order
//! the content: an age file for the envelope's own key, whose public half is `recipient`
//! ```
//!
//! The envelope's key is fresh and its secret half is nowhere: split among the holders, each share in an age file for its
//! holder, all these under the platform's layer. The two numbers are lengths in bytes.

use crate::share::{Boxed, Share, join, split};
use crate::{Identity, Recipient, Shut, Unsealable, new_key, one};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const FORMAT: &[u8] = b"ziyun envelope v2\n";

/// The longest first line, in bytes.
const HEAD: usize = 512;

/// The most holders.
pub const MOST: usize = 9;

/// To whom an envelope is sealed.
#[derive(Clone, Debug)]
pub struct Hands {
    platform: Recipient,
    holders: Vec<Recipient>,
    k: usize,
}

impl Hands {
    /// `k` of these holders, after the platform.
    ///
    /// # Errors
    /// [`Unsealable`]: 2 ≤ k ≤ n ≤ 9, all of them different keys.
    pub fn new(platform: &str, holders: &[String], k: usize) -> Result<Self, Unsealable> {
        let read = |text: &str| text.parse().map_err(|_| Unsealable::Recipient(text.to_owned()));
        let n = holders.len();
        let different = holders.iter().map(String::as_str).chain([platform]).collect::<BTreeSet<_>>();
        if k < 2 || k > n || n > MOST || different.len() != n + 1 {
            return Err(Unsealable::Hands { k, n });
        }
        Ok(Self {
            platform: read(platform)?,
            holders: holders.iter().map(|text| read(text)).collect::<Result<_, _>>()?,
            k,
        })
    }

    /// Seals what was packed.
    ///
    /// # Errors
    /// [`Unsealable::Failed`].
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let key = new_key();
        let shares = split(&key, self.k, self.holders.len())?;
        let boxes = self.holders.iter().zip(&shares).map(|(holder, share)| Boxed::close(holder, share));
        let boxes = serde_json::to_vec(&boxes.collect::<Result<Vec<_>, _>>()?).expect("boxes are JSON");
        let shares = one::seal(&boxes, &self.platform.to_string())?;
        let recipient = key.to_public().to_string();
        let content = one::seal(plain, &recipient)?;
        let (k, n) = (self.k, self.holders.len());
        let head = Head { content: content.len(), k, n, recipient, shares: shares.len() };
        let mut sealed = FORMAT.to_vec();
        serde_json::to_writer(&mut sealed, &head).expect("a head is JSON");
        sealed.push(b'\n');
        sealed.extend_from_slice(&shares);
        sealed.extend_from_slice(&content);
        Ok(sealed)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    content: usize,
    k: usize,
    n: usize,
    recipient: String,
    shares: usize,
}

/// An envelope as it lies: everybody can read its first line, nobody the rest.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    head: Head,
    shares: &'a [u8],
    content: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// Reads the first line and finds the parts.
    ///
    /// # Errors
    /// [`Shut::Format`].
    pub fn read(bytes: &'a [u8]) -> Result<Self, Shut> {
        Self::parts(bytes).ok_or(Shut::Format)
    }

    fn parts(bytes: &'a [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(FORMAT)?;
        let end = rest.iter().take(HEAD).position(|byte| *byte == b'\n')?;
        let head: Head = serde_json::from_slice(&rest[..end]).ok()?;
        let rest = &rest[end + 1..];
        let fits = head.shares.checked_add(head.content)? == rest.len();
        let sound = 2 <= head.k && head.k <= head.n && head.n <= MOST && head.recipient.parse::<Recipient>().is_ok();
        let (shares, content) = rest.split_at_checked(head.shares)?;
        (fits && sound).then_some(Self { head, shares, content })
    }

    /// How many shares it takes, and how many there are.
    pub fn k_of_n(&self) -> (usize, usize) {
        (self.head.k, self.head.n)
    }

    /// The public half of the envelope's own key.
    pub fn recipient(&self) -> &str {
        &self.head.recipient
    }

    /// Takes the platform's layer off.
    ///
    /// # Errors
    /// [`Shut::Platform`] with another key, [`Shut::Format`] when what is under it are not n boxes.
    pub fn boxes(&self, platform: &Identity) -> Result<Vec<Boxed>, Shut> {
        let boxes = one::open(self.shares, platform).map_err(|_| Shut::Platform)?;
        let boxes: Vec<Boxed> = serde_json::from_slice(&boxes).map_err(|_| Shut::Format)?;
        if boxes.len() == self.head.n { Ok(boxes) } else { Err(Shut::Format) }
    }

    /// The same, of an envelope that must be sealed to exactly these.
    ///
    /// # Errors
    /// As [`Envelope::boxes`], and [`Shut::Holders`].
    pub fn boxes_of(&self, platform: &Identity, holders: &[String], k: usize) -> Result<Vec<Boxed>, Shut> {
        let boxes = self.boxes(platform)?;
        let same = boxes.iter().map(|one| &one.holder).eq(holders);
        if same && self.head.k == k { Ok(boxes) } else { Err(Shut::Holders) }
    }

    /// Opens with the boxes and the shares that were given: each must be one of theirs. Equal ones count once.
    ///
    /// # Errors
    /// [`Shut::Share`], [`Shut::TooFew`], [`Shut::Key`], [`Shut::Ciphertext`].
    pub fn open(&self, boxes: &[Boxed], shares: &[Share]) -> Result<Vec<u8>, Shut> {
        let mut different = Vec::<&Share>::new();
        for share in shares {
            if boxes.iter().all(|one| one.sha256 != share.sha256()) {
                return Err(Shut::Share);
            }
            if !different.contains(&share) {
                different.push(share);
            }
        }
        let (have, need) = (different.len(), self.head.k);
        if have < need {
            return Err(Shut::TooFew { have, need });
        }
        let key = join(&different[..need])?;
        if key.to_public().to_string() != self.head.recipient {
            return Err(Shut::Key);
        }
        one::open(self.content, &key)
    }
}
