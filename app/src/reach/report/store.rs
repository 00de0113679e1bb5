//! Every query about reports. What is not one of the two sides' is not there for a member; the desk reads by its duty.

use super::Report;
use super::case::{Kept, State};
use super::file;
use super::form::Wanted;
use super::ground::{Decision, Ground};
use crate::identity::company::Company;
use crate::reach::conversation::{self, Handed, Message, Thread};
use crate::web::{Correspondent, Error, Member, OperatorDuty, Queue, Risk};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::Control;
use serde::{Deserialize, Serialize};

/// Working days for a decision, and for an answer to a reply.
const DAYS: u32 = 5;

/// Something happened to a report. Ids and codes only.
#[derive(Serialize, Deserialize)]
pub struct Changed {
    /// Which.
    pub report: Id<Report>,
    /// made, claimed, opened, decided, replied, answered.
    pub act: String,
    /// Who reported.
    pub reporter: Id<Company>,
    /// Whom.
    pub reported: Id<Company>,
}

impl Fact for Changed {
    const KIND: &'static str = "report.changed";
}

fn record(tx: &mut Tx, scope: Scope, kept: &Kept, act: &str) -> Result<(), db::Error> {
    let changed = Changed { report: kept.id, act: act.to_owned(), reporter: kept.reporter, reported: kept.reported };
    event::record(tx, scope, &changed).map(drop)
}

fn by(risk: &Risk) -> Scope {
    Scope { actor: Some(*risk.subject().as_bytes()), ..Scope::default() }
}

const COLUMNS: &str = "r.id, r.thread, r.reporter, a.name, r.reported, b.name, r.ground, r.body, r.state, r.claimed_by, \
     r.decision, r.reasons, r.reply, r.upheld, r.last_reasons, r.made_at, r.due_at, r.decided_at, r.replied_at, r.final_at \
     FROM thread_report r JOIN company a ON a.id = r.reporter JOIN company b ON b.id = r.reported";

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let (id, thread, reporter, reporter_name) = (row.next()?, row.next()?, row.next()?, row.next()?);
    let (reported, reported_name, ground) = (row.next()?, row.next()?, row.next::<String>()?);
    let (body, state, claimed_by) = (row.next()?, row.next::<String>()?, row.next()?);
    let (decision, reasons, reply) = (row.next::<Option<String>>()?, row.next()?, row.next()?);
    Ok(Kept {
        id,
        thread,
        reporter,
        reporter_name,
        reported,
        reported_name,
        ground: Ground::of(&ground).ok_or(db::Error::Missing)?,
        body,
        state: State::of(&state).ok_or(db::Error::Missing)?,
        claimed_by,
        decision: decision.as_deref().and_then(Decision::of),
        reasons,
        reply,
        upheld: row.next()?,
        last_reasons: row.next()?,
        made_at: row.next()?,
        due_at: row.next()?,
        decided_at: row.next()?,
        replied_at: row.next()?,
        final_at: row.next()?,
    })
}

fn load(tx: &mut Tx, id: Id<Report>) -> Result<Option<Kept>, db::Error> {
    tx.first(&format!("SELECT {COLUMNS} WHERE r.id = $1"), values![id], read)
}

/// A report as one of its two sides has it. Who was reported learns of it with the decision.
///
/// # Errors
/// 404 for anybody else's.
pub fn own(tx: &mut Tx, member: &Member, id: Id<Report>) -> Result<Kept, Error> {
    let is_theirs =
        |one: &Kept| one.reporter == member.company || (one.reported == member.company && one.state != State::Open);
    load(tx, id)?.filter(is_theirs).ok_or_else(Error::not_found)
}

/// Makes a report with copies of what is handed over. The same id again is the same report.
///
/// # Errors
/// 404.
pub fn make(
    tx: &mut Tx,
    member: &Correspondent,
    thread: Id<Thread>,
    (wanted, body): (&Wanted, &[u8]),
    (handed, files): (&[(Handed, Vec<u8>)], &[file::Written]),
    zone: &TimeZone,
) -> Result<Kept, Error> {
    member.still(tx)?;
    let other = conversation::other_side(tx, member, thread)?;
    if let Some(same) = load(tx, wanted.id)? {
        let is_same = same.thread == thread && same.reporter == member.company;
        if !is_same {
            return Err(Error::not_found());
        }
        file::forget(tx, files)?;
        return Ok(same);
    }
    let now = tx.now();
    tx.execute(
        "INSERT INTO thread_report (id, thread, reporter, reported, ground, body, state, made_at, due_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8)",
        values![
            wanted.id,
            thread,
            member.company,
            other,
            wanted.ground.code(),
            body.to_vec(),
            now,
            crate::trust::complaint::due(now, DAYS, zone)
        ],
    )?;
    for (one, sealed) in handed {
        tx.execute(
            "INSERT INTO thread_report_message (report, message, n, company, member, sent_at, body) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![wanted.id, one.id, one.n, one.company, one.member, one.sent_at, sealed.clone()],
        )?;
    }
    file::put(tx, wanted.id, files)?;
    let kept = load(tx, wanted.id)?.ok_or_else(Error::not_found)?;
    record(tx, member.scope(), &kept, "made")?;
    Ok(kept)
}

/// The other side's words about a decision, once.
///
/// # Errors
/// 404; 409 `report-not-decided`.
pub fn reply(tx: &mut Tx, member: &Correspondent, id: Id<Report>, text: &[u8], zone: &TimeZone) -> Result<Kept, Error> {
    member.still(tx)?;
    let kept = own(tx, member, id)?;
    if kept.reported != member.company {
        return Err(Error::not_found());
    }
    let now = tx.now();
    let sql = "UPDATE thread_report SET state = 'replied', reply = $1, replied_at = $2, due_at = $3 \
         WHERE id = $4 AND state = 'decided'";
    let due = crate::trust::complaint::due(now, DAYS, zone);
    if tx.execute(sql, values![text.to_vec(), now, due, id])? == 0 {
        return Err(Error::conflict("report-not-decided"));
    }
    record(tx, member.scope(), &kept, "replied")?;
    own(tx, member, id)
}

/// What was handed over, as it lies.
#[derive(Clone, Debug)]
pub struct Copy {
    pub message: Id<Message>,
    pub company: Id<Company>,
    pub member: i64,
    pub sent_at: Timestamp,
    pub body: Vec<u8>,
}

/// Messages and files that were handed over.
pub type Handover = (Vec<Copy>, Vec<file::Kept>);

/// The messages of a report, in their order.
///
/// # Errors
/// [`db::Error`].
pub fn copies(tx: &mut Tx, id: Id<Report>) -> Result<Vec<Copy>, db::Error> {
    let sql = "SELECT message, company, member, sent_at, body FROM thread_report_message WHERE report = $1 ORDER BY n";
    tx.all(sql, values![id], |row| {
        Ok(Copy {
            message: row.next()?,
            company: row.next()?,
            member: row.next()?,
            sent_at: row.next()?,
            body: row.next()?,
        })
    })
}

/// When the desk has opened it.
///
/// # Errors
/// [`db::Error`].
pub fn openings(tx: &mut Tx, id: Id<Report>) -> Result<Vec<Timestamp>, db::Error> {
    let sql = "SELECT at FROM thread_report_opening WHERE report = $1 ORDER BY at, id LIMIT 100";
    tx.all(sql, values![id], |row| row.next())
}

/// A report, for the desk.
///
/// # Errors
/// 404.
pub fn find(tx: &mut Tx, _: &Risk, id: Id<Report>) -> Result<Kept, Error> {
    load(tx, id)?.ok_or_else(Error::not_found)
}

/// What waits for the desk, the nearest day first, then what was decided last.
///
/// # Errors
/// [`db::Error`].
pub fn queue(tx: &mut Tx, _: &Risk) -> Result<Vec<Kept>, db::Error> {
    let open = format!("SELECT {COLUMNS} WHERE r.state IN ('open', 'replied') ORDER BY r.due_at, r.id LIMIT 200");
    let done =
        format!("SELECT {COLUMNS} WHERE r.state IN ('decided', 'final') ORDER BY r.due_at DESC, r.id DESC LIMIT 50");
    let mut all = tx.all(&open, &[], read)?;
    all.extend(tx.all(&done, &[], read)?);
    Ok(all)
}

/// Somebody of the desk takes it up.
///
/// # Errors
/// 404; 409 `report-claimed` when another has.
pub fn claim(tx: &mut Tx, risk: &Risk, id: Id<Report>) -> Result<Kept, Error> {
    risk.still(tx)?;
    let sql = "UPDATE thread_report SET claimed_by = $1 WHERE id = $2 AND (claimed_by IS NULL OR claimed_by = $1)";
    let changed = tx.execute(sql, values![risk.account(), id])?;
    let kept = find(tx, risk, id)?;
    if changed == 0 {
        return Err(Error::conflict("report-claimed"));
    }
    record(tx, by(risk), &kept, "claimed")?;
    Ok(kept)
}

/// Whoever has taken it up opens what was handed over: noted before it is shown.
///
/// # Errors
/// 404; 409 `report-claimed`.
pub fn open(tx: &mut Tx, risk: &Risk, id: Id<Report>) -> Result<(Kept, Handover), Error> {
    let kept = note(tx, risk, id)?;
    let handover = (copies(tx, id)?, file::list(tx, id)?);
    Ok((kept, handover))
}

/// Whoever has taken it up opens a file that was handed over: noted before it is shown.
///
/// # Errors
/// 404; 409 `report-claimed`.
pub fn open_file(tx: &mut Tx, risk: &Risk, id: Id<file::File>) -> Result<file::Kept, Error> {
    let kept = file::find(tx, id)?;
    note(tx, risk, kept.report)?;
    Ok(kept)
}

/// Both sides see when something was opened.
fn note(tx: &mut Tx, risk: &Risk, id: Id<Report>) -> Result<Kept, Error> {
    let kept = claimed(tx, risk, id)?;
    let (opening, now): (Id<()>, _) = (tx.id(), tx.now());
    let sql = "INSERT INTO thread_report_opening (id, report, opened_by, at) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, values![opening, id, risk.account(), now])?;
    record(tx, by(risk), &kept, "opened")?;
    Ok(kept)
}

fn claimed(tx: &mut Tx, risk: &Risk, id: Id<Report>) -> Result<Kept, Error> {
    risk.still(tx)?;
    let kept = find(tx, risk, id)?;
    let is_mine = kept.claimed_by == Some(risk.account()) || !policy::holds(Control::HandedOverOnly);
    if is_mine { Ok(kept) } else { Err(Error::conflict("report-claimed")) }
}

/// Nobody decides on what they have not read.
fn has_read(tx: &mut Tx, risk: &Risk, id: Id<Report>) -> Result<(), Error> {
    let sql = "SELECT 1 FROM thread_report_opening WHERE report = $1 AND opened_by = $2 LIMIT 1";
    if !policy::holds(Control::TakenDownWithReasons) {
        return Ok(());
    }
    let read = tx.first(sql, values![id, risk.account()], |row| row.next::<i64>())?;
    read.map(drop).ok_or(Error::conflict("report-unread"))
}

/// Decides, in the unit that carries the decision out. Done twice it is done once.
///
/// # Errors
/// 404; 409 `report-claimed`, `report-unread`, `report-decided`.
pub fn decide(tx: &mut Tx, risk: &Risk, id: Id<Report>, decision: Decision, reasons: &[u8]) -> Result<Kept, Error> {
    let kept = claimed(tx, risk, id)?;
    has_read(tx, risk, id)?;
    let now = tx.now();
    let sql = "UPDATE thread_report SET state = 'decided', decision = $1, reasons = $2, decided_at = $3 \
         WHERE id = $4 AND state = 'open'";
    if tx.execute(sql, values![decision.code(), reasons.to_vec(), now, id])? == 0 {
        return Err(Error::conflict("report-decided"));
    }
    carry_out(tx, &kept, Some(decision))?;
    record(tx, by(risk), &kept, "decided")?;
    find(tx, risk, id)
}

/// Answers the reply: the decision stands, or is undone.
///
/// # Errors
/// 404; 409 `report-claimed`, `report-not-replied`.
pub fn answer(tx: &mut Tx, risk: &Risk, id: Id<Report>, upheld: bool, reasons: &[u8]) -> Result<Kept, Error> {
    let kept = claimed(tx, risk, id)?;
    has_read(tx, risk, id)?;
    let now = tx.now();
    let sql = "UPDATE thread_report SET state = 'final', upheld = $1, last_reasons = $2, final_at = $3 \
         WHERE id = $4 AND state = 'replied'";
    if tx.execute(sql, values![upheld, reasons.to_vec(), now, id])? == 0 {
        return Err(Error::conflict("report-not-replied"));
    }
    if !upheld {
        carry_out(tx, &kept, None)?;
    }
    record(tx, by(risk), &kept, "answered")?;
    find(tx, risk, id)
}

/// Makes thread and messages be as a decision says; `None` undoes the one that was taken.
fn carry_out(tx: &mut Tx, kept: &Kept, decision: Option<Decision>) -> Result<(), db::Error> {
    let down = decision == Some(Decision::TakenDown);
    if down || kept.decision == Some(Decision::TakenDown) {
        let messages: Vec<_> = copies(tx, kept.id)?.into_iter().map(|one| one.message).collect();
        conversation::take_down(tx, &messages, down)?;
    }
    let closed = decision == Some(Decision::Closed);
    if closed || kept.decision == Some(Decision::Closed) {
        conversation::close(tx, kept.thread, closed)?;
    }
    Ok(())
}

/// How the queue stands.
///
/// # Errors
/// [`db::Error`].
pub fn standing(tx: &mut Tx) -> Result<Queue, db::Error> {
    let now = tx.now();
    let sql = "SELECT count(*), CAST(SUM(CASE WHEN claimed_by IS NULL THEN 0 ELSE 1 END) AS BIGINT), \
         CAST(SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END) AS BIGINT), CAST(MIN(made_at) AS BIGINT), \
         CAST(MIN(due_at) AS BIGINT) FROM thread_report WHERE state IN ('open', 'replied')";
    tx.one(sql, values![now], |row| Queue::read(row, ("reports", "/desk/reports", OperatorDuty::Risk)))
}

/// The names of the two sides, who reported first: for notifications, which hold the id alone.
///
/// # Errors
/// [`db::Error`].
pub fn names(tx: &mut Tx, id: [u8; 16]) -> Result<Option<(String, String)>, db::Error> {
    let sql = "SELECT a.name, b.name FROM thread_report r JOIN company a ON a.id = r.reporter \
         JOIN company b ON b.id = r.reported WHERE r.id = $1";
    tx.first(sql, values![id], |row| Ok((row.next()?, row.next()?)))
}
