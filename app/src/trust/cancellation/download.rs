//! The certificate to be kept: signed, with its proof, and on paper. Whoever has the link may have it as often as they like.

use super::paper::{Paper, set};
use super::{Cancellation, link, store};
use crate::app::App;
use crate::trust::log;
use crate::web::text::Words;
use crate::web::{At, Error, Locale};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use evidence::{Proven, Receipt};
use kit::event::Event;
use kit::id::Id;
use serde::Serialize;

/// The signed certificate.
pub async fn show(State(app): State<App>, At(key): At<String>) -> Result<Response, Error> {
    let (id, receipt, _) = read(&app, &key).await?;
    json(&receipt, &format!("cancellation-{id}"))
}

/// The certificate with the proof that the log has its event.
pub async fn proof(State(app): State<App>, At(key): At<String>) -> Result<Response, Error> {
    let (id, receipt, event) = read(&app, &key).await?;
    let theirs = app.clone();
    let prove = move |tx: &mut kit::db::Tx| log::prove(tx, theirs.log(), theirs.signer(), event);
    let proof = app.db().read::<_, kit::db::Error>(prove).await?.ok_or_else(|| Error::conflict("proof-not-yet"))?;
    json(&Proven::new(receipt, proof), &format!("cancellation-{id}-proof"))
}

/// The certificate on paper.
pub async fn printed(State(app): State<App>, At(key): At<String>) -> Result<Response, Error> {
    let (id, receipt, _) = read(&app, &key).await?;
    let words = Locale::ALL.map(|locale| Words::new(app.catalogue(), locale));
    let paper = Paper { receipt, words, zone: app.zone() };
    // Setting and packing take some milliseconds of a core.
    let pdf = tokio::task::spawn_blocking(move || set(&paper));
    let pdf = pdf.await.map_err(Error::fault)?.map_err(Error::fault)?;
    Ok(file("application/pdf", &format!("cancellation-{id}.pdf"), pdf))
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

fn json(content: &impl Serialize, name: &str) -> Result<Response, Error> {
    let text = serde_json::to_string_pretty(content).map_err(Error::fault)?;
    Ok(file("application/json", &format!("{name}.json"), text.into_bytes()))
}

fn file(media_type: &'static str, name: &str, content: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([("content-type", media_type.to_owned()), ("content-disposition", disposition)], content).into_response()
}
