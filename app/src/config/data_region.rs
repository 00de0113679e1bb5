//! Where files lie (数据中心): folders of this machine, or buckets of object stores that speak S3, one for each region.
//!
//! `NAME; 中文; English; folder` or `NAME; 中文; English; https://HOST/BUCKET; SIGNING-REGION; FILE`, a vertical bar between
//! two. The file has two lines: access key id and secret access key.

use super::check::{broken, is_private};
use super::{Error, Settings};
use crate::app::REGION;
use kit::blobs::Bucket;
use std::fmt;
use std::path::{Path, PathBuf};
use url::Url;

/// A region, as companies choose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataRegion {
    /// The name that rows have: small letters, digits, hyphens, at most 32.
    pub name: String,
    /// What people read, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Its bucket; a region without one is a folder below `data_dir/blobs`.
    pub bucket: Option<BucketAt>,
}

/// Where a bucket is, and where what opens it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketAt {
    /// Scheme, host and port of the store.
    pub endpoint: Url,
    /// Name of the bucket.
    pub name: String,
    /// The region under which the store signs.
    pub region: String,
    /// The file of its keys.
    pub secret_file: PathBuf,
}

/// As the configuration writes it.
impl fmt::Display for DataRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}; {}; ", self.name, self.zh, self.en)?;
        match &self.bucket {
            None => f.write_str("folder"),
            Some(at) => write!(f, "{}{}; {}; {}", at.endpoint, at.name, at.region, at.secret_file.display()),
        }
    }
}

impl BucketAt {
    /// The bucket with its keys.
    ///
    /// # Errors
    /// A sentence that names the file and what is wrong with it.
    pub fn open(&self) -> Result<Bucket, String> {
        let (key_id, secret) = keys(&self.secret_file)?;
        let (endpoint, name, region) = (self.endpoint.clone(), self.name.clone(), self.region.clone());
        Ok(Bucket { endpoint, name, region, key_id, secret })
    }
}

fn keys(file: &Path) -> Result<(String, String), String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines.as_slice() {
        [id, secret] => Ok(((*id).to_owned(), (*secret).to_owned())),
        _ => Err(format!("{}: write the access key id on one line and the secret on the next", file.display())),
    }
}

/// The rule, for whoever has written something else.
const RULE: &str = "write NAME; 中文; English; folder, or NAME; 中文; English; https://HOST/BUCKET; SIGNING-REGION; FILE of \
                    the two keys; a vertical bar between two regions; no name twice, and one of them is default";

/// How many there can be.
const MOST: usize = 16;

/// The regions, in the order in which they are offered.
pub(super) fn read(all: &Settings) -> Result<Vec<DataRegion>, Error> {
    let refuse = || broken(all, "data_regions", RULE);
    let regions: Vec<_> = all.text("data_regions").split('|').map(parse).collect::<Option<_>>().ok_or_else(refuse)?;
    let is_twice = |at: usize| regions[..at].iter().any(|one: &DataRegion| one.name == regions[at].name);
    let is_sound = regions.len() <= MOST && !(0..regions.len()).any(is_twice);
    if is_sound && regions.iter().any(|one| one.name == REGION) { Ok(regions) } else { Err(refuse()) }
}

fn parse(text: &str) -> Option<DataRegion> {
    let parts: Vec<_> = text.split([';', '；']).map(str::trim).collect();
    let (name, zh, en, bucket) = match parts.as_slice() {
        [name, zh, en, "folder"] => (name, zh, en, None),
        [name, zh, en, url, region, file] => (name, zh, en, Some(bucket(url, region, file)?)),
        _ => return None,
    };
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_sound = (1..=32).contains(&name.len()) && name.chars().all(is_name) && !zh.is_empty() && !en.is_empty();
    let own = |text: &&str| (*text).to_owned();
    is_sound.then(|| DataRegion { name: own(name), zh: own(zh), en: own(en), bucket })
}

/// Files go over TLS, unless the store is on this machine. Keys are no part of the address.
fn bucket(url: &str, region: &str, file: &str) -> Option<BucketAt> {
    let mut endpoint = Url::parse(url).ok().filter(is_private)?;
    let is_bare = endpoint.username().is_empty()
        && endpoint.password().is_none()
        && endpoint.query().is_none()
        && endpoint.fragment().is_none();
    let name = endpoint.path().trim_matches('/').to_owned();
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    let is_sound = is_bare && (3..=63).contains(&name.len()) && name.chars().all(is_name);
    endpoint.set_path("");
    let is_said = !region.is_empty() && !file.is_empty();
    (is_sound && is_said).then(|| BucketAt { endpoint, name, region: region.to_owned(), secret_file: file.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions(text: &str) -> Result<Vec<DataRegion>, Error> {
        read(&Settings::collect(None, [], [("data_regions", text.to_owned())]).expect("a known key"))
    }

    #[test]
    fn folders_and_buckets_are_told_apart() {
        let read = regions(
            "default; 上海; Shanghai; folder | north；北京；Beijing；https://s3.north.example:9000/ziyun-north; cn-north-1; /etc/north",
        );
        let read = read.expect("two regions");
        assert_eq!((read[0].name.as_str(), read[0].bucket.is_none()), ("default", true));
        let bucket = read[1].bucket.as_ref().expect("a bucket");
        assert_eq!((bucket.endpoint.as_str(), bucket.name.as_str()), ("https://s3.north.example:9000/", "ziyun-north"));
        assert_eq!((bucket.region.as_str(), bucket.secret_file.to_str()), ("cn-north-1", Some("/etc/north")));
        let written: Vec<_> = read.iter().map(ToString::to_string).collect();
        assert_eq!(regions(&written.join(" | ")).expect("as it was written"), read);
    }

    #[test]
    fn what_is_no_list_of_regions_is_refused() {
        for wrong in [
            "",
            "north; 北京; Beijing; folder",
            "default; 上海; Shanghai; folder | default; 北京; Beijing; folder",
            "default; 上海; Shanghai; folder | ../x; 北京; Beijing; folder",
            "default; 上海; Shanghai; folder | North; 北京; Beijing; folder",
            "default; 上海; ; folder",
            "default; 上海; Shanghai; disk",
            "default; 上海; Shanghai; folder |",
            "default; 上海; Shanghai; http://s3.example/ziyun; r; f",
            "default; 上海; Shanghai; https://key:secret@s3.example/ziyun; r; f",
            "default; 上海; Shanghai; https://s3.example/; r; f",
            "default; 上海; Shanghai; https://s3.example/a/b; r; f",
            "default; 上海; Shanghai; https://s3.example/ziyun; ; f",
        ] {
            assert!(regions(wrong).is_err(), "{wrong}");
        }
        assert!(regions("default; 上海; Shanghai; http://127.0.0.1:8333/ziyun; r; f").is_ok(), "on this machine");
    }
}
