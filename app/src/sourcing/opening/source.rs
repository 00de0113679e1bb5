//! A sealed envelope on its way to being opened: read piece by piece, and so is what comes out of it. Whatever its size, no more than
//! some of it is in memory.

use crate::app::App;
use crate::folders::uploads;
use crate::sourcing::bid::envelope::{MOST_FILES, Offer, Unreadable};
use crate::sourcing::tender::document::Kept;
use crate::web::{Error, is_plain_name};
use aws_lc_rs::digest::{Context as Digest, SHA256};
use kit::blobs::BlobName;
use sealing::content;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// How much is read at a time.
const PIECE: usize = 256 * 1024;

/// Where a received envelope lies: in its row, or in the blob store of a data centre; nowhere once it was destroyed.
pub struct Lying {
    /// The ciphertext, if it is small.
    pub envelope: Option<Vec<u8>>,
    /// The data centre of a large one.
    pub region: String,
    /// Its name there.
    pub blob: Option<String>,
    /// SHA-256 of the ciphertext.
    pub sha256: [u8; 32],
}

/// The bytes of an envelope, wherever they lie.
pub(super) trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// The bytes of an envelope; none where its row names none.
///
/// # Errors
/// 503 while a store cannot be reached.
pub(super) async fn source(app: &App, lies: &Lying) -> Result<Option<Box<dyn Source>>, Error> {
    if let Some(envelope) = &lies.envelope {
        return Ok(Some(Box::new(Cursor::new(envelope.clone()))));
    }
    let Some(blob) = &lies.blob else { return Ok(None) };
    let name: BlobName = blob.parse().map_err(|_| Error::fault("a row names no blob"))?;
    let file = app.blobs().file(&lies.region, name, &uploads(app.config())).await.map_err(Error::busy)?;
    Ok(Some(Box::new(file)))
}

/// Runs what reads, off the threads that serve.
pub(super) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<Result<T, Unreadable>> + Send + 'static,
) -> Result<Result<T, Unreadable>, Error> {
    tokio::task::spawn_blocking(work).await.map_err(Error::fault)?.map_err(Error::busy)
}

/// Whether these are the bytes that were received; afterwards they are read from the beginning. Answers their number.
pub(super) fn is_received(source: &mut dyn Source, sha256: [u8; 32]) -> io::Result<Result<u64, Unreadable>> {
    let (mut digest, mut piece, mut length) = (Digest::new(&SHA256), vec![0; PIECE], 0);
    loop {
        let read = source.read(&mut piece)?;
        if read == 0 {
            break;
        }
        digest.update(&piece[..read]);
        length += read as u64;
    }
    source.rewind()?;
    Ok(if digest.finish().as_ref() == sha256 { Ok(length) } else { Err(Unreadable::Ciphertext) })
}

/// An offer, and the files that came with it, in a folder that goes with this.
pub(super) struct Opened {
    pub offer: Offer,
    files: Vec<Staged>,
    folder: Folder,
}

/// A folder that is gone with this.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(cause) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%cause, "a folder of an opening could not be removed; it is swept");
        }
    }
}

struct Staged {
    name: String,
    size: i64,
    sha256: [u8; 32],
}

/// Takes out what is inside into a new folder, if it is what a form of ours would have made. It is authentic only now that its end was read.
pub(super) fn take_out(plain: impl Read, folder: &Path) -> io::Result<Result<Opened, Unreadable>> {
    let mut plain = BufReader::with_capacity(PIECE, plain);
    taken_out(&mut plain, folder).or_else(|cause| match cause {
        // What the disk says has a number; what the cipher says has none.
        Met::Reading(cause) if cause.raw_os_error().is_none() => Ok(Err(Unreadable::Ciphertext)),
        Met::Reading(cause) | Met::Writing(cause) => Err(cause),
        Met::Unreadable(why) => Ok(Err(why)),
    })
}

enum Met {
    Reading(io::Error),
    Writing(io::Error),
    Unreadable(Unreadable),
}

impl From<sealing::Shut> for Met {
    fn from(shut: sealing::Shut) -> Self {
        Self::Unreadable(shut.into())
    }
}

fn taken_out(plain: &mut impl BufRead, folder: &Path) -> Result<Result<Opened, Unreadable>, Met> {
    let (offer, entries) = content::begin::<Offer>(plain).map_err(Met::Reading)??;
    let are_plain = entries.len() <= MOST_FILES && entries.iter().all(|entry| is_plain_name(&entry.name));
    if !are_plain || !offer.is_sound() {
        return Ok(Err(Unreadable::Content));
    }
    fs::create_dir(folder).map_err(Met::Writing)?;
    let folder = Folder(folder.to_owned());
    let mut files = Vec::new();
    for (number, entry) in entries.into_iter().enumerate() {
        let file = File::create(folder.0.join(number.to_string())).map_err(Met::Writing)?;
        let sha256 = poured(plain, entry.size as u64, file)?;
        files.push(Staged { name: entry.name, size: i64::try_from(entry.size).unwrap_or(i64::MAX), sha256 });
    }
    content::end(plain).map_err(Met::Reading)??;
    Ok(Ok(Opened { offer, files, folder }))
}

/// Pours so many bytes into a file, and answers their hash.
fn poured(plain: &mut impl BufRead, size: u64, mut file: File) -> Result<[u8; 32], Met> {
    let (mut digest, mut left) = (Digest::new(&SHA256), size);
    while left > 0 {
        let some = plain.fill_buf().map_err(Met::Reading)?;
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(some.len());
        if most == 0 {
            return Err(Met::Unreadable(Unreadable::Content));
        }
        digest.update(&some[..most]);
        file.write_all(&some[..most]).map_err(Met::Writing)?;
        plain.consume(most);
        left -= most as u64;
    }
    Ok(digest.finish().as_ref().try_into().expect("SHA-256 has 32 bytes"))
}

/// Puts the files where the tender's lie, each under a name of its own.
///
/// # Errors
/// 503.
pub(super) async fn put_away(app: &App, region: &str, opened: Opened) -> Result<(Offer, Vec<Kept>), Error> {
    let (Opened { offer, files, folder }, mut kept) = (opened, Vec::new());
    for (number, file) in files.into_iter().enumerate() {
        let blob = BlobName::new(app.random());
        let from = folder.0.join(number.to_string());
        app.blobs().put_file(region, blob, &from).await.map_err(Error::busy)?;
        let Staged { name, size, sha256 } = file;
        kept.push(Kept { name, size, sha256, region: region.to_owned(), blob: blob.to_string() });
    }
    Ok((offer, kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sourcing::bid::envelope::seal;
    use crate::web::Upload;
    use bytes::Bytes;
    use kit::random::Random;
    use proptest::prelude::*;
    use sealing::one;

    /// The highest price, in fen.
    const MOST_PRICE: i64 = 10_000_000_000_000;

    fn offer(note: &str) -> Offer {
        let random = Random::seeded(5);
        Offer {
            tender: random.id(),
            lot: random.id(),
            company: random.id(),
            company_name: "青梧数据".into(),
            price: 48_600_000,
            delivery_days: 30,
            note: note.into(),
        }
    }

    /// An offer, and its files by name with their contents.
    type Opened = (Offer, Vec<(String, Vec<u8>)>);

    /// What comes out.
    fn taken(plain: impl Read) -> Result<Opened, Unreadable> {
        let beside = tempfile::tempdir().unwrap();
        let opened = take_out(plain, &beside.path().join("opening")).unwrap()?;
        let content = |(number, file): (usize, &Staged)| {
            let content = fs::read(opened.folder.0.join(number.to_string())).unwrap();
            let sha256 = aws_lc_rs::digest::digest(&SHA256, &content);
            assert!(content.len() as i64 == file.size && sha256.as_ref() == file.sha256);
            (file.name.clone(), content)
        };
        let files = opened.files.iter().enumerate().map(content).collect();
        let offer = opened.offer.clone();
        drop(opened);
        assert_eq!(fs::read_dir(beside.path()).unwrap().count(), 0, "nothing is left");
        Ok((offer, files))
    }

    #[test]
    fn what_no_form_of_ours_takes_is_no_bid() {
        let read = |offer: &Offer, files: &[sealing::File]| taken(&content::pack(offer, files)[..]).map(drop);
        let wrong = [
            Offer { price: 0, ..offer("") },
            Offer { price: -1, ..offer("") },
            Offer { price: MOST_PRICE + 1, ..offer("") },
            Offer { delivery_days: 0, ..offer("") },
            Offer { delivery_days: 3651, ..offer("") },
            offer(&"长".repeat(5001)),
        ];
        for offer in wrong {
            assert_eq!(read(&offer, &[]), Err(Unreadable::Content), "{offer:?}");
        }
        let named = |name: &str| [sealing::File { name: name.into(), content: Bytes::new() }];
        assert_eq!(read(&offer(""), &named("a\u{202e}b")), Err(Unreadable::Content));
        assert_eq!(read(&offer(""), &named("报价.pdf")), Ok(()));
        let many: Vec<_> = (0..=MOST_FILES).flat_map(|_| named("a")).collect();
        assert_eq!(read(&offer(""), &many), Err(Unreadable::Content));
        // A file that is said to be longer than all there is.
        let said = format!(
            "ziyun bid v1\n{{\"offer\":{},\"files\":[{{\"name\":\"a\",\"size\":9999}}]}}\nshort",
            serde_json::to_string(&offer("")).unwrap()
        );
        assert_eq!(taken(said.as_bytes()).err(), Some(Unreadable::Content));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn what_is_sealed_is_opened_and_a_changed_byte_is_noticed(
            note in ".{0,60}", price in 1i64..MOST_PRICE, days in 1i64..3650,
            files in prop::collection::vec(("[a-z]{1,20}", prop::collection::vec(any::<u8>(), 0..90_000)), 0..4),
            place: prop::sample::Index, flip in 1u8..,
        ) {
            let key = sealing::new_key();
            let offer = Offer { price, delivery_days: days, ..offer(&note.replace('\0', "")) };
            let uploads: Vec<_> = files.iter().map(|(name, content)| Upload { name: name.clone(), content: content.clone().into() }).collect();
            let mut sealed = seal(&offer, &uploads, &key.to_public().to_string()).unwrap();
            let (opened, opened_files) = taken(one::reader(&sealed[..], &key).unwrap()).unwrap();
            prop_assert_eq!(opened, offer);
            prop_assert!(opened_files == files);
            let place = place.index(sealed.len());
            sealed[place] ^= flip;
            let told = one::reader(&sealed[..], &key).map_err(Unreadable::from).and_then(taken);
            prop_assert!(told.is_err());
        }
    }
}
