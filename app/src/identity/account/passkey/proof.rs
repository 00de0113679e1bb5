//! What an answer proves. Whatever is wrong with one, the answer to it is the same and takes as long: a credential that nobody has, or
//! has no more, somebody else's, another site's page, a user who was not verified, a signature that does not fit.

use super::super::Account;
use super::super::factor::Changed;
use super::super::letter::{self, Letter};
use super::super::store::own;
use super::super::whom::Owner;
use super::challenge::{self, Purpose};
use super::form::Answer;
use super::relying::{Answered, Relying, counter};
use super::store::{self, Kept, Passkey};
use crate::app::App;
use crate::web::{Context, Error};
use aws_lc_rs::digest::{SHA256, digest};
use kit::db::{self, Tx};
use kit::event;
use kit::id::Id;

/// A passkey that answered. Whether that is worth anything is decided in the unit that relies on it ([`store::take`]).
#[derive(Clone)]
pub struct Used {
    /// Which.
    pub id: Id<Passkey>,
    /// Whose.
    pub owner: Owner,
    /// What it counts now.
    pub counter: i64,
    /// As it is kept from now on.
    pub key: Vec<u8>,
    /// Whether it signs in by itself.
    pub alone: bool,
}

/// What a credential's id is found by.
pub fn hash(credential: &[u8]) -> Vec<u8> {
    digest(&SHA256, credential).as_ref().to_vec()
}

/// Takes the challenge and compares the answer with it. `owner`: whose answer it must be, where that is known.
///
/// # Errors
/// 409 `passkey-challenge-over`, `passkeys-off`; 503.
pub async fn prove(
    app: &App,
    context: &Context,
    (purpose, owner): (Purpose, Option<Owner>),
    answer: &Answer,
) -> Result<Option<Used>, Error> {
    let relying = Relying::of(app)?;
    let account: Option<Id<Account>> = owner.map(|(account, _)| account);
    let state = challenge::take(app, context, (purpose, account), answer.challenge).await?;
    let credential = hash(&answer.credential.raw_id);
    let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, &credential)).await?;
    let found = found.filter(|kept| is_due(kept, owner, answer));
    match relying.answered(&state, found.as_ref(), &answer.credential)? {
        Answered::Right(key) => {
            let (counter, key) = (counter(&key), serde_json::to_vec(&key).map_err(Error::fault)?);
            let alone = purpose == Purpose::SignIn;
            Ok(found.map(|kept| Used { id: kept.id, owner: kept.owner, counter, key, alone }))
        }
        Answered::Cloned => {
            if let Some(Kept { id, owner, .. }) = found {
                app.db().write::<_, db::Error>(move |tx| tell_of_clone(tx, id, owner)).await?;
            }
            Ok(None)
        }
        Answered::Wrong => Ok(None),
    }
}

/// Whether this passkey may answer here. Who is not known yet is known by the handle that came with the answer.
fn is_due(kept: &Kept, owner: Option<Owner>, answer: &Answer) -> bool {
    let handle = answer.credential.get_user_unique_id();
    let is_theirs = |handle: &[u8]| handle == kept.handle.as_bytes();
    let is_known = match owner {
        Some(owner) => owner == kept.owner && handle.is_none_or(is_theirs),
        None => handle.is_some_and(is_theirs) && !kept.is_paused,
    };
    is_known && !kept.is_doubted
}

/// There are two of it: it is refused from now on, and its person told.
fn tell_of_clone(tx: &mut Tx, id: Id<Passkey>, (account, subject): Owner) -> Result<(), db::Error> {
    if !store::doubt(tx, id)? {
        return Ok(());
    }
    event::record(tx, own(subject), &Changed { account, act: "passkey-doubted" })?;
    letter::to_account(tx, account, &Letter::new("letter-passkey-doubted"))
}
