//! The company itself: what it is by law, its name and code, its industry, its sides.

use super::choice::{Kind, Nature};
use super::industry;
use super::line::{Line, Value};
use super::{Content, Part};
use crate::identity::company::application::{self, Application};
use crate::web::{Fields, Form, Parse};
use kit::identifier::Uscc;
use serde::{Deserialize, Serialize};

/// What stands in the part *identity*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Enterprise or sole operator.
    pub kind: Kind,
    /// The registered name; a sole operator's is the trade name.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
    /// Who owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nature: Option<Nature>,
    /// GB/T 4754: a section's letter, and digits where they were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
    /// The number of 13 or 15 digits that it was registered under before credit codes: history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_number: Option<String>,
    /// Publishes demands and tenders.
    pub buyer: bool,
    /// Offers and bids.
    pub provider: bool,
}

impl Identity {
    /// What a company says when it registers; the code tells an individual business.
    pub fn registered(wanted: &Application) -> Self {
        Self::known(&wanted.name, wanted.credit_code.as_str(), wanted.buyer, wanted.provider)
    }

    /// The least that is known of a company.
    pub fn known(name: &str, credit_code: &str, buyer: bool, provider: bool) -> Self {
        let (name, credit_code) = (name.to_owned(), credit_code.to_owned());
        let kind = kind_of(&credit_code);
        Self { kind, name, credit_code, nature: None, industry: None, old_number: None, buyer, provider }
    }

    /// The same with what a company says when it registers again.
    pub fn with(self, wanted: &Application) -> Self {
        let Self { nature, industry, old_number, .. } = self;
        Self { nature, industry, old_number, ..Self::registered(wanted) }
    }
}

/// GB 32100-2015, the first two characters: 92 is an individual business.
pub fn kind_of(credit_code: &str) -> Kind {
    if credit_code.starts_with("92") { Kind::SoleOperator } else { Kind::Enterprise }
}

impl Content for Identity {
    const PART: Part = Part::Identity;

    fn lines(&self) -> Vec<Line> {
        let sides = [("company-buyer", self.buyer), ("company-provider", self.provider)];
        let sides = sides.into_iter().filter(|(_, is)| *is).map(|(word, _)| word);
        let industry = |code: String| Line { field: "sector", value: Value::Industry(code) };
        [
            Some(Line::words("kind", [self.kind.word()])),
            Line::text("company", Some(&self.name)),
            Line::text("credit_code", Some(&self.credit_code)),
            self.nature.map(|nature| Line::words("nature", [nature.word()])),
            self.industry.clone().map(industry),
            Line::text("old_number", self.old_number.clone()),
            Some(Line::words("side", sides)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn form(&self) -> Form {
        let tick = |yes: bool| if yes { "1" } else { "" };
        let (section, digits) = self.industry.as_deref().and_then(|code| code.split_at_checked(1)).unwrap_or_default();
        Form::filled([
            ("kind", self.kind.code()),
            ("company", &self.name),
            ("credit_code", &self.credit_code),
            ("nature", self.nature.map_or("", Nature::code)),
            ("section", section),
            ("industry", digits),
            ("old_number", self.old_number.as_deref().unwrap_or_default()),
            ("buyer", tick(self.buyer)),
            ("provider", tick(self.provider)),
        ])
    }
}

impl Parse for Identity {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let kind = Kind::take(fields, "kind");
        let name = fields.name("company", 2..=100);
        let credit_code = fields
            .like("credit_code", "91350100M000100Y43")
            .parse("credit_code", |text| Uscc::parse(text).map_err(application::rule));
        if let (Some(kind), Some(code)) = (kind, &credit_code)
            && kind != kind_of(code.as_str())
        {
            fields.wrong::<()>("kind", "kind-code");
        }
        let (nature, industry) = (Nature::take(fields, "nature"), industry::take(fields));
        let old_number = fields.like("old_number", "110000000000001").optional("old_number", old_number);
        let (buyer, provider) = (fields.ticked("buyer"), fields.ticked("provider"));
        let side = if buyer || provider { Some(()) } else { fields.wrong("buyer", "side") };
        side?;
        Some(Self {
            kind: kind?,
            name: name?,
            credit_code: credit_code?.as_str().to_owned(),
            nature: Some(nature?),
            industry: Some(industry?),
            old_number: old_number?,
            buyer,
            provider,
        })
    }
}

/// 工商行政管理注册号 (GS 15-2006): 15 digits; before 2007 it had 13.
fn old_number(text: &str) -> Result<String, &'static str> {
    let is_one = matches!(text.len(), 13 | 15) && text.bytes().all(|b| b.is_ascii_digit());
    if is_one { Ok(text.to_owned()) } else { Err("old-number") }
}
