//! The forms: what an agreement is made of, and what is accepted.

use crate::sourcing::bid::joint::Consortium;
use crate::web::{Fields, Parse, Upload, hidden};
use kit::id::Id;

/// All of the work, in percent.
const WHOLE: i64 = 100;

/// How long it may be said what a member does, in characters.
const WORK: usize = 200;

/// What the lead gives.
#[derive(Clone)]
pub struct New {
    /// The id of the row to be made.
    pub id: Id<Consortium>,
    /// Percent of the work that the lead does.
    pub share: i64,
    /// Which work.
    pub work: String,
    /// The others.
    pub partners: Vec<Partner>,
    /// What they have agreed on beside.
    pub clauses: String,
    /// The agreement as it was signed on paper, where they have done that.
    pub signed: Option<Upload>,
}

/// Another member, as the lead names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// Its name or credit code.
    pub who: String,
    /// Percent.
    pub share: i64,
    /// Which work.
    pub work: String,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        fields.like("share", "60").like("partners", "91330100MA2H000001，40，软件开发");
        let own = fields.parse("share", |text| share(text).ok_or("consortium-share"));
        let work = fields.name("work", 2..=WORK);
        let partners = fields.parse("partners", partners);
        let clauses = fields.passage("clauses", 10..=5000);
        let signed = fields.files("signed", 1);
        let (own, partners) = (own?, partners?);
        if own + partners.iter().map(|one| one.share).sum::<i64>() != WHOLE {
            return fields.wrong("partners", "consortium-sum");
        }
        Some(Self { id: id?, share: own, work: work?, partners, clauses: clauses?, signed: signed?.pop() })
    }
}

/// A whole number of percent, with or without its sign.
fn share(text: &str) -> Option<i64> {
    let number = text.trim().trim_end_matches(['%', '％']).trim_end();
    number.parse().ok().filter(|share| (1..WHOLE).contains(share))
}

/// One member in each line: its name or credit code, its share, its work, with commas between.
fn partners(text: &str) -> Result<Vec<Partner>, &'static str> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let partners: Option<Vec<_>> = lines.map(partner).collect();
    match partners {
        None => Err("consortium-line"),
        Some(all) if all.is_empty() || all.len() > 20 => Err("consortium-count"),
        Some(all) => Ok(all),
    }
}

fn partner(line: &str) -> Option<Partner> {
    let mut parts = line.splitn(3, ['，', ',', '|', '｜', '\t']).map(str::trim);
    let (who, given, work) = (parts.next()?, parts.next()?, parts.next()?);
    let is_sized = (2..=100).contains(&who.chars().count()) && (2..=WORK).contains(&work.chars().count());
    // What others read has no character that nobody sees.
    let is_plain = !who.chars().chain(work.chars()).any(hidden);
    (is_sized && is_plain).then_some(())?;
    let is_code = who.len() == 18 && who.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let who = if is_code { who.to_ascii_uppercase() } else { who.to_owned() };
    Some(Partner { who, share: share(given)?, work: work.to_owned() })
}

/// What a member accepts: exactly the agreement that it has seen.
pub struct Accepted {
    /// SHA-256 of it, hexadecimal.
    pub agreement: String,
}

impl Parse for Accepted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        const LIKE: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let is_hash = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let agreement = fields.like("agreement", LIKE).parse("agreement", |text| {
            if is_hash(text) { Ok(text.to_ascii_lowercase()) } else { Err("consortium-hash") }
        });
        Some(Self { agreement: agreement? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_member_its_share_and_its_work() {
        let read = partners("岚河通信有限公司，30%，网络，含调试\n\n 91330100MA2H000001 | 10 | 软件开发 ").unwrap();
        let told: Vec<_> = read.iter().map(|one| (one.who.as_str(), one.share, one.work.as_str())).collect();
        assert_eq!(told, [("岚河通信有限公司", 30, "网络，含调试"), ("91330100MA2H000001", 10, "软件开发")]);
        assert_eq!(partners("Lanhe Network Ltd.，40，网络").unwrap()[0].who, "Lanhe Network Ltd.");
        for wrong in [
            "岚河通信",
            "岚河通信，30",
            "岚河通信，0，开发",
            "岚河通信，100，开发",
            "岚河通信，三十，开发",
            "，30，开发",
            "岚河\u{202e}通信，30，开发",
            "岚河通信，30，开\u{200b}发",
        ] {
            assert_eq!(partners(wrong), Err("consortium-line"), "{wrong}");
        }
        assert_eq!(partners(" \n "), Err("consortium-count"));
        assert_eq!(partners(&"岚河通信，1，开发\n".repeat(21)), Err("consortium-count"));
    }
}
