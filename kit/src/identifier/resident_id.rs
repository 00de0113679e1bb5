//! Citizen identification number (公民身份号码), GB 11643-1999.
//!
//! Six digits of region at first registration (GB/T 2260), eight of birth, three of order, one check character.
//! Regions are split, merged and renumbered, and a number keeps the region of its day: so the province and the ranges
//! of the prefecture level are checked, which have not changed, and not today's list of counties.

use std::fmt;

use jiff::civil::Date;

use super::{Flaw, is_province, plain};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: &[u8; 11] = b"10X98765432";

/// A resident identity number: 17 digits and a digit or `X`. Personal: `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ResidentId(String, Date);

impl ResidentId {
    /// Accepts a small `x`, full-width characters and surrounding white space. `today` is the last allowed birthday.
    pub fn parse(text: &str, today: Date) -> Result<ResidentId, Flaw> {
        let number = plain(text).to_ascii_uppercase();
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        match number.chars().count() {
            0 => return Err(Flaw::Empty),
            18 => {}
            15 if digits(&number) => return Err(Flaw::ResidentIdSuperseded),
            _ => return Err(Flaw::ResidentIdLength),
        }
        if !number.is_ascii() || !digits(&number[..17]) || !(number.ends_with('X') || digits(&number[17..])) {
            return Err(Flaw::ResidentIdCharacter);
        }
        if !is_region(&number[..6]) {
            return Err(Flaw::ResidentIdRegion);
        }
        let born = birth(&number[6..14]).ok_or(Flaw::ResidentIdDate)?;
        if born > today {
            return Err(Flaw::ResidentIdFuture);
        }
        if check_character(&number[..17]) != number.as_bytes()[17] {
            return Err(Flaw::ResidentIdCheck);
        }
        Ok(ResidentId(number, born))
    }

    /// The 18 characters, for sealing and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The day of birth that it tells.
    pub fn born(&self) -> Date {
        self.1
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResidentId(…)")
    }
}

/// GB/T 2260 at the prefecture level: 01–70 cities and prefectures, 90 counties directly under the province; 00 only
/// where residence permits of Taiwan, Hong Kong and Macao carry no finer region.
fn is_region(code: &str) -> bool {
    let prefecture = match &code[2..4] {
        "00" => code.starts_with('7') || code.starts_with('8'),
        "90" => true,
        other => ("01"..="70").contains(&other),
    };
    is_province(&code[..2]) && prefecture
}

fn birth(digits: &str) -> Option<Date> {
    let (year, month, day) = (digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?);
    Date::new(year, month, day).ok()
}

/// ISO 7064 MOD 11-2: weights 2^(18−i) modulo 11.
pub(super) fn check_character(first17: &str) -> u8 {
    let sum: u32 = first17.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECK[(sum % 11) as usize]
}
