//! Check digits and shapes of the identifiers that Chinese companies and people carry.
//!
//! Each kind is a type that can only be made by parsing, so that a value that exists is a value that holds. What
//! names a living person (`ResidentId`, `BankCard`, `Mobile`) shows nothing of itself in `Debug`, has no `Display`,
//! and hands out its text only through a method whose name says so. That a number is well formed does not say that
//! it was ever issued: only the issuer knows that.

mod bank_card;
mod flaw;
mod mobile;
mod resident_id;
mod uscc;

use std::str::FromStr;

use jiff::civil::Date;

pub use bank_card::{BankCard, Issuer};
pub use flaw::Flaw;
pub use mobile::Mobile;
pub use resident_id::ResidentId;
pub use uscc::Uscc;

/// The kinds that [`check`] knows, named as on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `uscc`: unified social credit code, GB 32100-2015.
    Uscc,
    /// `resident-id`: citizen identification number, GB 11643-1999.
    ResidentId,
    /// `bank-card`: primary account number, ISO/IEC 7812-1.
    BankCard,
    /// `mobile`: mobile number of mainland China.
    Mobile,
}

impl Kind {
    /// Every kind, in the order in which help texts list them.
    pub const ALL: [Kind; 4] = [Kind::Uscc, Kind::ResidentId, Kind::BankCard, Kind::Mobile];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Uscc => "uscc",
            Kind::ResidentId => "resident-id",
            Kind::BankCard => "bank-card",
            Kind::Mobile => "mobile",
        }
    }
}

/// No kind has this name; the text lists those that exist.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind; it is one of uscc, resident-id, bank-card, mobile")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Kind, UnknownKind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or(UnknownKind)
    }
}

/// One line about one value: `ok`, `ok: detail` when `verbose` and there is one (the issuer of a bank card), or
/// `bad: reason`. The line never repeats the value. `today` bounds dates of birth.
pub fn check(kind: Kind, value: &str, today: Date, verbose: bool) -> String {
    let verdict = match kind {
        Kind::Uscc => Uscc::parse(value).map(|_| None),
        Kind::ResidentId => ResidentId::parse(value, today).map(|_| None),
        Kind::BankCard => BankCard::parse(value).map(|card| Some(issuer_line(&card))),
        Kind::Mobile => Mobile::parse(value).map(|_| None),
    };
    match verdict {
        Ok(Some(detail)) if verbose => format!("ok: {detail}"),
        Ok(_) => "ok".to_owned(),
        Err(flaw) => format!("bad: {flaw}"),
    }
}

fn issuer_line(card: &BankCard) -> String {
    match card.issuer() {
        Some(issuer) => format!("issuer {} {} ({})", issuer.code, issuer.name_zh, issuer.name_en),
        None => "issuer unknown".to_owned(),
    }
}

/// Without surrounding white space, and with the full-width forms that a Chinese keyboard types (`１３８`, `Ｘ`) as ASCII.
pub fn plain(text: &str) -> String {
    let half = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    text.trim().chars().map(half).collect()
}

/// Mainland provinces by the first two digits of GB/T 2260, with Taiwan, Hong Kong and Macao.
fn is_province(code: &str) -> bool {
    matches!(
        code.as_bytes(),
        [b'1', b'1'..=b'5']
            | [b'2', b'1'..=b'3']
            | [b'3', b'1'..=b'7']
            | [b'4', b'1'..=b'6']
            | [b'5', b'0'..=b'4']
            | [b'6', b'1'..=b'5']
            | [b'7', b'1']
            | [b'8', b'1'..=b'3']
    )
}

#[cfg(test)]
mod tests;
