//! Every query of lists of colleagues. A list is its company's: another's is not there.

use super::Import;
use crate::identity::company::Company;
use crate::identity::listing::{Shelf, Whom};
use crate::identity::people::{Acting, Duties, invitation};
use crate::web::{Error, Locale};
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use policy::period;
use serde::Serialize;
use vault::{Email, Sealed, Subject};

/// Where the lists lie: their holder is a company.
pub static SHELF: Shelf = Shelf {
    lists: "member_import",
    rows: "member_import_row",
    holder: "company",
    job: super::job::KIND,
    record: |tx, company, import, act| {
        let scope = event::Scope { company: Some(company), ..event::Scope::default() };
        event::record(tx, scope, &Changed { import, company: Id::from_bytes(company), act }).map(drop)
    },
};

/// Something happened to a list. Ids only.
#[derive(Serialize)]
struct Changed {
    import: Id<Import>,
    company: Id<Company>,
    /// A state, or `forgotten`.
    act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "roster.changed";
}

/// A row about to be stored.
pub struct New {
    pub number: i64,
    pub invitation: Id<invitation::Invitation>,
    /// Who it is about, with their address and its index; none for a row that cannot be read.
    pub whom: Option<Whom>,
    pub duties: Duties,
    pub broken: String,
    /// The cells of a row that cannot be read, sealed.
    pub typed: Option<Vec<u8>>,
}

/// Puts a row into a list.
///
/// # Errors
/// [`Error`] of the database.
pub fn put(tx: &mut Tx, import: Id<Import>, row: &New) -> Result<(), Error> {
    let (mut subject, mut email, mut index) = (None, None, None);
    if let Some((whom, sealed, of)) = &row.whom {
        vault::enrol(tx, *whom)?;
        (subject, email, index) = (Some(*whom), Some(sealed.bytes().to_vec()), Some(of.to_vec()));
    }
    let outcome = if row.whom.is_some() { "waiting" } else { "broken" };
    tx.execute(
        "INSERT INTO member_import_row (import, number, invitation, subject, email, email_index, duties, outcome, why, \
         typed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            import,
            row.number,
            row.invitation,
            subject,
            email,
            index,
            row.duties.codes(),
            outcome,
            &row.broken,
            row.typed.clone()
        ],
    )?;
    Ok(())
}

/// A row as it lies.
#[derive(Clone)]
pub struct Kept {
    pub number: i64,
    pub invitation: Id<invitation::Invitation>,
    /// Whose address it is; none once it is an invitation's, or forgotten.
    pub subject: Option<Id<Subject>>,
    /// The row's, or that of the invitation which it became and which waits.
    pub email: Option<Sealed<Email>>,
    pub index: Option<Vec<u8>>,
    pub duties: Duties,
    pub outcome: String,
    pub why: String,
    pub typed: Option<Vec<u8>>,
}

const ROWS: &str = "SELECT r.number, r.invitation, r.subject, r.email, r.email_index, r.duties, r.outcome, r.why, r.typed, \
     i.subject, i.email FROM member_import_row r LEFT JOIN invitation i ON i.id = r.invitation AND i.state = 'waiting' \
     AND r.outcome = 'invited'";

fn kept(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let (number, invitation, subject): (_, Id<invitation::Invitation>, Option<Id<Subject>>) =
        (row.next()?, row.next()?, row.next()?);
    let own: Option<Vec<u8>> = row.next()?;
    let (index, codes): (_, String) = (row.next()?, row.next()?);
    let (outcome, why, typed) = (row.next()?, row.next()?, row.next()?);
    let invited = Option::zip(row.next::<Option<Id<Subject>>>()?, row.next::<Option<Vec<u8>>>()?);
    let email = subject.zip(own).or(invited);
    let email = email.map(|(subject, bytes)| invitation::EMAIL.load(bytes, subject, invitation));
    Ok(Kept { number, invitation, subject, email, index, duties: Duties::of_codes(&codes), outcome, why, typed })
}

/// All rows of a list, in order: five hundred at most.
///
/// # Errors
/// [`db::Error`].
pub fn rows(tx: &mut Tx, id: Id<Import>) -> Result<Vec<Kept>, db::Error> {
    tx.all(&format!("{ROWS} WHERE r.import = $1 ORDER BY r.number"), values![id], kept)
}

/// The next rows whose turn it is.
///
/// # Errors
/// [`db::Error`].
pub fn next(tx: &mut Tx, id: Id<Import>, most: i64) -> Result<Vec<Kept>, db::Error> {
    let sql = format!("{ROWS} WHERE r.import = $1 AND r.outcome = 'waiting' ORDER BY r.number LIMIT $2");
    tx.all(&sql, values![id, most], kept)
}

/// The row becomes the invitation that its address was sealed for: nothing is opened, the address changes its place.
///
/// # Errors
/// [`Error`] of the database.
pub fn invite(tx: &mut Tx, acting: &Acting, (id, locale): (Id<Import>, Locale), row: &Kept) -> Result<(), Error> {
    let (Some(subject), Some(email), Some(index)) = (row.subject, row.email.clone(), row.index.clone()) else {
        return Err(Error::fault("a row that waits has no address"));
    };
    let email_index = index.try_into().map_err(|_| Error::fault("the index of an address is none"))?;
    let days = i64::from(period::INVITATION.days);
    let new = invitation::New { id: row.invitation, subject, email, email_index, duties: row.duties, locale, days };
    invitation::put(tx, acting, &new)?;
    SHELF.without_address(tx, id, row.number)?;
    Ok(SHELF.outcome(tx, id, row.number, "invited", "")?)
}
