//! The privacy centre (隐私中心): what every room has for a person's own decision, each with how it stands.

use crate::app::App;
use crate::web::text::Words;
use crate::web::{Card, Person, Said, session};
use kit::db::{self, Tx};
use schemars::JsonSchema;
use serde::Serialize;

/// A line of the centre.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CentreLine")]
pub struct Line {
    /// Where it leads.
    pub path: &'static str,
    /// What it is.
    pub name: String,
    /// How it stands.
    pub state: String,
    /// Its icon.
    #[serde(skip)]
    pub icon: &'static str,
}

/// A card, and how it stands.
pub type Stands = Vec<(&'static Card, Said)>;

/// Asks every room for those of its cards that are wanted; in their order. Nothing is opened for it.
///
/// # Errors
/// [`db::Error`].
pub fn ask(tx: &mut Tx, app: &App, person: &Person, wanted: impl Fn(&Card) -> bool) -> Result<Stands, db::Error> {
    let mut cards: Vec<_> = app.rooms().iter().flat_map(|room| room.cards).filter(|card| wanted(card)).collect();
    cards.sort_by_key(|card| card.order);
    cards.into_iter().map(|card| Ok((card, (card.state)(tx, app, person)?))).collect()
}

/// In the reader's words.
pub fn told(stands: Stands, words: &Words) -> Vec<Line> {
    let line = |(card, said): (&'static Card, Said)| Line {
        path: card.path,
        name: words.text(card.word, &[]),
        state: words.text(said.key, &said.args),
        icon: card.icon,
    };
    stands.into_iter().map(line).collect()
}

/// How many login sessions are under way.
pub fn sessions(tx: &mut Tx, _: &App, person: &Person) -> Result<Said, db::Error> {
    Ok(Said::new("me-sessions-state").with("n", session::list(tx, person)?.len()))
}
