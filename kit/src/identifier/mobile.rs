//! Mobile number of mainland China, normalised to E.164.
//!
//! The beginnings follow the numbering plan of the Ministry of Industry and Information Technology
//! (电信网编号计划) and its later allocations to mobile service: 11 digits, and not the 13 of machines (140, 141, 144, 10648…).

use std::fmt;

use super::{Flaw, plain};

/// A mobile number. Personal: `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Mobile(String);

impl Mobile {
    /// Accepts `13800138000`, `+86 138-0013-8000`, `0086…`, `86…`, full-width digits.
    pub fn parse(text: &str) -> Result<Mobile, Flaw> {
        let written: String = plain(text).chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
        if written.is_empty() {
            return Err(Flaw::Empty);
        }
        let digits = written.strip_prefix('+').unwrap_or(&written);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Flaw::MobileCharacter);
        }
        let national = national(&written, digits)?;
        if national.len() != 11 {
            return Err(Flaw::MobileLength);
        }
        if !is_allocated(national) {
            return Err(Flaw::MobileRange);
        }
        Ok(Mobile(format!("+86{national}")))
    }

    /// `+8613800138000`, for sealing and sending and for nothing else.
    pub fn e164(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Mobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mobile(…)")
    }
}

/// The digits behind the country code. A number may be written without one only if it does not begin like one.
fn national<'a>(written: &str, digits: &'a str) -> Result<&'a str, Flaw> {
    let international = if written.starts_with('+') { Some(digits) } else { digits.strip_prefix("00") };
    match international {
        Some(number) => number.strip_prefix("86").ok_or(Flaw::MobileCountry),
        None if digits.len() == 13 => digits.strip_prefix("86").ok_or(Flaw::MobileLength),
        None => Ok(digits),
    }
}

fn is_allocated(national: &str) -> bool {
    matches!(
        national.as_bytes(),
        [b'1', b'3' | b'8', ..]
            | [b'1', b'4', b'5'..=b'9', ..]
            | [b'1', b'5', b'0'..=b'3' | b'5'..=b'9', ..]
            | [b'1', b'6', b'1' | b'2' | b'5'..=b'7', ..]
            | [b'1', b'7', b'0'..=b'8', ..]
            | [b'1', b'9', b'0'..=b'3' | b'5'..=b'9', ..]
    )
}
