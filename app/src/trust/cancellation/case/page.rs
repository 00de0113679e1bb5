//! What operators see of assisted requests.

use super::store::{self, Case};
use super::{CHANNELS, CHECKS, PLACE};
use crate::app::App;
use crate::web::text::Words;
use crate::web::{Actor, Context, Error, Form, Operator, PrivacyOfficer, Task, filters};
use askama::Template;
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The cases, and the form that opens one.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "CancellationCases")]
#[template(path = "trust/cancellation/case/list.html")]
pub struct Cases {
    /// Open ones first.
    cases: Vec<Case>,
    #[serde(skip)]
    channels: Vec<(&'static str, String)>,
    #[serde(skip)]
    checks: Vec<(&'static str, String)>,
    form: Form,
}

impl Cases {
    /// Reads them.
    pub async fn read(app: &App, context: &Context, operator: &Operator, form: Form) -> Result<Self, Error> {
        let theirs = operator.clone();
        let cases = app.db().read::<_, db::Error>(move |tx| store::list(tx, &theirs)).await?;
        let words = Words::new(app.catalogue(), context.locale);
        let told = |of: &str, codes: [&'static str; 3]| {
            codes.map(|code| (code, words.text(&format!("case-{of}-{code}"), &[]))).to_vec()
        };
        let id: Id<Case> = Id::v7(context.now, app.random());
        let form = if form.value("id").is_empty() { form.with("id", id.to_string()) } else { form };
        Ok(Self { cases, channels: told("channel", CHANNELS), checks: told("checked", CHECKS), form })
    }
}

/// One case. What stands against the cancellation is the person's to know, not an operator's: it would tell of sealed bids.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "CancellationCasePage")]
#[template(path = "trust/cancellation/case/show.html")]
pub struct CasePage {
    case: Case,
    /// Whether this operator has opened it, so that another must approve.
    is_own: bool,
}

impl CasePage {
    /// Reads it.
    pub async fn read(app: &App, operator: &Operator, id: Id<Case>) -> Result<Self, Error> {
        let operator = operator.clone();
        let read = app.db().read::<_, Error>(move |tx| {
            let case = store::find(tx, &operator, id)?.ok_or_else(Error::not_found)?;
            Ok(Self { is_own: case.opened_by == operator.account(), case })
        });
        read.await
    }
}

/// On the desk: cases that a second operator must look at.
pub fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(operator) = PrivacyOfficer::of(actor) else { return Ok(Vec::new()) };
    let n = store::waiting(tx, &operator)?;
    let task = Task {
        what: "case-waiting",
        args: vec![("n", n.into())],
        path: PLACE.to_owned(),
        due: None,
        glyph: "warn",
        act: "case-waiting-act",
    };
    Ok((n > 0).then_some(task).into_iter().collect())
}
