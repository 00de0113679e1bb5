//! Global Privacy Control: a browser that sends `Sec-GPC: 1` refuses sharing and personalisation for its person. For who signs
//! in with one it is written down, once, wherever they have said nothing themselves; what they say later wins.

use super::act::keep;
use crate::app::App;
use crate::web::Error;
use axum::Router;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use kit::db::Tx;
use kit::id::Id;
use vault::Subject;
use vault::consent::Method;

/// Where the signal's specification has sites say that they honour it, and since when.
const SUPPORT: &str = "{\"gpc\":true,\"lastUpdate\":\"2026-11-28\"}\n";

/// The route; it stands outside the shell, for programs that know nothing of us.
pub fn routes() -> Router<App> {
    Router::new().route("/.well-known/gpc.json", get(async || ([(CONTENT_TYPE, "application/json")], SUPPORT)))
}

/// In the unit that begins a login session: notes the signal as a no to optional cookies and to each additional function
/// that its person has not answered.
///
/// # Errors
/// [`Error`] of the database.
pub fn note(tx: &mut Tx, subject: Id<Subject>) -> Result<(), Error> {
    keep(tx, subject, false, Method::Gpc)?;
    crate::trust::consent::refuse_by_signal(tx, subject)
}
