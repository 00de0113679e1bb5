//! What comes in.

use super::Report;
use super::ground::{Decision, Ground};
use crate::reach::conversation::Message;
use crate::web::{Fields, Parse};
use kit::id::Id;

/// The most messages that one report hands over.
const MOST: usize = 50;

/// A report.
pub struct Wanted {
    pub id: Id<Report>,
    pub ground: Ground,
    /// 5 to 2,000 characters.
    pub text: String,
    /// One at least.
    pub messages: Vec<Id<Message>>,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let codes = Ground::ALL.map(Ground::code);
        let ground = fields.one_of("ground", codes).parse("ground", |code| Ground::of(code).ok_or("choice"));
        let text = fields.passage("text", 5..=2000);
        let given = fields.several("message", &["01980000-0000-7000-8000-000000000001"]);
        let messages: Option<Vec<_>> = given.iter().map(|text| text.parse().ok()).collect();
        let messages = match messages {
            Some(some) if (1..=MOST).contains(&some.len()) => Some(some),
            Some(_) => fields.wrong("message", "report-messages"),
            None => fields.wrong("message", "id"),
        };
        Some(Self { id: id?, ground: ground?, text: text?, messages: messages? })
    }
}

/// What the other side says to a decision.
pub struct Reply(pub String);

impl Parse for Reply {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.passage("text", 5..=2000).map(Self)
    }
}

/// A decision with its reasons: none without (clause 6.2).
pub struct Decided {
    pub decision: Decision,
    pub reasons: String,
}

impl Parse for Decided {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let codes = Decision::ALL.map(Decision::code);
        let decision = fields.one_of("decision", codes).parse("decision", |code| Decision::of(code).ok_or("choice"));
        let reasons = fields.passage("reasons", 5..=2000);
        Some(Self { decision: decision?, reasons: reasons? })
    }
}

/// The answer to a reply.
pub struct Last {
    /// Whether the decision stands; else it is undone.
    pub upheld: bool,
    pub reasons: String,
}

impl Parse for Last {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let stands = |code: &str| match code {
            "upheld" => Ok(true),
            "lifted" => Ok(false),
            _ => Err("choice"),
        };
        let upheld = fields.one_of("outcome", ["upheld", "lifted"]).parse("outcome", stands);
        let reasons = fields.passage("reasons", 5..=2000);
        Some(Self { upheld: upheld?, reasons: reasons? })
    }
}
