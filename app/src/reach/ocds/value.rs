//! Money and instants as releases write them.

use jiff::Timestamp;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A sum of money.
#[derive(Serialize)]
pub struct Value {
    /// Yuan.
    amount: Fen,
    /// Always CNY.
    currency: &'static str,
}

impl Value {
    /// So many fen.
    pub fn cny(fen: i64) -> Value {
        Value { amount: Fen(fen), currency: "CNY" }
    }
}

/// Fen, told in yuan with two digits: made of digits, never of a float.
struct Fen(i64);

impl Serialize for Fen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(kit::money::plain(self.0)).map_err(S::Error::custom)?.serialize(serializer)
    }
}

/// An instant with six digits behind the second, in UTC, so that the order of the texts is that of the instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(pub Timestamp);

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"))
    }
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_digit_by_digit() {
        let told = |fen| serde_json::to_string(&Value::cny(fen)).expect("JSON");
        assert_eq!(told(486_000_000), r#"{"amount":4860000.00,"currency":"CNY"}"#);
        assert_eq!(told(7), r#"{"amount":0.07,"currency":"CNY"}"#);
        assert_eq!(told(i64::MIN), r#"{"amount":-92233720368547758.08,"currency":"CNY"}"#);
    }

    #[test]
    fn instants_sort_as_their_texts_do() {
        let told = |text: &str| Stamp(text.parse().expect("an instant")).to_string();
        assert_eq!(told("2026-11-23T09:00:00+08:00"), "2026-11-23T01:00:00.000000Z");
        assert!(told("2026-11-23T01:00:00Z") < told("2026-11-23T01:00:00.5Z"));
    }

    proptest::proptest! {
        #[test]
        fn every_sum_is_read_back(fen: i64) {
            let text = serde_json::to_string(&Fen(fen)).expect("JSON");
            let digits: i128 = text.replace('.', "").parse().expect("digits");
            proptest::prop_assert_eq!(digits, i128::from(fen));
        }
    }
}
