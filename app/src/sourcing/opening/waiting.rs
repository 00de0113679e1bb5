//! Who an opening waits for: on the desk of each holder, and on the tender's page of the buyer.

use super::shares::{self, Standing};
use crate::app::App;
use crate::sourcing::tender::{self, State, Tender};
use crate::web::{Actor, Arg, Task};
use kit::db::{self, Tx};
use schemars::JsonSchema;
use serde::Serialize;

/// How far an opening has come that waits for shares, for the buyer's own people.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(rename = "OpeningWaiting")]
pub struct Waiting {
    /// The holders.
    #[serde(flatten)]
    pub standing: Standing,
    /// Whether the reader's share is asked for.
    pub is_asked: bool,
}

/// How far it has come, for a member of the buyer's.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, actor: &Actor, tender: &Tender) -> Result<Option<Waiting>, db::Error> {
    let (Some(hands), Some(person)) = (&tender.hands, actor.person()) else { return Ok(None) };
    let is_own = actor.member().is_some_and(|member| member.company == tender.company);
    if !is_own || tender.state != State::Closed {
        return Ok(None);
    }
    let answers = shares::answers(tx, tender.id)?;
    let key = hands.held_by(tx, person.account(), tender.company)?;
    let is_asked = key.is_some_and(|key| answers.iter().all(|answer| answer.recipient != key.recipient));
    Ok(Some(Waiting { standing: Standing::of(hands, &answers), is_asked }))
}

/// Who is left of the officers of a tender that is not opened yet, once somebody is missing; for the buyer's own people.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(rename = "OpeningHolders")]
pub struct Holders {
    /// How many shares it takes.
    pub k: usize,
    /// How many holders the bids are sealed to.
    pub n: usize,
    /// How many of them act for the buyer still.
    pub left: usize,
}

impl Holders {
    /// Whether those who are left cannot open it.
    pub fn is_too_few(self) -> bool {
        self.left < self.k
    }

    /// Its values in a sentence.
    pub fn said(self) -> [(&'static str, Arg); 4] {
        let gone = self.n - self.left;
        [("k", self.k.into()), ("n", self.n.into()), ("left", self.left.into()), ("gone", gone.into())]
    }
}

/// Whether officers of a tender are missing, for a member of the buyer's.
///
/// # Errors
/// [`db::Error`].
pub fn missing(tx: &mut Tx, actor: &Actor, tender: &Tender) -> Result<Option<Holders>, db::Error> {
    let is_own = actor.member().is_some_and(|member| member.company == tender.company);
    let Some(hands) = tender.hands.as_ref().filter(|_| is_own && tender.state.is_to_open()) else { return Ok(None) };
    let left = hands.people(tx, tender.company, &hands.holders)?.len();
    let (k, n) = (hands.k, hands.holders.len());
    Ok((left < n).then_some(Holders { k, n, left }))
}

/// The shares that a member is asked for.
pub(super) fn tasks(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(member) = actor.member() else { return Ok(Vec::new()) };
    let mut tasks = Vec::new();
    for tender in tender::store::running_of(tx, member.company)? {
        if of(tx, actor, &tender)?.is_some_and(|waiting| waiting.is_asked) {
            tasks.push(Task {
                what: "opening-waiting-share",
                args: vec![("title", tender.title.clone().into())],
                path: format!("/me/openings/{}", tender.id),
                due: None,
                glyph: "key",
                act: "opening-waiting-share-act",
            });
        }
    }
    Ok(tasks)
}
