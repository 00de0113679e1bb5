//! A grant comes from a proof value, not from an id and not from nothing.
use std::marker::PhantomData;

use policy::{purpose::Account, recipient::Subject as Own};
use vault::{Grant, Id, Opener, RequestId, Scope, Subject};

fn from_an_id(subject: Id<Subject>, request: RequestId) -> Grant<Account, Own> {
    Grant::new(&subject, request)
}

fn from_parts(opener: Opener, request: RequestId) -> Grant<Account, Own> {
    Grant { opener, scope: Scope::Any, request, purpose: PhantomData }
}

fn main() {}
