//! The company's own bank account (clause 3.2): bank, CNAPS code, number, and a holder that is the company.
//!
//! Corporate accounts have no check digit, so a number is only looked at for its shape. A person's bank card is refused: it
//! would be a personal datum, and sensitive (PIPL 28).

use super::line::Line;
use super::{Content, Part};
use crate::web::{Fields, Form, Parse};
use kit::identifier::BankCard;
use serde::{Deserialize, Serialize};

/// What stands in the part *bank account*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bank {
    /// The branch that keeps it.
    pub bank: String,
    /// 12 digits of the national clearing system.
    pub cnaps: String,
    /// 6 to 32 digits.
    pub number: String,
    /// Whose it is: the company's name.
    pub holder: String,
}

impl Content for Bank {
    const PART: Part = Part::Bank;

    fn lines(&self) -> Vec<Line> {
        let fields = [("bank", &self.bank), ("cnaps", &self.cnaps), ("number", &self.number), ("holder", &self.holder)];
        fields.into_iter().filter_map(|(field, text)| Line::text(field, Some(text))).collect()
    }

    fn form(&self) -> Form {
        Form::filled([
            ("bank", self.bank.as_str()),
            ("cnaps", &self.cnaps),
            ("number", &self.number),
            ("holder", &self.holder),
        ])
    }
}

impl Parse for Bank {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let bank = fields.name("bank", 4..=100);
        let cnaps = fields.like("cnaps", "102100099996").parse("cnaps", |text| {
            let digits = bare(text);
            let is_one = digits.len() == 12 && is_digits(&digits);
            if is_one { Ok(digits) } else { Err("cnaps") }
        });
        let number = fields.like("number", "0200001019012345678").parse("number", number);
        let holder = fields.name("holder", 2..=100);
        Some(Self { bank: bank?, cnaps: cnaps?, number: number?, holder: holder? })
    }
}

fn number(text: &str) -> Result<String, &'static str> {
    let digits = bare(text);
    if !(6..=32).contains(&digits.len()) || !is_digits(&digits) {
        return Err("account-number");
    }
    let is_card = BankCard::parse(&digits).is_ok_and(|card| card.issuer().is_some());
    if is_card { Err("account-card") } else { Ok(digits) }
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-')).map(narrow).collect()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether two names are one, however their brackets and spaces are written: banks and registers differ in these.
pub fn is_same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.chars().filter(|c| !c.is_whitespace()).map(narrow).collect::<String>();
    plain(one) == plain(other)
}

/// The ASCII character that a full-width one stands for.
fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corporate_account_passes_and_a_persons_card_does_not() {
        assert_eq!(number("0200 0010 1901 2345 678").as_deref(), Ok("0200001019012345678"));
        assert_eq!(number("３５６２１"), Err("account-number"));
        assert_eq!(number("４４０５０１１００１８０００００１２３４５").as_deref(), Ok("440501100180000012345"));
        for text in ["12345", "1234567a", "一二三四五六", &"1".repeat(33)] {
            assert_eq!(number(text), Err("account-number"), "{text}");
        }
        let mut cards = (0..10).map(|digit| format!("622202000000000000{digit}"));
        let card = cards.find(|text| BankCard::parse(text).is_ok()).expect("one of ten digits checks the others");
        assert_eq!(number(&card), Err("account-card"));
    }

    #[test]
    fn names_are_compared_without_their_spaces_and_widths() {
        assert!(is_same_name("衡川数维（江州）有限公司", "衡川数维(江州) 有限公司"));
        assert!(!is_same_name("衡川数维有限公司", "衡川数维科技有限公司"));
    }
}
