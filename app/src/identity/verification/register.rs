//! The operator decides on a company by what the public register says of it (国家企业信用信息公示系统): name, code and
//! standing are public by law, and no document is needed to know them.

use super::form::Refusal;
use super::review;
use crate::app::App;
use crate::identity::company::{Company, Review, read};
use crate::web::{At, Error, Input, Reviewer, Saved};
use axum::extract::State;
use kit::id::Id;

/// Approves.
pub async fn approve(
    State(app): State<App>,
    operator: Reviewer,
    At(id): At<Id<Company>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let company = app.db().write(move |tx| review::on_register(tx, &operator, id, None)).await?;
    Ok(Saved::at("/operator/companies?done=company-approved", company))
}

/// Refuses, with a reason.
pub async fn refuse(
    State(app): State<App>,
    operator: Reviewer,
    At(id): At<Id<Company>>,
    input: Input,
) -> Result<Saved, Error> {
    let company = read(&app, &operator, id).await?;
    let title = company.name.clone();
    let Refusal(reason) = input.parse().map_err(|refused| refused.on(title, |form| Review { company, form }))?;
    let company = app.db().write(move |tx| review::on_register(tx, &operator, id, Some(reason.clone()))).await?;
    Ok(Saved::at("/operator/companies?done=company-refused", company))
}
