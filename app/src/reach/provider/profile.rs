//! What a provider chooses to show: nothing of it is asked by law, and all of it can be taken back.

use crate::reach::{category, region};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many categories, regions or references a provider shows at most.
pub const MOST: usize = 20;

/// What a provider chooses to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ProviderProfile")]
pub struct Profile {
    /// What it does, in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Codes of the categories that it serves.
    #[serde(default)]
    pub services: Vec<String>,
    /// Codes of the provinces that it serves.
    #[serde(default)]
    pub regions: Vec<String>,
    /// How it asks to be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// What it has done, a line each.
    #[serde(default)]
    pub references: Vec<String>,
    /// How anybody reaches it: a telephone of the company, an e-mail address, or a web address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
}

/// How a provider asks to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "PriceModel")]
pub enum Price {
    /// A price for all of it.
    Fixed,
    /// By time and material.
    Time,
    /// By month or year.
    Subscription,
    /// By what was used.
    Usage,
    /// As it is offered each time.
    Quotation,
}

impl Price {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Fixed, Self::Time, Self::Subscription, Self::Usage, Self::Quotation];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Time => "time",
            Self::Subscription => "subscription",
            Self::Usage => "usage",
            Self::Quotation => "quotation",
        }
    }

    /// The key of its word.
    pub fn word(self) -> String {
        format!("provider-price-{}", self.code())
    }
}

impl Profile {
    /// The categories, in the order of the list. One that is not there any more is left out.
    pub fn categories(&self) -> Vec<&'static category::Category> {
        self.services.iter().filter_map(|code| category::by_code(code)).collect()
    }

    /// The provinces, by code. One that is not there any more is left out.
    pub fn provinces(&self) -> Vec<&'static region::Region> {
        self.regions.iter().filter_map(|code| region::by_code(code)).collect()
    }
}
