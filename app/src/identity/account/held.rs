//! What accounts keep of people: how to reach them, where they signed in from, what they call their passkeys, and which accounts
//! elsewhere they have linked.

use super::passkey::{NAME, Passkey};
use super::{Account, EMAIL, PHONE, link};
use crate::web::session::{IP, KEPT, LoginSession, USER_AGENT};
use crate::web::{Column, Datum, Held};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use vault::Subject;

const fn column(table: &'static str, column: &'static str, field: &'static str) -> Column {
    Column { table, column, field }
}

static COLUMNS: [Column; 11] = [
    column("account", "phone", "phone"),
    column("account", "email", "email"),
    column("registration", "phone", "phone"),
    column("registration", "email", "email"),
    column("login_session", "ip", "ip"),
    column("login_session", "user_agent", "user-agent"),
    column("contact_change", "phone", "phone"),
    column("contact_change", "email", "email"),
    column("passkey", "name", "passkey-name"),
    // A secret is no datum about anybody: it is compared, and shown to nobody a second time.
    column("authenticator", "secret", "authenticator"),
    column("account_link", "identity", "linked-identity"),
];

/// Columns, and what stands in them.
pub static HELD: Held = Held { columns: &COLUMNS, find };

fn find(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let mut found = of_account(tx, subject)?;
    found.extend(of_registration(tx, subject)?);
    found.extend(of_changes(tx, subject)?);
    found.extend(of_sessions(tx, subject)?);
    found.extend(of_passkeys(tx, subject)?);
    let links = link::held(tx, subject)?;
    found.extend(links.into_iter().map(|(since, identity)| COLUMNS[10].datum(identity, since, None)));
    Ok(found)
}

fn of_account(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let sql = "SELECT id, created_at, phone, email FROM account WHERE subject = $1";
    let pairs = tx.all(sql, values![subject], |row| {
        let (id, since): (Id<Account>, Timestamp) = (row.next()?, row.next()?);
        let phone = COLUMNS[0].datum(PHONE.load(row.next()?, subject, id), since, None);
        Ok([phone, COLUMNS[1].datum(EMAIL.load(row.next()?, subject, id), since, None)])
    })?;
    Ok(pairs.into_iter().flatten().collect())
}

/// Of a registration that was not confirmed yet: it goes after a day.
fn of_registration(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let sql = "SELECT id, created_at, phone, email FROM registration WHERE subject = $1";
    let pairs = tx.all(sql, values![subject], |row| {
        let (id, since): (Id<Account>, Timestamp) = (row.next()?, row.next()?);
        let until = since.checked_add(super::sweep::KEPT).ok();
        let phone = COLUMNS[2].datum(PHONE.load(row.next()?, subject, id), since, until);
        Ok([phone, COLUMNS[3].datum(EMAIL.load(row.next()?, subject, id), since, until)])
    })?;
    Ok(pairs.into_iter().flatten().collect())
}

/// Of corrections that wait for their codes: they go after a day.
fn of_changes(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let of_one = |(since, phone, email): super::contact::Pending| {
        let until = since.checked_add(super::sweep::KEPT).ok();
        let phone = phone.map(|phone| COLUMNS[6].datum(phone, since, until));
        [phone, email.map(|email| COLUMNS[7].datum(email, since, until))]
    };
    Ok(super::contact::pending(tx, subject)?.into_iter().flat_map(of_one).flatten().collect())
}

/// Of login sessions, those that have ended too.
fn of_sessions(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let sql = "SELECT s.id, s.created_at, s.expires_at, s.ip, s.user_agent FROM login_session s \
         JOIN account a ON a.id = s.account WHERE a.subject = $1 ORDER BY s.created_at DESC, s.id DESC";
    let pairs = tx.all(sql, values![subject], |row| {
        let (id, since, ends): (Id<LoginSession>, Timestamp, Timestamp) = (row.next()?, row.next()?, row.next()?);
        let until = ends.checked_add(KEPT).ok();
        let ip = COLUMNS[4].datum(IP.load(row.next()?, subject, id), since, until);
        Ok([ip, COLUMNS[5].datum(USER_AGENT.load(row.next()?, subject, id), since, until)])
    })?;
    Ok(pairs.into_iter().flatten().collect())
}

fn of_passkeys(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let sql = "SELECT p.id, p.made_at, p.name FROM passkey p JOIN account a ON a.id = p.account WHERE a.subject = $1 \
         ORDER BY p.made_at DESC, p.id DESC";
    tx.all(sql, values![subject], |row| {
        let (id, since): (Id<Passkey>, Timestamp) = (row.next()?, row.next()?);
        Ok(COLUMNS[8].datum(NAME.load(row.next()?, subject, id), since, None))
    })
}
