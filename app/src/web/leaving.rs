//! What stands against somebody's leaving, and what of them is erased once they have left. Whoever asks asks every room
//! and knows none by name.

use super::error::Error;
use super::schema::Instant;
use super::text::Arg;
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::company::Company;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use vault::Subject;

/// Who would leave.
#[derive(Clone, Copy, Debug)]
pub struct Leaving {
    /// The account that would end; none where only its company closes.
    pub account: Option<Id<Account>>,
    /// The company that would close, or be left without anybody who acts for it.
    pub company: Option<Id<Company>>,
}

/// Asks a room what stands against it.
pub type Obstacles = fn(&mut Tx, &App, &Leaving) -> Result<Vec<Obstacle>, db::Error>;

/// Something that must end first, because others rely on it (clause 8.1). Nothing else may refuse a cancellation.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Obstacle {
    /// Key of its sentence.
    pub what: &'static str,
    /// Values inside the sentence.
    #[serde(serialize_with = "object")]
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub args: Vec<(&'static str, Arg)>,
    /// Where it is dealt with.
    pub path: String,
    /// When it ends, or goes on to its last stage, if that is known.
    #[schemars(with = "Option<Instant>")]
    pub ends_at: Option<Timestamp>,
    /// Key of how it ends, and of what ends it sooner.
    pub ends: &'static str,
}

/// Whose data go.
#[derive(Clone, Copy, Debug)]
pub struct Gone {
    /// The account that ends.
    pub account: Id<Account>,
    /// The person, as the vault knows them.
    pub subject: Id<Subject>,
}

/// Deletes what a room has of a person, in the unit that ends their standing.
pub type Erase = fn(&mut Tx, &App, &Gone) -> Result<Vec<Erased>, Error>;

/// Deletes what nobody needs of a company that closes, in the unit that closes it. Answers whether transactions need the
/// company's name still.
pub type Closed = fn(&mut Tx, &App, Id<Company>) -> Result<bool, Error>;

/// What was deleted, for the certificate: no value, only how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Erased {
    /// Key of its word.
    pub what: String,
    /// How many.
    pub count: u64,
}

impl Erased {
    /// So many of these.
    pub fn new(what: &'static str, count: u64) -> Self {
        Self { what: what.to_owned(), count }
    }
}

fn object<S: Serializer>(args: &[(&'static str, Arg)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(args.iter().map(|(name, value)| (name, value)))
}
