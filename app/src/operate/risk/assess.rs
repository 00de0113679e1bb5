//! The job that compares the bids of a tender's lots once they are open. Run again it does nothing: a lot is compared once.

use super::compared::{Compared, METHOD, compare};
use super::disclosed::{self, Disclosed};
use super::signal::State;
use crate::app::App;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::Error;
use crate::work;
use kit::db::{self, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use serde::Serialize;

/// Its kind. The payload is the tender's id.
pub const JOB: &str = "risk.assess";

/// Millionths of a value, which a row keeps as a whole number.
const MILLION: f64 = 1_000_000.0;

/// The bids of a lot were compared. Ids only; not whether anything was found.
#[derive(Serialize)]
struct Assessed {
    lot: Id<Lot>,
}

impl Fact for Assessed {
    const KIND: &'static str = "risk.assessed";
}

/// Runs the job.
///
/// # Errors
/// 503 while a store cannot be reached; it is tried again.
pub async fn run(app: App, payload: Vec<u8>) -> Result<(), Error> {
    let id: Id<Tender> = work::named(payload)?;
    let lots = app.db().read::<_, db::Error>(move |tx| disclosed::lots(tx, id)).await?;
    for lot in lots {
        let work = move || (compare(&lot), lot);
        let (compared, lot) = tokio::task::spawn_blocking(work).await.map_err(Error::fault)?;
        app.db().write::<_, Error>(move |tx| keep(tx, &lot, &compared)).await?;
    }
    Ok(())
}

fn keep(tx: &mut Tx, lot: &Disclosed, compared: &Compared) -> Result<(), Error> {
    let now = tx.now();
    let (bids, found, told) = (lot.bids.len() as i64, compared.found as i64, compared.told.len() as i64);
    let made = tx.execute(
        "INSERT INTO risk_assessment (lot, tender, bids, left_out, screens, method, found, told, waiting, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (lot) DO NOTHING",
        values![
            lot.lot,
            lot.tender,
            bids,
            lot.left_out,
            json(&compared.screens)?,
            METHOD,
            found,
            told,
            i64::from(told > 0),
            now
        ],
    )?;
    if made == 0 {
        return Ok(());
    }
    for (one, position) in compared.told.iter().zip(1i64..) {
        let id = tx.id::<super::signal::Signal>();
        let (value, threshold) = ((one.value * MILLION).round() as i64, (one.threshold * MILLION).round() as i64);
        tx.execute(
            "INSERT INTO risk_signal (id, lot, position, kind, value, threshold, facts, state, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
            values![id, lot.lot, position, one.kind.code(), value, threshold, json(&one.facts)?, State::Open.code()],
        )?;
        for bid in &one.bids {
            tx.execute("INSERT INTO risk_signal_bid (signal, bid) VALUES ($1, $2)", values![id, *bid])?;
        }
    }
    event::record(tx, Scope::default(), &Assessed { lot: lot.lot })?;
    Ok(())
}

fn json(facts: &[screens::Fact]) -> Result<String, Error> {
    serde_json::to_string(facts).map_err(Error::fault)
}
