//! Red flags of procurement over records as OCDS has them, as the Open Contracting Partnership defines them ("Red Flags in Public
//! Procurement", and the documentation of Cardinal, whose fixtures the tests reproduce). A flag is a hint too: each has its innocent
//! explanations.
//!
//! Left out of all of them: tenders that were cancelled or withdrawn, and methods that the settings exclude.

mod disqualified;
mod fence;
mod margin;
mod record;
mod single;
mod supplier;

pub use record::{Award, Bid, Bids, Item, Money, Organisation, Period, Record, Tender};

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Values by indicator: `R003`, ….
pub type Values = BTreeMap<&'static str, f64>;

/// What was flagged, and with which value.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Flags {
    /// Contracting processes, by their ocid.
    #[serde(rename = "OCID", skip_serializing_if = "BTreeMap::is_empty")]
    pub processes: BTreeMap<String, Values>,
    /// Buyers.
    #[serde(rename = "Buyer", skip_serializing_if = "BTreeMap::is_empty")]
    pub buyers: BTreeMap<String, Values>,
    /// Procuring entities.
    #[serde(rename = "ProcuringEntity", skip_serializing_if = "BTreeMap::is_empty")]
    pub entities: BTreeMap<String, Values>,
    /// Tenderers.
    #[serde(rename = "Tenderer", skip_serializing_if = "BTreeMap::is_empty")]
    pub tenderers: BTreeMap<String, Values>,
}

/// Whom a flag is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Process,
    Buyer,
    Entity,
    Tenderer,
}

impl Flags {
    fn set(&mut self, about: About, id: &str, indicator: Indicator, value: f64) {
        let flagged = match about {
            About::Process => &mut self.processes,
            About::Buyer => &mut self.buyers,
            About::Entity => &mut self.entities,
            About::Tenderer => &mut self.tenderers,
        };
        flagged.entry(id.to_owned()).or_default().insert(indicator.code(), value);
    }
}

/// An indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Indicator {
    /// The time for bids is short.
    R003,
    /// Nobody else has bid, where others could have.
    R018,
    /// The next bid is unusually close to the winning one.
    R024,
    /// Who bids often wins unusually seldom.
    R025,
    /// Different bidders bid the same.
    R028,
    /// A bid that came late has won.
    R030,
    /// Everybody but the winner was disqualified.
    R035,
    /// The lowest bid was disqualified.
    R036,
    /// Bids are disqualified unusually often.
    R038,
    /// A supplier sells unusually different things.
    R048,
    /// The winning bid is unusually far below the next.
    R058,
}

impl Indicator {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::R003,
        Self::R018,
        Self::R024,
        Self::R025,
        Self::R028,
        Self::R030,
        Self::R035,
        Self::R036,
        Self::R038,
        Self::R048,
        Self::R058,
    ];

    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::R003 => "R003",
            Self::R018 => "R018",
            Self::R024 => "R024",
            Self::R025 => "R025",
            Self::R028 => "R028",
            Self::R030 => "R030",
            Self::R035 => "R035",
            Self::R036 => "R036",
            Self::R038 => "R038",
            Self::R048 => "R048",
            Self::R058 => "R058",
        }
    }
}

/// What may be set. The defaults are those of the definitions.
#[derive(Clone, Debug)]
pub struct Settings {
    /// R003: days that bidders have at least.
    pub days: f64,
    /// R003: the same by the method's own name (`procurementMethodDetails`).
    pub days_by_details: BTreeMap<String, f64>,
    /// R003: only these methods; all when empty.
    pub methods: BTreeSet<String>,
    /// Methods by their own name under which prices are not what decides: R024, R028, R036 and R058 do not look at them.
    pub no_price_comparison: BTreeSet<String>,
    /// Methods by their own name that no indicator looks at.
    pub excluded: BTreeSet<String>,
    /// R024, R025, R038, R048, R058: a fence of one's own in place of the computed one.
    pub fences: BTreeMap<Indicator, f64>,
    /// R025: which percentile of bids makes a frequent bidder.
    pub percentile: f64,
    /// R035: how many tenderers must have been disqualified.
    pub disqualified: usize,
    /// R038: tenderers with fewer bids are left out.
    pub fewest_bids: usize,
    /// R038: buyers and entities with fewer processes are left out.
    pub fewest_processes: usize,
    /// R048: suppliers with fewer processes are left out.
    pub fewest_supplies: usize,
    /// R048: digits of a classification that make things different.
    pub digits: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            days: 15.0,
            days_by_details: BTreeMap::new(),
            methods: BTreeSet::new(),
            no_price_comparison: BTreeSet::new(),
            excluded: BTreeSet::new(),
            fences: BTreeMap::new(),
            percentile: 75.0,
            disqualified: 1,
            fewest_bids: 2,
            fewest_processes: 2,
            fewest_supplies: 20,
            digits: 2,
        }
    }
}

/// What these indicators flag in these records.
pub fn flags(records: &[Record], indicators: &[Indicator], settings: &Settings) -> Flags {
    let looked_at = |record: &&Record| {
        !record.tender.is_off() && !record.tender.details().is_some_and(|name| settings.excluded.contains(name))
    };
    let records: Vec<&Record> = records.iter().filter(looked_at).collect();
    let mut flags = Flags::default();
    for indicator in indicators {
        match indicator {
            Indicator::R003 => single::short_time(&records, settings, &mut flags),
            Indicator::R018 => single::alone(&records, &mut flags),
            Indicator::R024 => margin::close(&records, settings, &mut flags),
            Indicator::R025 => supplier::seldom_wins(&records, settings, &mut flags),
            Indicator::R028 => single::same_price(&records, settings, &mut flags),
            Indicator::R030 => single::late(&records, &mut flags),
            Indicator::R035 => disqualified::all_but_one(&records, settings, &mut flags),
            Indicator::R036 => disqualified::lowest(&records, settings, &mut flags),
            Indicator::R038 => disqualified::often(&records, settings, &mut flags),
            Indicator::R048 => supplier::heterogeneous(&records, settings, &mut flags),
            Indicator::R058 => margin::discounted(&records, settings, &mut flags),
        }
    }
    flags
}
