//! Bank card number: ISO/IEC 7812-1, with Luhn's check digit, and the issuer by the first digits.
//!
//! The issuers are an own compilation of the beginnings that the larger banks of mainland China publish for their
//! cards; banks keep adding some, so an unknown beginning says nothing against a card.

use std::fmt;
use std::sync::LazyLock;

use super::{Flaw, plain};

/// A bank card number of 13 to 19 digits. Personal: `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct BankCard(String);

/// The bank that a card number begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// Short code in common use, such as `ICBC`.
    pub code: &'static str,
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name.
    pub name_en: &'static str,
}

impl BankCard {
    /// Accepts spaces and hyphens between the digits and full-width characters.
    pub fn parse(text: &str) -> Result<BankCard, Flaw> {
        let number: String = plain(text).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if number.is_empty() {
            return Err(Flaw::Empty);
        }
        if !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Flaw::BankCardCharacter);
        }
        if !(13..=19).contains(&number.len()) {
            return Err(Flaw::BankCardLength);
        }
        if number.starts_with('0') {
            return Err(Flaw::BankCardIssuer);
        }
        if luhn(&number) != 0 {
            return Err(Flaw::BankCardCheck);
        }
        Ok(BankCard(number))
    }

    /// The bank by the longest known beginning; `None` when the table does not have it.
    pub fn issuer(&self) -> Option<Issuer> {
        (3..=9).rev().find_map(|digits| {
            let start = self.0.get(..digits)?;
            TABLE
                .iter()
                .find(|row| row.digits == digits && (row.first..=row.last).contains(&start))
                .map(|row| row.issuer)
        })
    }

    /// The digits, for sealing and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BankCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BankCard(…)")
    }
}

/// Luhn's sum modulo 10, zero for a right number; from the right every second digit counts twice.
fn luhn(number: &str) -> u32 {
    let value = |(i, b): (usize, u8)| match (u32::from(b - b'0'), i % 2) {
        (digit, 0) => digit,
        (digit, _) => digit * 2 / 10 + digit * 2 % 10,
    };
    number.bytes().rev().enumerate().map(value).sum::<u32>() % 10
}

struct Range {
    digits: usize,
    first: &'static str,
    last: &'static str,
    issuer: Issuer,
}

static TABLE: LazyLock<Vec<Range>> = LazyLock::new(|| {
    include_str!("bank_issuers.txt").lines().filter(|line| !line.starts_with('#')).flat_map(ranges).collect()
});

/// `code|中文|English|first-last first …`
fn ranges(line: &'static str) -> Vec<Range> {
    let parts: Vec<&'static str> = line.split('|').collect();
    let [code, name_zh, name_en, starts] = parts[..] else {
        panic!("a line of bank_issuers.txt has four fields: {line}");
    };
    let issuer = Issuer { code, name_zh, name_en };
    let range = |token: &'static str| {
        let (first, last) = token.split_once('-').unwrap_or((token, token));
        Range { digits: first.len(), first, last, issuer }
    };
    starts.split_ascii_whitespace().map(range).collect()
}
