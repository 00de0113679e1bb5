//! The company's own page: what the platform knows of it, where its approval stands, what to do next.

use super::part::{self, Line, Part, Standing, Value};
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
    /// What it says of itself, part by part; one that it has said nothing of has no standing.
    parts: Vec<Shown>,
    form: Form,
}

/// A part, in short.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyPartLine")]
struct Shown {
    /// Which.
    part: Part,
    /// Where it stands; none while nothing was filed.
    standing: Option<Standing>,
    /// Its facts; a name of a person stays sealed here.
    facts: Vec<Line>,
}

impl Own {
    fn new(company: Facts, filed: Vec<part::Overview>) -> Self {
        let tick = |yes: bool| if yes { "1" } else { "" };
        let form = Form::filled([
            ("company", company.name.as_str()),
            ("credit_code", &company.credit_code),
            ("buyer", tick(company.buyer)),
            ("provider", tick(company.provider)),
        ]);
        Self { parts: shown(&company, filed), company, form }
    }
}

/// Every part; of one that was filed before there were parts, what the company registered with.
fn shown(company: &Facts, filed: Vec<part::Overview>) -> Vec<Shown> {
    let known = || part::known(&company.name, &company.credit_code, company.buyer, company.provider);
    Part::ALL
        .into_iter()
        .map(|part| match filed.iter().find(|one| one.part == part) {
            Some(one) => Shown { part, standing: Some(one.standing), facts: one.lines.clone() },
            None if part == Part::Identity => Shown { part, standing: None, facts: known() },
            None => Shown { part, standing: None, facts: Vec::new() },
        })
        .collect()
}

async fn read(app: &App, member: &Member) -> Result<Facts, Error> {
    let member = member.clone();
    Ok(app.db().read::<_, db::Error>(move |tx| store::own(tx, &member)).await?)
}

async fn own(app: &App, member: &Member) -> Result<Own, Error> {
    let member = member.clone();
    let read = move |tx: &mut Tx| Ok((store::own(tx, &member)?, part::overview(tx, &member)?));
    let (company, filed) = app.db().read::<_, db::Error>(read).await?;
    Ok(Own::new(company, filed))
}

/// The page.
pub async fn show(Of(app): Of<App>, member: Member) -> Result<Page, Error> {
    Ok(Page::new("company", own(&app, &member).await?))
}

/// A refused company hands in what it has corrected.
pub async fn apply(Of(app): Of<App>, member: Member, input: Input) -> Result<Saved, Error> {
    let page = own(&app, &member).await?;
    if page.company.state != State::Refused {
        return Err(Error::conflict("company-not-refused"));
    }
    let applied = match input.parse_with_form() {
        Ok((wanted, form)) => apply_again(&app, &member, wanted, form).await,
        Err(refused) => Err(refused),
    };
    applied.map_err(|refused| refused.on("company", |form| Own { form, ..page }))?;
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
        part::registered(tx, member.company, &wanted)?;
        event::record(tx, member.scope(), &Applied { company: member.company })?;
        Ok(())
    };
    app.db().write(unit).await
}
