//! The form of a termination.

use super::store::Termination;
use crate::sourcing::tender::Tender;
use crate::web::{Fields, Form, Parse};
use kit::id::Id;

/// A termination as its buyer gives it.
pub struct Ended {
    /// The id of the row to be made.
    pub id: Id<Termination>,
    /// The tender's version that was seen.
    pub version: i64,
    /// Why; public.
    pub reason: String,
    /// The numbers of the lots that end.
    pub lots: Vec<i64>,
}

impl Parse for Ended {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, version) = (fields.id("id"), fields.version());
        let reason = fields.text("reason", 5..=2000);
        let given = fields.several("lots", &["1"]);
        let lots: Option<Vec<i64>> = given.iter().map(|number| number.parse().ok()).collect();
        let lots = lots.or_else(|| fields.wrong("lots", "choice"));
        if given.is_empty() {
            fields.wrong::<()>("lots", "termination-no-lot");
        }
        Some(Self { id: id?, version: version?, reason: reason?, lots: lots? })
    }
}

/// The form for a tender. No lot is chosen: what cannot be undone is not done by leaving a form as it came.
pub fn filled(id: Id<Termination>, tender: &Tender) -> Form {
    Form::filled([("id", id.to_string()), ("version", tender.version.to_string())])
}
