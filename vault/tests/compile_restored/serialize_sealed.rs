//! A view model carries whose value it is.
use vault::{Id, Phone, Sealed, Subject};

#[derive(serde::Serialize)]
struct Page {
    subject: Id<Subject>,
}

fn page(phone: Sealed<Phone>) -> Page {
    Page { subject: phone.subject() }
}
