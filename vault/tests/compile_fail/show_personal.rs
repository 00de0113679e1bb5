//! A parsed value has one way out, `expose`: neither Display nor Serialize.
use vault::Phone;

fn log(phone: &Phone) -> String {
    format!("{phone}")
}

fn answer(phone: &Phone) -> String {
    serde_json::to_string(phone).unwrap()
}

fn main() {}
