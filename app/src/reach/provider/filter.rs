//! Which providers a reader asks for: the parameters of the list's address.

use crate::identity::company::part::Kind;
use crate::reach::region;
use crate::web::{Context, Error, Param, address, once, parameters};
use schemars::JsonSchema;
use serde::Serialize;

/// What the list is asked for. Unknown parameters are passed over; a known one that makes no sense is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ProviderFilter")]
pub struct Filter {
    /// What was typed into the search line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// Enterprise or sole operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Code of a category or a group of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Code of a province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// The parameters, for the description of the API.
pub const PARAMETERS: &[Param] = &[
    Param { name: "words", about: "What is searched for", example: "运维" },
    Param { name: "kind", about: "enterprise or sole-operator", example: "enterprise" },
    Param { name: "category", about: "Code of a category or of a group of them", example: "it" },
    Param { name: "region", about: "Code of a province (GB/T 2260)", example: "33" },
    Param { name: "after", about: "Where the next page begins: from `next` of the page before", example: "" },
];

impl Filter {
    /// Reads the parameters of a request; the cursor, if there is one, comes beside them.
    ///
    /// # Errors
    /// 400 `provider-filter`, naming the parameter.
    pub fn read(context: &Context) -> Result<(Filter, Option<String>), Error> {
        let mut filter = Filter::default();
        let after = parameters(&context.query, "provider-filter", |name, value| filter.take(name, value))?;
        Ok((filter, after))
    }

    /// Takes one parameter. Answers whether it makes sense.
    fn take(&mut self, name: &str, value: &str) -> bool {
        match name {
            "words" if !self.words.is_empty() => return false,
            "words" => self.words = value.replace('\0', " ").chars().take(200).collect(),
            "kind" => return once(&mut self.kind, Kind::of_code(value)),
            "category" => return once(&mut self.category, Self::is_category(value).then(|| value.to_owned())),
            "region" => {
                let known = region::by_code(value).is_some_and(|region| region.code.len() == 2);
                return once(&mut self.region, known.then(|| value.to_owned()));
            }
            _ => {}
        }
        true
    }

    /// The parameters, in a fixed order.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend((!self.words.is_empty()).then(|| ("words", self.words.clone())));
        pairs.extend(self.kind.map(|kind| ("kind", kind.code().to_owned())));
        pairs.extend(self.category.iter().map(|code| ("category", code.clone())));
        pairs.extend(self.region.iter().map(|code| ("region", code.clone())));
        pairs
    }

    /// The same without one of its parameters.
    pub fn without(&self, name: &str) -> Self {
        let mut other = self.clone();
        match name {
            "words" => other.words.clear(),
            "kind" => other.kind = None,
            "category" => other.category = None,
            _ => other.region = None,
        }
        other
    }

    /// The address of the list as a file of this ending.
    pub fn file(&self, ending: &str) -> String {
        self.address(None).replacen("/providers", &format!("/providers.{ending}"), 1)
    }

    /// The list's address with these parameters and one more.
    pub fn address(&self, more: Option<(&str, &str)>) -> String {
        address("/providers", self.pairs(), more)
    }
}
