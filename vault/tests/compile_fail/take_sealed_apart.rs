//! The content of a seal is not a field that one can take.
use vault::{Email, Sealed};

fn page(email: Sealed<Email>) -> Vec<u8> {
    let Sealed { bytes, .. } = email;
    bytes
}

fn main() {}
