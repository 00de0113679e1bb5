//! Unified social credit code (统一社会信用代码), GB 32100-2015.
//!
//! Eighteen characters: registering authority, kind of body, six digits of region, the nine characters of the
//! organisation code (GB 11714-1997, with a check character of its own), and the check character over the whole.
//! A code whose outer check holds and whose inner one fails is refused: both are prescribed.

use std::fmt;

use super::{Flaw, is_province, plain};

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const AUTHORITIES: &str = "123456789ANY";
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A unified social credit code: 18 capitals and digits. Public by law, so it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc(String);

impl Uscc {
    /// Accepts small letters, full-width characters and surrounding white space; refuses whatever else the two
    /// standards do not allow.
    pub fn parse(text: &str) -> Result<Uscc, Flaw> {
        let code = plain(text).to_ascii_uppercase();
        match code.chars().count() {
            0 => return Err(Flaw::Empty),
            18 => {}
            _ => return Err(Flaw::UsccLength),
        }
        if !code.chars().all(|c| ALPHABET.contains(c)) || !code[2..8].bytes().all(|b| b.is_ascii_digit()) {
            return Err(Flaw::UsccCharacter);
        }
        if !AUTHORITIES.contains(&code[..1]) {
            return Err(Flaw::UsccCategory);
        }
        // 100000 is the country itself: bodies that the central authorities register.
        if !is_province(&code[2..4]) && &code[2..8] != "100000" {
            return Err(Flaw::UsccRegion);
        }
        if check_character(&code[..17]) != code.chars().last() {
            return Err(Flaw::UsccCheck);
        }
        if organisation_check(&code[8..16]) != code.chars().nth(16) {
            return Err(Flaw::UsccOrganisationCheck);
        }
        Ok(Uscc(code))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// GB 32100-2015: weights 3^i modulo 31 over the alphabet's positions; 31 is prime, so one wrong character shows.
pub(super) fn check_character(first17: &str) -> Option<char> {
    let mut weight = 1;
    let mut sum = 0;
    for c in first17.chars() {
        sum += ALPHABET.find(c)? * weight;
        weight = weight * 3 % 31;
    }
    ALPHABET.chars().nth((31 - sum % 31) % 31)
}

/// GB 11714-1997: 11 − Σ weight × value modulo 11, ten written as X; letters count from A = 10.
pub(super) fn organisation_check(first8: &str) -> Option<char> {
    let mut sum = 0;
    for (c, weight) in first8.chars().zip(ORGANISATION_WEIGHTS) {
        sum += c.to_digit(36)? * weight;
    }
    match (11 - sum % 11) % 11 {
        10 => Some('X'),
        value => char::from_digit(value, 10),
    }
}
