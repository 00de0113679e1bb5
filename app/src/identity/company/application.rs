//! What a company says of itself when it registers, or corrects it.

use super::Company;
use crate::web::{Broken, Fields, Parse};
use kit::event::Fact;
use kit::id::Id;
use kit::identifier::{Flaw, Uscc};
use serde::Serialize;

/// Name, credit code, and what it wants to do here.
#[derive(Clone, Debug)]
pub struct Application {
    /// The registered name.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: Uscc,
    /// Publishes demands and tenders.
    pub buyer: bool,
    /// Offers and bids.
    pub provider: bool,
}

impl Parse for Application {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let name = fields.name("company", 2..=100);
        let credit_code = fields
            .like("credit_code", "91350100M000100Y43")
            .parse("credit_code", |text| Uscc::parse(text).map_err(rule));
        let (buyer, provider) = (fields.ticked("buyer"), fields.ticked("provider"));
        let side = if buyer || provider { Some(()) } else { fields.wrong("buyer", "side") };
        side?;
        Some(Self { name: name?, credit_code: credit_code?, buyer, provider })
    }
}

/// The rule of the standard that a code breaks.
pub(super) fn rule(flaw: Flaw) -> Broken {
    Broken::rule(match flaw {
        Flaw::UsccLength => "uscc-length",
        Flaw::UsccCharacter => "uscc-character",
        Flaw::UsccCategory | Flaw::UsccRegion => "uscc-beginning",
        _ => "uscc-check",
    })
}

/// A company asks for approval.
#[derive(Serialize)]
pub struct Applied {
    /// Which.
    pub company: Id<Company>,
}

impl Fact for Applied {
    const KIND: &'static str = "company.applied";
}
