//! Each request has a grant of its own.
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

async fn first(own: Own, request: RequestId, vault: Vault, sealed: Sealed<Phone>) -> Result<Phone, Error> {
    vault.open(&Grant::<Account, _>::new(&own, request), &sealed).await
}

async fn second(own: Own, request: RequestId, vault: Vault, sealed: Sealed<Phone>) -> Result<Phone, Error> {
    vault.open(&Grant::<Account, _>::new(&own, request), &sealed).await
}
