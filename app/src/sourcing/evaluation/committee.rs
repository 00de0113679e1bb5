//! Forming a committee: the buyer names its own people, the pool of experts is committed to, the log gives the seed, the draw calls
//! those who come first, and whoever goes is followed by the next.

use super::conclude;
use super::event::{Drawn, PoolCommitted, Reopened, Stood};
use super::table::{Candidate, Phase, Standing, Table};
use crate::identity::account::{self, Account};
use crate::identity::approval;
use crate::identity::company::{self, Company, state_of};
use crate::identity::people::{self, Duty};
use crate::sourcing::tender::{Lot, Tender};
use crate::trust::log;
use crate::web::{Broken, Error, Form, Purchaser};
use evidence::draw;
use kit::db::{self, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;

/// With which a colleague of the buyer's may be named.
const EVALUATING: [Duty; 2] = [Duty::Buyer, Duty::ProjectManager];

/// Forms the committee of a lot: the buyer's own people by the indices of their e-mails, and the pool from which the others are drawn.
/// One that is there stays, unless a seat of it is empty and its pool used up.
///
/// # Errors
/// 401, 403, 404; 409 `evaluation-over`, `committee-pool-small`; 422 for somebody who is no colleague with the duty, and for too many.
pub fn form(tx: &mut Tx, buyer: &Purchaser, id: Id<Lot>, emails: &[[u8; 32]], form: &Form) -> Result<(), Error> {
    buyer.still(tx)?;
    let table = Table::own(tx, buyer, id)?;
    table.goes_on()?;
    let round = table.committee.as_ref().map_or(0, |one| one.round);
    if table.committee.is_some() {
        if table.phase() != Phase::Short {
            return Ok(());
        }
        clear(tx, id)?;
    }
    let (seats, profile) = (table.criteria.seats, table.tender.method.profile());
    let most = seats / profile.own_one_in;
    if emails.len() as i64 > most {
        return Err(form.clone().refuse("own", Broken::rule("committee-own-most").with("most", most)));
    }
    let mut own = Vec::new();
    for email in emails {
        let colleague = colleague(tx, buyer.company, email)?;
        let Some(colleague) = colleague else { return Err(form.clone().refuse("own", "committee-no-colleague")) };
        if !own.contains(&colleague) {
            own.push(colleague);
        }
    }
    let pool = pool(tx, &table, &own)?;
    let needed = seats - own.len() as i64;
    if (pool.len() as i64) < needed {
        return Err(Error::conflict("committee-pool-small").with("needed", needed));
    }
    commit(tx, buyer, &table, round, (&own, &pool))
}

/// Everything of a committee that cannot go on; what it has scored goes with it.
fn clear(tx: &mut Tx, lot: Id<Lot>) -> Result<(), db::Error> {
    for of in ["score", "candidate", "committee"] {
        tx.execute(&format!("DELETE FROM {of} WHERE lot = $1"), values![lot])?;
    }
    Ok(())
}

/// Somebody who offers to evaluate, and their company.
type Expert = (Id<Account>, Id<Company>);

fn commit(
    tx: &mut Tx,
    buyer: &Purchaser,
    table: &Table,
    round: i64,
    (own, pool): (&[Id<Account>], &[Expert]),
) -> Result<(), Error> {
    let (lot, tender, now, event) = (table.lot.id, table.tender.id, tx.now(), tx.id());
    let mut rows = Vec::new();
    let own = own.iter().map(|account| (*account, buyer.company, true));
    for (account, company, is_own) in own.chain(pool.iter().map(|(account, company)| (*account, *company, false))) {
        let salt: [u8; 16] = tx.random();
        rows.push((account, company, is_own, salt, draw::pseudonym(&salt, lot.as_bytes(), account.as_bytes())));
    }
    let drawn: Vec<_> = rows.iter().filter(|row| !row.2).map(|row| row.4).collect();
    let hash = draw::pool(&drawn);
    tx.execute(
        "INSERT INTO committee (lot, tender, seats, pool, event, formed_by, formed_at, round) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![lot, tender, table.criteria.seats, hash.as_bytes(), event, buyer.account(), now, round],
    )?;
    for (account, company, is_own, salt, pseudonym) in rows {
        tx.execute(
            "INSERT INTO candidate (lot, account, company, pseudonym, salt, own, standing, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 'reserve', $7)",
            values![lot, account, company, pseudonym.as_bytes(), salt, is_own, now],
        )?;
    }
    let fact = PoolCommitted { tender, lot, pool: hash, candidates: drawn.len() };
    event::record_many(tx, &[(event, table.tender.scope(), &fact)])?;
    Ok(())
}

/// Draws the order of the pool, with the first entry of the log after the one that commits to it, and calls those who come first. Done
/// already, it is done.
///
/// # Errors
/// 401, 403, 404; 409 `committee-unformed`, `draw-too-early`, `evaluation-over`.
pub fn draw_members(tx: &mut Tx, buyer: &Purchaser, id: Id<Lot>) -> Result<(), Error> {
    buyer.still(tx)?;
    let table = Table::own(tx, buyer, id)?;
    table.goes_on()?;
    let committee = table.committee.as_ref().ok_or_else(|| Error::conflict("committee-unformed"))?;
    if committee.drawn_at.is_some() {
        return Ok(());
    }
    let after = log::entry_after(tx, committee.event)?;
    let (entry, seed) = after.ok_or_else(|| Error::conflict("draw-too-early"))?;
    let pool: Vec<_> = table.candidates.iter().filter(|one| !one.own).map(|one| one.pseudonym).collect();
    let now = tx.now();
    for (place, pseudonym) in (1i64..).zip(draw::order(&pool, seed)) {
        let sql = "UPDATE candidate SET place = $1 WHERE lot = $2 AND pseudonym = $3";
        tx.execute(sql, values![place, id, pseudonym.as_bytes()])?;
    }
    let sql = "UPDATE committee SET entry = $1, seed = $2, drawn_at = $3 WHERE lot = $4";
    tx.execute(sql, values![entry, seed.as_bytes(), now, id])?;
    event::record(tx, table.tender.scope(), &Drawn { tender: table.tender.id, lot: id, entry, seed })?;
    let table = Table::own(tx, buyer, id)?;
    fill(tx, &table)
}

/// Calls as many as seats are empty: the buyer's own first, then by the draw. Who cannot be called any more is passed over.
///
/// # Errors
/// [`Error`] of the database.
pub fn fill(tx: &mut Tx, table: &Table) -> Result<(), Error> {
    let Some(committee) = &table.committee else { return Ok(()) };
    let mut empty = committee.seats - table.sitting().count() as i64;
    let mut number = table.candidates.iter().filter_map(|one| one.number).max().unwrap_or_default();
    let mut reserve: Vec<_> = table.candidates.iter().filter(|one| one.standing == Standing::Reserve).collect();
    reserve.sort_by_key(|one| (!one.own, one.place, one.pseudonym));
    for one in reserve {
        if empty == 0 {
            break;
        }
        if !can_evaluate(tx, table, one)? {
            stand(tx, table, one, Standing::PassedOver, None)?;
            continue;
        }
        (number, empty) = (number + 1, empty - 1);
        let sql = "UPDATE candidate SET number = $1 WHERE lot = $2 AND account = $3";
        tx.execute(sql, values![number, table.lot.id, one.account])?;
        stand(tx, table, one, Standing::Called, None)?;
    }
    Ok(())
}

/// Says where a candidate stands now.
///
/// # Errors
/// [`Error`] of the database.
pub fn stand(
    tx: &mut Tx,
    table: &Table,
    one: &Candidate,
    standing: Standing,
    reason: Option<&str>,
) -> Result<(), Error> {
    let now = tx.now();
    tx.execute(
        "UPDATE candidate SET standing = $1, reason = $2, changed_at = $3 WHERE lot = $4 AND account = $5",
        values![standing.code(), reason.map(str::to_owned), now, table.lot.id, one.account],
    )?;
    let (tender, lot) = (table.tender.id, table.lot.id);
    let stood = Stood { tender, lot, account: one.account, standing: standing.code().to_owned() };
    event::record(tx, table.tender.scope(), &stood)?;
    Ok(())
}

/// Takes a member out, with a reason, and calls the next. A report that was there holds no more. Once more it is done already.
///
/// # Errors
/// 401, 403, 404; 409 `evaluation-over` once the lot is awarded.
pub fn replace(tx: &mut Tx, buyer: &Purchaser, id: Id<Lot>, number: i64, reason: &str) -> Result<(), Error> {
    buyer.still(tx)?;
    let table = Table::own(tx, buyer, id)?;
    table.goes_on()?;
    let member = table.candidates.iter().find(|one| one.number == Some(number)).ok_or_else(Error::not_found)?;
    if !member.standing.sits() {
        return Ok(());
    }
    stand(tx, &table, member, Standing::Removed, Some(reason))?;
    // Who has approved the choice approved it on that report.
    approval::changed(tx, buyer, id)?;
    reopen(tx, &table)?;
    let table = Table::own(tx, buyer, id)?;
    fill(tx, &table)
}

/// A report that was there holds no more.
fn reopen(tx: &mut Tx, table: &Table) -> Result<(), Error> {
    let Some(committee) = table.committee.as_ref().filter(|one| one.concluded_at.is_some()) else { return Ok(()) };
    let (tender, lot) = (table.tender.id, table.lot.id);
    let sql = "UPDATE committee SET concluded_at = NULL, report = NULL, report_sha256 = NULL WHERE lot = $1";
    tx.execute(sql, values![lot])?;
    conclude::forget_deviations(tx, lot)?;
    event::record(tx, table.tender.scope(), &Reopened { tender, lot, round: committee.round })?;
    Ok(())
}

/// The active colleague with this e-mail, if they have the duty.
fn colleague(tx: &mut Tx, company: Id<Company>, email: &[u8; 32]) -> Result<Option<Id<Account>>, db::Error> {
    let sql = "SELECT a.id FROM account a JOIN subject s ON s.id = a.subject \
               WHERE a.company = $1 AND a.email_index = $2 AND a.ended_at IS NULL AND s.standing = 'active'";
    let found: Option<Id<Account>> = tx.first(sql, values![company, email], |row| row.next())?;
    let Some(account) = found else { return Ok(None) };
    let duties = people::standing(tx, account)?.map(|(_, duties)| duties);
    Ok(duties.filter(|duties| duties.has_any(&EVALUATING)).map(|_| account))
}

/// The experts who can evaluate a lot: of approved companies that are neither the buyer nor bidders. Who stepped aside from this
/// lot or was taken out is drawn for it no more, however often its pool is formed.
fn pool(tx: &mut Tx, table: &Table, own: &[Id<Account>]) -> Result<Vec<Expert>, Error> {
    let sql = "SELECT account, company FROM expert WHERE company <> $1 ORDER BY account LIMIT 10000";
    let all: Vec<(Id<Account>, Id<Company>)> =
        tx.all(sql, values![table.tender.company], |row| Ok((row.next()?, row.next()?)))?;
    let mut pool = Vec::new();
    let (bidders, gone) = (bidders(tx, table.lot.id)?, gone(tx, table)?);
    for (account, company) in all {
        if !own.contains(&account)
            && !gone.contains(&account)
            && is_free(tx, &table.tender, &bidders, (account, company, false))?
        {
            pool.push((account, company));
        }
    }
    Ok(pool)
}

/// Who has ever stepped aside from this lot, or was taken out.
fn gone(tx: &mut Tx, table: &Table) -> Result<Vec<Id<Account>>, db::Error> {
    let sql = "SELECT body FROM event WHERE tender = $1 AND kind = $2 ORDER BY at, id";
    let bodies: Vec<String> = tx.all(sql, values![table.tender.id, Stood::KIND], |row| row.next())?;
    let read = |body: &String| serde_json::from_str(body).map_err(|e| db::Error::Engine(e.to_string()));
    let stood: Vec<Stood> = bodies.iter().map(read).collect::<Result<_, _>>()?;
    let left = [Standing::Recused.code(), Standing::Removed.code()];
    let is_gone = |one: &Stood| one.lot == table.lot.id && left.contains(&one.standing.as_str());
    Ok(stood.into_iter().filter(is_gone).map(|one| one.account).collect())
}

fn can_evaluate(tx: &mut Tx, table: &Table, one: &Candidate) -> Result<bool, Error> {
    let bidders = bidders(tx, table.lot.id)?;
    is_free(tx, &table.tender, &bidders, (one.account, one.company, one.own))
}

fn bidders(tx: &mut Tx, lot: Id<Lot>) -> Result<Vec<Id<Company>>, db::Error> {
    // Also who has left a negotiation since.
    let sql = "SELECT company FROM bid WHERE lot = $1 AND company IS NOT NULL \
               UNION SELECT company FROM consortium_member WHERE lot = $1 AND company IS NOT NULL ORDER BY company";
    tx.all(sql, values![lot], |row| row.next())
}

/// Whether somebody still acts for the company for which they were put into the pool, with a duty, and this company is no side of the
/// tender that it must not be.
fn is_free(
    tx: &mut Tx,
    tender: &Tender,
    bidders: &[Id<Company>],
    (account, company, own): (Id<Account>, Id<Company>, bool),
) -> Result<bool, Error> {
    let Some((acts_for, duties)) = people::standing(tx, account)? else { return Ok(false) };
    let Some(subject) = account::alive(tx, account)? else { return Ok(false) };
    let is_active = vault::standing(tx, subject)? == Some(vault::Standing::Active);
    let is_approved = state_of(tx, company)? == company::State::Approved;
    let needs: &[Duty] = if own { &EVALUATING } else { &Duty::ACTING };
    let is_side = bidders.contains(&company) || (company == tender.company) != own;
    Ok(is_active && is_approved && acts_for == company && duties.has_any(needs) && !is_side)
}
