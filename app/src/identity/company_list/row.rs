//! The rows of a list: which column is which, and what each cell means. The rules are those of the forms that a company's own
//! people fill in.

use crate::identity::company::part::addresses::Addresses;
use crate::identity::company::part::identity::Identity;
use crate::identity::company::part::{Kind, Nature};
use crate::identity::company::prepared::Entry;
use crate::identity::listing::{Names, column};
use crate::reach::region;
use crate::web::text::Catalogue;
use crate::web::{Broken, Fields, Parse};
use kit::sheet::{Line, Table};
use std::collections::BTreeSet;
use std::sync::Arc;
use vault::Email;

/// The columns, and what each may be called; compared without regard to case.
pub const COLUMNS: [(&str, &[&str]); 9] = [
    ("company", &["公司名称", "企业名称", "名称", "company", "company name", "name"]),
    ("kind", &["公司类型", "企业类型", "类型", "kind", "type"]),
    ("nature", &["公司性质", "企业性质", "性质", "nature", "ownership"]),
    ("credit_code", &["统一社会信用代码", "信用代码", "credit code", "uscc", "unified social credit code"]),
    ("sides", &["身份", "供需身份", "sides", "side"]),
    ("industry", &["行业", "行业代码", "industry", "industry code"]),
    ("region", &["地区", "所在地区", "注册地区", "region"]),
    ("address", &["注册地址", "住所", "地址", "address", "registered address"]),
    ("email", &["联系邮箱", "邮箱", "电子邮箱", "email", "e-mail"]),
];

/// A row that can be carried out.
#[derive(Debug)]
pub struct Read {
    /// What is prepared.
    pub entry: Entry,
    /// Who is asked.
    pub email: Email,
}

impl Parse for Read {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (identity, addresses) = (Identity::parse(fields), Addresses::parse(fields));
        let email = fields.parse("email", |text| text.parse::<Email>().map_err(|_| "email"));
        Some(Self { entry: Entry { identity: identity?, addresses: addresses? }, email: email? })
    }
}

/// A row as it was read: or which rules it breaks, `column:rule`.
pub struct Row {
    /// As the spreadsheet counts.
    pub number: i64,
    /// What it says.
    pub read: Result<Read, Vec<String>>,
}

/// A list as it was read.
pub struct List {
    /// In order.
    pub rows: Vec<Row>,
    /// How many columns were not asked for, and left out.
    pub ignored: usize,
}

/// By which words values are called.
pub struct Words {
    kinds: Names<&'static str>,
    natures: Names<&'static str>,
    sides: Names<Side>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Buyer,
    Provider,
    Both,
}

impl Words {
    /// As the catalogue has them.
    pub fn of(catalogue: &Arc<Catalogue>) -> Self {
        let kinds = Kind::ALL.iter().map(|kind| (kind.code(), kind.code(), kind.word().to_owned()));
        let natures = Nature::ALL.iter().map(|nature| (nature.code(), nature.code(), nature.word().to_owned()));
        let sides = [
            (Side::Buyer, "buyer", "company-buyer".to_owned()),
            (Side::Provider, "provider", "company-provider".to_owned()),
            (Side::Both, "both", "company-list-both".to_owned()),
        ];
        Self {
            kinds: Names::of(catalogue, kinds),
            natures: Names::of(catalogue, natures),
            sides: Names::of(catalogue, sides),
        }
    }

    /// The cells of a row as a form has them. A word that means nothing stays as it is, and breaks its field's rule.
    fn fields(&self, cell: impl Fn(&str) -> String) -> Fields {
        let coded = |names: &Names<&'static str>, cell: String| names.one(&cell).map_or(cell, str::to_owned);
        let sides = self.sides.several(&cell("sides")).unwrap_or_default();
        let has = |side| sides.iter().any(|one| *one == side || *one == Side::Both);
        let tick = |yes: bool| if yes { "1".to_owned() } else { String::new() };
        let industry = cell("industry").to_uppercase();
        let (section, digits) = industry.split_at_checked(1).unwrap_or_default();
        let region = cell("region");
        let code = region::by_name(&region).map_or(region, |found| found.code.to_owned());
        Fields::of_row([
            ("company", cell("company")),
            ("kind", coded(&self.kinds, cell("kind"))),
            ("nature", coded(&self.natures, cell("nature"))),
            ("credit_code", cell("credit_code")),
            ("section", section.to_owned()),
            ("industry", digits.to_owned()),
            ("buyer", tick(has(Side::Buyer))),
            ("provider", tick(has(Side::Provider))),
            ("registered_region", code),
            ("registered_line", cell("address")),
            ("email", cell("email")),
        ])
    }
}

/// Reads the rows of a table.
///
/// # Errors
/// What is wrong with the table as a whole.
pub fn read(table: &Table, words: &Words) -> Result<List, Broken> {
    let (head, lines) = table.lines.split_first().ok_or_else(|| Broken::rule("sheet-empty"))?;
    let mut places = Vec::new();
    for (field, names) in COLUMNS {
        places.push((field, column(head, names).ok_or_else(|| Broken::rule("company-sheet-columns"))?));
    }
    let ignored = head.cells.iter().filter(|cell| !cell.is_empty()).count().saturating_sub(COLUMNS.len());
    let cell = |line: &Line, field: &str| {
        places.iter().find(|(known, _)| *known == field).map_or("", |(_, at)| line.cell(*at)).trim().to_owned()
    };
    // What stands beside the columns only, a remark below the list, is no row.
    let rows = lines.iter().filter(|line| COLUMNS.iter().any(|(field, _)| !cell(line, field).is_empty()));
    let mut seen = BTreeSet::new();
    let rows = rows.map(|line| one(line.number.into(), words.fields(|field| cell(line, field)), &mut seen));
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() { Err(Broken::rule("sheet-empty")) } else { Ok(List { rows, ignored }) }
}

fn one(number: i64, mut fields: Fields, seen: &mut BTreeSet<String>) -> Row {
    let parsed = Read::parse(&mut fields);
    let read = fields.finish(parsed).map(|(read, _)| read).map_err(|refused| {
        let problems = refused.form.as_deref().map(|form| form.problems().to_vec()).unwrap_or_default();
        problems.into_iter().map(|problem| format!("{}:{}", problem.field, problem.code)).collect::<Vec<_>>()
    });
    let read = read.and_then(|read| {
        let said =
            [("credit_code", read.entry.identity.credit_code.clone()), ("email", read.email.expose().to_owned())];
        let twice = said.into_iter().filter(|(_, value)| !seen.insert(value.clone()));
        let twice: Vec<_> = twice.map(|(field, _)| format!("{field}:repeated")).collect();
        if twice.is_empty() { Ok(read) } else { Err(twice) }
    });
    Row { number, read }
}
