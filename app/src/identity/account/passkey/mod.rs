//! Passkeys (通行密钥, WebAuthn): a key that a person's own device holds and releases after it has verified them, by finger, face or
//! PIN. Device and person together are two factors that differ in kind, so that a passkey signs in by itself, and stands for the
//! second factor after the password and before what asks for a fresh proof.
//!
//! What WebAuthn prescribes for challenges and answers is `webauthn-rs`'s ([`relying`]). Ours is where a challenge waits and for whom
//! ([`challenge`]), whose key answered and whether it may ([`proof`]), and what a person does with theirs ([`own`]).

mod at_step;
mod at_step_up;
mod challenge;
mod form;
mod operation;
pub mod own;
pub mod page;
mod proof;
mod relying;
mod sign_in;
mod store;

use super::Account;
use crate::app::App;
use kit::db::{self, Tx};
use kit::id::Id;
use vault::{PasskeyName, Slot};

pub use challenge::{Purpose, sweep};
pub use form::Answer;
pub use operation::routes;
pub use proof::{Used, prove};
pub use store::{Passkey, count, forget, is_one_sound, list, pause, take};

/// Where a passkey's name is sealed.
pub const NAME: Slot<PasskeyName> = Slot::new("passkey", "name");

/// How many a person may have.
pub const MOST: usize = 10;

/// The origin on whose pages passkeys can be used; none where the address is not fit for them.
pub fn origin(app: &App) -> Option<String> {
    app.config().party().map(|party| party.origin())
}

/// The same for who has a passkey that is not doubted.
///
/// # Errors
/// [`db::Error`].
pub async fn offered(app: &App, account: Id<Account>) -> Result<Option<String>, db::Error> {
    let has = app.db().read::<_, db::Error>(move |tx: &mut Tx| is_one_sound(tx, account)).await?;
    Ok(origin(app).filter(|_| has))
}
