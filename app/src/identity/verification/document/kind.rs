//! The kinds of identity documents that are taken, and the forms of their numbers as far as they are public knowledge.

use jiff::civil::Date;
use kit::identifier::{Flaw, ResidentId, plain};
use schemars::JsonSchema;
use serde::Serialize;

/// From which birthday somebody acts for a company by themselves (民法典 17, clause 9.1).
const ADULT: i16 = 18;

/// A kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "IdDocumentKind")]
pub enum IdKind {
    /// 居民身份证: the citizen identification number, GB 11643-1999.
    ResidentId,
    /// 港澳居民来往内地通行证: H or M and eight digits; two more that older cards have count renewals, and name nobody.
    HongKongMacaoPermit,
    /// 台湾居民来往大陆通行证: eight digits.
    TaiwanPermit,
    /// 外国人永久居留身份证: 18 characters that begin with 9 (since 2023), or three letters and twelve digits.
    PermanentResidence,
    /// 护照: letters and digits, nine at most (ICAO 9303).
    Passport,
}

impl IdKind {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 5] =
        [Self::ResidentId, Self::HongKongMacaoPermit, Self::TaiwanPermit, Self::PermanentResidence, Self::Passport];

    /// As it is stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::ResidentId => "resident-id",
            Self::HongKongMacaoPermit => "hong-kong-macao-permit",
            Self::TaiwanPermit => "taiwan-permit",
            Self::PermanentResidence => "permanent-residence",
            Self::Passport => "passport",
        }
    }

    /// The kind of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("verification-document-{}", self.code())
    }

    /// A number as it is kept, or the code of the rule that it breaks. Only a resident's number tells a birthday.
    ///
    /// # Errors
    /// `field-CODE` is the rule's text.
    pub fn read(self, text: &str, today: Date) -> Result<String, &'static str> {
        if self == Self::ResidentId {
            let number = ResidentId::parse(text, today).map_err(Flaw::code)?;
            return if is_adult(number.born(), today) { Ok(number.expose().to_owned()) } else { Err("id-minor") };
        }
        let number: String = plain(text).to_ascii_uppercase().chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_uppercase());
        let mixed = |part: &str| part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        // What is cut below is ASCII.
        let length = if number.is_ascii() { number.len() } else { 0 };
        match (self, length) {
            (Self::HongKongMacaoPermit, 9 | 11) if number.starts_with(['H', 'M']) && digits(&number[1..]) => {
                Ok(number[..9].to_owned())
            }
            (Self::HongKongMacaoPermit, _) => Err("hong-kong-macao-permit"),
            (Self::TaiwanPermit, 8) if digits(&number) => Ok(number),
            (Self::TaiwanPermit, _) => Err("taiwan-permit"),
            (Self::PermanentResidence, 15) if letters(&number[..3]) && digits(&number[3..]) => Ok(number),
            (Self::PermanentResidence, 18)
                if number.starts_with('9') && digits(&number[..17]) && (number.ends_with('X') || digits(&number)) =>
            {
                Ok(number)
            }
            (Self::PermanentResidence, _) => Err("permanent-residence"),
            (_, 5..=9) if mixed(&number) && number.bytes().any(|byte| byte.is_ascii_digit()) => Ok(number),
            _ => Err("passport"),
        }
    }
}

/// Whether somebody born on that day is of age on this one; who was born on a leap day is on the first of March.
fn is_adult(born: Date, today: Date) -> bool {
    let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
    today.year() - born.year() - i16::from(before_birthday) >= ADULT
}

#[cfg(test)]
mod tests {
    use super::{IdKind, is_adult};
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    const TODAY: Date = date(2026, 11, 30);

    #[test]
    fn each_kind_takes_its_own_form() {
        for (kind, text, read) in [
            (IdKind::HongKongMacaoPermit, " h12345678 ", Ok("H12345678")),
            (IdKind::HongKongMacaoPermit, "M1234567802", Ok("M12345678")),
            (IdKind::HongKongMacaoPermit, "K12345678", Err("hong-kong-macao-permit")),
            (IdKind::TaiwanPermit, "１２３４５６７８", Ok("12345678")),
            (IdKind::TaiwanPermit, "1234567", Err("taiwan-permit")),
            (IdKind::PermanentResidence, "USA310000000000", Ok("USA310000000000")),
            (IdKind::PermanentResidence, "93184019000101009x", Ok("93184019000101009X")),
            (IdKind::PermanentResidence, "131840190001010090", Err("permanent-residence")),
            (IdKind::Passport, "E12345678", Ok("E12345678")),
            (IdKind::Passport, "PASSPORT", Err("passport")),
            (IdKind::Passport, "E1234567890", Err("passport")),
            (IdKind::Passport, "护照12345", Err("passport")),
            (IdKind::ResidentId, "E12345678", Err("resident-id-length")),
        ] {
            assert_eq!(kind.read(text, TODAY), read.map(str::to_owned), "{kind:?} {text}");
        }
    }

    #[test]
    fn who_is_not_eighteen_today_is_a_minor() {
        for (born, adult) in [
            (date(2008, 11, 30), true),
            (date(2008, 12, 1), false),
            (date(2008, 2, 29), true),
            (date(1901, 1, 1), true),
            (TODAY, false),
        ] {
            assert_eq!(is_adult(born, TODAY), adult, "{born}");
        }
        assert!(!is_adult(date(2008, 2, 29), date(2026, 2, 28)) && is_adult(date(2008, 2, 29), date(2026, 3, 1)));
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_is_cut_where_it_must_not(text in "\\PC{0,24}") {
            for kind in IdKind::ALL {
                prop_assert!(kind.read(&text, TODAY).is_err_and(|code| !code.is_empty()) || text.chars().count() >= 5);
            }
        }
    }
}
