//! Who an opening waits for: on the desk of each holder, and on the tender's page of the buyer.

use super::give;
use super::shares::{self, Answer, Standing};
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::officer;
use crate::sourcing::tender::{self, Hands, State, Tender};
use crate::web::{Actor, Arg, Task};
use kit::db::{self, Tx};
use kit::id::Id;
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
    let (answers, account) = (shares::answers(tx, tender.id)?, person.account());
    let is_asked = asks(tx, account, (tender, hands), &answers)?;
    Ok(Some(Waiting { standing: Standing::of(hands, &answers), is_asked }))
}

/// Whether a tender that is to be opened asks for the share of this account: an officer's while they act for the buyer, or the witness's.
fn asks(
    tx: &mut Tx,
    account: Id<Account>,
    (tender, hands): (&Tender, &Hands),
    answers: &[Answer],
) -> Result<bool, db::Error> {
    let key = hands.held_by(tx, account, tender.company)?;
    Ok(key.is_some_and(|key| answers.iter().all(|answer| answer.recipient != key.recipient)))
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

/// The shares that a person is asked for: as an officer, as a witness; and those of their own bids, which may help.
pub(super) fn tasks(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(person) = actor.person() else { return Ok(Vec::new()) };
    let account = person.account();
    let mut asking = match actor.member() {
        Some(member) => tender::store::running_of(tx, member.company)?,
        None => Vec::new(),
    };
    for recipient in officer::recipients(tx, account)? {
        let witnessed = tender::store::witnessed_by(tx, &recipient)?;
        // A witness who has come to the buyer since is asked once.
        asking.extend(
            witnessed.into_iter().filter(|one| actor.member().is_none_or(|member| member.company != one.company)),
        );
    }
    let mut tasks = Vec::new();
    for tender in asking.iter().filter(|tender| tender.state == State::Closed) {
        let Some(hands) = &tender.hands else { continue };
        let answers = shares::answers(tx, tender.id)?;
        if asks(tx, account, (tender, hands), &answers)? {
            tasks.push(task(tender, "opening-waiting-share"));
        }
    }
    tasks.extend(give::own_waiting(tx, person)?.iter().map(|tender| task(tender, "opening-waiting-own")));
    Ok(tasks)
}

fn task(tender: &Tender, what: &'static str) -> Task {
    let (args, path) = (vec![("title", tender.title.clone().into())], format!("/me/openings/{}", tender.id));
    Task { what, args, path, due: None, glyph: "key", act: "opening-waiting-share-act" }
}
