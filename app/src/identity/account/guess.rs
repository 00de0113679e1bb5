//! Guessing at codes. Whoever owns a mailbox may ask for codes again and again, in the hope of guessing once the one that
//! goes to another person's phone. So tries count for each phone and mailbox, and no new registration makes them new.
//!
//! From one source there are ten, then one an hour: tightly, since nobody else is kept out by it. From all sources
//! together nobody is ever refused, for that would let anybody lock anybody out. After too many wrong tries codes to that
//! phone or mailbox just become longer: whoever receives them types ten digits instead of six, and whoever guesses
//! has no chance.

use crate::app::App;
use crate::web::Context;
use crate::web::limit::{self, Counted, Limit, source};
use jiff::SignedDuration;
use kit::db::{self, Tx};

/// Tries at codes to one phone or mailbox, from one source.
static FROM_HERE: Limit = Limit { name: "code-tries-from-here", burst: 10, every: SignedDuration::from_hours(1) };
/// Wrong tries at codes to one phone or mailbox, from wherever, before its codes become longer.
static FROM_ANYWHERE: Limit =
    Limit { name: "code-tries-from-anywhere", burst: 30, every: SignedDuration::from_hours(1) };

/// What a try at codes counts as.
#[derive(Clone)]
pub struct Guesses {
    here: Vec<Counted>,
    anywhere: Vec<Counted>,
}

impl Guesses {
    /// For codes to the phones and mailboxes of these indexes. They count whether or not somebody has them.
    pub fn at(app: &App, context: &Context, indexes: &[[u8; 32]]) -> Self {
        let (limits, source) = (app.limits(), source(context.ip));
        Self {
            here: indexes.iter().map(|index| limits.of(&FROM_HERE, &[index, &source])).collect(),
            anywhere: indexes.iter().map(|index| limits.of(&FROM_ANYWHERE, &[index])).collect(),
        }
    }

    /// Counts a try that is about to be made; the seconds to wait when there were too many.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn begin(&self, tx: &mut Tx) -> Result<Option<i64>, db::Error> {
        limit::take_in(tx, &self.here)
    }

    /// It was wrong.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn missed(&self, tx: &mut Tx) -> Result<(), db::Error> {
        self.anywhere.iter().try_for_each(|one| limit::take_in(tx, std::slice::from_ref(one)).map(drop))
    }

    /// It was right: whoever tried owns phone and mailbox, and their mistakes from here are forgotten.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn hit(&self, tx: &mut Tx) -> Result<(), db::Error> {
        self.here.iter().try_for_each(|one| limit::forget(tx, one))
    }

    /// Whether somebody is guessing, so that codes must be longer.
    ///
    /// # Errors
    /// [`db::Error`].
    pub async fn are_many(&self, app: &App) -> Result<bool, db::Error> {
        let anywhere = self.anywhere.clone();
        let any = move |tx: &mut Tx| {
            for one in &anywhere {
                if limit::is_used_up(tx, one)? {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        app.db().read(any).await
    }
}
