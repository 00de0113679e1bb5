//! The group that a company belongs to, and which companies control it or are controlled by it. Companies only: who of
//! natural persons controls one is a matter of verification.

use super::choice::Relation;
use super::line::{Line, Value};
use super::{Content, Part};
use crate::identity::company::application;
use crate::web::{Fields, Form, Parse};
use kit::id::Id;
use kit::identifier::Uscc;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many relations a company lists at most.
pub const MOST: usize = 100;

/// What stands in the part *group*.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What the group is called; none outside one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// In the order in which they were listed.
    #[serde(default)]
    pub relations: Vec<Related>,
}

/// Another company and how it stands to this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RelatedCompany")]
pub struct Related {
    /// The relation's id.
    pub id: Id<Related>,
    /// How it stands to this one.
    pub relation: Relation,
    /// Its registered name.
    pub name: String,
    /// Its credit code; none for one that is registered abroad.
    pub credit_code: Option<String>,
    /// The share that one holds of the other, in whole percent.
    pub share: Option<u8>,
}

impl Related {
    fn line(&self) -> Line {
        let share = self.share.map(|share| format!("{share}%"));
        let parts = [Some(self.name.clone()), self.credit_code.clone(), share];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        Line { field: self.relation.line(), value: Value::Text(text) }
    }
}

impl Relation {
    /// The field that tells companies that stand so.
    fn line(self) -> &'static str {
        match self {
            Self::Parent => "relation-parent",
            Self::Subsidiary => "relation-subsidiary",
            Self::ControlledBy => "relation-controlled-by",
            Self::Controls => "relation-controls",
            Self::SameController => "relation-same-controller",
        }
    }
}

impl Content for Group {
    const PART: Part = Part::Group;

    fn lines(&self) -> Vec<Line> {
        Line::text("group", self.group.clone()).into_iter().chain(self.relations.iter().map(Related::line)).collect()
    }

    fn form(&self) -> Form {
        Form::filled([("group", self.group.as_deref().unwrap_or_default())])
    }
}

/// The group's name as its form sends it.
#[derive(Clone, Debug)]
pub struct Called {
    /// None where the company is in no group.
    pub group: Option<String>,
}

impl Parse for Called {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Some(Self { group: fields.optional_text("group", 100)? })
    }
}

impl Parse for Related {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, relation) = (fields.id("id"), Relation::take(fields, "relation"));
        let name = fields.name("related_name", 2..=100);
        let code = fields
            .like("related_code", "91350100M000100Y43")
            .optional("related_code", |text| Uscc::parse(text).map_err(application::rule));
        let share = fields.like("share", "51").optional("share", |text| {
            text.trim_end_matches('%').parse().ok().filter(|share| (1..=100).contains(share)).ok_or("share")
        });
        let credit_code = code?.map(|code| code.as_str().to_owned());
        Some(Self { id: id?, relation: relation?, name: name?, credit_code, share: share? })
    }
}
