//! A person's own page: what is kept of them and why, where they are signed in, their password.

mod browser;
pub mod centre;
mod page;
mod password;

use super::link::order;
use crate::app::App;
use crate::web::session::{self, LoginSession};
use crate::web::{At, Ctx, Error, Form, Input, Page, Person, Saved};
use axum::extract::State;
use axum::response::IntoResponse;
use http::header::SET_COOKIE;
use kit::db;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

pub use centre::sessions;
pub use page::Me;
pub use password::{Changed, Wanted};

/// The login session that was ended.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SessionEnded")]
pub struct Ended {
    ended: Id<LoginSession>,
}

/// The page. It opens the person's own data, on record.
pub async fn show(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("me", Me::read(&app, &context, person, Form::default()).await?))
}

/// Ends one of the person's login sessions; another person's is not there.
pub async fn end_session(
    State(app): State<App>,
    person: Person,
    At(id): At<Id<LoginSession>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let ended = app.db().write::<_, db::Error>(move |tx| session::end(tx, person.account(), id)).await?;
    if !ended {
        return Err(Error::not_found());
    }
    Ok(Saved::at("/me?done=session-ended", Ended { ended: id }))
}

/// How many login sessions were ended.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OtherSessionsEnded")]
pub struct OthersEnded {
    ended: u64,
}

/// Ends all login sessions of the person but the one that asks; affiliates that they signed in through are to end theirs.
pub async fn end_others(State(app): State<App>, person: Person, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut db::Tx| {
        order::leave(tx, person.account(), order::Kind::SignOut)?;
        session::end_others(tx, person.account(), person.session())
    };
    let ended = app.db().write::<_, db::Error>(unit).await?;
    Ok(Saved::at("/me?done=sessions-ended", OthersEnded { ended }))
}

/// Sets a new password; all other login sessions end, and this one gets another cookie.
pub async fn change_password(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    input: Input,
) -> Result<impl IntoResponse, Error> {
    let changed = match input.parse_with_form() {
        Ok((wanted, form)) => password::change(&app, &context, person, wanted, form).await,
        Err(refused) => Err(refused),
    };
    match changed {
        Ok(changed) => Ok(([(SET_COOKIE, changed.cookie.clone())], Saved::at("/me?done=password-changed", changed))),
        Err(refused) => Err(on_page(&app, &context, person, refused).await?),
    }
}

/// A refused form, on the page that it stands on.
async fn on_page(app: &App, context: &Ctx, person: Person, refused: Error) -> Result<Error, Error> {
    let Some(form) = refused.form.as_deref().cloned() else { return Ok(refused) };
    let me = Me::read(app, context, person, form).await?;
    Ok(refused.on("me", |_| me))
}
