//! The index of providers follows their pages.

use super::public::Public;
use super::{directory, store};
use crate::app::App;
use crate::index::{self, Happened};
use crate::web::Error;
use futures::future::BoxFuture;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::search::Document;
use std::collections::BTreeMap;

/// One step: puts in what changed next, and takes out what is gone.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move { index::follow(&app, App::directory, happened).await })
}

fn happened(tx: &mut Tx, seen: i64) -> Result<Happened, db::Error> {
    let (changed, last) = store::changed_after(tx, seen)?;
    let cursor = changed.last().map(|(seq, ..)| *seq);
    // Of a page that changed several times the last state counts.
    let newest: BTreeMap<[u8; 16], _> =
        changed.into_iter().map(|(_, company, page)| (*company.as_bytes(), page)).collect();
    let (mut documents, mut gone) = (Vec::new(), Vec::new());
    for (id, page) in newest {
        match page {
            Some((page, listed_at)) => documents.push(document(&page, listed_at)),
            None => gone.push(id),
        }
    }
    Ok(Happened { cursor, last, documents, gone })
}

/// What can be searched for: the name, and all texts that the page shows.
fn document(page: &Public, listed_at: Timestamp) -> Document {
    let profile = page.profile.clone().unwrap_or_default();
    let mut texts: Vec<String> = profile.about.iter().cloned().collect();
    texts.extend(profile.references.iter().cloned());
    texts.extend(page.permits.iter().map(|permit| permit.name.clone()));
    for category in profile.categories() {
        texts.extend([category.zh.clone(), category.en.clone()]);
    }
    texts.extend(profile.provinces().iter().map(|province| province.name_zh.to_owned()));
    texts.push(page.credit_code.clone());
    let id = page.id;
    Document {
        id: *id.as_bytes(),
        title: page.name.clone(),
        body: texts.join("\n"),
        labels: directory::labels(page),
        at: listed_at.as_microsecond(),
        amount: None,
        due: None,
    }
}
