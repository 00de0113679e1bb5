//! A template cannot print a sealed value.
use vault::{Phone, Sealed};

fn page(phone: Sealed<Phone>) -> String {
    format!("{phone}")
}

fn main() {}
