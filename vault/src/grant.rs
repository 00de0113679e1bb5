//! The answer "this actor may open these persons' fields for this purpose".

use std::marker::PhantomData;

use policy::{Control, Purpose, Recipient};

use crate::{Case, Id, Subject};

/// Marks the ids of requests and jobs, so that an opening leads back to what caused it.
pub struct Request;

/// The id of the request or job that opens.
pub type RequestId = Id<Request>;

/// A value that exists only if its holder has a right, such as a signed-in member or a running delivery job. Types that
/// implement this have private constructors in the room that checks the right.
pub trait Proof {
    /// As whom the holder receives the data.
    type Recipient: Recipient;

    /// Who is recorded.
    fn opener(&self) -> Opener;

    /// Whose data the right is about.
    fn scope(&self) -> Scope;

    /// The exception case that the right comes from. What rests on a case is opened with one only.
    fn case(&self) -> Option<Id<Case>> {
        None
    }
}

/// Whose data a grant is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This one person's.
    Only(Id<Subject>),
    /// Anybody's: for rights that are checked row by row before the vault is asked.
    Any,
}

impl Scope {
    pub(crate) fn covers(self, subject: Id<Subject>) -> bool {
        match self {
            Scope::Only(only) => only == subject || !policy::holds(Control::GrantHasAScope),
            Scope::Any => true,
        }
    }
}

/// Who opened, as the record keeps it: the company and the role are shown to the subject, the person's id is not.
#[derive(Clone, Debug)]
pub struct Opener {
    pub(crate) company: Option<[u8; 16]>,
    pub(crate) role: &'static str,
    pub(crate) subject: Option<Id<Subject>>,
}

impl Opener {
    /// A natural person in a role.
    pub fn person(subject: Id<Subject>, role: &'static str) -> Opener {
        Opener { company: None, role, subject: Some(subject) }
    }

    /// A job of the program itself, by the name of the job.
    pub fn program(job: &'static str) -> Opener {
        Opener { company: None, role: job, subject: None }
    }

    /// The same, on behalf of a company.
    pub fn of_company<C>(self, company: Id<C>) -> Opener {
        Opener { company: Some(*company.as_bytes()), ..self }
    }
}

/// The right to open fields for purpose `P` as recipient `R`. Comes from a [`Proof`] only; which fields is decided by
/// the policy's matrix when it is used. It lives no longer than the proof that it was made of, which its handler or job
/// holds: it cannot be kept for, or handed to, another request, whose openings would be recorded as this one's.
pub struct Grant<'p, P, R> {
    pub(crate) opener: Opener,
    pub(crate) scope: Scope,
    pub(crate) case: Option<Id<Case>>,
    pub(crate) request: RequestId,
    proof: PhantomData<&'p ()>,
    purpose: PhantomData<fn() -> (P, R)>,
}

impl<'p, P: Purpose, R: Recipient> Grant<'p, P, R> {
    /// `Grant::<purpose::Account, _>::new(&proof, request)`
    pub fn new(proof: &'p impl Proof<Recipient = R>, request: RequestId) -> Grant<'p, P, R> {
        let (opener, scope, case) = (proof.opener(), proof.scope(), proof.case());
        Grant { opener, scope, case, request, proof: PhantomData, purpose: PhantomData }
    }

    /// The request or job that its openings lead back to.
    pub fn request(&self) -> RequestId {
        self.request
    }
}
