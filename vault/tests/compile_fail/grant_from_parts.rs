//! A grant cannot be put together by hand.
use std::marker::PhantomData;

use policy::{purpose::Account, recipient::Subject as Own};
use vault::{Grant, Opener, RequestId, Scope};

fn from_parts(opener: Opener, request: RequestId) -> Grant<Account, Own> {
    Grant { opener, scope: Scope::Any, case: None, request, purpose: PhantomData }
}

fn main() {}
