//! A release or a compiled release of OCDS, as far as the indicators read it. What is missing is missing; what is more is not read.

use jiff::Timestamp;
use serde::Deserialize;

/// A contracting process.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Record {
    /// Its id over all publishers.
    pub ocid: String,
    /// Whose money it is.
    pub buyer: Option<Organisation>,
    /// The call.
    pub tender: Tender,
    /// What came in.
    pub bids: Bids,
    /// What was decided.
    pub awards: Vec<Award>,
}

/// The call.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Tender {
    /// active, cancelled, ….
    pub status: Option<String>,
    /// open, selective, limited, direct.
    pub procurement_method: Option<String>,
    /// The method's own name.
    pub procurement_method_details: Option<String>,
    /// Who procures.
    pub procuring_entity: Option<Organisation>,
    /// From when to when bids are taken.
    pub tender_period: Option<Period>,
    /// How many have bid.
    pub number_of_tenderers: Option<i64>,
}

/// A span of time, as it was written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Period {
    /// From when.
    pub start_date: Option<String>,
    /// Until when.
    pub end_date: Option<String>,
}

/// What came in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Bids {
    /// One by one.
    pub details: Vec<Bid>,
}

/// A bid.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Bid {
    /// invited, pending, valid, disqualified, withdrawn.
    pub status: Option<String>,
    /// When it came.
    pub date: Option<String>,
    /// Of whom.
    pub tenderers: Vec<Organisation>,
    /// At which price.
    pub value: Option<Money>,
}

/// What was decided.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Award {
    /// pending, active, cancelled, unsuccessful.
    pub status: Option<String>,
    /// For whom.
    pub suppliers: Vec<Organisation>,
    /// What of.
    pub items: Vec<Item>,
}

/// What is supplied.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Item {
    /// Under which heading.
    pub classification: Option<Organisation>,
}

/// Whoever, or whatever, is known by an id.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Organisation {
    /// Its id.
    pub id: Option<String>,
}

/// An amount in a currency.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Money {
    /// How much.
    pub amount: Option<f64>,
    /// Of what.
    pub currency: Option<String>,
}

impl Tender {
    pub(super) fn is_off(&self) -> bool {
        matches!(self.status.as_deref(), Some("cancelled" | "withdrawn"))
    }

    pub(super) fn details(&self) -> Option<&str> {
        self.procurement_method_details.as_deref()
    }

    pub(super) fn ends(&self) -> Option<Timestamp> {
        instant(self.tender_period.as_ref()?.end_date.as_deref())
    }

    pub(super) fn starts(&self) -> Option<Timestamp> {
        instant(self.tender_period.as_ref()?.start_date.as_deref())
    }
}

/// An instant that is one; none of anything else.
pub(super) fn instant(text: Option<&str>) -> Option<Timestamp> {
    text?.parse().ok()
}

/// The ids of organisations, in order, each once.
pub(super) fn ids(organisations: &[Organisation]) -> Vec<&str> {
    let mut ids: Vec<_> = organisations.iter().filter_map(|one| one.id.as_deref()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

impl Bid {
    pub(super) fn is(&self, status: &str) -> bool {
        self.status.as_deref() == Some(status)
    }

    /// Whether it was handed in and stands: neither a mere invitation nor taken back.
    pub(super) fn is_submitted(&self) -> bool {
        self.is("valid") || self.is("disqualified") || self.is("pending")
    }

    /// A price that is one, and its currency.
    pub(super) fn price(&self) -> Option<(f64, Option<&str>)> {
        let value = self.value.as_ref()?;
        let amount = value.amount.filter(|amount| amount.is_finite())?;
        Some((amount, value.currency.as_deref()))
    }
}

impl Award {
    pub(super) fn is_active(&self) -> bool {
        self.status.as_deref() == Some("active")
    }

    fn is_final(&self) -> bool {
        matches!(self.status.as_deref(), Some("active" | "cancelled" | "unsuccessful"))
    }
}

impl Record {
    pub(super) fn active(&self) -> impl Iterator<Item = &Award> {
        self.awards.iter().filter(|award| award.is_active())
    }

    /// No award is pending, or has a status that does not exist.
    pub(super) fn is_decided(&self) -> bool {
        self.awards.iter().all(Award::is_final)
    }

    pub(super) fn valid(&self) -> impl Iterator<Item = &Bid> {
        self.bids.details.iter().filter(|bid| bid.is("valid"))
    }

    /// The one supplier of the one active award, where everything is decided and each valid bid is of one tenderer.
    pub(super) fn only_winner(&self) -> Option<&str> {
        let (mut active, one_each) = (self.active(), self.valid().all(|bid| ids(&bid.tenderers).len() == 1));
        let (award, more) = (active.next()?, active.next());
        let suppliers = ids(&award.suppliers);
        (self.is_decided() && more.is_none() && one_each && suppliers.len() == 1).then(|| suppliers[0])
    }
}
