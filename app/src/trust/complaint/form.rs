//! What asking, asking again and answering ask.

use super::{Complaint, Kind};
use crate::web::{Fields, Parse};
use kit::id::Id;
use vault::RequestText;

/// Characters of a text.
const LENGTH: std::ops::RangeInclusive<usize> = 5..=4000;

/// What somebody writes to the officer.
pub fn text(fields: &mut Fields) -> Option<RequestText> {
    let text = fields.text("text", LENGTH)?;
    text.parse().ok()
}

/// A request.
pub struct Wanted {
    pub id: Id<Complaint>,
    pub kind: Kind,
    pub text: RequestText,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        let kind = fields.one_of("kind", Kind::CHOSEN.map(Kind::code));
        let chosen = |code: &str| Kind::CHOSEN.into_iter().find(|kind| kind.code() == code).ok_or("choice");
        let kind = kind.parse("kind", chosen);
        let text = text(fields);
        Some(Self { id: id?, kind: kind?, text: text? })
    }
}

/// Why the answer is not enough.
pub struct Again(pub RequestText);

impl Parse for Again {
    fn parse(fields: &mut Fields) -> Option<Self> {
        text(fields).map(Self)
    }
}

/// The officer's answer.
pub struct Answer(pub RequestText);

impl Parse for Answer {
    fn parse(fields: &mut Fields) -> Option<Self> {
        text(fields).map(Self)
    }
}
