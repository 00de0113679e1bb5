//! The rows of sessions, and what makes them: the opening begins them, the clock engine and offers move them on, a termination ends them.

use super::super::clock::{move_on, set_lot};
use super::super::event::{AuctionEnded, AuctionOffered, AuctionSkipped, AuctionStarted};
use super::super::lot::{self, Lot};
use super::super::store;
use super::super::tender::{State, Tender};
use super::entry::{self, Entry, New};
use super::rule::{Bidder, Phase, Session, What};
use super::{earliest, find, lettered};
use crate::web::Error;
use jiff::Timestamp;
use kit::db::{self, Row, Tx, coded};
use kit::event;
use kit::id::Id;
use kit::values;

/// A session with what has happened in this unit.
pub struct Sitting {
    /// The lot.
    pub lot: Id<Lot>,
    /// As it stands.
    pub session: Session,
    before: Session,
    /// How many entries it has, with those of this unit.
    pub entries: i64,
    new: Vec<New>,
}

/// Begins the sessions of a tender whose envelopes have just been opened: lots with two readable bids at least go to the auction, the
/// others to evaluation. What is void takes no part. Part of the unit that opened them.
///
/// # Errors
/// [`Error`] of the database.
pub fn open(tx: &mut Tx, tender: &Tender, lots: &[Lot]) -> Result<(), Error> {
    let now = tx.now();
    let mut states = Vec::new();
    for lot in lots {
        let next = match lot.state {
            lot::State::Closed => begin(tx, tender, lot, now)?,
            other => other,
        };
        if next != lot.state {
            set_lot(tx, lot.id, next)?;
        }
        states.push(next);
    }
    if states.contains(&lot::State::Auction) {
        move_on(tx, &Tender { state: State::Auction, ..tender.clone() })?;
    }
    Ok(())
}

/// What becomes of an opened lot.
fn begin(tx: &mut Tx, tender: &Tender, lot: &Lot, now: Timestamp) -> Result<lot::State, Error> {
    let bounds = tender.method.profile().auction.as_ref();
    let (Some(at), Some(terms), Some(bounds)) = (tender.auction_at, find(tx, tender.id)?, bounds) else {
        return Ok(lot::State::Evaluation);
    };
    let sql = "SELECT id, company, price FROM bid WHERE lot = $1 AND state = 'opened' AND company IS NOT NULL \
               AND price IS NOT NULL AND void IS NULL ORDER BY id";
    let found = tx.all(sql, values![lot.id], |row| Ok((row.next()?, row.next()?, row.next::<i64>()?)))?;
    let mut drawn: Vec<_> = found.into_iter().map(|bid| (tx.random::<16>(), bid)).collect();
    drawn.sort_by_key(|(chance, _)| *chance);
    let bidders: Vec<_> = (0i64..)
        .zip(drawn)
        .map(|(letter, (_, (bid, company, price)))| Bidder { letter, bid, company, opened: price, price, place: 0 })
        .collect();
    // Where the opening took longer than it should have, bidders still have the time that the method gives them.
    let starts_at = at.max(earliest(bounds, now));
    let mut session = Session::new(terms, starts_at, bidders);
    let is_held = session.bidders.len() >= 2;
    if !is_held {
        session.phase = Phase::Skipped;
    }
    insert(tx, tender.id, lot.id, &session)?;
    if is_held {
        return Ok(lot::State::Auction);
    }
    entry::insert(tx, lot.id, 0, &[New::bare("skipped", now, &session)])?;
    event::record(tx, tender.scope(), &AuctionSkipped { tender: tender.id, lot: lot.id })?;
    Ok(lot::State::Evaluation)
}

fn insert(tx: &mut Tx, tender: Id<Tender>, lot: Id<Lot>, session: &Session) -> Result<(), db::Error> {
    let entries = i64::from(session.phase == Phase::Skipped);
    tx.execute(
        "INSERT INTO auction (lot, tender, phase, starts_at, ends_at, step, turn, used, entries, next_check) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            lot,
            tender,
            session.phase.code(),
            session.starts_at,
            session.ends_at,
            session.step,
            session.turn,
            session.used,
            entries,
            session.next()
        ],
    )?;
    let row = |one: &Bidder| {
        let of: &[db::Value] = values![lot, one.letter, one.bid, one.company, one.opened, one.price, one.place];
        of.to_vec()
    };
    let rows: Vec<_> = session.bidders.iter().map(row).collect();
    if !rows.is_empty() {
        tx.insert("INSERT INTO auction_bidder (lot, letter, bid, company, opened, price, place)", &rows, "")?;
    }
    Ok(())
}

/// Lets everything happen whose time has come in the sessions of a tender. Answers how its lots stand then.
///
/// # Errors
/// [`Error`] of the database.
pub fn advance(tx: &mut Tx, tender: &Tender, now: Timestamp) -> Result<Vec<lot::State>, Error> {
    let mut states = Vec::new();
    for lot in store::lots(tx, tender.id)? {
        let mut state = lot.state;
        if state == lot::State::Auction
            && let Some(mut sitting) = Sitting::find(tx, tender.id, lot.id)?
        {
            sitting.look(now);
            sitting.save(tx, tender)?;
            if sitting.session.phase == Phase::Ended {
                state = lot::State::Evaluation;
            }
        }
        states.push(state);
    }
    Ok(states)
}

/// When time next does something to a session of a tender.
///
/// # Errors
/// [`db::Error`].
pub fn next(tx: &mut Tx, tender: Id<Tender>) -> Result<Option<Timestamp>, db::Error> {
    let sql = "SELECT CAST(MIN(next_check) AS BIGINT) FROM auction WHERE tender = $1";
    tx.one(sql, values![tender], |row| row.next())
}

/// The session of a lot whose buyer ends it is over, too. Part of that unit.
///
/// # Errors
/// [`db::Error`].
pub fn terminate(tx: &mut Tx, tender: Id<Tender>, lot: Id<Lot>) -> Result<(), db::Error> {
    let now = tx.now();
    let Some(mut sitting) = Sitting::find(tx, tender, lot)?.filter(|one| one.session.phase.goes_on()) else {
        return Ok(());
    };
    sitting.session.phase = Phase::Terminated;
    let entry = New::bare("terminated", now, &sitting.session);
    sitting.entries += 1;
    sitting.new.push(entry);
    sitting.keep(tx)
}

impl Sitting {
    /// The session of a lot; none where there is none.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn find(tx: &mut Tx, tender: Id<Tender>, lot: Id<Lot>) -> Result<Option<Self>, db::Error> {
        let Some(terms) = find(tx, tender)? else { return Ok(None) };
        let sql = "SELECT phase, starts_at, ends_at, step, turn, used, entries FROM auction WHERE lot = $1";
        let read = |row: &mut Row<'_>| {
            let phase = coded(&row.next::<String>()?, Phase::from_code)?;
            let (starts_at, ends_at, step) = (row.next()?, row.next()?, row.next()?);
            let (turn, used, bidders) = (row.next()?, row.next()?, Vec::new());
            let session = Session { terms, phase, starts_at, ends_at, step, turn, used, bidders };
            Ok((session, row.next::<i64>()?))
        };
        let Some((mut session, entries)) = tx.first(sql, values![lot], read)? else { return Ok(None) };
        let sql =
            "SELECT letter, bid, company, opened, price, place FROM auction_bidder WHERE lot = $1 ORDER BY letter";
        session.bidders = tx.all(sql, values![lot], |row| {
            let (letter, bid, company) = (row.next()?, row.next()?, row.next()?);
            Ok(Bidder { letter, bid, company, opened: row.next()?, price: row.next()?, place: row.next()? })
        })?;
        Ok(Some(Self { lot, before: session.clone(), session, entries, new: Vec::new() }))
    }

    /// Lets everything happen whose time has come.
    pub fn look(&mut self, now: Timestamp) {
        while let Some((at, what)) = self.session.come(now) {
            self.note(at, what, None);
        }
    }

    /// Notes what has happened. `offer`: the id that its form carried, and who sent it. Answers its number.
    pub fn note(&mut self, at: Timestamp, what: What, offer: Option<entry::Sent>) -> i64 {
        self.entries += 1;
        self.new.push(New::of(at, what, &self.session, offer));
        self.entries
    }

    /// An offer of this unit, by the id of its form.
    pub fn sent(&self, offer: Id<entry::Offer>) -> Option<entry::Known> {
        let first = self.entries - self.new.len() as i64 + 1;
        (first..).zip(&self.new).find_map(|(number, new)| new.known(number, offer))
    }

    /// Stores what has happened. When it is over, the last offers become the prices that are evaluated.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn save(&self, tx: &mut Tx, tender: &Tender) -> Result<(), db::Error> {
        if self.new.is_empty() {
            return Ok(());
        }
        self.keep(tx)?;
        let (of, lot, scope) = (tender.id, self.lot, tender.scope());
        if self.new.iter().any(|new| matches!(new.what, Some(What::Started | What::Ended))) {
            // A form of the buyer's rests on these; turns and offers make none stale.
            tx.execute("UPDATE tender SET version = version + 1 WHERE id = $1", values![of])?;
        }
        if self.new.iter().any(|new| new.what == Some(What::Started)) {
            event::record(tx, scope, &AuctionStarted { tender: of, lot })?;
        }
        let first = self.entries - self.new.len() as i64 + 1;
        let mut facts = Vec::new();
        for (number, new) in (first..).zip(&self.new) {
            if let Some(What::Offer(letter, amount)) = new.what {
                facts.push((tx.id(), AuctionOffered { tender: of, lot, number, letter: lettered(letter), amount }));
            }
        }
        let facts: Vec<_> = facts.iter().map(|(id, fact)| (*id, scope, fact)).collect();
        if !facts.is_empty() {
            event::record_many(tx, &facts)?;
        }
        if self.session.phase == Phase::Ended && self.before.phase != Phase::Ended {
            self.settle(tx)?;
            event::record(tx, scope, &AuctionEnded { tender: of, lot })?;
        }
        Ok(())
    }

    fn keep(&self, tx: &mut Tx) -> Result<(), db::Error> {
        let session = &self.session;
        tx.execute(
            "UPDATE auction SET phase = $1, ends_at = $2, turn = $3, used = $4, entries = $5, next_check = $6 WHERE lot = $7",
            values![
                session.phase.code(),
                session.ends_at,
                session.turn,
                session.used,
                self.entries,
                session.next(),
                self.lot
            ],
        )?;
        for (one, _) in session.bidders.iter().zip(&self.before.bidders).filter(|(one, before)| one != before) {
            let sql = "UPDATE auction_bidder SET price = $1, place = $2 WHERE lot = $3 AND letter = $4";
            tx.execute(sql, values![one.price, one.place, self.lot, one.letter])?;
        }
        entry::insert(tx, self.lot, self.entries - self.new.len() as i64, &self.new)
    }

    fn settle(&self, tx: &mut Tx) -> Result<(), db::Error> {
        for one in &self.session.bidders {
            let sql = "UPDATE bid SET opened_price = $1, price = $2 WHERE id = $3";
            tx.execute(sql, values![one.opened, one.price, one.bid])?;
        }
        set_lot(tx, self.lot, lot::State::Evaluation)
    }

    /// The newest entries first, so many at most, without those of this unit.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn newest(&self, tx: &mut Tx, most: i64) -> Result<Vec<Entry>, db::Error> {
        entry::before(tx, self.lot, most)
    }
}

/// The hour at which the clock engine looks at a tender next, after a turn, or after offers have put an end off. No version is counted: no
/// form of the buyer's rests on it.
///
/// # Errors
/// [`db::Error`].
pub fn reckon(tx: &mut Tx, tender: Id<Tender>) -> Result<(), db::Error> {
    let at = next(tx, tender)?;
    let sql = "UPDATE tender SET auction_check = $1, next_check = $2 WHERE id = $3 AND state = 'auction' \
               AND (auction_check IS NULL OR auction_check <> $2)";
    tx.execute(sql, values![at, at.map_or(i64::MAX, Timestamp::as_microsecond), tender]).map(drop)
}
