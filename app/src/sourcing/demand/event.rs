//! What can happen to a demand. Ids and codes only.

use super::demand::Demand;
use super::interest::Interest;
use super::question::Asked as Question;
use crate::identity::company::Company;
use crate::sourcing::facts::facts;
use crate::sourcing::tender::Tender;
use kit::event::Scope;
use kit::id::Id;

facts! {
    /// A company began a draft.
    Drafted = "demand.drafted" { demand: Id<Demand> }
    /// A draft became readable to those it is for.
    Published = "demand.published" { demand: Id<Demand> }
    /// It has another edition; `invited`: who is invited since.
    Changed = "demand.changed" { demand: Id<Demand>, edition: i64, invited: Vec<Id<Company>> }
    /// It is closed; with a tender where one was made of it.
    Closed = "demand.closed" { demand: Id<Demand>, tender: Option<Id<Tender>> }
    /// A question was asked. It does not say by whom.
    Asked = "demand.asked" { demand: Id<Demand>, question: Id<Question> }
    /// It was answered.
    Answered = "demand.answered" { demand: Id<Demand>, question: Id<Question> }
    /// A provider has answered with interest, or changed that. `act`: given, changed, withdrawn.
    Interested = "demand.interest" { demand: Id<Demand>, interest: Id<Interest>, act: String }
}

impl Demand {
    /// Whom an event of this demand concerns: its company, and no person.
    pub fn scope(&self) -> Scope {
        Scope { company: Some(*self.company.as_bytes()), ..Scope::default() }
    }
}
