//! Signing in by a link: it stands in for the password alone.

use super::super::session::begin::Beginning;
use super::super::session::sign_in::{Begun, record};
use super::super::session::step;
use super::store;
use crate::app::App;
use crate::web::session::Via;
use crate::web::{Context, Error};
use kit::db::{self, Tx};
use kit::id::Id;
use vault::Subject;

/// Somebody who an issuer says is of this identity.
pub struct Arriving {
    /// What the link is found by.
    pub index: [u8; 32],
    /// Keyed hash of what the issuer calls their session there.
    pub session: Option<Vec<u8>>,
    /// What an affiliate that takes orders finds the person by.
    pub order_mark: Option<Vec<u8>>,
    /// Where they wanted to go: a path of ours.
    pub next: String,
    /// Whether the function is on for a person, in the unit that signs in.
    pub is_on: fn(&mut Tx, Id<Subject>) -> Result<bool, db::Error>,
}

/// What comes of it.
pub enum Entered {
    /// The person is signed in, or asked for the second factor.
    In(Begun),
    /// No account is linked, or none that may sign in.
    Unknown,
    /// The link is paused, after a leak.
    Paused,
}

enum Came {
    Gone,
    Paused,
    Waits,
    In,
}

/// Begins a session of whoever the identity is linked with; the one that the browser had before ends.
///
/// # Errors
/// [`Error`] of the database and the vault.
pub async fn enter(app: &App, context: &Context, arriving: Arriving) -> Result<Entered, Error> {
    let index = arriving.index;
    let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, &index)).await?;
    let Some(found) = found else { return Ok(Entered::Unknown) };
    let (account, subject) = found.owner;
    let beginning = Beginning::new(app, context, account, subject).await?;
    let complete = Begun::complete(&beginning, arriving.next.clone(), app);
    let waiting = Begun::waiting(&beginning, arriving.next.clone(), app);
    let came = app.db().write::<_, Error>(move |tx| begin(tx, &arriving, &beginning)).await?;
    Ok(match came {
        Came::Gone => Entered::Unknown,
        Came::Paused => Entered::Paused,
        Came::Waits => Entered::In(waiting),
        Came::In => Entered::In(complete),
    })
}

/// One unit: everything that was read before is looked at again.
fn begin(tx: &mut Tx, arriving: &Arriving, beginning: &Beginning) -> Result<Came, Error> {
    let Some(found) = store::find(tx, &arriving.index)? else { return Ok(Came::Gone) };
    let (account, subject) = found.owner;
    if !(arriving.is_on)(tx, subject)? || account != beginning.account() {
        return Ok(Came::Gone);
    }
    if !store::take(tx, found.link, arriving.order_mark.as_deref())? {
        return Ok(Came::Paused);
    }
    let via = Via { link: found.link, session: arriving.session.clone() };
    if step::is_due(tx, account)? {
        beginning.wait(tx, Some(&via))?;
        return Ok(Came::Waits);
    }
    beginning.begin_via(tx, Some(&via))?;
    record(tx, account, subject, beginning.id())?;
    Ok(Came::In)
}
