//! Codes of an authenticator app: RFC 6238 (TOTP) over RFC 4226 (HOTP), as every such app has them by default: six digits,
//! new every thirty seconds, HMAC-SHA-1.
//!
//! Written here on the platform's one cryptographic library: the crates that do it bring three others along for these few
//! lines. The tests are the vectors of both RFCs.

use aws_lc_rs::hmac::{self, HMAC_SHA1_FOR_LEGACY_USE_ONLY};
use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use kit::random::Random;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// For how many seconds a code is the current one.
const PERIOD: i64 = 30;
/// How many periods before and after the current one are taken, for clocks that differ (RFC 6238, 5.2).
const DRIFT: i64 = 1;

/// What app and platform share: 160 bits (RFC 4226, 4).
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// A new one.
    pub fn new(random: &Random) -> Self {
        Self(Zeroizing::new(random.bytes::<20>().to_vec()))
    }

    /// From its text.
    pub fn parse(text: &str) -> Option<Self> {
        BASE32_NOPAD.decode(text.as_bytes()).ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// In Base32, as apps take it.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(&self.0))
    }

    /// The period whose code this is, if it is one that is taken now. It takes as long for each.
    pub fn period_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let current = now.as_second().div_euclid(PERIOD);
        let is_of = |period: i64| self.code(period).as_bytes().ct_eq(code.as_bytes()).into();
        (current - DRIFT..=current + DRIFT).fold(None, |found, period| if is_of(period) { Some(period) } else { found })
    }

    /// The code of a period.
    fn code(&self, period: i64) -> String {
        let key = hmac::Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &period.to_be_bytes());
        let tag = tag.as_ref();
        // RFC 4226, 5.3: the last four bits say where the 31 bits of the number lie.
        let at = usize::from(tag[19] & 0xf);
        let number = u32::from_be_bytes([tag[at] & 0x7f, tag[at + 1], tag[at + 2], tag[at + 3]]);
        format!("{:06}", number % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret(Zeroizing::new(b"12345678901234567890".to_vec()))
    }

    #[test]
    fn the_vectors_of_rfc_4226() {
        let codes: Vec<_> = (0..10).map(|period| secret().code(period)).collect();
        let expected =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        assert_eq!(codes, expected);
    }

    #[test]
    fn the_vectors_of_rfc_6238() {
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            let now = Timestamp::from_second(second).unwrap();
            assert_eq!(secret().period_of(code, now), Some(second / 30), "{second}");
        }
    }

    #[test]
    fn one_period_earlier_or_later_is_taken_and_two_are_not() {
        let at = |second| secret().period_of("287082", Timestamp::from_second(second).unwrap());
        assert_eq!([at(29), at(30), at(89), at(90), at(-1)], [Some(1), Some(1), Some(1), None, None]);
    }

    #[test]
    fn its_text_is_base32_and_comes_back() {
        assert_eq!(*secret().text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(Secret::parse(&secret().text()).is_some_and(|same| same.0 == secret().0));
        assert!(Secret::parse("1").is_none());
    }
}
