//! What holders give towards an opening, and when it is enough.
//!
//! A holder answers for all bids of a tender at once. An answer is whole unless a box of its holder's held no share, which a
//! bidder may have seen to: with k whole answers everything is opened. When some are not whole, k answers are enough after a
//! day, or as soon as everybody has answered: a bid that is short of shares then is unreadable by its own bidder's doing, and holds
//! up nobody.
//!
//! Where a tender lets bidders keep a share of their own bids, these stand apart from the holders' answers: with k − 1 whole answers
//! everything is opened if each bid opens with the share of its own bidder. Who withholds it, or gives what is none, changes nothing: the k-th holder is
//! waited for as ever.

use crate::sourcing::bid::Bid;
use crate::sourcing::tender::{Hands, Tender};
use crate::web::Arg;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use sealing::Boxed;
use sealing::sheet::Given;
use serde::Serialize;
use std::collections::BTreeMap;

/// How long whole answers are waited for when there are enough, but not all of them whole.
pub const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// What was under the platform's layer of a bid.
pub struct Unlayered {
    /// The bid.
    pub bid: Id<Bid>,
    /// Its boxes; none when the envelope has none, and then it is unreadable.
    pub boxes: Option<Vec<Boxed>>,
}

/// A holder's answer.
pub struct Answer {
    /// The holder's public key.
    pub recipient: String,
    /// One for each bid.
    pub parts: Vec<Given>,
    /// Whether each has a share.
    pub whole: bool,
    /// When it was given.
    pub at: Timestamp,
}

/// How far the holders have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OpeningStanding")]
pub struct Standing {
    /// How many shares it takes.
    pub k: usize,
    /// How many holders there are.
    pub n: usize,
    /// How many have answered.
    pub given: usize,
    /// How many of these for every bid.
    pub whole: usize,
}

impl Standing {
    /// As the answers stand.
    pub fn of(hands: &Hands, answers: &[Answer]) -> Self {
        let whole = answers.iter().filter(|answer| answer.whole).count();
        Self { k: hands.k, n: hands.holders.len(), given: answers.len(), whole }
    }

    /// Its values in a sentence.
    pub fn said(self) -> [(&'static str, Arg); 3] {
        [("k", self.k.into()), ("n", self.n.into()), ("given", self.given.into())]
    }

    /// Whether there are enough, and some of them not whole.
    pub fn is_short(self) -> bool {
        self.given >= self.k && self.whole < self.k
    }

    /// When everything may be opened: at once, later, or not yet.
    pub fn opens_at(self, answers: &[Answer], now: Timestamp) -> Option<Timestamp> {
        if self.whole >= self.k || self.given == self.n {
            return Some(now);
        }
        let mut times: Vec<_> = answers.iter().map(|answer| answer.at).collect();
        times.sort();
        let enough = times.get(self.k.checked_sub(1)?)?;
        Some(enough.checked_add(A_DAY).unwrap_or(Timestamp::MAX))
    }
}

/// The bids of a tender whose platform's layer is off.
///
/// # Errors
/// [`db::Error`].
pub fn unlayered(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Unlayered>, db::Error> {
    let sql = "SELECT o.bid, o.boxes FROM opening_box o JOIN bid b ON b.id = o.bid JOIN lot l ON l.id = b.lot \
               WHERE o.tender = $1 AND b.state = 'sealed' AND l.state = 'closed' ORDER BY b.lot, o.bid";
    let rows = tx.all(sql, values![tender], |row| Ok((row.next::<Id<Bid>>()?, row.next::<Option<String>>()?)))?;
    rows.into_iter().map(|(bid, boxes)| Ok(Unlayered { bid, boxes: boxes.as_deref().map(read).transpose()? })).collect()
}

/// Keeps what came to light under the platform's layer. Again it is as it was.
///
/// # Errors
/// [`db::Error`].
pub fn keep_boxes(
    tx: &mut Tx,
    tender: Id<Tender>,
    bid: Id<Bid>,
    boxes: Result<&[Boxed], &'static str>,
) -> Result<(), db::Error> {
    let (boxes, flaw) = match boxes {
        Ok(boxes) => (Some(write(boxes)?), None),
        Err(flaw) => (None, Some(flaw.to_owned())),
    };
    tx.execute(
        "INSERT INTO opening_box (bid, tender, boxes, flaw) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        values![bid, tender, boxes, flaw],
    )
    .map(drop)
}

/// The answers for a tender, the first first.
///
/// # Errors
/// [`db::Error`].
pub fn answers(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Answer>, db::Error> {
    let sql =
        "SELECT recipient, parts, whole, given_at FROM opening_share WHERE tender = $1 ORDER BY given_at, recipient";
    let rows = tx.all(sql, values![tender], |row| {
        Ok((row.next::<String>()?, row.next::<String>()?, row.next::<bool>()?, row.next::<Timestamp>()?))
    })?;
    rows.into_iter()
        .map(|(recipient, parts, whole, at)| Ok(Answer { recipient, parts: read(&parts)?, whole, at }))
        .collect()
}

/// Keeps an answer. A holder's first stands.
///
/// # Errors
/// [`db::Error`].
pub fn keep(tx: &mut Tx, tender: Id<Tender>, recipient: &str, parts: &[Given]) -> Result<bool, db::Error> {
    let (now, whole) = (tx.now(), parts.iter().all(|part| part.share.is_some()));
    let kept = tx.execute(
        "INSERT INTO opening_share (tender, recipient, parts, whole, given_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT DO NOTHING",
        values![tender, recipient, write(parts)?, whole, now],
    )?;
    Ok(kept == 1)
}

/// Keeps the share that a bidder has given of a bid of its own. The first stands.
///
/// # Errors
/// [`db::Error`].
pub fn keep_own(tx: &mut Tx, tender: Id<Tender>, bid: Id<Bid>, part: &Given) -> Result<bool, db::Error> {
    let (now, share) = (tx.now(), write(part)?);
    let sql = "INSERT INTO opening_own (bid, tender, share, given_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    Ok(tx.execute(sql, values![bid, tender, share, now])? == 1)
}

/// The shares that bidders have given of their own bids for a tender.
///
/// # Errors
/// [`db::Error`].
pub fn owns(tx: &mut Tx, tender: Id<Tender>) -> Result<BTreeMap<Id<Bid>, Given>, db::Error> {
    let sql = "SELECT bid, share FROM opening_own WHERE tender = $1 ORDER BY bid";
    let rows = tx.all(sql, values![tender], |row| Ok((row.next::<Id<Bid>>()?, row.next::<String>()?)))?;
    rows.into_iter().map(|(bid, share)| Ok((bid, read(&share)?))).collect()
}

/// Forgets boxes and shares once they have served.
///
/// # Errors
/// [`db::Error`].
pub fn forget(tx: &mut Tx, tender: Id<Tender>) -> Result<(), db::Error> {
    tx.execute("DELETE FROM opening_own WHERE tender = $1", values![tender])?;
    tx.execute("DELETE FROM opening_box WHERE tender = $1", values![tender])?;
    tx.execute("DELETE FROM opening_share WHERE tender = $1", values![tender]).map(drop)
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, db::Error> {
    serde_json::from_str(text).map_err(|e| db::Error::Engine(e.to_string()))
}

fn write<T: Serialize + ?Sized>(value: &T) -> Result<String, db::Error> {
    serde_json::to_string(value).map_err(|e| db::Error::Engine(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_it_is_enough() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let hands = Hands { k: 2, holders: vec![String::new(); 3], ..Hands::default() };
        let answer = |hour: i64, whole: bool| Answer {
            recipient: String::new(),
            parts: Vec::new(),
            whole,
            at: now.checked_add(SignedDuration::from_hours(hour)).unwrap(),
        };
        let opens = |answers: &[Answer]| Standing::of(&hands, answers).opens_at(answers, now);
        let day = |hour: i64| now.checked_add(SignedDuration::from_hours(24 + hour)).ok();
        assert_eq!(opens(&[]), None);
        assert_eq!(opens(&[answer(0, true)]), None);
        assert_eq!(opens(&[answer(0, true), answer(5, true)]), Some(now));
        assert_eq!(opens(&[answer(0, true), answer(5, false)]), day(5), "another may answer for all");
        assert_eq!(opens(&[answer(0, false), answer(5, false), answer(6, false)]), Some(now), "everybody has answered");
        assert_eq!(opens(&[answer(0, false), answer(5, true), answer(6, true)]), Some(now));
    }
}
