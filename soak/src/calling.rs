//! Hours come. No tender can be published so shortly before its deadline, so deadlines are moved behind the counter.

use crate::ledger::{Ledger, Tender};
use crate::place::Place;
use crate::plan::between;
use kit::db::Error;
use kit::id::Id;
use kit::random::Random;
use kit::values;

/// For so many rounds a tender takes bids at least.
const ROUNDS: u64 = 2;

/// The most hours that come in one round.
const MOST: usize = 2;

/// Calls the oldest tenders in, each within the next second.
///
/// # Errors
/// [`Error`] of the database.
pub async fn call(place: &Place, ledger: &Ledger, random: &Random, round: u64) -> Result<(), Error> {
    let is_ripe = |tender: &&mut Tender| tender.called.is_none() && tender.round + ROUNDS <= round;
    let ripe: Vec<String> = {
        let mut notes = ledger.notes();
        let ripe = notes.tenders.iter_mut().filter(is_ripe).take(MOST);
        ripe.map(|tender| {
            tender.called = Some(round);
            tender.id.clone()
        })
        .collect()
    };
    for tender in ripe {
        let (id, pause) = (tender.parse::<Id<()>>().expect("an id"), between(random, 50, 1_000));
        let moved = place.write(move |tx| {
            let deadline = tx.now().as_microsecond() + i64::try_from(pause.as_micros()).unwrap_or(0);
            tx.execute(
                "UPDATE tender SET questions_until = $1, deadline = $2, next_check = $1 \
                 WHERE id = $3 AND state = 'published'",
                values![tx.now(), deadline, id],
            )
        });
        if moved.await? != 1 {
            ledger.violation(format!("tender {tender} was published, and does not take bids before its hour"));
        }
    }
    Ok(())
}
