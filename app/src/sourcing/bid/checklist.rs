//! The checklist of a bid: what its tender asks for, item by item, and whether the form has it. Made of the tender's own fields, of its
//! method of evaluation, and of what a program reads in its words; nothing of it is stored, and nothing is typed for it.

use super::from_library::Offered;
use crate::identity::library::{Edition, Kind};
use crate::sourcing::tender::criteria::Criteria;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{Form, Instant};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::id::Id;
use kit::money;
use notices::{Asks, Texts};
use schemars::JsonSchema;
use serde::Serialize;

/// The most sentences that are shown.
const MOST: usize = 30;

/// The most signs of one.
const QUOTED: usize = 160;

/// How an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "BidCheckStanding")]
pub enum Standing {
    /// The form has it.
    Done,
    /// The form lacks it.
    Open,
    /// Only the bidder can tell: they tick it for themselves.
    Yours,
    /// The tender does not ask for it, as far as its fields and words tell.
    NotAsked,
}

/// An item.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "BidCheck")]
pub struct Check {
    /// price, delivery, ceiling, validity, documents, criterion, requirement, bond.
    pub what: &'static str,
    /// How it stands.
    pub standing: Standing,
    /// The tender's words for it.
    pub words: Option<String>,
    /// Of a requirement: what it asks for, as in the reading of a notice.
    pub asks: Option<&'static str>,
    /// Of the ceiling: fen. Of a criterion: points. Of the documents: how many.
    pub n: Option<i64>,
    /// Of the validity: until when the bid binds.
    #[schemars(with = "Option<Instant>")]
    pub until: Option<Timestamp>,
    /// Of a requirement: the documents of the library that may show it, and have not ended.
    pub suited: Vec<Id<Edition>>,
}

impl Check {
    fn new(what: &'static str, standing: Standing) -> Self {
        Self { what, standing, words: None, asks: None, n: None, until: None, suited: Vec::new() }
    }

    fn saying(mut self, words: &str) -> Self {
        self.words = Some(words.trim().chars().take(QUOTED).collect());
        self
    }

    fn counting(self, n: i64) -> Self {
        Self { n: Some(n), ..self }
    }

    /// The fields of the page that make it done: for the script that follows them.
    pub fn fields(&self) -> String {
        match self.what {
            "price" => "f-price seal-price".to_owned(),
            "delivery" => "f-delivery_days seal-days".to_owned(),
            _ => self.suited.iter().map(|id| format!("kept-{id}")).collect::<Vec<_>>().join(" "),
        }
    }

    /// Whether the form has it.
    pub fn is_done(&self) -> bool {
        self.standing == Standing::Done
    }

    /// Whether only the bidder can tell.
    pub fn is_for_reader(&self) -> bool {
        self.standing == Standing::Yours
    }

    /// Colour, icon and key of the word of how it stands.
    pub fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match self.standing {
            Standing::Done => ("live", "ok", "bid-check-is-done"),
            Standing::Open => ("warn", "ring", "bid-check-is-open"),
            Standing::Yours => ("", "question", "bid-check-is-yours"),
            Standing::NotAsked => ("", "half", "bid-check-is-not-asked"),
        }
    }
}

/// What the list is made of.
pub struct Of<'a> {
    /// The tender.
    pub tender: &'a Tender,
    /// The lot, as a bidder sees it.
    pub lot: &'a Lot,
    /// How a committee evaluates; none where the buyer does.
    pub criteria: Option<&'a Criteria>,
    /// How many documents the tender has.
    pub documents: usize,
    /// The library.
    pub library: &'a [Offered],
    /// What the form holds.
    pub form: &'a Form,
    /// Of the installation.
    pub zone: &'a TimeZone,
}

/// The list.
pub fn of(of: &Of<'_>) -> Vec<Check> {
    let Of { tender, lot, criteria, documents, form, zone, .. } = of;
    let typed = |field: &str| !form.value(field).trim().is_empty() && form.problem(field).is_none();
    let stands = |is_done: bool| if is_done { Standing::Done } else { Standing::Open };
    let mut list = vec![
        Check::new("price", stands(typed("price"))),
        ceiling(lot, form),
        Check::new("delivery", stands(typed("delivery_days"))),
        match tender.terms.valid_until(tender.deadline, zone) {
            Some(until) => Check { until: Some(until), ..Check::new("validity", Standing::Done) },
            None => Check::new("validity", Standing::NotAsked),
        },
        match i64::try_from(*documents).unwrap_or(i64::MAX) {
            0 => Check::new("documents", Standing::NotAsked),
            n => Check::new("documents", Standing::Yours).counting(n),
        },
    ];
    match criteria {
        Some(criteria) => list.extend(
            criteria
                .criteria
                .iter()
                .map(|one| Check::new("criterion", Standing::Yours).saying(&one.title).counting(one.weight)),
        ),
        None => list.push(Check::new("criterion", Standing::NotAsked)),
    }
    let words = format!("{}\n{}", tender.summary, lot.description);
    list.extend(requirements(&words, of));
    list.push(bond(&words));
    list
}

fn ceiling(lot: &Lot, form: &Form) -> Check {
    let Some(ceiling) = lot.ceiling else { return Check::new("ceiling", Standing::NotAsked) };
    let is_below = money::parse_yuan(form.value("price")).is_ok_and(|price| !lot.is_over(price));
    Check::new("ceiling", if is_below { Standing::Done } else { Standing::Open }).counting(ceiling)
}

/// What the tender's words ask of those who take part; each with what the library has for it.
fn requirements(words: &str, of: &Of<'_>) -> Vec<Check> {
    let texts = Texts { qualification: words, ..Texts::default() };
    let clauses = notices::read(&texts).clauses.into_iter();
    let asked = clauses.filter(|found| !matches!(found.value.asks, Asks::Other | Asks::ConsortiumAllowed));
    let list: Vec<_> =
        asked.take(MOST).map(|found| requirement(found.value.asks, texts.words(found.spot), of)).collect();
    if list.is_empty() { vec![Check::new("requirement", Standing::NotAsked)] } else { list }
}

fn requirement(asks: Asks, words: &str, of: &Of<'_>) -> Check {
    let kinds = shown_by(asks);
    let is_suited = |one: &&Offered| kinds.contains(&one.document.kind) && !one.document.is_over();
    let suited: Vec<_> = of.library.iter().filter(is_suited).map(|one| one.document.file).collect();
    let is_taken = suited.iter().any(|id| of.form.checked("kept", &id.to_string()));
    let standing = match kinds {
        [] => Standing::Yours,
        _ if is_taken => Standing::Done,
        _ => Standing::Open,
    };
    Check { asks: Some(asks.code()), suited, ..Check::new("requirement", standing).saying(words) }
}

/// Which documents may show what is asked for; none where no paper of one's own does.
fn shown_by(asks: Asks) -> &'static [Kind] {
    match asks {
        Asks::LegalPerson | Asks::Branch => &[Kind::Licence],
        Asks::Licence => &[Kind::Licence, Kind::Certificate],
        Asks::Experience => &[Kind::Reference],
        Asks::Standing | Asks::Tax => &[Kind::Financial],
        Asks::Staff => &[Kind::Staff],
        Asks::Authorised => &[Kind::Authorisation],
        Asks::Papers => &[Kind::Licence, Kind::Certificate, Kind::Reference, Kind::Authorisation],
        Asks::Related
        | Asks::ConsortiumAllowed
        | Asks::ConsortiumRefused
        | Asks::Record
        | Asks::Subcontract
        | Asks::Other => &[],
    }
}

/// Whether the tender's words speak of a bond (投标保证金), and whether they ask for one.
fn bond(words: &str) -> Check {
    let has = |sentence: &str, signs: &[&str]| signs.iter().any(|sign| sentence.contains(sign));
    let mut sentences = words.split(['。', '；', ';', '\n']);
    match sentences.find(|one| has(one, &["投标保证金", "响应保证金", "投标担保", "bid bond"])) {
        Some(one) if has(one, &["不收", "免收", "免交", "免缴", "无需", "不需", "不要求", "no bid bond"]) => {
            Check::new("bond", Standing::NotAsked).saying(one)
        }
        Some(one) => Check::new("bond", Standing::Yours).saying(one),
        None => Check::new("bond", Standing::NotAsked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bond_is_asked_for_only_where_the_words_say_so() {
        let stands = |words: &str| bond(words).standing;
        assert_eq!(stands("交付三十天。投标保证金2万元，截止前到账。"), Standing::Yours);
        assert_eq!(stands("本项目不收取投标保证金。"), Standing::NotAsked);
        assert_eq!(stands("质保两年。"), Standing::NotAsked);
        assert_eq!(bond("投标保证金2万元。质保两年。").words.as_deref(), Some("投标保证金2万元"));
        assert_eq!(bond(&format!("投标保证金{}", "元".repeat(900))).words.unwrap().chars().count(), QUOTED);
    }

    #[test]
    fn each_thing_asked_for_is_shown_by_papers_that_the_library_knows_or_by_none() {
        for asks in Asks::ALL {
            let kinds = shown_by(asks);
            assert!(kinds.iter().all(|kind| Kind::ALL.contains(kind) && *kind != Kind::Other), "{asks:?}");
        }
        assert!(shown_by(Asks::Record).is_empty(), "no paper of one's own shows that nothing stands on a list");
    }
}
