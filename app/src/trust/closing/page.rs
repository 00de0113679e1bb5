//! What an owner reads before, while and after; and what all the company's people see on their desk.

use super::carry::obstacles;
use super::store::{self, Facts, State};
use super::{Closing, PLACE};
use crate::app::App;
use crate::web::{Actor, Context, Ctx, Error, Form, Obstacle, Owner, Page, Task, filters};
use askama::Template;
use axum::extract::State as Of;
use kit::db::{self, Tx};
use kit::id::Id;
use policy::period;
use schemars::JsonSchema;
use serde::Serialize;

/// A company's closing: what it does, what stands against it, and where it stands.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/closing/show.html")]
#[schemars(rename = "ClosingPage")]
pub struct Show {
    company: String,
    /// The newest request, if there was one.
    newest: Option<Facts>,
    /// What must end first.
    obstacles: Vec<Obstacle>,
    /// How many people act for the company.
    people: usize,
    /// How many days there are to think.
    days: u16,
    form: Form,
}

impl Show {
    /// Reads it all anew: a refused form changes nothing of it.
    ///
    /// # Errors
    /// [`db::Error`].
    pub async fn read(app: &App, context: &Context, owner: &Owner, form: Form) -> Result<Self, Error> {
        let (theirs, company) = (app.clone(), owner.company);
        let read = app.db().read::<_, db::Error>(move |tx| {
            let people = store::people(tx, company)?.0.len();
            Ok((store::newest(tx, company)?, obstacles(tx, &theirs, company)?, people))
        });
        let (newest, obstacles, people) = read.await?;
        let id: Id<Closing> = Id::v7(context.now, app.random());
        let form = if form.value("id").is_empty() { form.with("id", id.to_string()) } else { form };
        let (company, days) = (owner.company_name.clone(), period::COOLING_OFF.days);
        Ok(Self { company, newest, obstacles, people, days, form })
    }

    fn waiting(&self) -> Option<&Facts> {
        self.newest.as_ref().filter(|facts| facts.state == State::Waiting)
    }

    fn is_stopped(&self) -> bool {
        self.newest.as_ref().is_some_and(|facts| facts.state == State::Stopped)
    }
}

/// The page.
pub async fn show(Of(app): Of<App>, context: Ctx, owner: Owner) -> Result<Page, Error> {
    Ok(Page::new("closing", Show::read(&app, &context, &owner, Form::default()).await?))
}

/// On the desk of everybody in the company: it closes, and when.
pub fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(member) = actor.member() else { return Ok(Vec::new()) };
    let waiting = store::newest(tx, member.company)?.filter(|facts| facts.state == State::Waiting);
    let (path, act) = match Owner::of(actor) {
        Some(_) => (PLACE, "closing-waiting-act"),
        None => ("/company/people", "closing-waiting-act-people"),
    };
    let task = |facts: Facts| Task {
        what: "closing-waiting",
        args: Vec::new(),
        path: path.to_owned(),
        due: Some(facts.due_at),
        glyph: "warn",
        act,
    };
    Ok(waiting.map(task).into_iter().collect())
}
