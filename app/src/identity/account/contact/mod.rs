//! Correcting how one is reached (更正联系方式): a new mobile number or e-mail, by the password, a code to the old one and a
//! code to the new one. Who has lost the old one asks the personal information officer.
//!
//! Whether somebody else has the new one is not told: that person learns by message that somebody typed it.

mod form;
mod page;
mod store;

use crate::app::App;
use crate::web::{At, Ctx, Error, Input, Page, Person, Saved};
use axum::extract::State;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

pub use form::{Confirmation, Wanted};
pub use page::{Contact, Waiting};
pub use store::{Pending, addressee, forget, pending, state, sweep};

/// A change of a phone or an e-mail. Shares its id with its codes.
pub struct Change;

/// The new one holds.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ContactChanged")]
pub struct Changed {
    /// `phone` or `email`.
    field: &'static str,
}

/// How the person is reached, what changed before, and the form. It opens the person's own data, on record.
pub async fn show(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("contact", Contact::read(&app, &context, person).await?))
}

/// Sends both codes.
pub async fn create(State(app): State<App>, context: Ctx, person: Person, input: Input) -> Result<Saved, Error> {
    let begun = match input.parse_with_form() {
        Ok((wanted, form)) => store::create(&app, &context, person, wanted, form).await,
        Err(refused) => Err(refused),
    };
    match begun {
        Ok(waiting) => Ok(Saved::at(format!("/me/contact/{}", waiting.id), waiting)),
        Err(refused) if refused.form.is_some() => {
            let page = Contact::read(&app, &context, person).await?;
            Err(refused.on("contact", |form| page.with(form)))
        }
        Err(refused) => Err(refused),
    }
}

/// Where the codes are typed.
pub async fn waiting(State(app): State<App>, person: Person, At(id): At<Id<Change>>) -> Result<Page, Error> {
    Ok(Page::new("contact-codes", store::waiting(&app, person, id).await?))
}

/// Both codes are right: the new one holds.
pub async fn confirm(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    At(id): At<Id<Change>>,
    input: Input,
) -> Result<Saved, Error> {
    let waiting = store::waiting(&app, person, id).await?;
    let confirmed = match input.parse_with_form() {
        Ok((Confirmation(codes), form)) => store::confirm(&app, &context, person, id, (&codes, form)).await,
        Err(refused) => Err(refused),
    };
    let field = confirmed.map_err(|refused| refused.on("contact-codes", |form| waiting.with(form)))?;
    Ok(Saved::at("/me/contact?done=contact-changed", Changed { field: field.code() }))
}
