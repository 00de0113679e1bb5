//! Bids that their bidders seal themselves, in the browser or on the command line, for tenders that many hands open. What is
//! inside never comes here before the opening.

use super::form::{Enclosed, NewEnvelope, OtherEnvelope, Promised};
use super::handle::Done;
use super::received::{Ciphertext, Place, lot_of, receive, to_bid};
use super::store::Bid;
use crate::app::App;
use crate::sourcing::tender::{Hands, Lot, Tender};
use crate::web::{At, Bidder, Error, Input, Saved};
use axum::extract::State;
use kit::id::Id;
use sealing::Envelope;

/// `POST /lots/{id}/envelopes`.
pub async fn create(
    State(app): State<App>,
    provider: Bidder,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let NewEnvelope(enclosed) = input.parse()?;
    let id = enclosed.promised.id.ok_or_else(Error::not_found)?;
    take(&app, provider, lot, id, enclosed).await?;
    Ok(Saved::at(format!("/bids/{id}?done=bid-sealed"), Done { id }))
}

/// `POST /bids/{id}/envelopes`.
pub async fn replace(
    State(app): State<App>,
    provider: Bidder,
    At(id): At<Id<Bid>>,
    input: Input,
) -> Result<Saved, Error> {
    let OtherEnvelope(enclosed) = input.parse()?;
    let lot = lot_of(&app, &provider, id).await?;
    take(&app, provider, lot, id, enclosed).await?;
    Ok(Saved::at(format!("/bids/{id}?done=bid-replaced"), Done { id }))
}

/// Compares the envelope with its commitment and with what the tender asks for, as far as its outside tells, and stores both.
async fn take(app: &App, provider: Bidder, lot: Id<Lot>, id: Id<Bid>, enclosed: Enclosed) -> Result<(), Error> {
    let (region, tender, _) = to_bid(app, &provider, lot).await?;
    let hands = tender.hands.as_ref().ok_or_else(|| Error::conflict("bid-not-by-hands"))?;
    let Enclosed { promised: Promised { version, answers, commitment, .. }, envelope: bytes } = enclosed;
    fits(hands, &bytes)?;
    let (of, place) = ((tender.id.to_string(), lot.to_string()), version.map_or(1, |seen| seen.saturating_add(1)));
    commitment.holds(&bytes, (&of.0, &of.1, place)).map_err(|_| Error::conflict("commitment-differs"))?;
    let place = Place { id, replaces: version, answers };
    let ciphertext = Ciphertext { bytes, commitment: Some(commitment.line()) };
    receive(app, provider, (&tender, &region, lot), place, ciphertext).await
}

/// What can be seen without a key: that it is whole, and sealed to as many hands as the tender has, or to the bidder's too.
fn fits(hands: &Hands, bytes: &[u8]) -> Result<(), Error> {
    let fits = Envelope::read(bytes).is_ok_and(|envelope| hands.fits(envelope.k_of_n()));
    if fits { Ok(()) } else { Err(Error::conflict("envelope-malformed")) }
}

/// What the sealing program needs to know beside the tender: who offers what for which lot.
pub(super) fn blank(provider: &Bidder, tender: &Tender, lot: Id<Lot>) -> super::page::Blank {
    super::page::Blank {
        tender: tender.id,
        lot,
        company: provider.company,
        company_name: provider.company_name.clone(),
    }
}
