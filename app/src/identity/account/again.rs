//! The password, asked for again before what a borrowed browser must not do.

use super::password::Password;
use super::store;
use crate::app::App;
use crate::web::limit::{self, Limit};
use crate::web::{Error, Person};
use jiff::SignedDuration;
use kit::db;

/// Wrong passwords where one is asked for again.
static TRIES: Limit = Limit { name: "password-again", burst: 5, every: SignedDuration::from_mins(5) };

/// Whether a person who is signed in knows their password.
///
/// # Errors
/// 429 after five wrong ones; 503.
pub async fn knows_password(app: &App, person: Person, typed: &Password) -> Result<bool, Error> {
    let tries = app.limits().of(&TRIES, &[person.account().as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&tries)).await?;
    let hash = app.db().read::<_, db::Error>(move |tx| store::own_password(tx, person.account())).await?;
    let knows = typed.matches(app, Some(hash)).await?;
    if knows {
        app.db().write::<_, db::Error>(move |tx| limit::forget(tx, &tries)).await?;
    }
    Ok(knows)
}
