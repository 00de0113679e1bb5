//! The key that a tender's envelopes are sealed to. Its secret half lies wrapped in the key database, apart from data
//! and their back-ups, and is handed out in one place: [`release`], at the opening hour and not before.

use super::store;
use super::tender::{State, Tender};
use crate::app::App;
use crate::web::Error;
use age::secrecy::ExposeSecret;
use age::x25519::Identity;
use kit::id::Id;
use policy::Control;

fn name(tender: Id<Tender>) -> String {
    format!("tender/{tender}/identity")
}

/// Makes the tender's key if there is none, and answers its public half. Of two that race both get the first's.
///
/// # Errors
/// 503 when the key database cannot be asked.
pub async fn make(app: &App, tender: Id<Tender>) -> Result<String, Error> {
    made(app, &name(tender)).await
}

/// Makes the key of this name if there is none, and answers its public half.
///
/// # Errors
/// 503 when the key database cannot be asked.
pub async fn made(app: &App, name: &str) -> Result<String, Error> {
    let secrets = app.vault().secrets();
    let kept = match secrets.get(name).await.map_err(Error::busy)? {
        Some(kept) => kept,
        None => {
            let new = Identity::generate().to_string();
            secrets.keep(name, new.expose_secret().as_bytes()).await.map_err(Error::busy)?
        }
    };
    Ok(read(&kept)?.to_public().to_string())
}

/// The secret half, once the deadline and the grace for uploads have passed and the tender takes no more bids.
///
/// # Errors
/// 409 `opening-not-yet` before that, 404 for an unknown tender.
pub async fn release(app: &App, id: Id<Tender>) -> Result<Identity, Error> {
    let tender = app.db().read(move |tx| store::load(tx, id)).await?;
    let is_early = tender.state != State::Closed || app.clock().now() < tender.closes_at();
    if is_early && policy::holds(Control::SealedUntilTheHour) {
        return Err(Error::conflict("opening-not-yet"));
    }
    secret(app, &name(id)).await
}

/// The secret half of the key of this name, for who has compared that its hour has come.
///
/// # Errors
/// 503 when the key database cannot be asked.
pub async fn secret(app: &App, name: &str) -> Result<Identity, Error> {
    let kept = app.vault().secrets().get(name).await.map_err(Error::busy)?;
    read(&kept.ok_or_else(|| Error::fault("what is sealed has no key"))?)
}

fn read(kept: &[u8]) -> Result<Identity, Error> {
    let text = std::str::from_utf8(kept).map_err(Error::fault)?;
    text.parse().map_err(Error::fault)
}
