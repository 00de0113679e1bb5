//! The root key file: one line `epoch hex` per epoch key of 32 bytes; `#` begins a remark. The highest epoch wraps what
//! is new, the others open what is old. Epoch keys stand nowhere else.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
};

use kit::random::Random;
use zeroize::{Zeroize, Zeroizing};

use crate::{Error, suite::Cipher, suite::Context};

const REMARK: &[u8] = b"# Root keys of the vault. Without them no personal datum can be opened.
# Keep a copy, apart from all other back-ups.\n";

/// The epoch keys, in memory.
pub struct RootKeys {
    epochs: BTreeMap<i64, Cipher>,
}

impl RootKeys {
    /// Reads the file.
    ///
    /// # Errors
    /// [`Error::RootKey`] if it is missing, malformed, empty, or (on Unix) open to others than its owner.
    pub fn read(path: &Path) -> Result<RootKeys, Error> {
        let source = fs::read_to_string(path).map(Zeroizing::new).map_err(|e| wrong(path, &e.to_string()))?;
        refuse_exposed(path)?;
        let mut epochs = BTreeMap::new();
        for (index, line) in source.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let (epoch, key) = entry(line).ok_or_else(|| {
                wrong(path, &format!("line {}: `epoch hex` with 64 hex digits is expected", index + 1))
            })?;
            if epochs.insert(epoch, Cipher::new(&key)).is_some() {
                return Err(wrong(path, &format!("epoch {epoch} stands twice")));
            }
        }
        if epochs.is_empty() {
            return Err(wrong(path, "it holds no epoch key"));
        }
        Ok(RootKeys { epochs })
    }

    /// Makes the file with a first epoch, readable for its owner only. Never overwrites one, and no other process ever sees
    /// half of it: it is written under another name and gets its own once it is whole.
    ///
    /// # Errors
    /// [`Error::RootKey`] if it exists or cannot be written.
    pub fn create(path: &Path, random: &Random) -> Result<RootKeys, Error> {
        let line =
            Zeroizing::new(format!("1 {}\n", *Zeroizing::new(hex::encode(*Zeroizing::new(random.bytes::<32>())))));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let staged = path.with_extension(format!("{}.new", hex::encode(random.bytes::<8>())));
        let written = options.open(&staged).and_then(|mut file| {
            file.write_all(REMARK)?;
            file.write_all(line.as_bytes())?;
            file.sync_all()?;
            fs::hard_link(&staged, path)
        });
        let removed = fs::remove_file(&staged);
        written.and(removed).and_then(|()| flush(path)).map_err(|e| wrong(path, &e.to_string()))?;
        RootKeys::read(path)
    }

    /// [`RootKeys::read`], or on a first start [`RootKeys::create`]. Of processes that start together all get the first's.
    ///
    /// # Errors
    /// As those two.
    pub fn read_or_create(path: &Path, random: &Random) -> Result<RootKeys, Error> {
        if path.exists() {
            return RootKeys::read(path);
        }
        RootKeys::create(path, random).or_else(|error| if path.exists() { RootKeys::read(path) } else { Err(error) })
    }

    /// Whether what is sealed under the newest epoch opens again: a trial in memory.
    pub fn holds(&self, random: &Random) -> bool {
        let (what, secret) = ([b"trial".to_vec()], random.bytes::<32>());
        let (epoch, wrapped) = self.wrap(random, &what, &secret);
        self.unwrap(epoch, &what, &wrapped).is_ok_and(|opened| opened.as_slice() == secret)
    }

    /// Under the newest epoch; answers which.
    pub(crate) fn wrap(&self, random: &Random, what: &[Vec<u8>], key: &[u8]) -> (i64, Vec<u8>) {
        let (epoch, cipher) = self.epochs.last_key_value().expect("a root file without keys is refused");
        (*epoch, cipher.seal(random.bytes(), &context(*epoch, what), key))
    }

    pub(crate) fn unwrap(&self, epoch: i64, what: &[Vec<u8>], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let cipher = self.epochs.get(&epoch).ok_or(Error::Epoch(epoch))?;
        cipher.open(&context(epoch, what), wrapped).map_err(|_| Error::Epoch(epoch))
    }
}

/// The name of a new file is as durable as its content.
fn flush(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}

fn context(epoch: i64, what: &[Vec<u8>]) -> Context {
    let head = [b"wrapped".to_vec(), epoch.to_be_bytes().to_vec()];
    Context::new(&[&head, what].concat())
}

fn entry(line: &str) -> Option<(i64, Zeroizing<[u8; 32]>)> {
    let (epoch, key) = line.split_once(char::is_whitespace)?;
    let mut bytes = hex::decode(key.trim()).ok()?;
    let key = <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new);
    bytes.zeroize();
    Some((epoch.parse().ok().filter(|epoch| *epoch > 0)?, key?))
}

#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_err(|e| wrong(path, &e.to_string()))?.permissions().mode();
    if mode & 0o077 == 0 { Ok(()) } else { Err(wrong(path, "others can read it; run `chmod 600` on it")) }
}

#[cfg(not(unix))]
fn refuse_exposed(_: &Path) -> Result<(), Error> {
    Ok(())
}

fn wrong(path: &Path, rule: &str) -> Error {
    Error::RootKey { path: path.display().to_string(), rule: rule.to_owned() }
}
