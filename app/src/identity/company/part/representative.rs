//! Who stands for the company: the legal representative, or a sole operator. The name is a person's: sealed under a subject
//! of its own, which is neither an account nor a member.

use super::choice::Role;
use super::line::{Line, Value};
use super::{Content, Part};
use crate::identity::company::Company;
use crate::web::{Column, Datum, Fields, Form, Held, Member, Parse};
use jiff::{Span, Timestamp, tz::TimeZone};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::recipient;
use serde::{Deserialize, Serialize};
use vault::{Opener, Proof, Sealed, Slot, Subject};

/// Where the name lies.
pub const NAME: Slot<vault::Representative> = Slot::new("company_representative", "name");

/// For how many months the name of who stands for it no more is kept: 电子商务法 31 asks three years for what a
/// transaction was made on.
pub const MONTHS: i32 = 36;

static COLUMNS: [Column; 1] = [Column { table: "company_representative", column: "name", field: "representative" }];

/// One column, and what stands in it.
pub static HELD: Held = Held { columns: &COLUMNS, find };

/// A row with a name.
pub struct Named;

/// What stands in the part *representative*: everything but the name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Representative {
    /// As what.
    pub role: Role,
    /// The row that holds the name.
    pub row: Id<()>,
}

impl Content for Representative {
    const PART: Part = Part::Representative;

    fn lines(&self) -> Vec<Line> {
        vec![Line::words("role", [self.role.word()]), Line { field: "representative_name", value: Value::Sealed }]
    }

    fn form(&self) -> Form {
        Form::filled([("role", self.role.code())])
    }
}

/// What its form sends.
pub struct Stands {
    /// The row to be made: sent twice, it is one.
    pub id: Id<()>,
    /// As what.
    pub role: Role,
    /// Whose name it is, in full.
    pub name: vault::Representative,
}

impl Parse for Stands {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, role) = (fields.id("id"), Role::take(fields, "role"));
        let name = fields
            .like("representative_name", "林澜")
            .parse("representative_name", |text| text.parse::<vault::Representative>().map_err(|_| "person-name"));
        Some(Self { id: id?, role: role?, name: name? })
    }
}

/// Proof that a member reads who stands for their own company.
pub struct OwnCompany {
    reader: Id<Subject>,
    company: Id<Company>,
    whose: Id<Subject>,
}

impl Proof for OwnCompany {
    type Recipient = recipient::Colleague;

    fn opener(&self) -> Opener {
        Opener::person(self.reader, "member").of_company(self.company)
    }

    fn scope(&self) -> vault::Scope {
        vault::Scope::Only(self.whose)
    }
}

/// The sealed name in a row of the member's own company, with the right to open it.
pub fn name_for(
    tx: &mut Tx,
    member: &Member,
    row: Id<()>,
) -> Result<Option<(OwnCompany, Sealed<vault::Representative>)>, db::Error> {
    let sql = "SELECT subject, name FROM company_representative WHERE id = $1 AND company = $2";
    tx.first(sql, values![row, member.company], |found| {
        let whose: Id<Subject> = found.next()?;
        let proof = OwnCompany { reader: member.subject(), company: member.company, whose };
        Ok((proof, NAME.load(found.next()?, whose, row)))
    })
}

/// The sealed name in a row of a company's. Whoever opens it brings a right of their own.
///
/// # Errors
/// [`db::Error`].
pub fn sealed(
    tx: &mut Tx,
    company: Id<Company>,
    row: Id<()>,
) -> Result<Option<Sealed<vault::Representative>>, db::Error> {
    let sql = "SELECT subject, name FROM company_representative WHERE id = $1 AND company = $2";
    tx.first(sql, values![row, company], |found| {
        let whose: Id<Subject> = found.next()?;
        Ok(NAME.load(found.next()?, whose, row))
    })
}

/// The sealed name of who stands for a company now. Whoever opens it brings a right of their own.
///
/// # Errors
/// [`db::Error`].
pub fn current(tx: &mut Tx, company: Id<Company>) -> Result<Option<Sealed<vault::Representative>>, db::Error> {
    let sql = "SELECT id, subject, name FROM company_representative WHERE company = $1 AND until IS NULL \
         ORDER BY since DESC, id DESC LIMIT 1";
    tx.first(sql, values![company], |found| {
        let (row, whose): (Id<()>, Id<Subject>) = (found.next()?, found.next()?);
        Ok(NAME.load(found.next()?, whose, row))
    })
}

/// Whether a row is there, of whichever company.
pub fn owner(tx: &mut Tx, row: Id<()>) -> Result<Option<Id<Company>>, db::Error> {
    tx.first("SELECT company FROM company_representative WHERE id = $1", values![row], |found| found.next())
}

/// Puts a sealed name; whoever stood for the company before does not any more.
///
/// # Errors
/// [`vault::Error`].
pub fn put(
    tx: &mut Tx,
    company: Id<Company>,
    row: Id<()>,
    sealed: &Sealed<vault::Representative>,
) -> Result<(), vault::Error> {
    let now = tx.now();
    vault::enrol(tx, sealed.subject())?;
    tx.execute(
        "UPDATE company_representative SET until = $1 WHERE company = $2 AND until IS NULL",
        values![now, company],
    )?;
    tx.execute(
        "INSERT INTO company_representative (id, company, subject, name, since) VALUES ($1, $2, $3, $4, $5)",
        values![row, company, sealed.subject(), sealed.bytes(), now],
    )?;
    Ok(())
}

/// Deletes a row. The versions that named it stay, without the name.
pub fn forget(tx: &mut Tx, row: Id<()>) -> Result<(), db::Error> {
    tx.execute("DELETE FROM company_representative WHERE id = $1", values![row]).map(drop)
}

/// When the name goes of who stands for it no more since then.
pub fn end(until: Timestamp) -> Timestamp {
    let later = until.to_zoned_datetime(TimeZone::UTC).checked_add(Span::new().months(MONTHS));
    later.map_or(Timestamp::MAX, |at| at.timestamp())
}

fn find(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Datum>, db::Error> {
    let sql = "SELECT id, name, since, until FROM company_representative WHERE subject = $1";
    tx.all(sql, values![subject], |row| {
        let id: Id<Named> = row.next()?;
        let name = NAME.load(row.next()?, subject, id);
        Ok(COLUMNS[0].datum(name, row.next()?, row.next::<Option<Timestamp>>()?.map(end)))
    })
}
