//! What the pages of requests show, and what their JSON says.

use super::act::Act;
use super::chain::Step;
use super::content::{Line, Shown, beyond};
use super::decide::may_decide;
use super::rule::Rules;
use super::store::{self, Progress, Request, State};
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::people::Duty;
use crate::web::{Actor, Error, Form, Instant, Member, Task, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// How many requests a list goes back.
const MOST: i64 = 50;

impl State {
    /// Colour, icon and key of its word.
    fn sign(self) -> (&'static str, &'static str, String) {
        let (kind, glyph) = match self {
            Self::Waiting => ("warn", "hourglass"),
            Self::Approved => ("live", "ok"),
            Self::Done => ("", "check"),
            Self::Refused => ("bad", "stop"),
            Self::Expired | Self::Withdrawn | Self::Void => ("", "x"),
        };
        (kind, glyph, format!("approval-state-{}", self.code()))
    }
}

/// Somebody of the company, by the end of their account's number: an e-mail is opened for owners only, on the page of the people.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalPerson")]
pub struct Person {
    /// Their account.
    pub account: Id<Account>,
    /// Whether that is the reader.
    pub is_self: bool,
}

impl Person {
    /// Somebody of the reader's company.
    pub fn of(account: Id<Account>, reader: &Member) -> Self {
        Self { account, is_self: account == reader.account() }
    }

    /// The last digits of the account's number, as a letter of authorisation has them.
    pub fn digits(&self) -> String {
        let id = self.account.to_string();
        id[id.len().saturating_sub(12)..].to_uppercase()
    }
}

/// A request in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalRequest")]
pub struct Summary {
    /// Its id.
    pub id: Id<Request>,
    /// Which act.
    pub act: Act,
    /// The tender's title, or that of tender and lot.
    pub title: String,
    /// Fen; none when it is not known.
    pub amount: Option<i64>,
    /// How it stands.
    pub state: State,
    /// The step that it waits for.
    pub next: Option<Step>,
    /// Who asked.
    pub asked_by: Person,
    /// When.
    #[schemars(with = "Instant")]
    pub asked_at: Timestamp,
    /// Until when it holds.
    #[schemars(with = "Instant")]
    pub expires_at: Timestamp,
    /// Whether the reader may decide now.
    pub may_decide: bool,
}

impl Summary {
    fn of(tx: &mut Tx, reader: &Member, rules: &Rules, progress: &Progress) -> Result<Self, Error> {
        let request = &progress.request;
        Ok(Self {
            id: request.id,
            act: request.act,
            title: request.title.clone(),
            amount: request.amount,
            state: progress.state,
            next: progress.next(),
            asked_by: Person::of(request.account, reader),
            asked_at: request.asked_at,
            expires_at: request.expires_at,
            may_decide: refusal(may_decide(tx, reader, rules, progress))?.is_none(),
        })
    }
}

/// The code of a refusal; what is none of the reader's doing goes on.
fn refusal<T>(decided: Result<T, Error>) -> Result<Option<&'static str>, Error> {
    match decided {
        Ok(_) => Ok(None),
        Err(error) if error.status.is_client_error() => Ok(Some(error.code)),
        Err(error) => Err(error),
    }
}

/// The company's requests.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalList")]
#[template(path = "identity/approval/list.html")]
pub struct List {
    /// Those that the reader may decide on now.
    pub to_decide: Vec<Summary>,
    /// The others that are open.
    pub open: Vec<Summary>,
    /// Those that are over, the newest first.
    pub over: Vec<Summary>,
    /// The acts that the company asks approval for.
    pub acts: Vec<Act>,
}

impl List {
    /// Reads the newest.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub fn read(tx: &mut Tx, member: &Member) -> Result<Self, Error> {
        let rules = Rules::read(tx, member.company)?;
        let acts = Act::RULED.into_iter().filter(|act| rules.of(*act).next().is_some()).collect();
        let mut list = Self { to_decide: Vec::new(), open: Vec::new(), over: Vec::new(), acts };
        for request in store::newest(tx, member.company, MOST)? {
            let progress = Progress::of(tx, &rules, request)?;
            let one = Summary::of(tx, member, &rules, &progress)?;
            match () {
                () if one.may_decide => list.to_decide.push(one),
                () if one.state.is_open() => list.open.push(one),
                () => list.over.push(one),
            }
        }
        Ok(list)
    }
}

/// A step of a request.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalStepShown")]
pub struct Stage {
    /// Which.
    pub step: Step,
    /// Who has given it.
    pub by: Option<Person>,
    /// When.
    #[schemars(with = "Option<Instant>")]
    pub at: Option<Timestamp>,
}

/// A line of what is asked for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalLineShown")]
pub struct Compared {
    /// What stands there.
    #[serde(flatten)]
    pub line: Line,
    /// Whether it stood otherwise in the request before.
    pub is_new: bool,
}

/// A field of the form that carries the act out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalField")]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub value: String,
}

impl Field {
    fn of((name, value): &(String, String)) -> Self {
        Self { name: name.clone(), value: value.clone() }
    }
}

/// A request, with everything that is decided on.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalShown")]
#[template(path = "identity/approval/show.html")]
pub struct Page {
    /// The request.
    pub request: Summary,
    /// The steps in their order.
    pub steps: Vec<Stage>,
    /// What is asked for, compared with the request about the same before, if there was one.
    pub lines: Vec<Compared>,
    /// What stood in the request before and does not any more.
    pub former: Vec<Line>,
    /// The request about the same before.
    pub before: Option<Id<Request>>,
    /// SHA-256 of all that is asked for, hexadecimal: what an approval is bound to.
    pub digest: String,
    /// Why it was refused.
    pub reason: Option<String>,
    /// When it was over.
    #[schemars(with = "Option<Instant>")]
    pub ended_at: Option<Timestamp>,
    /// Why the reader may not decide on a step that waits: a code.
    pub barred: Option<&'static str>,
    /// Where who asked carries the act out, once all steps are given.
    pub act_path: Option<String>,
    /// With these fields.
    pub act_fields: Vec<Field>,
    /// Whether the reader answers for the company.
    #[serde(skip)]
    pub is_owner: bool,
    /// Of a refusal.
    pub form: Form,
}

impl Page {
    /// Reads one of the member's company.
    ///
    /// # Errors
    /// 404.
    pub fn read(tx: &mut Tx, member: &Member, id: Id<Request>, form: Form) -> Result<Self, Error> {
        let request = store::own(tx, member.company, id)?;
        let before = store::before(tx, &request)?;
        let rules = Rules::read(tx, member.company)?;
        let progress = Progress::of(tx, &rules, request)?;
        let summary = Summary::of(tx, member, &rules, &progress)?;
        let barred = refusal(may_decide(tx, member, &rules, &progress))?;
        let stage = |(step, given): &(Step, Option<store::Given>)| Stage {
            step: *step,
            by: given.as_ref().map(|given| Person::of(given.account, member)),
            at: given.as_ref().map(|given| given.at),
        };
        let steps = progress.steps.iter().map(stage).collect();
        let (request, content) = (&progress.request, &progress.request.content);
        let former = before.as_ref().map_or(&[][..], |before| &before.content.lines);
        let new = if before.is_some() { beyond(&content.lines, former) } else { Vec::new() };
        let compared = |line: &Line| Compared { line: line.clone(), is_new: new.contains(&line) };
        let may_act = progress.state == State::Approved && summary.asked_by.is_self;
        Ok(Self {
            steps,
            lines: content.lines.iter().map(compared).collect(),
            former: beyond(former, &content.lines).into_iter().cloned().collect(),
            before: before.as_ref().map(|before| before.id),
            digest: hex::encode(request.digest),
            reason: request.reason.clone(),
            ended_at: request.ended_at,
            barred: barred.filter(|_| progress.state == State::Waiting),
            act_path: may_act.then(|| content.path.clone()),
            act_fields: if may_act { content.fields.iter().map(Field::of).collect() } else { Vec::new() },
            is_owner: member.duties.has(Duty::Owner),
            request: summary,
            form,
        })
    }

    /// Key of why the reader may not decide.
    fn why_barred(&self) -> String {
        format!("error-{}", self.barred.unwrap_or_default())
    }

    fn is_new(line: &Compared) -> bool {
        line.is_new
    }

    /// Whether a step is the one that comes next.
    fn is_next(&self, stage: &Stage) -> bool {
        self.request.next == Some(stage.step)
    }
}

/// On the desk of a member: what waits for their decision, and what they may carry out.
pub fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(member) = actor.member() else { return Ok(Vec::new()) };
    let rules = Rules::read(tx, member.company)?;
    let mut tasks = Vec::new();
    for request in store::open(tx, member.company)? {
        let progress = Progress::of(tx, &rules, request)?;
        let is_own = progress.request.account == member.account();
        let (what, act) = match progress.state {
            State::Approved if is_own => ("approval-waits-act", "approval-waits-act-act"),
            State::Waiting if may_decide(tx, member, &rules, &progress).is_ok() => {
                ("approval-waits", "approval-waits-act-decide")
            }
            _ => continue,
        };
        let request = progress.request;
        tasks.push(Task {
            what,
            args: vec![("title", request.title.as_str().into())],
            path: format!("{}/{}", super::PLACE, request.id),
            due: Some(request.expires_at),
            glyph: "warn",
            act,
        });
    }
    Ok(tasks)
}
