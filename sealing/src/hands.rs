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
//! holder, all these under the platform's layer. The two numbers are lengths in bytes. Where a tender allows it, the bidder has one box
//! more, behind the holders'.

use crate::share::{Boxed, Share, join, split};
use crate::{Identity, Recipient, Shut, Unsealable, new_key, one};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::ops::Range;

const FORMAT: &[u8] = b"ziyun envelope v2\n";

/// The longest first line, in bytes.
const HEAD: usize = 512;

/// So many bytes of an envelope's beginning tell where its parts lie.
pub const BEGINNING: usize = FORMAT.len() + HEAD;

/// The longest that the shares may be, in bytes: those of nine holders are a tenth of it. Whoever opens keeps them in memory.
const SHARES: usize = 64 * 1024;

/// The most holders.
pub const MOST: usize = 9;

/// To whom an envelope is sealed.
#[derive(Clone, Debug)]
pub struct Hands {
    platform: Recipient,
    holders: Vec<Recipient>,
    own: Option<Recipient>,
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
            own: None,
            k,
        })
    }

    /// The same with a share for the bidder itself, behind those of the holders. It may stand in for one that is missing and is
    /// never needed: k of the holders are enough without it.
    ///
    /// # Errors
    /// [`Unsealable`]: no key, one that is named already, or more than nine shares.
    pub fn with_own(self, own: &str) -> Result<Self, Unsealable> {
        let key: Recipient = own.parse().map_err(|_| Unsealable::Recipient(own.to_owned()))?;
        let (k, n) = (self.k, self.holders.len() + 1);
        let is_known = self.holders.iter().chain([&self.platform]).any(|one| one.to_string() == own);
        if is_known || self.own.is_some() || n > MOST {
            return Err(Unsealable::Hands { k, n });
        }
        Ok(Self { own: Some(key), ..self })
    }

    /// Seals what was packed.
    ///
    /// # Errors
    /// [`Unsealable::Failed`].
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let mut sealed = Vec::new();
        self.seal_to(plain, plain.len() as u64, &mut sealed)?;
        Ok(sealed)
    }

    /// Seals as it reads: exactly `length` bytes, of which no more than some are in memory. Answers the public half of the
    /// envelope's key.
    ///
    /// # Errors
    /// [`Unsealable::Failed`]: reading or writing failed, or it read fewer or more bytes.
    pub fn seal_to(&self, plain: impl Read, length: u64, mut into: impl Write) -> Result<String, Unsealable> {
        let key = new_key();
        let holders: Vec<_> = self.holders.iter().chain(&self.own).collect();
        let shares = split(&key, self.k, holders.len())?;
        let boxes = holders.iter().zip(&shares).map(|(holder, share)| Boxed::close(holder, share));
        let boxes = serde_json::to_vec(&boxes.collect::<Result<Vec<_>, _>>()?).expect("boxes are JSON");
        let shares = one::seal(&boxes, &self.platform.to_string())?;
        let recipient = key.to_public().to_string();
        let content = one::Sealing::begin(&recipient)?;
        let size = usize::try_from(content.size(length)).map_err(|e| Unsealable::Failed(e.to_string()))?;
        let (k, n) = (self.k, holders.len());
        let head = Head { content: size, k, n, recipient: recipient.clone(), shares: shares.len() };
        let mut first = FORMAT.to_vec();
        serde_json::to_writer(&mut first, &head).expect("a head is JSON");
        first.push(b'\n');
        first.extend_from_slice(&shares);
        into.write_all(&first).map_err(|e| Unsealable::Failed(e.to_string()))?;
        content.write(plain, length, into)?;
        Ok(recipient)
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

/// Where the parts of an envelope lie, by its first line: what has to be in memory of one of any size.
#[derive(Clone, Debug)]
pub struct Outline {
    head: Head,
    /// Where the shares begin.
    start: u64,
}

impl Outline {
    /// Reads the first line of an envelope of this length: [`BEGINNING`] bytes of it are enough.
    ///
    /// # Errors
    /// [`Shut::Format`].
    pub fn read(beginning: &[u8], length: u64) -> Result<Self, Shut> {
        Self::parts(beginning, length).ok_or(Shut::Format)
    }

    fn parts(beginning: &[u8], length: u64) -> Option<Self> {
        let rest = beginning.strip_prefix(FORMAT)?;
        let end = rest.iter().take(HEAD).position(|byte| *byte == b'\n')?;
        let head: Head = serde_json::from_slice(&rest[..end]).ok()?;
        let start = (FORMAT.len() + end + 1) as u64;
        let whole = start.checked_add(head.shares as u64)?.checked_add(head.content as u64)?;
        let sound = 2 <= head.k && head.k <= head.n && head.n <= MOST && head.recipient.parse::<Recipient>().is_ok();
        (whole == length && head.shares <= SHARES && sound).then_some(Self { head, start })
    }

    /// How many shares it takes, and how many there are.
    pub fn k_of_n(&self) -> (usize, usize) {
        (self.head.k, self.head.n)
    }

    /// The public half of the envelope's own key.
    pub fn recipient(&self) -> &str {
        &self.head.recipient
    }

    /// SHA-256 of it, as a commitment has it.
    pub fn recipient_sha256(&self) -> String {
        crate::sha256(self.head.recipient.as_bytes())
    }

    /// Which of its bytes are the shares.
    pub fn shares(&self) -> Range<u64> {
        self.start..self.start + self.head.shares as u64
    }

    /// Where the content begins, which goes to the end.
    pub fn content(&self) -> u64 {
        self.start + self.head.shares as u64
    }

    /// Takes the platform's layer off the shares.
    ///
    /// # Errors
    /// [`Shut::Platform`] with another key, [`Shut::Format`] when what is under it are not n boxes.
    pub fn boxes(&self, shares: &[u8], platform: &Identity) -> Result<Vec<Boxed>, Shut> {
        let boxes = one::open(shares, platform).map_err(|_| Shut::Platform)?;
        let boxes: Vec<Boxed> = serde_json::from_slice(&boxes).map_err(|_| Shut::Format)?;
        if boxes.len() == self.head.n { Ok(boxes) } else { Err(Shut::Format) }
    }

    /// The same, of an envelope that must be sealed to exactly these.
    ///
    /// # Errors
    /// As [`Outline::boxes`], and [`Shut::Holders`].
    pub fn boxes_of(
        &self,
        shares: &[u8],
        platform: &Identity,
        holders: &[String],
        k: usize,
    ) -> Result<Vec<Boxed>, Shut> {
        let boxes = self.boxes(shares, platform)?;
        let same = boxes.iter().map(|one| &one.holder).eq(holders);
        if same && self.head.k == k { Ok(boxes) } else { Err(Shut::Holders) }
    }

    /// The same, of an envelope whose bidder may have a box of its own behind the holders'.
    ///
    /// # Errors
    /// As [`Outline::boxes_of`].
    pub fn boxes_with_own(
        &self,
        shares: &[u8],
        platform: &Identity,
        holders: &[String],
        k: usize,
    ) -> Result<Vec<Boxed>, Shut> {
        let boxes = self.boxes(shares, platform)?;
        let own = boxes.get(holders.len()..).ok_or(Shut::Holders)?;
        let is_apart = own.len() <= 1 && own.iter().all(|one| !holders.contains(&one.holder));
        let same = boxes.iter().take(holders.len()).map(|one| &one.holder).eq(holders);
        if same && is_apart && self.head.k == k && k <= holders.len() { Ok(boxes) } else { Err(Shut::Holders) }
    }

    /// The envelope's own key, of the boxes and the shares that were given: each must be one of theirs. Equal ones count once; the
    /// first k are used.
    ///
    /// # Errors
    /// [`Shut::Share`], [`Shut::TooFew`], [`Shut::Key`].
    pub fn key(&self, boxes: &[Boxed], shares: &[Share]) -> Result<Identity, Shut> {
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
        if key.to_public().to_string() == self.head.recipient { Ok(key) } else { Err(Shut::Key) }
    }
}

/// An envelope as it lies: everybody can read its first line, nobody the rest.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    outline: Outline,
    shares: &'a [u8],
    content: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// Reads the first line and finds the parts.
    ///
    /// # Errors
    /// [`Shut::Format`].
    pub fn read(bytes: &'a [u8]) -> Result<Self, Shut> {
        let outline = Outline::read(bytes, bytes.len() as u64)?;
        let at = |place: u64| usize::try_from(place).map_err(|_| Shut::Format);
        let (start, content) = (at(outline.start)?, at(outline.content())?);
        Ok(Self { shares: &bytes[start..content], content: &bytes[content..], outline })
    }

    /// How many shares it takes, and how many there are.
    pub fn k_of_n(&self) -> (usize, usize) {
        self.outline.k_of_n()
    }

    /// The public half of the envelope's own key.
    pub fn recipient(&self) -> &str {
        self.outline.recipient()
    }

    /// Takes the platform's layer off.
    ///
    /// # Errors
    /// As [`Outline::boxes`].
    pub fn boxes(&self, platform: &Identity) -> Result<Vec<Boxed>, Shut> {
        self.outline.boxes(self.shares, platform)
    }

    /// The same, of an envelope that must be sealed to exactly these.
    ///
    /// # Errors
    /// As [`Outline::boxes_of`].
    pub fn boxes_of(&self, platform: &Identity, holders: &[String], k: usize) -> Result<Vec<Boxed>, Shut> {
        self.outline.boxes_of(self.shares, platform, holders, k)
    }

    /// The same, of an envelope whose bidder may have a box of its own behind the holders'.
    ///
    /// # Errors
    /// As [`Outline::boxes_with_own`].
    pub fn boxes_with_own(&self, platform: &Identity, holders: &[String], k: usize) -> Result<Vec<Boxed>, Shut> {
        self.outline.boxes_with_own(self.shares, platform, holders, k)
    }

    /// Opens with the boxes and the shares that were given.
    ///
    /// # Errors
    /// As [`Outline::key`], and [`Shut::Ciphertext`].
    pub fn open(&self, boxes: &[Boxed], shares: &[Share]) -> Result<Vec<u8>, Shut> {
        one::open(self.content, &self.outline.key(boxes, shares)?)
    }
}
