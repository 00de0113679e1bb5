//! The page of a bidder whom committees have asked, and its acts.

use super::Done;
use super::inquiry::{self, Answered, Asked, Inquiry};
use super::scoring::ScoresPage;
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::tender::Lot;
use crate::web::{Actor, Agent, At, Bidder, Ctx, Error, Form, Input, Page, Provider, Saved, Task, Who, filters};
use askama::Template;
use axum::extract::State as Of;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// What the reader's company was asked, the newest first.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/evaluation/inquiries.html")]
#[schemars(rename = "InquiryList")]
pub struct List {
    inquiries: Vec<Line>,
    /// As typed, of which one.
    #[serde(skip)]
    form: Form,
    #[serde(skip)]
    refused: Option<Id<Inquiry>>,
    #[serde(skip)]
    now: Timestamp,
    /// Whether its reader answers for the company.
    #[serde(skip)]
    answers: bool,
}

/// One of them.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InquiryLine")]
struct Line {
    #[serde(flatten)]
    inquiry: Inquiry,
    title: String,
    lot_title: String,
}

impl List {
    async fn read(app: &App, company: Id<Company>, now: Timestamp, answers: bool) -> Result<Self, Error> {
        let read = move |tx: &mut Tx| {
            let lines = inquiry::list_own(tx, company)?.into_iter();
            let inquiries = lines.map(|(inquiry, title, lot_title)| Line { inquiry, title, lot_title }).collect();
            Ok::<_, db::Error>(Self { inquiries, form: Form::default(), refused: None, now, answers })
        };
        Ok(app.db().read(read).await?)
    }

    /// What was typed about one.
    fn typed(&self, line: &Line) -> &str {
        if self.is_refused(line) { self.form.value("answer") } else { "" }
    }

    fn is_refused(&self, line: &Line) -> bool {
        self.refused == Some(line.inquiry.id)
    }

    fn takes(&self, line: &Line) -> bool {
        self.answers && line.inquiry.waits(self.now)
    }
}

pub async fn index(Of(app): Of<App>, context: Ctx, provider: Provider) -> Result<Page, Error> {
    let answers = Who::Bidder.admits(&Actor::Member((*provider).clone())).is_ok();
    Ok(Page::new("inquiries", List::read(&app, provider.company, context.now, answers).await?))
}

pub async fn ask(
    Of(app): Of<App>,
    context: Ctx,
    member: Agent,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        Ok(("evaluation", ScoresPage::read(&app, (*member).clone(), id, form, context.locale).await?))
    };
    let act = async |given: Asked, form: Form| {
        let member = member.clone();
        app.db().write(move |tx| inquiry::ask(tx, &member, id, (&given, &form))).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/lots/{id}/scores?done=inquiry-asked"), Done { lot: id }))
}

pub async fn answer(
    Of(app): Of<App>,
    context: Ctx,
    provider: Bidder,
    At(id): At<Id<Inquiry>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let list = List::read(&app, provider.company, context.now, true).await?;
        Ok(("inquiries", List { form, refused: Some(id), ..list }))
    };
    let act = async |given: Answered, _: Form| {
        let (theirs, provider) = (app.clone(), provider.clone());
        app.db().write(move |tx| inquiry::answer(tx, &theirs, &provider, id, &given)).await
    };
    input.act_on(again, act).await?;
    let list = List::read(&app, provider.company, context.now, true).await?;
    Ok(Saved::at("/inquiries?done=inquiry-answered", list))
}

/// On the desk of who bids: what waits for an answer.
///
/// # Errors
/// [`db::Error`].
pub fn waiting(tx: &mut Tx, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(provider) = Provider::of(actor).filter(|_| Who::Bidder.admits(actor).is_ok()) else {
        return Ok(Vec::new());
    };
    let now = tx.now();
    let all = inquiry::list_own(tx, provider.company)?.into_iter().filter(|(inquiry, _, _)| inquiry.waits(now));
    let task = |(inquiry, title, _): inquiry::Titled| Task {
        what: "inquiry-waiting",
        args: vec![("title", title.into())],
        path: format!("/inquiries#i-{}", inquiry.id),
        due: Some(inquiry.due_at),
        glyph: "question",
        act: "inquiry-waiting-act",
    };
    Ok(all.map(task).collect())
}
