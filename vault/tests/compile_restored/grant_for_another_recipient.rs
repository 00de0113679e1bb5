//! A proof of being the subject gives a grant to the subject.
use policy::{purpose::Account, recipient};
use vault::{Grant, Id, Opener, Proof, RequestId, Scope, Subject};

struct Own(Id<Subject>);

impl Proof for Own {
    type Recipient = recipient::Subject;

    fn opener(&self) -> Opener {
        Opener::person(self.0, "member")
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.0)
    }
}

fn own(own: &Own, request: RequestId) -> Grant<'_, Account, recipient::Subject> {
    Grant::new(own, request)
}
