//! A grant cannot be put together by hand.
use std::marker::PhantomData;

use policy::{purpose::Account, recipient::Subject as Own};
use vault::{Grant, Opener, RequestId, Scope};

fn from_parts(opener: Opener, request: RequestId) -> Grant<'static, Account, Own> {
    Grant { opener, scope: Scope::Any, case: None, request, proof: PhantomData, purpose: PhantomData }
}

fn main() {}
