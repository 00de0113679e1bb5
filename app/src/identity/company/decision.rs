//! The operator's decision on a company. Its people learn of it by the event: a notification that is needed.

use super::queue::{Review, read};
use super::store::{self, Facts};
use super::{Company, State, part};
use crate::app::App;
use crate::web::{At, Error, Fields, Input, Parse, Reviewer, Saved};
use axum::extract::State as Of;
use kit::db::Tx;
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use serde::Serialize;

/// The operator approved a company.
#[derive(Serialize)]
struct Approved {
    company: Id<Company>,
}

impl Fact for Approved {
    const KIND: &'static str = "company.approved";
}

/// The operator refused a company; the reason is the company's own affair and stays in its row.
#[derive(Serialize)]
struct Refused {
    company: Id<Company>,
}

impl Fact for Refused {
    const KIND: &'static str = "company.refused";
}

/// Why a company is refused: its people read it.
pub struct Refusal {
    reason: String,
}

impl Parse for Refusal {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Some(Self { reason: fields.text("reason", 5..=1000)? })
    }
}

/// Approves.
pub async fn approve(
    Of(app): Of<App>,
    operator: Reviewer,
    At(id): At<Id<Company>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let company = decide(&app, operator, id, None).await?;
    Ok(Saved::at("/operator/companies?done=company-approved", company))
}

/// Refuses, with a reason.
pub async fn refuse(
    Of(app): Of<App>,
    operator: Reviewer,
    At(id): At<Id<Company>>,
    input: Input,
) -> Result<Saved, Error> {
    let company = read(&app, &operator, id).await?;
    let title = company.name.clone();
    let refusal: Refusal = input.parse().map_err(|refused| refused.on(title, |form| Review { company, form }))?;
    let company = decide(&app, operator, id, Some(refusal.reason)).await?;
    Ok(Saved::at("/operator/companies?done=company-refused", company))
}

async fn decide(app: &App, operator: Reviewer, id: Id<Company>, reason: Option<String>) -> Result<Facts, Error> {
    let unit = move |tx: &mut Tx| {
        store::find(tx, &operator, id)?.ok_or_else(Error::not_found)?;
        let state = if reason.is_some() { State::Refused } else { State::Approved };
        if !store::decide(tx, &operator, id, state, reason.as_ref())? {
            return Err(Error::conflict("company-decided"));
        }
        let scope =
            Scope { company: Some(*id.as_bytes()), actor: Some(*operator.subject().as_bytes()), ..Scope::default() };
        match state {
            State::Refused => event::record(tx, scope, &Refused { company: id })?,
            _ => event::record(tx, scope, &Approved { company: id })?,
        };
        if state == State::Approved {
            part::review_all(tx, id)?;
        }
        store::find(tx, &operator, id)?.ok_or_else(Error::not_found)
    };
    app.db().write(unit).await
}
