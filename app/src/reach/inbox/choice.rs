//! What a person has switched on and off. What is needed has no switch.

use super::channel::Channel;
use super::kind::{ALL, Kind, Need};
use super::reader::Reader;
use kit::db::{self, Tx};
use kit::values;
use policy::Control;
use std::collections::BTreeMap;

/// Choices that were made, by kind and channel.
type Made = BTreeMap<(String, String), bool>;

fn made(tx: &mut Tx, reader: Reader) -> Result<Made, db::Error> {
    let sql = "SELECT kind, channel, is_on FROM notification_choice WHERE reader = $1";
    let rows = tx.all(sql, values![reader], |row| Ok(((row.next()?, row.next()?), row.next()?)))?;
    Ok(rows.into_iter().collect())
}

/// Whether a kind goes by a way, by what was chosen or else as it comes.
fn is_on(made: &Made, kind: &Kind, channel: Channel) -> bool {
    let chosen = made.get(&(kind.code.to_owned(), channel.code().to_owned())).copied();
    let obeys = kind.is_free(channel) && policy::holds(Control::OffIsObeyed)
        || kind.need == Need::Needed && !policy::holds(Control::NeededNotices);
    chosen.filter(|_| obeys).unwrap_or_else(|| kind.is_on(channel))
}

/// The ways by which a kind goes to a person now.
///
/// # Errors
/// [`db::Error`].
pub fn ways(tx: &mut Tx, reader: Reader, kind: &Kind) -> Result<Vec<Channel>, db::Error> {
    let made = made(tx, reader)?;
    Ok(Channel::ALL.into_iter().filter(|channel| is_on(&made, kind, *channel)).collect())
}

/// What is on, of all kinds and ways.
///
/// # Errors
/// [`db::Error`].
pub fn all(tx: &mut Tx, reader: Reader) -> Result<Vec<(&'static Kind, Channel)>, db::Error> {
    let made = made(tx, reader)?;
    let pairs = ALL.iter().flat_map(|kind| Channel::ALL.map(|channel| (*kind, channel)));
    Ok(pairs.filter(|(kind, channel)| is_on(&made, kind, *channel)).collect())
}

/// Switches one on or off. What is as it comes, or has no switch, leaves no row.
///
/// # Errors
/// [`db::Error`].
pub fn set(tx: &mut Tx, reader: Reader, kind: &Kind, channel: Channel, on: bool) -> Result<(), db::Error> {
    let now = tx.now();
    if !kind.is_free(channel) && policy::holds(Control::NeededNotices) {
        return Ok(());
    }
    if on == kind.is_on(channel) {
        let sql = "DELETE FROM notification_choice WHERE reader = $1 AND kind = $2 AND channel = $3";
        return tx.execute(sql, values![reader, kind.code, channel.code()]).map(drop);
    }
    tx.execute(
        "INSERT INTO notification_choice (reader, kind, channel, is_on, changed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (reader, kind, channel) DO UPDATE SET is_on = excluded.is_on, changed_at = excluded.changed_at",
        values![reader, kind.code, channel.code(), on, now],
    )?;
    Ok(())
}
