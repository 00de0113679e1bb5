//! No other crate adds a use, a field, a purpose or a recipient to the matrix.
use policy::{Basis, Class, Permits, Retention, field::Ip, purpose::Notification, recipient::Delivery};

impl Permits<Ip, Delivery> for Notification {
    const BASIS: Basis = Basis::Contract;
}

struct Mine;

impl policy::Field for Mine {
    const ID: &'static str = "mine";
    const CLASS: Class = Class::Ordinary;
    const RETENTION: Retention = Retention::Operational;
}

impl policy::Purpose for Mine {
    const ID: &'static str = "mine"; const COMPANY_AUTHORISES: bool = false;
}

impl policy::Recipient for Mine {
    const ID: &'static str = "mine";
}

fn main() {}
