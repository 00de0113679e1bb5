//! The company's own page: what the platform knows of it, where its approval stands, what to do next.

use super::store::{self, Facts};
use super::{Application, Applied, State};
use crate::app::App;
use crate::web::{Error, Form, Input, Member, Page, Saved, filters};
use askama::Template;
use axum::extract::State as Of;
use kit::db::{self, Tx};
use kit::event;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/company/own.html")]
#[schemars(rename = "CompanyPage")]
pub struct Own {
    company: Facts,
    form: Form,
}

impl Own {
    fn new(company: Facts) -> Self {
        let tick = |yes: bool| if yes { "1" } else { "" };
        let form = Form::filled([
            ("company", company.name.as_str()),
            ("credit_code", &company.credit_code),
            ("buyer", tick(company.buyer)),
            ("provider", tick(company.provider)),
        ]);
        Self { company, form }
    }
}

async fn read(app: &App, member: &Member) -> Result<Facts, Error> {
    let member = member.clone();
    Ok(app.db().read::<_, db::Error>(move |tx| store::own(tx, &member)).await?)
}

/// The page.
pub async fn show(Of(app): Of<App>, member: Member) -> Result<Page, Error> {
    Ok(Page::new("company", Own::new(read(&app, &member).await?)))
}

/// A refused company hands in what it has corrected.
pub async fn apply(Of(app): Of<App>, member: Member, input: Input) -> Result<Saved, Error> {
    let company = read(&app, &member).await?;
    if company.state != State::Refused {
        return Err(Error::conflict("company-not-refused"));
    }
    let applied = match input.parse_with_form() {
        Ok((wanted, form)) => apply_again(&app, &member, wanted, form).await,
        Err(refused) => Err(refused),
    };
    applied.map_err(|refused| refused.on("company", |form| Own { company, form }))?;
    Ok(Saved::at("/company?done=company-applied", read(&app, &member).await?))
}

async fn apply_again(app: &App, member: &Member, wanted: Application, form: Form) -> Result<(), Error> {
    let member = member.clone();
    let unit = move |tx: &mut Tx| {
        if store::is_taken(tx, &member, &wanted.credit_code)? {
            return Err(form.clone().refuse("credit_code", "credit-code-taken"));
        }
        if !store::apply_again(tx, &member, &wanted)? {
            return Err(Error::conflict("company-not-refused"));
        }
        event::record(tx, member.scope(), &Applied { company: member.company })?;
        Ok(())
    };
    app.db().write(unit).await
}
