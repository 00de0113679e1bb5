//! A view model cannot carry a sealed value.
use vault::{Phone, Sealed};

#[derive(serde::Serialize)]
struct Page {
    phone: Sealed<Phone>,
}

fn main() {}
