//! The operator's queue: companies that wait, and those decided on. Company data only, no person's.

use super::store::{self, Facts, PAGE};
use super::{Company, State};
use crate::app::App;
use crate::web::{At, Ctx, Error, Form, Operator, Page, Param, Reviewer, filters};
use askama::Template;
use axum::extract::State as Of;
use kit::db;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The parameters, for the description of the API.
pub const PARAMETERS: &[Param] = &[
    Param { name: "state", about: "pending, approved or refused", example: "pending" },
    Param { name: "after", about: "Where the next page begins: from `next` of the page before", example: "" },
];

#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/company/queue.html")]
#[schemars(rename = "CompanyQueue")]
pub struct Queue {
    state: State,
    companies: Vec<Facts>,
    /// The address of the next page.
    next: Option<String>,
}

/// One company, with the two decisions.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/company/review.html")]
#[schemars(rename = "CompanyReview")]
pub struct Review {
    /// The company.
    pub company: Facts,
    /// The form of the refusal.
    pub form: Form,
}

/// `?state=pending|approved|refused`, waiting ones when not said.
pub async fn index(Of(app): Of<App>, operator: Reviewer, context: Ctx) -> Result<Page, Error> {
    let state = context.parameter("state").map_or(State::Pending, |code| State::from_code(&code));
    let after = match context.parameter("after") {
        Some(cursor) => app.cursors().open(&cursor, state.code())?,
        None => (i64::MIN, [0; 16]),
    };
    let mut companies = app.db().read::<_, db::Error>(move |tx| store::list(tx, &operator, state, after)).await?;
    let more = companies.len() > PAGE;
    companies.truncate(PAGE);
    let next = companies.last().filter(|_| more).map(|last| {
        let cursor = app.cursors().seal(last.created_at.as_microsecond(), last.id.as_bytes(), state.code());
        format!("/operator/companies?state={}&after={cursor}", state.code())
    });
    Ok(Page::new("companies", Queue { state, companies, next }))
}

/// One company.
pub async fn show(Of(app): Of<App>, operator: Reviewer, At(id): At<Id<Company>>) -> Result<Page, Error> {
    let company = read(&app, &operator, id).await?;
    Ok(Page::new(company.name.clone(), Review { company, form: Form::default() }))
}

/// A company as the operator sees it.
pub async fn read(app: &App, operator: &Operator, id: Id<Company>) -> Result<Facts, Error> {
    let operator = operator.clone();
    let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, &operator, id)).await?;
    found.ok_or_else(Error::not_found)
}
