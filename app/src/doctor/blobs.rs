//! Files beside the database: those of the newest rows are there (both must be restored from the same time), and each bucket
//! takes a file once, gives it back and lets it go.

use super::{Finding, Visit};
use crate::config::BucketAt;
use crate::sourcing::tender::newest_blobs;
use kit::blobs::{self, BlobName, Blobs};
use kit::db::{Db, Error};
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;

/// How many of the newest documents are looked for.
const SAMPLE: i64 = 50;

/// The buckets, then the newest documents of tenders.
pub(super) async fn all(visit: &mut Visit<'_>, main: &Db) {
    let mut opened = BTreeMap::new();
    for region in visit.config.data_regions.clone() {
        let Some(at) = &region.bucket else { continue };
        if let Some(bucket) = bucket(visit, &region.name, at).await {
            opened.insert(region.name.clone(), bucket);
        }
    }
    named(visit, main, &opened).await;
}

/// Tries one bucket, and answers it when it holds.
async fn bucket(visit: &mut Visit<'_>, region: &str, at: &BucketAt) -> Option<Blobs> {
    if at.secret_file.metadata().is_ok_and(|about| about.permissions().mode() & 0o077 != 0) {
        let what = format!("others can read {}", at.secret_file.display());
        visit.note(Finding::warn("buckets", what, format!("run `chmod 600 {}`", at.secret_file.display())));
    }
    let opened = at.open().and_then(|bucket| {
        let root = visit.config.data_dir.join("blobs");
        let named = bucket.to_string();
        Blobs::open(&root, [(region, Some(&bucket))]).map(|blobs| (blobs, named)).map_err(|error| error.to_string())
    });
    let (blobs, named) = match opened {
        Ok(opened) => opened,
        Err(what) => {
            let todo = "see that data_regions names its address and the file of its two keys (docs/data-regions.md)";
            visit.note(Finding::fail("buckets", format!("region {region}: {what}"), todo));
            return None;
        }
    };
    let name = BlobName::new(&visit.random);
    match tried(&blobs, region, name).await {
        Ok(true) => {
            visit.note(Finding::ok("buckets", format!("region {region}: {named} takes a file once and gives it back")));
            Some(blobs)
        }
        Ok(false) => {
            let todo = "use a store that knows If-None-Match: * on a put; without it two could write one name";
            visit.note(Finding::fail("buckets", format!("region {region}: {named} let a file be overwritten"), todo));
            None
        }
        Err(error) => {
            let why = chain(&error);
            let todo =
                "see that the store runs, that the bucket is made, and that its keys may list, read, write and delete";
            visit.note(Finding::fail("buckets", format!("region {region}: {named}: {why}"), todo));
            None
        }
    }
}

/// Whether a bucket refuses to overwrite. What is tried is removed.
async fn tried(blobs: &Blobs, region: &str, name: BlobName) -> Result<bool, blobs::Error> {
    blobs.put(region, name, "ziyun doctor".into()).await?;
    let again = blobs.put(region, name, "ziyun doctor, again".into()).await;
    let found = blobs.get(region, name).await;
    blobs.can_list(region).await?;
    blobs.delete(region, name).await?;
    Ok(matches!(again, Err(blobs::Error::Exists { .. })) && found? == "ziyun doctor")
}

async fn named(visit: &mut Visit<'_>, main: &Db, buckets: &BTreeMap<String, Blobs>) {
    let root = visit.config.data_dir.join("blobs");
    let named = match main.read::<_, Error>(|tx| newest_blobs(tx, SAMPLE)).await {
        Ok(named) => named,
        Err(error) => {
            return visit.note(Finding::fail(
                "files",
                format!("their rows cannot be read: {error}"),
                "see what is said of the database",
            ));
        }
    };
    let configured = |name: &str| visit.config.data_regions.iter().find(|region| region.name == name);
    let (mut gone, mut strange, mut looked) = (0, BTreeSet::new(), 0);
    for (region, name) in &named {
        let Some(known) = configured(region) else {
            strange.insert(region.clone());
            continue;
        };
        let is_there = match (name.parse(), &known.bucket, buckets.get(region)) {
            (Err(_), ..) => false,
            (Ok(name), None, _) => blobs::is_there(&root, region, name),
            (Ok(name), Some(_), Some(bucket)) => bucket.has(region, name).await.unwrap_or(false),
            // The bucket itself was found wanting above.
            (Ok(_), Some(_), None) => continue,
        };
        looked += 1;
        gone += usize::from(!is_there);
    }
    if !strange.is_empty() {
        let what = format!("rows name regions that data_regions does not: {}", Vec::from_iter(strange).join(", "));
        visit.note(Finding::fail(
            "files",
            what,
            "name them again in data_regions; until then their files cannot be read",
        ));
    }
    visit.note(if gone == 0 {
        Finding::ok("files", format!("the newest {looked} are there (folders below {})", root.display()))
    } else {
        let what = format!("{gone} of the newest {looked} are not there (folders below {})", root.display());
        Finding::fail(
            "files",
            what,
            "restore data_dir, or the bucket, from the back-up of the same time as the database",
        )
    });
}

/// An error with all its reasons.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(reason) = next {
        text = format!("{text}: {reason}");
        next = reason.source();
    }
    text
}
