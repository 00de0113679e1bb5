//! A grant is not kept when its request is over, so that no other request opens by it.
use policy::{purpose::Account, recipient};
use vault::{Error, Grant, Id, Opener, Phone, Proof, RequestId, Scope, Sealed, Subject, Vault};

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

struct Kept {
    grant: Grant<'static, Account, recipient::Subject>,
}

async fn first(own: Own, request: RequestId) -> Kept {
    Kept { grant: Grant::new(&own, request) }
}

async fn second(vault: Vault, kept: Kept, sealed: Sealed<Phone>) -> Result<Phone, Error> {
    vault.open(&kept.grant, &sealed).await
}

fn main() {}
