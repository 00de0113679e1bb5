//! Packages: releases or a record with what is said of their publication. The releases in it are the stored bytes.

use super::compile::compiled;
use super::json::Node;
use super::store::{PAGE, Stored};
use super::value::Stamp;
use crate::app::App;
use crate::web::Error;
use serde::Serialize;
use serde_json::value::RawValue;

/// The extensions whose fields are used, at the versions of OCDS 1.1.5. Paging has no version of its own.
pub const EXTENSIONS: [&str; 4] = [
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_lots_extension/v1.1.5/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_bid_extension/v1.1.5/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_enquiry_extension/v1.1.5/extension.json",
    "https://raw.githubusercontent.com/open-contracting-extensions/ocds_pagination_extension/master/extension.json",
];

/// The feed's address.
pub const FEED: &str = "/ocds/releases";

/// What cursors of the feed are bound to.
pub const BOUND: &str = "ocds releases";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    uri: String,
    version: &'static str,
    extensions: [&'static str; 4],
    published_date: String,
    publisher: Publisher,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<String>,
    publication_policy: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    links: Option<Links>,
    #[serde(skip_serializing_if = "Option::is_none")]
    releases: Option<Vec<Box<RawValue>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<[Record; 1]>,
}

#[derive(Serialize)]
struct Publisher {
    name: String,
    uri: String,
}

#[derive(Serialize)]
struct Links {
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    ocid: String,
    releases: Vec<Box<RawValue>>,
    compiled_release: Node,
}

impl Package {
    /// With nothing in it yet. `at`: when what it will hold changed last.
    fn empty(app: &App, path: &str, at: jiff::Timestamp) -> Self {
        let config = app.config();
        Self {
            uri: config.address(path),
            version: "1.1",
            extensions: EXTENSIONS,
            published_date: Stamp(at).to_string(),
            publisher: Publisher { name: config.operator_name.clone(), uri: config.address("/") },
            license: config.ocds_license.as_ref().map(ToString::to_string),
            publication_policy: config.address("/ocds"),
            links: None,
            releases: None,
            records: None,
        }
    }

    fn text(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(Error::fault)
    }
}

/// A page of the feed after this number: its text, and whether it is full, so that it never changes.
///
/// # Errors
/// 500 when a stored release is no JSON.
pub fn page(app: &App, path: &str, after: i64, mut found: Vec<Stored>) -> Result<(String, bool), Error> {
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let is_full = found.len() > page;
    found.truncate(page);
    let at = found.last().map_or(app.started_at(), |last| last.at);
    let address = |after: i64| match after {
        ..=0 => app.config().address(FEED),
        after => format!("{}?after={}", app.config().address(FEED), app.cursors().seal(after, &[0; 16], BOUND)),
    };
    let next = found.last().filter(|_| is_full).map(|last| address(last.number));
    let prev = (after > 0).then(|| address(after - PAGE));
    let package = Package {
        links: (next.is_some() || prev.is_some()).then_some(Links { next, prev }),
        releases: Some(raw(&found)?),
        ..Package::empty(app, path, at)
    };
    Ok((package.text()?, is_full))
}

/// One release.
///
/// # Errors
/// As [`page`].
pub fn single(app: &App, path: &str, found: Stored) -> Result<String, Error> {
    let at = found.at;
    Package { releases: Some(raw(&[found])?), ..Package::empty(app, path, at) }.text()
}

/// The record of a process: its releases, and what they say together.
///
/// # Errors
/// 404 where it has none; otherwise as [`page`].
pub fn record(app: &App, path: &str, ocid: &str, found: Vec<Stored>) -> Result<String, Error> {
    let at = found.last().ok_or_else(Error::not_found)?.at;
    let releases = raw(&found)?;
    let bodies: Vec<_> = found.into_iter().map(|release| release.body).collect();
    let compiled_release = compiled(&bodies).map_err(Error::fault)?.ok_or_else(Error::not_found)?;
    let record = Record { ocid: ocid.to_owned(), releases, compiled_release };
    Package { records: Some([record]), ..Package::empty(app, path, at) }.text()
}

fn raw(found: &[Stored]) -> Result<Vec<Box<RawValue>>, Error> {
    found.iter().map(|release| RawValue::from_string(release.body.clone()).map_err(Error::fault)).collect()
}
