//! What can happen to a qualified list. Ids and codes only.

use super::application::Application;
use super::list::QualifiedList;
use super::objection::Objection;
use crate::sourcing::clarification::Question;
use crate::sourcing::facts::facts;
use crate::sourcing::tender::Tender;
use kit::id::Id;

facts! {
    /// A buyer began a draft.
    Drafted = "qualified.drafted" { list: Id<QualifiedList> }
    /// The call became public.
    Published = "qualified.published" { list: Id<QualifiedList> }
    /// The deadline of applications has passed.
    Closed = "qualified.closed" { list: Id<QualifiedList> }
    /// A provider has applied, or changed that. `act`: given, changed, withdrawn. Its scope is the applicant's.
    Applied = "qualified.applied" { list: Id<QualifiedList>, application: Id<Application>, act: String }
    /// The applications were decided on together.
    Concluded = "qualified.concluded" { list: Id<QualifiedList> }
    /// Too few have applied, or qualified.
    Failed = "qualified.failed" { list: Id<QualifiedList> }
    /// One application, or one who is on the list: decided on, suspended, taken in again, left. `act`: its standing now.
    Decided = "qualified.decided" { list: Id<QualifiedList>, application: Id<Application>, act: String }
    /// An applicant objects.
    Objected = "qualified.objected" { list: Id<QualifiedList>, objection: Id<Objection> }
    /// The objection was answered.
    Answered = "qualified.answered" { list: Id<QualifiedList>, objection: Id<Objection> }
    /// Who objected appeals to the operator against the answer.
    Appealed = "qualified.appealed" { list: Id<QualifiedList>, objection: Id<Objection> }
    /// The operator has decided on that.
    Judged = "qualified.judged" { list: Id<QualifiedList>, objection: Id<Objection> }
    /// A question was asked about the call. It does not say by whom.
    Asked = "qualified.asked" { list: Id<QualifiedList>, question: Id<Question> }
    /// It was answered, for all.
    Replied = "qualified.replied" { list: Id<QualifiedList>, question: Id<Question> }
    /// An answer has moved the deadline of applications on.
    Extended = "qualified.extended" { list: Id<QualifiedList> }
    /// It is over: its term, or its buyer ended it.
    Ended = "qualified.ended" { list: Id<QualifiedList> }
    /// A tender was drafted from it.
    Tendered = "qualified.tendered" { list: Id<QualifiedList>, tender: Id<Tender> }
}
