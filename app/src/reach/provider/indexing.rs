//! The index of providers follows their pages.

use super::public::Public;
use super::{directory, store};
use crate::app::App;
use crate::web::Error;
use futures::future::BoxFuture;
use jiff::Timestamp;
use kit::db;
use kit::search::Document;
use std::collections::BTreeMap;

/// One step: puts what changed next into this process's index, and takes out what is gone. An index that has seen more events
/// than there are belongs to another database and is filled anew.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move {
        let seen = app.directory().cursor();
        let (changed, last) = app.db().read::<_, db::Error>(move |tx| store::changed_after(tx, seen)).await?;
        if seen > last {
            app.on_index(|app| app.directory().wipe()).await?;
            return Ok(1);
        }
        let Some(cursor) = changed.last().map(|(seq, ..)| *seq) else {
            app.directory().skip(last);
            return Ok(0);
        };
        let done = changed.len();
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
        app.on_index(move |app| app.directory().change(&documents, &gone, cursor)).await?;
        Ok(done)
    })
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
