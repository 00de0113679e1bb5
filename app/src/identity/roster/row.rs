//! The rows of a list: which column is which, and what each cell means.

use super::typed::Typed;
use crate::identity::listing::{Names, column};
use crate::identity::people::{Duties, Duty};
use crate::web::Broken;
use crate::web::text::Catalogue;
use kit::sheet::{Line, Table};
use std::collections::BTreeSet;
use std::sync::Arc;
use vault::Email;

/// What the column of addresses may be called; compared without regard to case.
const EMAIL: [&str; 8] = ["邮箱", "联系邮箱", "电子邮箱", "电子邮件", "email", "e-mail", "mail", "e-mail address"];

/// What the column of duties may be called.
const DUTIES: [&str; 6] = ["职责", "岗位职责", "duties", "duty", "role", "roles"];

/// A row as it was read.
#[derive(Clone, Debug)]
pub struct Row {
    /// As the spreadsheet counts.
    pub number: i64,
    /// Whom it is about.
    pub email: Option<Email>,
    /// What they are to do.
    pub duties: Duties,
    /// Which rules it breaks: `column:rule`. Empty for a row that can be carried out.
    pub broken: Vec<&'static str>,
    /// Both cells as they were typed.
    pub typed: Typed,
}

/// A list as it was read.
pub struct List {
    /// In order.
    pub rows: Vec<Row>,
    /// How many columns were not asked for, and left out.
    pub ignored: usize,
}

/// Reads the rows of a table.
///
/// # Errors
/// What is wrong with the table as a whole.
pub fn read(table: &Table, names: &Names<Duty>) -> Result<List, Broken> {
    let (head, lines) = table.lines.split_first().ok_or_else(|| Broken::rule("sheet-empty"))?;
    let email = column(head, &EMAIL).ok_or_else(|| Broken::rule("sheet-columns"))?;
    let duties = column(head, &DUTIES).ok_or_else(|| Broken::rule("sheet-columns"))?;
    let ignored = head.cells.iter().filter(|cell| !cell.is_empty()).count().saturating_sub(2);
    let mut seen = BTreeSet::new();
    let typed = |line: &Line| Typed { email: line.cell(email).to_owned(), duties: line.cell(duties).to_owned() };
    let cells = lines.iter().map(|line| (line.number, typed(line)));
    // What stands beside the two columns only, a remark below the list, is no row.
    let rows = cells.filter(|(_, typed)| !(typed.email.is_empty() && typed.duties.is_empty()));
    let rows: Vec<_> = rows.map(|(number, typed)| one(number.into(), typed, names, &mut seen)).collect();
    if rows.is_empty() { Err(Broken::rule("sheet-empty")) } else { Ok(List { rows, ignored }) }
}

fn one(number: i64, typed: Typed, names: &Names<Duty>, seen: &mut BTreeSet<String>) -> Row {
    let mut broken = Vec::new();
    let email = match typed.email.parse::<Email>() {
        Ok(email) if seen.insert(email.expose().to_owned()) => Some(email),
        Ok(_) => {
            broken.push("email:repeated");
            None
        }
        Err(vault::Malformed::Empty) => {
            broken.push("email:required");
            None
        }
        Err(_) => {
            broken.push("email:email");
            None
        }
    };
    let duties = duties(names, &typed.duties).unwrap_or_else(|rule| {
        broken.push(rule);
        Duties::default()
    });
    Row { number, email: email.filter(|_| broken.is_empty()), duties, broken, typed }
}

/// By which words duties are called.
pub fn names(catalogue: &Arc<Catalogue>) -> Names<Duty> {
    Names::of(catalogue, Duty::ALL.into_iter().map(|duty| (duty, duty.code(), duty.word())))
}

/// The duties that a cell names: one at least.
fn duties(names: &Names<Duty>, cell: &str) -> Result<Duties, &'static str> {
    let named = names.several(cell).ok_or("duties:duty-unknown")?;
    let duties = named.into_iter().fold(Duties::default(), Duties::with);
    if duties.is_empty() { Err("duties:required") } else { Ok(duties) }
}
