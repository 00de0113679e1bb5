//! What comes in.

use super::document::{self, Search};
use crate::reach::notice::Filter;
use crate::web::{Fields, Parse};
use kit::id::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A search about to be kept.
#[derive(Clone, Debug)]
pub struct New {
    /// Made with the form: sent twice, it is one search.
    pub id: Id<Search>,
    /// 1 to 60 characters.
    pub name: String,
    /// What is searched for.
    pub filter: Filter,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, name) = (fields.id("id"), fields.name("name", 1..=60));
        let filter = fields.like("query", "region=36&category=it").parse("query", |query| {
            let filter = document::filter(query).map_err(|_| "search-unknown")?;
            if filter.pairs().is_empty() { Err("search-empty") } else { Ok(filter) }
        });
        Some(Self { id: id?, name: name?, filter: filter? })
    }
}

/// How the lists of notices are shown that a remembered search leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SearchDisplay")]
pub struct Display {
    /// More lines on a screen, without excerpts.
    pub compact: bool,
}

impl Parse for Display {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let density = ["comfortable", "compact"];
        let chosen = fields.one_of("density", density);
        let chosen = chosen.parse("density", |text| density.contains(&text).then(|| text == "compact").ok_or("choice"));
        Some(Self { compact: chosen? })
    }
}
