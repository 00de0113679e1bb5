//! Money: whole minor units (fen), never floats.

/// Why a text is no amount. The codes are keys of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Not digits with at most one point.
    NotANumber,
    /// More than two digits after the point.
    TooFine,
    /// Zero.
    Zero,
    /// Beyond 100,000,000,000.00.
    TooLarge,
}

impl Flaw {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotANumber => "money-not-a-number",
            Self::TooFine => "money-too-fine",
            Self::Zero => "money-zero",
            Self::TooLarge => "money-too-large",
        }
    }
}

/// An amount in yuan, such as `1,234.5`, as fen.
///
/// # Errors
/// [`Flaw`].
pub fn parse_yuan(text: &str) -> Result<i64, Flaw> {
    let text = text.trim().replace([',', '，'], "");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return Err(Flaw::NotANumber);
    }
    if part.len() > 2 {
        return Err(Flaw::TooFine);
    }
    let cents = format!("{part:0<2}");
    let fen: i64 = format!("{whole}{cents}").parse().map_err(|_| Flaw::TooLarge)?;
    match fen {
        0 => Err(Flaw::Zero),
        1..=10_000_000_000_000 => Ok(fen),
        _ => Err(Flaw::TooLarge),
    }
}

/// Fen as yuan with both digits and no separators, `869000.00`: as a field takes it, and a program reads it.
pub fn plain(fen: i64) -> String {
    let (sign, fen) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// The same without a point where the amount is whole: `869000`.
pub fn short(fen: i64) -> String {
    let text = plain(fen);
    match text.strip_suffix(".00") {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn yuan_become_fen_exactly() {
        assert_eq!(parse_yuan("1,234.5"), Ok(123_450));
        assert_eq!(parse_yuan("0.01"), Ok(1));
        assert_eq!(parse_yuan("0.00"), Err(Flaw::Zero));
        assert_eq!(parse_yuan("1.005"), Err(Flaw::TooFine));
        assert_eq!(parse_yuan("-1"), Err(Flaw::NotANumber));
        assert_eq!(parse_yuan("1e9"), Err(Flaw::NotANumber));
        assert_eq!(parse_yuan("999999999999999"), Err(Flaw::TooLarge));
    }

    #[test]
    fn fen_become_yuan_exactly() {
        assert_eq!(
            [86_900_000, 5, 0, -5, i64::MIN].map(plain),
            ["869000.00", "0.05", "0.00", "-0.05", "-92233720368547758.08"]
        );
        assert_eq!([86_900_000, 86_900_010].map(short), ["869000", "869000.10"]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_is_read(fen in 1i64..10_000_000_000_000) {
            prop_assert_eq!(parse_yuan(&plain(fen)), Ok(fen));
            prop_assert_eq!(parse_yuan(&short(fen)), Ok(fen));
        }

        #[test]
        fn separators_and_space_change_nothing_and_a_third_digit_is_refused(fen in 1i64..10_000_000_000_000, digit in 0u8..10) {
            let plain = plain(fen);
            let grouped: String = plain.chars().enumerate().flat_map(|(at, c)| (at == 1).then_some(',').into_iter().chain([c])).collect();
            prop_assert_eq!(parse_yuan(&format!(" {grouped} ")), Ok(fen));
            prop_assert_eq!(parse_yuan(&format!("{plain}{digit}")), Err(Flaw::TooFine));
            prop_assert_eq!(parse_yuan(&format!("-{plain}")), Err(Flaw::NotANumber));
        }

        #[test]
        fn nothing_beyond_the_largest_amount_gets_through(whole in 100_000_000_001u64..) {
            prop_assert_eq!(parse_yuan(&whole.to_string()), Err(Flaw::TooLarge));
        }

        #[test]
        fn no_text_breaks_it(text in ".*") {
            let _ = parse_yuan(&text);
        }
    }
}
