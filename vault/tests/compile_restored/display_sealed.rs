//! What says where a sealed value stands may be printed; the value is not in it.
use vault::{Phone, Sealed};

fn page(phone: Sealed<Phone>) -> String {
    format!("{phone:?}")
}
