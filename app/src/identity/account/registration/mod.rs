//! Registration (注册) on behalf of a company: an application, two codes, then company and account.

mod confirm;
mod door;
mod form;
mod page;
mod store;

use super::Account;
use crate::app::App;
use crate::web::{At, Ctx, Error, Form, Input, Page, Saved};
use axum::extract::State;
use axum::response::IntoResponse;
pub use confirm::Confirmed;
pub use door::DOOR;
pub use form::{Confirmation, Registration};
use kit::id::Id;
pub use page::{Start, Waiting};

pub(super) use store::{contact, sweep};

/// What is asked, why, and what is agreed to.
pub async fn start(State(app): State<App>, context: Ctx) -> Result<Page, Error> {
    let given =
        ["guardian", "invitation", "prepared"].into_iter().filter_map(|name| Some((name, context.parameter(name)?)));
    Ok(Page::new("registration", Start::read(&app, &context, Form::filled(given)).await?))
}

/// Takes the application and sends the codes.
pub async fn create(State(app): State<App>, context: Ctx, input: Input) -> Result<Saved, Error> {
    let created = match input.parse_with_form() {
        Ok((wanted, form)) => store::create(&app, &context, wanted, form).await,
        Err(refused) => Err(refused),
    };
    match created {
        Ok(waiting) => Ok(Saved::at(format!("/registrations/{}", waiting.id), waiting)),
        Err(refused) => {
            let Some(form) = refused.form.as_deref().cloned() else { return Err(refused) };
            let start = Start::read(&app, &context, form).await?;
            Err(refused.on("registration", |_| start))
        }
    }
}

/// Where the codes are typed.
pub async fn show(State(app): State<App>, At(id): At<Id<Account>>) -> Result<Page, Error> {
    Ok(Page::new("registration-codes", Waiting::read(&app, id).await?))
}

/// Sends new codes.
pub async fn renew(
    State(app): State<App>,
    context: Ctx,
    At(id): At<Id<Account>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let waiting = store::renew(&app, &context, id).await?;
    Ok(Saved::at(format!("/registrations/{id}?done=codes"), waiting))
}

/// Both codes are right: company, account, agreement, login session.
pub async fn confirm(
    State(app): State<App>,
    context: Ctx,
    At(id): At<Id<Account>>,
    input: Input,
) -> Result<impl IntoResponse, Error> {
    let waiting = Waiting::read(&app, id).await?;
    let confirmed = match input.parse_with_form() {
        Ok((Confirmation(codes), form)) => confirm::confirm(&app, &context, id, &codes, form).await,
        Err(refused) => Err(refused),
    };
    let (confirmed, cookies) =
        confirmed.map_err(|refused| refused.on("registration-codes", |form| waiting.with(form)))?;
    Ok((super::session::set(&cookies), Saved::at("/?done=registered", confirmed)))
}
