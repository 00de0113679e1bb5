//! Limits that all processes share: a row per key, moved forward by one statement (the generic cell rate algorithm,
//! ITU-T I.371). Keys are keyed hashes: the table tells neither who was limited nor from where.

use super::error::Error;
use aws_lc_rs::hmac;
use jiff::SignedDuration;
use kit::db::{self, Db, Tx};
use kit::values;
use policy::Control;
use std::net::IpAddr;

/// How often something may be done: `burst` times at once, then once `every`.
#[derive(Debug)]
pub struct Limit {
    /// Its name, part of its keys.
    pub name: &'static str,
    /// How many at once.
    pub burst: i64,
    /// The pace after that.
    pub every: SignedDuration,
}

/// One thing under a limit: this account from this address, this number.
#[derive(Clone, Debug)]
pub struct Counted {
    limit: &'static Limit,
    key: Vec<u8>,
}

/// Makes the keys.
#[derive(Clone)]
pub struct Limits(hmac::Key);

impl Limits {
    /// Limits under this key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// What a limit counts, told by its parts.
    pub fn of(&self, limit: &'static Limit, parts: &[&[u8]]) -> Counted {
        let mut context = hmac::Context::with_key(&self.0);
        for part in [limit.name.as_bytes()].iter().chain(parts) {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        Counted { limit, key: context.sign().as_ref().to_vec() }
    }
}

/// Counts one more of each, durably, whatever comes of the request; none when one of them is used up.
///
/// # Errors
/// 429 with the seconds to wait.
pub async fn take(db: &Db, counted: &[Counted]) -> Result<(), Error> {
    if !policy::holds(Control::GuessingSlowed) {
        return Ok(());
    }
    let counted = counted.to_vec();
    let wait = db.write::<_, db::Error>(move |tx| take_in(tx, &counted));
    wait.await?.map_or(Ok(()), |seconds| Err(Error::limited(seconds)))
}

/// The same in a unit, which does not fail for it: the seconds to wait when one is used up. What is refused by one counts
/// for no other: else a single source, refused by its own limit, would use up that of everybody.
///
/// # Errors
/// [`db::Error`].
pub fn take_in(tx: &mut Tx, counted: &[Counted]) -> Result<Option<i64>, db::Error> {
    let waits = counted.iter().map(|one| take_one(tx, one)).collect::<Result<Vec<_>, _>>()?;
    let wait = waits.iter().copied().max().flatten();
    if wait.is_some() {
        let taken = counted.iter().zip(&waits).filter(|(_, wait)| wait.is_none());
        taken.map(|(one, _)| one).try_for_each(|one| give_back(tx, one))?;
    }
    Ok(wait)
}

/// Whether one more would be too many.
///
/// # Errors
/// [`db::Error`].
pub fn is_used_up(tx: &mut Tx, counted: &Counted) -> Result<bool, db::Error> {
    let now = tx.now().as_microsecond();
    let tat = tx.first("SELECT tat FROM rate_limit WHERE key = $1", values![&counted.key], |row| row.next::<i64>())?;
    Ok(tat.is_some_and(|tat| tat > now + ahead(counted.limit)))
}

/// How far what was taken may reach into the future, in µs.
fn ahead(limit: &Limit) -> i64 {
    limit.every.as_micros() as i64 * (limit.burst - 1)
}

/// The seconds to wait when it was too often.
fn take_one(tx: &mut Tx, counted: &Counted) -> Result<Option<i64>, db::Error> {
    let every = counted.limit.every.as_micros() as i64;
    let (now, ahead) = (tx.now().as_microsecond(), ahead(counted.limit));
    let moved = tx.execute(
        "INSERT INTO rate_limit (key, tat) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE \
         SET tat = CASE WHEN rate_limit.tat > $3 THEN rate_limit.tat + $4 ELSE excluded.tat END \
         WHERE rate_limit.tat <= $5",
        values![&counted.key, now + every, now, every, now + ahead],
    )?;
    if moved == 1 {
        return Ok(None);
    }
    let tat: i64 = tx.one("SELECT tat FROM rate_limit WHERE key = $1", values![&counted.key], |row| row.next())?;
    Ok(Some((tat - ahead - now + 999_999).div_euclid(1_000_000)))
}

/// Forgets what was counted: the right password was given after all.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, counted: &Counted) -> Result<(), db::Error> {
    tx.execute("DELETE FROM rate_limit WHERE key = $1", values![&counted.key])?;
    Ok(())
}

/// Gives one back.
///
/// # Errors
/// [`db::Error`].
pub fn give_back(tx: &mut Tx, counted: &Counted) -> Result<(), db::Error> {
    let every = counted.limit.every.as_micros() as i64;
    tx.execute("UPDATE rate_limit SET tat = tat - $1 WHERE key = $2", values![every, &counted.key])?;
    Ok(())
}

/// Removes rows that limit nothing any more, a few at a time. Answers how many.
///
/// # Errors
/// [`db::Error`].
pub async fn sweep(db: &Db) -> Result<usize, db::Error> {
    let old = |tx: &mut Tx| {
        let now = tx.now();
        tx.all("SELECT key FROM rate_limit WHERE tat < $1 ORDER BY tat, key LIMIT 100", values![now], |row| {
            row.next::<Vec<u8>>()
        })
    };
    let keys = db.read(old).await?;
    if keys.is_empty() {
        return Ok(0);
    }
    db.write(move |tx| {
        let now = tx.now();
        for key in &keys {
            tx.execute("DELETE FROM rate_limit WHERE key = $1 AND tat < $2", values![key, now])?;
        }
        Ok(keys.len())
    })
    .await
}

/// Where a request comes from, as far as limits tell: one IPv4 address, or the /64 that one household has.
pub fn source(ip: IpAddr) -> Vec<u8> {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets()[..8].to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_one_source() {
        let source = |text: &str| source(text.parse().unwrap());
        assert_eq!(source("2001:db8:1:2::1"), source("2001:db8:1:2:ffff::2"));
        assert_ne!(source("2001:db8:1:2::1"), source("2001:db8:1:3::1"));
        assert_eq!(source("::ffff:192.0.2.1"), source("192.0.2.1"));
    }

    #[test]
    fn parts_cannot_be_shifted() {
        static LIMIT: Limit = Limit { name: "try", burst: 1, every: SignedDuration::from_secs(1) };
        let limits = Limits::new(&[1; 32]);
        assert_ne!(limits.of(&LIMIT, &[b"ab", b"c"]).key, limits.of(&LIMIT, &[b"a", b"bc"]).key);
    }
}
