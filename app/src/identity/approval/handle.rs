//! Listing, deciding, taking back, and the rules.

use super::PLACE;
use super::act::Act;
use super::form::{Approved, Former, Refused, Wanted};
use super::page::{List, Page as Shown};
use super::rule;
use super::rules_page::{FormPage, Line, Overview};
use super::store::Request;
use super::{RULES, decide};
use crate::app::App;
use crate::web::{Agent, At, Error, Form, Input, Member, Owner, Page, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The request that something was done to.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalDone")]
pub struct Done {
    /// Its id.
    pub id: Id<Request>,
}

impl Done {
    /// The answer to an act on a request: its page, and the line there.
    pub fn saved(id: Id<Request>, done: &str) -> Saved {
        Saved::at(format!("{PLACE}/{id}?done={done}"), Self { id })
    }
}

pub async fn index(State(app): State<App>, member: Member) -> Result<Page, Error> {
    Ok(Page::new("approvals", app.db().read(move |tx| List::read(tx, &member)).await?))
}

pub async fn show(State(app): State<App>, member: Member, At(id): At<Id<Request>>) -> Result<Page, Error> {
    Ok(Page::new("approval-request", page(&app, &member, id, Form::default()).await?))
}

async fn page(app: &App, member: &Member, id: Id<Request>, form: Form) -> Result<Shown, Error> {
    let member = member.clone();
    app.db().read(move |tx| Shown::read(tx, &member, id, form.clone())).await
}

pub async fn approve(
    State(app): State<App>,
    member: Agent,
    At(id): At<Id<Request>>,
    input: Input,
) -> Result<Saved, Error> {
    let Approved(step) = input.parse()?;
    app.db().write(move |tx| decide::give(tx, &member, id, step)).await?;
    Ok(Done::saved(id, "approval-given"))
}

pub async fn refuse(
    State(app): State<App>,
    member: Agent,
    At(id): At<Id<Request>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| Ok(("approval-request", page(&app, &member, id, form).await?));
    let Refused { step, reason } = input.parse_on(again).await?;
    let decider = member.clone();
    app.db().write(move |tx| decide::refuse(tx, &decider, id, step, &reason)).await?;
    Ok(Done::saved(id, "approval-refused"))
}

pub async fn withdraw(
    State(app): State<App>,
    member: Agent,
    At(id): At<Id<Request>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    app.db().write(move |tx| decide::withdraw(tx, &member, id)).await?;
    Ok(Done::saved(id, "approval-withdrawn"))
}

pub async fn rules(State(app): State<App>, member: Member) -> Result<Page, Error> {
    Ok(Page::new("approval-rules", app.db().read::<_, Error>(move |tx| Ok(Overview::read(tx, &member)?)).await?))
}

pub async fn rule_form(State(app): State<App>, owner: Owner, At(act): At<String>) -> Result<Page, Error> {
    let page = form_page(&app, &owner, named(&act)?, None).await?;
    Ok(Page::new("approval-rule", page))
}

fn named(act: &str) -> Result<Act, Error> {
    Act::of(act).filter(|act| Act::RULED.contains(act)).ok_or_else(Error::not_found)
}

async fn form_page(app: &App, owner: &Owner, act: Act, form: Option<Form>) -> Result<FormPage, Error> {
    let owner = owner.clone();
    app.db().read(move |tx| FormPage::read(tx, &owner, act, form.clone())).await
}

pub async fn set_rule(State(app): State<App>, owner: Owner, At(act): At<String>, input: Input) -> Result<Saved, Error> {
    let act = named(&act)?;
    let again = async |form: Form| Ok(("approval-rule", form_page(&app, &owner, act, Some(form)).await?));
    let set = async |Wanted(chain): Wanted, form: Form| {
        let owner = owner.clone();
        let unit = move |tx: &mut Tx| {
            rule::set(tx, &owner, act, &chain, &form)?;
            Ok::<_, Error>(Line::read(tx, &owner, act)?)
        };
        app.db().write(unit).await
    };
    let line = input.act_on(again, set).await?;
    Ok(Saved::at(format!("{RULES}?done=approval-ruled"), line))
}

pub async fn restore(State(app): State<App>, owner: Owner, At(act): At<String>, input: Input) -> Result<Saved, Error> {
    let (act, Former(id)) = (named(&act)?, input.parse()?);
    let unit = move |tx: &mut Tx| {
        rule::restore(tx, &owner, act, id)?;
        Ok::<_, Error>(Line::read(tx, &owner, act)?)
    };
    let line = app.db().write(unit).await?;
    Ok(Saved::at(format!("{RULES}?done=approval-restored"), line))
}
