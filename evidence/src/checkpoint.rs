//! Checkpoints (C2SP tlog-checkpoint): the size and root of the tree in a signed note (C2SP signed-note), and what
//! witnesses add to it (C2SP tlog-cosignature, `cosignature/v1`).

use crate::hash::Hash;
use crate::key::PublicKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The algorithm byte of a log's own signature.
pub(crate) const LOG: u8 = 0x01;

/// The algorithm byte of a witness's cosignature.
const WITNESS: u8 = 0x04;

/// The longest note that is read, in bytes: a checkpoint with as many witnesses as anybody has.
const LONGEST: usize = 16 * 1024;

/// What a log says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// The text that is signed: three lines.
impl std::fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.as_bytes()))
    }
}

/// A signed note with a checkpoint in it. Nobody has looked at its signatures yet.
#[derive(Clone, Debug)]
pub struct Note {
    /// What it says.
    pub checkpoint: Checkpoint,
    text: String,
    signatures: Vec<Signature>,
}

/// A line of a note.
#[derive(Clone, Debug)]
struct Signature {
    name: String,
    key: [u8; 4],
    blob: Vec<u8>,
}

impl Note {
    /// Reads a note with a checkpoint of three lines, as this log makes them.
    pub fn parse(note: &str) -> Option<Self> {
        if note.len() > LONGEST || note.chars().any(|c| c.is_control() && c != '\n') {
            return None;
        }
        let (text, signatures) = note.split_once("\n\n")?;
        let text = format!("{text}\n");
        let signatures =
            signatures.strip_suffix('\n')?.split('\n').map(Signature::parse).collect::<Option<Vec<_>>>()?;
        let lines: Vec<_> = text.trim_end_matches('\n').split('\n').collect();
        let [origin, size, root] = lines[..] else { return None };
        let root: [u8; 32] = STANDARD.decode(root).ok()?.try_into().ok()?;
        let checkpoint = Checkpoint { origin: origin.to_owned(), size: size.parse().ok()?, root: root.into() };
        // One text for each checkpoint: no leading zeros, no empty name.
        (!origin.is_empty() && checkpoint.to_string() == text).then_some(Self { checkpoint, text, signatures })
    }

    /// Whether the log with this key signed it under its own name. Lines of other keys are passed over.
    pub fn is_of(&self, log: &PublicKey) -> bool {
        let (origin, id) = (log.origin(), log.id(&log.origin(), LOG));
        let mut own = self.signatures.iter().filter(|signature| signature.name == origin && signature.key == id);
        self.checkpoint.origin == origin && own.any(|own| log.has_signed(self.text.as_bytes(), &own.blob))
    }

    /// The lines that this witness has put under it and that hold.
    pub fn cosignatures(&self, witness: &Witness) -> Vec<Cosignature> {
        let id = witness.key.id(&witness.name, WITNESS);
        let own = self.signatures.iter().filter(|one| one.name == witness.name && one.key == id);
        own.filter_map(|one| {
            let (time, signature) = one.blob.split_first_chunk::<8>()?;
            let time = u64::from_be_bytes(*time);
            let message = format!("cosignature/v1\ntime {time}\n{}", self.text);
            witness.key.has_signed(message.as_bytes(), signature).then(|| Cosignature { time, line: one.line() })
        })
        .collect()
    }
}

impl Signature {
    fn parse(line: &str) -> Option<Self> {
        let (name, blob) = line.strip_prefix("— ")?.split_once(' ')?;
        let blob = STANDARD.decode(blob).ok()?;
        let (key, blob) = blob.split_first_chunk::<4>()?;
        let is_name = !name.is_empty() && !name.contains('+') && !name.contains(char::is_whitespace);
        is_name.then(|| Self { name: name.to_owned(), key: *key, blob: blob.to_vec() })
    }

    /// The line, without its end.
    fn line(&self) -> String {
        format!("— {} {}", self.name, STANDARD.encode([&self.key[..], &self.blob].concat()))
    }
}

/// A witness: somebody else who has seen that the log only grows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Its name in notes.
    pub name: String,
    key: PublicKey,
}

impl Witness {
    /// From its verifier key: `NAME+ID+BASE64` with the algorithm of cosignatures.
    pub fn parse(verifier: &str) -> Option<Self> {
        let (name, rest) = verifier.split_once('+')?;
        let (id, key) = rest.split_once('+')?;
        let key = STANDARD.decode(key).ok()?;
        let (algorithm, key) = key.split_first()?;
        let key = PublicKey::from_bytes(key.try_into().ok()?);
        let fits = *algorithm == WITNESS && hex::encode(key.id(name, WITNESS)) == id;
        let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
        (fits && is_name).then(|| Self { name: name.to_owned(), key })
    }
}

/// A witness's line that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosignature {
    /// When, in seconds since 1970, as the witness says.
    pub time: u64,
    /// The line as it stands in the note, without its end.
    pub line: String,
}
