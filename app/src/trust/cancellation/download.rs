//! The certificate to be kept: signed, with its proof, and on paper. Whoever has the link may have it as often as they like.

use super::paper::{Paper, set};
use super::{Cancellation, link, store};
use crate::app::App;
use crate::trust::log;
use crate::web::text::Words;
use crate::web::{At, Error, Locale, attachment};
use axum::extract::State;
use axum::response::Response;
use evidence::{Proven, Receipt};
use kit::event::Event;
use kit::id::Id;

/// The signed certificate.
pub async fn show(State(app): State<App>, At(key): At<String>) -> Result<Response, Error> {
    let (id, receipt, _) = read(&app, &key).await?;
    attachment::json(&format!("cancellation-{id}"), &receipt)
}

/// The certificate with the proof that the log has its event.
pub async fn proof(State(app): State<App>, At(key): At<String>) -> Result<Response, Error> {
    let (id, receipt, event) = read(&app, &key).await?;
    let theirs = app.clone();
    let prove = move |tx: &mut kit::db::Tx| log::prove(tx, theirs.log(), theirs.signer(), event);
    let proof = app.db().read::<_, kit::db::Error>(prove).await?.ok_or_else(|| Error::conflict("proof-not-yet"))?;
    attachment::json(&format!("cancellation-{id}-proof"), &Proven::new(receipt, proof))
}

/// The certificate on paper.
pub async fn printed(State(app): State<App>, At(key): At<String>) -> Result<Response, Error> {
    let (id, receipt, _) = read(&app, &key).await?;
    let words = Locale::ALL.map(|locale| Words::new(app.catalogue(), locale));
    let paper = Paper { receipt, words, zone: app.zone() };
    // Setting and packing take some milliseconds of a core.
    let pdf = tokio::task::spawn_blocking(move || set(&paper));
    let pdf = pdf.await.map_err(Error::fault)?.map_err(Error::fault)?;
    Ok(crate::paper::file(&format!("cancellation-{id}.pdf"), pdf))
}

async fn read(app: &App, key: &str) -> Result<(Id<Cancellation>, Receipt, Id<Event>), Error> {
    let id = link::read(app, key).ok_or_else(Error::not_found)?;
    let found = app.db().read::<_, Error>(move |tx| {
        store::find(tx, id)?.ok_or_else(Error::not_found)?;
        store::certificate(tx, id)
    });
    let (receipt, event) = found.await?.ok_or_else(|| Error::conflict("certificate-not-yet"))?;
    Ok((id, receipt, event))
}
