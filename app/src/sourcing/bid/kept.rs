//! Receipts as files, for keeping and for `ziyun verify`: of what was done last to a bid, and of its ciphertext; each alone, and with the proof that the
//! log has the event that names it.

use super::joint;
use super::receipt::{self, Named};
use super::store::Bid;
use crate::app::App;
use crate::trust::log;
use crate::web::{At, Error, Provider, attachment};
use axum::extract::State;
use axum::response::Response;
use evidence::{Proven, Receipt};
use kit::db::{self, Tx};
use kit::event::Event;
use kit::id::Id;

/// Finds one of a bid's receipts.
type Finds = fn(&mut Tx, Id<Bid>) -> Result<Option<Named>, db::Error>;

/// `GET /bids/{id}/receipt`: of what was done last.
pub async fn receipt(State(app): State<App>, provider: Provider, At(id): At<Id<Bid>>) -> Result<Response, Error> {
    alone(&app, provider, id, (receipt::newest, "receipt")).await
}

/// `GET /bids/{id}/proof`: the same, proved.
pub async fn proof(State(app): State<App>, provider: Provider, At(id): At<Id<Bid>>) -> Result<Response, Error> {
    proved(&app, provider, id, (receipt::newest, "proof")).await
}

/// `GET /bids/{id}/arrival`: of the ciphertext that has come whole.
pub async fn arrival(State(app): State<App>, provider: Provider, At(id): At<Id<Bid>>) -> Result<Response, Error> {
    alone(&app, provider, id, (receipt::arrival, "arrival")).await
}

/// `GET /bids/{id}/arrival/proof`: the same, proved.
pub async fn arrival_proof(State(app): State<App>, provider: Provider, At(id): At<Id<Bid>>) -> Result<Response, Error> {
    proved(&app, provider, id, (receipt::arrival, "arrival-proof")).await
}

async fn alone(
    app: &App,
    provider: Provider,
    id: Id<Bid>,
    (find, name): (Finds, &'static str),
) -> Result<Response, Error> {
    let theirs = app.clone();
    let read = move |tx: &mut Tx| own(tx, &theirs, &provider, id, find);
    let (receipt, _) = app.db().read(read).await?;
    attachment::json(&format!("{name}-{id}"), &receipt)
}

async fn proved(
    app: &App,
    provider: Provider,
    id: Id<Bid>,
    (find, name): (Finds, &'static str),
) -> Result<Response, Error> {
    let theirs = app.clone();
    let read = move |tx: &mut Tx| {
        let (receipt, event) = own(tx, &theirs, &provider, id, find)?;
        prove(tx, &theirs, (receipt, event.ok_or_else(Error::not_found)?))
    };
    let proven = app.db().read(read).await?;
    attachment::json(&format!("{name}-{id}"), &proven)
}

/// A receipt of a bid of the provider's own, or of a consortium's that it is a member of.
fn own(tx: &mut Tx, app: &App, provider: &Provider, id: Id<Bid>, find: Finds) -> Result<Named, Error> {
    joint::seen(tx, app, provider.company, id)?;
    find(tx, id)?.ok_or_else(Error::not_found)
}

/// A receipt with the proof that the log has the event that names it.
///
/// # Errors
/// 409 `proof-not-yet`.
pub fn prove(tx: &mut Tx, app: &App, (receipt, event): (Receipt, Id<Event>)) -> Result<Proven, Error> {
    let proof = log::prove(tx, app.log(), app.signer(), event)?;
    Ok(Proven::new(receipt, proof.ok_or_else(|| Error::conflict("proof-not-yet"))?))
}
