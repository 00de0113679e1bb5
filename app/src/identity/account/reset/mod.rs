//! A new password for who forgot theirs: a code to the phone and one to the mailbox that the account has. Who asks for
//! an account that does not exist is answered alike.

mod form;
mod page;
mod store;

use crate::app::App;
use crate::web::{At, Ctx, Error, Input, Page, Saved};
use axum::extract::State;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

pub use form::{NewPassword, Wanted};
pub use page::{Start, Waiting};

/// The new password holds.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PasswordSet")]
pub struct Done {
    done: bool,
}

/// A request for a new password. Shares its id with its codes.
pub struct Reset;

/// Asks for which account.
pub async fn start() -> Page {
    Page::new("reset", Start::default())
}

/// Sends the codes, if there is such an account.
pub async fn create(State(app): State<App>, context: Ctx, input: Input) -> Result<Saved, Error> {
    let Wanted(name) = input.parse().map_err(|refused| refused.on("reset", |form| Start { form }))?;
    let waiting = store::create(&app, &context, &name).await?;
    Ok(Saved::at(format!("/password-resets/{}", waiting.id), waiting))
}

/// Where the codes and the new password are typed.
pub async fn show(State(app): State<App>, At(id): At<Id<Reset>>) -> Result<Page, Error> {
    Ok(Page::new("reset", Waiting::read(&app, id).await?))
}

/// Sends new codes.
pub async fn renew(State(app): State<App>, context: Ctx, At(id): At<Id<Reset>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let waiting = store::renew(&app, &context, id).await?;
    Ok(Saved::at(format!("/password-resets/{id}?done=codes"), waiting))
}

/// Both codes are right: the new password holds, and all login sessions end.
pub async fn set(State(app): State<App>, context: Ctx, At(id): At<Id<Reset>>, input: Input) -> Result<Saved, Error> {
    let waiting = Waiting::read(&app, id).await?;
    let set = match input.parse_with_form() {
        Ok((wanted, form)) => store::set(&app, &context, id, wanted, form).await,
        Err(refused) => Err(refused),
    };
    set.map_err(|refused| refused.on("reset", |form| waiting.with(form)))?;
    Ok(Saved::at("/session/new?done=password-set", Done { done: true }))
}
