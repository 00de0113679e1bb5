//! Every query about extensions.

use super::event::{Answered as Told, Asked as Happened};
use super::form::Asked;
use super::rule;
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Act, Target};
use crate::sourcing::bid::Bid;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, State, Tender, finals};
use crate::web::{Bidder, Broken, Error, Form, Instant, Purchaser};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::db::{self, Row, Tx};
use kit::event;
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// What bidders were asked for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ValidityExtension")]
pub struct Extension {
    /// Its id.
    pub id: Id<Extension>,
    /// Of which tender.
    pub tender: Id<Tender>,
    /// Days beside those before.
    pub days: i64,
    /// Why.
    pub reason: String,
    /// When they were asked.
    #[schemars(with = "Instant")]
    pub asked_at: Timestamp,
    /// Until when answers are taken.
    #[schemars(with = "Instant")]
    pub due_at: Timestamp,
}

/// A bid that stands, and whose it is.
pub struct Standing {
    pub bid: Id<Bid>,
    pub company: Id<Company>,
    /// Until when it binds.
    pub until: Timestamp,
    lot: Id<Lot>,
    /// Whether its lot is negotiated.
    is_negotiated: bool,
}

/// The condition on a lot `l` that its bids are open and nothing is decided about them, as [`LotState::is_undecided`].
pub const UNDECIDED: &str = "l.state IN ('negotiation', 'evaluation', 'candidates')";

/// The condition on a bid `b` that its bidder is or was asked: it was opened, and has not left a negotiation before it answered anything.
const ASKED: &str = "(b.state = 'opened' OR EXISTS (SELECT 1 FROM validity_answer v WHERE v.bid = b.id))";

const COLUMNS: &str = "e.id, e.tender, e.days, e.reason, e.asked_at, e.due_at FROM validity_extension e";

/// The extensions of a tender, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Extension>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE e.tender = $1 ORDER BY e.asked_at DESC, e.id DESC LIMIT 100");
    tx.all(&sql, values![tender], read)
}

/// Those of tenders for which a company has bid, by a condition on bids `b`, the newest first.
///
/// # Errors
/// [`db::Error`].
pub fn list_of(tx: &mut Tx, whose: &str, company: Id<Company>) -> Result<Vec<Extension>, db::Error> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE e.tender IN (SELECT b.tender FROM bid b WHERE {whose} AND {ASKED}) \
         ORDER BY e.asked_at DESC, e.id DESC LIMIT 100"
    );
    tx.all(&sql, values![company], read)
}

/// Those that wait for a company's answer, the newest first: they are about a bid of its own that is not void and whose lot is not decided.
///
/// # Errors
/// [`db::Error`].
pub fn waiting(tx: &mut Tx, company: Id<Company>) -> Result<Vec<Extension>, db::Error> {
    let now = tx.now();
    let sql = format!(
        "SELECT {COLUMNS} WHERE e.due_at > $1 AND e.tender IN (SELECT b.tender FROM bid b JOIN lot l ON l.id = b.lot \
         WHERE b.company = $2 AND b.state = 'opened' AND b.void IS NULL AND {UNDECIDED}) \
         AND NOT EXISTS (SELECT 1 FROM validity_answer a JOIN bid o ON o.id = a.bid WHERE a.extension = e.id AND o.company = $2) \
         ORDER BY e.asked_at DESC, e.id DESC LIMIT 100"
    );
    tx.all(&sql, values![now, company], read)
}

/// What a company has answered for its bids; none while it has not.
///
/// # Errors
/// [`db::Error`].
pub fn answer_of(tx: &mut Tx, extension: Id<Extension>, company: Id<Company>) -> Result<Option<bool>, db::Error> {
    let sql = "SELECT a.agrees FROM validity_answer a JOIN bid b ON b.id = a.bid \
         WHERE a.extension = $1 AND b.company = $2 ORDER BY a.bid LIMIT 1";
    tx.first(sql, values![extension, company], |row| row.next())
}

/// The days that the bidder of a bid, whose id is to follow, has agreed to.
const AGREED: &str = "SELECT CAST(coalesce(sum(e.days), 0) AS BIGINT) FROM validity_answer a \
     JOIN validity_extension e ON e.id = a.extension WHERE a.agrees = 1 AND a.bid =";

/// Until when a bid binds; none where its tender says nothing.
///
/// # Errors
/// [`db::Error`].
pub fn until(tx: &mut Tx, zone: &TimeZone, tender: &Tender, bid: Id<Bid>) -> Result<Option<Timestamp>, db::Error> {
    let Some(days) = tender.terms.validity_days else { return Ok(None) };
    let agreed: i64 = tx.one(&format!("{AGREED} $1"), values![bid], |row| row.next())?;
    Ok(Some(rule::ends(tender.deadline, days, agreed, zone)))
}

/// The bids of a tender whose lots are not decided, and that bind still.
///
/// # Errors
/// [`db::Error`].
pub fn standing(tx: &mut Tx, zone: &TimeZone, tender: &Tender) -> Result<Vec<Standing>, db::Error> {
    let Some(days) = tender.terms.validity_days else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT b.id, b.company, ({AGREED} b.id), b.lot, l.state FROM bid b JOIN lot l ON l.id = b.lot WHERE b.tender = $1 \
         AND b.state = 'opened' AND b.void IS NULL AND b.company IS NOT NULL AND {UNDECIDED} ORDER BY b.lot, b.id"
    );
    let now = tx.now();
    let mut found = tx.all(&sql, values![tender.id], |row| {
        let (bid, company, agreed) = (row.next()?, row.next()?, row.next()?);
        let (lot, state): (_, String) = (row.next()?, row.next()?);
        let until = rule::ends(tender.deadline, days, agreed, zone);
        Ok(Standing { bid, company, until, lot, is_negotiated: state == LotState::Negotiation.code() })
    })?;
    found.retain(|one| now < one.until);
    Ok(found)
}

/// How many of the bids for a lot that stand bind still at an instant; none where the tender says nothing.
///
/// # Errors
/// [`db::Error`].
pub fn binding(
    tx: &mut Tx,
    zone: &TimeZone,
    (tender, lot): (&Tender, Id<Lot>),
    at: Timestamp,
) -> Result<Option<usize>, db::Error> {
    if tender.terms.validity_days.is_none() {
        return Ok(None);
    }
    let standing = standing(tx, zone, tender)?;
    Ok(Some(standing.iter().filter(|one| one.lot == lot && at < one.until).count()))
}

/// A tender of the buyer's own whose bids can be asked to bind longer: opened, not decided, with a validity. That of a lot that is negotiated
/// runs on like any other.
///
/// # Errors
/// 404, 409 `extension-none`.
pub fn extendable(tx: &mut Tx, buyer: &Purchaser, id: Id<Tender>) -> Result<Tender, Error> {
    let tender = tender::store::own(tx, buyer, id)?;
    let mut lots = tender::store::lots(tx, id)?.into_iter();
    let is_undecided = lots.any(|lot| lot.state.is_undecided());
    let is_bound = tender.state == State::Evaluation && is_undecided && tender.terms.validity_days.is_some();
    if is_bound { Ok(tender) } else { Err(Error::conflict("extension-none")) }
}

/// Asks all bidders whose bids bind still. The same form again changes nothing.
///
/// # Errors
/// 401, 403 as of every act in a company's name; as [`extendable`]; 409 `extension-open` while an earlier one is, `bids-expired`; 422 with the
/// rule that is broken.
pub fn ask(
    tx: &mut Tx,
    app: &App,
    buyer: &Purchaser,
    id: Id<Tender>,
    (asked, form): (&Asked, &Form),
) -> Result<(), Error> {
    buyer.still(tx)?;
    mandate::may(tx, buyer, Act::Publish, &Target::of(app, buyer.company, id, None::<Id<Lot>>))?;
    if let Some(same) = find(tx, asked.id)? {
        tender::store::own(tx, buyer, id)?;
        return if same.tender == id { Ok(()) } else { Err(Error::not_found()) };
    }
    let tender = extendable(tx, buyer, id)?;
    let now = tx.now();
    if list(tx, id)?.iter().any(|one| now < one.due_at) {
        return Err(Error::conflict("extension-open"));
    }
    let ends: Vec<_> = standing(tx, &app.zone(), &tender)?.into_iter().map(|one| one.until).collect();
    if ends.is_empty() {
        let until = tender.terms.valid_until(tender.deadline, &app.zone()).unwrap_or(now);
        return Err(Error::conflict("bids-expired").with("until", until));
    }
    if let Err(latest) = rule::may_be_due(asked.due_at, now, &ends) {
        return Err(form.clone().refuse("due_at", Broken::rule("extension-due").with("latest", latest)));
    }
    let inserted = tx.execute(
        "INSERT INTO validity_extension (id, tender, days, reason, asked_at, due_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT DO NOTHING",
        values![asked.id, id, asked.days, &asked.reason, now, asked.due_at],
    )?;
    if inserted == 0 {
        return Err(Error::not_found());
    }
    event::record(tx, tender.scope(), &Happened { tender: id, extension: asked.id })?;
    Ok(())
}

/// Answers for all bids of the company that were asked for, once and for good: with a refusal they lapse. What time does to the tender comes
/// first, so that it is no matter whether the engine was punctual. The same again changes nothing.
///
/// # Errors
/// 401, 403; 404 to who has no bid in it; 409 `extension-closed` after the end, `extension-answered` for another answer.
pub fn answer(tx: &mut Tx, app: &App, provider: &Bidder, id: Id<Extension>, agrees: bool) -> Result<(), Error> {
    provider.still(tx)?;
    let extension = find(tx, id)?.ok_or_else(Error::not_found)?;
    let of = format!("SELECT 1 FROM bid b WHERE b.tender = $1 AND b.company = $2 AND {ASKED} LIMIT 1");
    let has_bid = tx.first(&of, values![extension.tender, provider.company], |row| row.next::<i64>())?;
    has_bid.ok_or_else(Error::not_found)?;
    let target = Target::of(app, provider.company, extension.tender, None::<Id<Lot>>);
    mandate::may(tx, provider, Act::Bid, &target)?;
    match answer_of(tx, id, provider.company)? {
        Some(given) if given == agrees => return Ok(()),
        Some(_) => return Err(Error::conflict("extension-answered")),
        None => {}
    }
    tender::catch_up(tx, extension.tender)?;
    let (now, tender) = (tx.now(), tender::store::load(tx, extension.tender)?);
    let mut own = standing(tx, &app.zone(), &tender)?;
    own.retain(|one| one.company == provider.company);
    if tender.state != State::Evaluation || now >= extension.due_at || own.is_empty() {
        return Err(Error::conflict("extension-closed"));
    }
    for one in own {
        let sql = "INSERT INTO validity_answer (extension, bid, agrees, answered_at) VALUES ($1, $2, $3, $4)";
        tx.execute(sql, values![id, one.bid, agrees, now])?;
        if !agrees {
            release(tx, app, &tender, &one)?;
        }
    }
    event::record(tx, tender.scope(), &Told { tender: tender.id, extension: id, agrees })?;
    Ok(())
}

/// Releases who is not to bind longer. Of a negotiation it leaves, and a final offer that it has given is never opened; where that leaves too few
/// which were counted already, the lot fails ([`finals::withdraw`]). What is evaluated goes on without it, however few remain.
fn release(tx: &mut Tx, app: &App, tender: &Tender, one: &Standing) -> Result<(), Error> {
    tx.execute("UPDATE bid SET void = 'declined' WHERE id = $1", values![one.bid])?;
    if one.is_negotiated {
        tx.execute("UPDATE bid SET state = 'retired' WHERE id = $1", values![one.bid])?;
        finals::withdraw(tx, app, tender, one.lot, one.company)?;
    }
    Ok(())
}

/// An extension with its answers, as it is kept with its tender.
#[derive(Serialize)]
pub struct Kept {
    extension: Extension,
    answers: Vec<Said>,
}

/// What was answered about a bid.
#[derive(Serialize)]
struct Said {
    bid: Id<Bid>,
    company_name: Option<String>,
    agrees: bool,
    answered_at: Timestamp,
}

/// The extensions of a tender: for its buyer with all answers, for a company whose bid was opened with its own or its consortium's; none for
/// others.
///
/// # Errors
/// [`db::Error`].
pub fn kept(tx: &mut Tx, tender: &Tender, reader: Id<Company>) -> Result<Vec<Kept>, db::Error> {
    let of = format!(
        "SELECT b.id FROM bid b JOIN tender t ON t.id = b.tender WHERE b.tender = $1 AND {ASKED} AND (t.company = $2 \
         OR b.company = $2 OR b.consortium IN (SELECT m.consortium FROM consortium_member m WHERE m.company = $2))"
    );
    let bids: Vec<Id<Bid>> = tx.all(&of, values![tender.id, reader], |row| row.next())?;
    let sql = "SELECT a.bid, b.company_name, a.agrees, a.answered_at FROM validity_answer a JOIN bid b ON b.id = a.bid \
         WHERE a.extension = $1 ORDER BY a.answered_at, a.bid";
    let mut all = Vec::new();
    let extensions = if bids.is_empty() { Vec::new() } else { list(tx, tender.id)? };
    for extension in extensions {
        let mut answers = tx.all(sql, values![extension.id], |row| {
            let (bid, company_name) = (row.next()?, row.next()?);
            Ok(Said { bid, company_name, agrees: row.next()?, answered_at: row.next()? })
        })?;
        answers.retain(|one| bids.contains(&one.bid));
        all.push(Kept { extension, answers });
    }
    Ok(all)
}

fn find(tx: &mut Tx, id: Id<Extension>) -> Result<Option<Extension>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE e.id = $1"), values![id], read)
}

fn read(row: &mut Row<'_>) -> Result<Extension, db::Error> {
    Ok(Extension {
        id: row.next()?,
        tender: row.next()?,
        days: row.next()?,
        reason: row.next()?,
        asked_at: row.next()?,
        due_at: row.next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_decided_is_told_alike_in_rust_and_in_sql() {
        for state in LotState::ALL {
            let named = UNDECIDED.contains(&format!("'{}'", state.code()));
            assert_eq!(named, state.is_undecided(), "{state:?}");
            assert!(!(state.is_undecided() && state.is_over()), "{state:?}");
        }
    }
}
