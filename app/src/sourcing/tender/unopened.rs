//! Sealed envelopes that are never opened: destroyed, and their rows say why.

use super::lot::Lot;
use super::tender::Tender;
use crate::discard::{discard, discard_part};
use kit::db::{Error, Tx, Value};
use kit::id::Id;
use kit::values;

/// Deletes what was drafted for a lot that takes no bids any more: bids that were not given, and the agreements of consortia for which
/// there is no bid.
///
/// # Errors
/// [`Error`].
pub fn forget_drafts(tx: &mut Tx, lot: Id<Lot>) -> Result<(), Error> {
    tx.execute("DELETE FROM bid_draft WHERE lot = $1", values![lot])?;
    let unused = "SELECT m.consortium FROM consortium_member m WHERE m.lot = $1 AND m.position = 0 \
                  AND NOT EXISTS (SELECT 1 FROM bid b WHERE b.consortium = m.consortium) ORDER BY m.consortium";
    for consortium in tx.all(unused, values![lot], |row| row.next::<Id<()>>())? {
        let signed = "SELECT region, blob FROM consortium WHERE id = $1 AND blob IS NOT NULL";
        let signed = tx.first(signed, values![consortium], |row| Ok((row.next::<String>()?, row.next::<String>()?)))?;
        signed.map_or(Ok(()), |(region, blob)| discard(tx, &region, &blob))?;
        tx.execute("DELETE FROM consortium_member WHERE consortium = $1", values![consortium])?;
        tx.execute("DELETE FROM consortium WHERE id = $1", values![consortium])?;
    }
    Ok(())
}

/// Leaves the deletion of envelopes that lie in the blob store to jobs. `rows`: whose, as `FROM bid WHERE lot = $1`.
pub(super) fn discard_lying(tx: &mut Tx, rows: &str, values: &[Value]) -> Result<(), Error> {
    let sql = format!("SELECT region, blob {rows} AND blob IS NOT NULL ORDER BY id");
    let kept = tx.all(&sql, values, |row| Ok((row.next::<String>()?, row.next::<String>()?)))?;
    kept.iter().try_for_each(|(region, blob)| discard(tx, region, blob))
}

/// Destroys the envelopes of sealed bids. `which`: a condition with its values, as `lot = $1`; `becomes`: the state of these bids
/// from now on.
pub(super) fn destroy(tx: &mut Tx, becomes: &str, which: &str, values: &[Value]) -> Result<(), Error> {
    let sealed = format!("FROM bid WHERE state = 'sealed' AND {which}");
    discard_lying(tx, &sealed, values)?;
    // Who uploads the rest of one is told that it ended: its row stays, what has come of it does not.
    let sql = format!("SELECT id FROM bid_upload WHERE received < length AND bid IN (SELECT id {sealed}) ORDER BY id");
    let parts = tx.all(&sql, values, |row| row.next::<Id<()>>())?;
    parts.iter().try_for_each(|part| discard_part(tx, &part.to_string()))?;
    tx.execute(&format!("DELETE FROM opening_box WHERE bid IN (SELECT id {sealed})"), values)?;
    tx.execute(&format!("DELETE FROM opening_own WHERE bid IN (SELECT id {sealed})"), values)?;
    let sql =
        format!("UPDATE bid SET state = '{becomes}', envelope = NULL, blob = NULL WHERE state = 'sealed' AND {which}");
    tx.execute(&sql, values).map(drop)
}

/// Destroys those of a tender's terminated lots.
///
/// # Errors
/// [`Error`].
pub fn destroy_terminated(tx: &mut Tx, tender: Id<Tender>) -> Result<(), Error> {
    let ended = "lot IN (SELECT id FROM lot WHERE tender = $1 AND state = 'terminated')";
    destroy(tx, "terminated", ended, values![tender])?;
    super::finals::destroy(tx, ended, values![tender])?;
    // What was given towards an opening that does not come.
    let over = "DELETE FROM opening_share WHERE tender = $1 AND NOT EXISTS \
                (SELECT 1 FROM bid WHERE tender = $1 AND state = 'sealed')";
    tx.execute(over, values![tender]).map(drop)
}
