//! Administrative permits, or the statement that the law asks for none; and other documents that end.
//!
//! E-commerce Law (电子商务法) 15: a provider shows the permits that its business needs. What ends is told thirty days before.

use super::choice::{DocumentKind, Statement};
use super::line::Line;
use super::{Content, Part};
use crate::web::{Day, Fields, Form, Parse};
use jiff::civil::Date;
use kit::id::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many documents a company lists at most.
pub const MOST: usize = 40;

/// For how many days before its end a document is told to end soon.
pub const SOON: i32 = 30;

/// What stands in the part *permits*.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permits {
    /// Whether the business needs permits; none while nothing was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<Statement>,
    /// The law that exempts it, where it needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// In the order in which they were listed.
    #[serde(default)]
    pub documents: Vec<Document>,
}

/// A permit, a certificate, or another document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "CompanyDocument")]
pub struct Document {
    /// Its id.
    pub id: Id<Document>,
    /// What it is.
    pub kind: DocumentKind,
    /// Its name: 食品经营许可证.
    pub name: String,
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// Its last day; none where it has no end.
    #[schemars(with = "Option<Day>")]
    pub ends_on: Option<Date>,
}

/// How a document stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "CompanyDocumentStanding")]
pub enum Valid {
    /// For more than [`SOON`] days, or without an end.
    Good,
    /// Ends soon.
    Soon,
    /// Has ended.
    Ended,
}

impl Document {
    /// How it stands on a day.
    pub fn on(&self, today: Date) -> Valid {
        Valid::of(self.ends_on, today)
    }

    fn line(&self) -> Line {
        let end = self.ends_on.map(|end| format!("～{end}"));
        let parts = [Some(self.name.clone()), Some(self.number.clone()), Some(self.issuer.clone()), end];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Line { field: self.kind.line(), value: super::Value::Text(text) }
    }
}

impl DocumentKind {
    /// The field that tells documents of this kind.
    fn line(self) -> &'static str {
        match self {
            Self::Permit => "document-permit",
            Self::Certificate => "document-certificate",
            Self::Other => "document-other",
        }
    }
}

impl Valid {
    /// How what has this last day stands on a day.
    pub fn of(ends_on: Option<Date>, today: Date) -> Self {
        match ends_on {
            Some(end) if end < today => Self::Ended,
            Some(end) if (end - today).get_days() <= SOON => Self::Soon,
            _ => Self::Good,
        }
    }

    /// Colour, glyph and the key of the word, as all pages show it.
    pub fn sign(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Good => ("live", "ok", "company-document-good"),
            Self::Soon => ("warn", "hourglass", "company-document-soon"),
            Self::Ended => ("bad", "stop", "company-document-ended"),
        }
    }
}

impl Content for Permits {
    const PART: Part = Part::Permits;

    fn lines(&self) -> Vec<Line> {
        let statement = self.statement.map(|statement| Line::words("statement", [statement.word()]));
        let ground = Line::text("ground", self.ground.clone());
        statement.into_iter().chain(ground).chain(self.documents.iter().map(Document::line)).collect()
    }

    fn form(&self) -> Form {
        Form::filled([
            ("statement", self.statement.map_or("", Statement::code)),
            ("ground", self.ground.as_deref().unwrap_or_default()),
        ])
    }
}

/// The statement as its form sends it.
#[derive(Clone, Debug)]
pub struct Stated {
    /// Whether the business needs permits.
    pub statement: Statement,
    /// The law that exempts it.
    pub ground: Option<String>,
}

impl Parse for Stated {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let statement = Statement::take(fields, "statement");
        let ground = fields.optional_text("ground", 300);
        let ground = match (statement, ground) {
            (Some(Statement::Exempt), Some(None)) => fields.wrong("ground", "required"),
            (Some(Statement::Permits), Some(_)) => Some(None),
            (_, ground) => ground,
        };
        Some(Self { statement: statement?, ground: ground? })
    }
}

impl Parse for Document {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, kind) = (fields.id("id"), DocumentKind::take(fields, "document_kind"));
        let (name, number) = (fields.name("document_name", 2..=100), fields.name("document_number", 2..=80));
        let issuer = fields.name("issuer", 2..=100);
        let ends_on = last_day(fields);
        Some(Self { id: id?, kind: kind?, name: name?, number: number?, issuer: issuer?, ends_on: ends_on? })
    }
}

/// The last day of a document, `ends_on`, which may be left out.
pub fn last_day(fields: &mut Fields) -> Option<Option<Date>> {
    fields.like("ends_on", "2030-12-31").optional("ends_on", |text| {
        let day: Result<Date, _> = text.parse();
        day.ok().filter(|day| (2000..2200).contains(&day.year())).ok_or("day")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_document_ends_after_its_last_day_and_soon_for_thirty_days_before() {
        let ending = |ends_on| Document {
            id: Id::from_bytes([1; 16]),
            kind: DocumentKind::Permit,
            name: "增值电信业务经营许可证".into(),
            number: "B1-20260001".into(),
            issuer: "工业和信息化部".into(),
            ends_on,
        };
        let end = date(2027, 1, 31);
        for (today, valid) in [
            (date(2026, 12, 31), Valid::Good),
            (date(2027, 1, 1), Valid::Soon),
            (end, Valid::Soon),
            (date(2027, 2, 1), Valid::Ended),
        ] {
            assert_eq!(ending(Some(end)).on(today), valid, "{today}");
        }
        assert_eq!(ending(None).on(end), Valid::Good);
    }
}
