//! A grant comes from a proof value, not from an id.
use policy::{purpose::Account, recipient::Subject as Own};
use vault::{Grant, Id, RequestId, Subject};

fn from_an_id(subject: &Id<Subject>, request: RequestId) -> Grant<'_, Account, Own> {
    Grant::new(subject, request)
}

fn main() {}
