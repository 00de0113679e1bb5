//! What the pages show, and what their JSON says.

use super::super::duty::{Duties, Duty};
use super::rule::{State, passed};
use super::store::{self, Done, Kept};
use super::{PLACE, Substitution};
use crate::app::App;
use crate::identity::account::Account;
use crate::web::{Context, Error, Form, Instant, Member, Task, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// Somebody of the company, by the end of their account's number: an e-mail is opened for owners only, on the page of the people.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SubstitutionPerson")]
pub struct Person {
    /// Their account.
    pub account: Id<Account>,
    /// Whether that is the reader.
    pub is_self: bool,
}

impl Person {
    fn of(account: Id<Account>, reader: &Member) -> Self {
        Self { account, is_self: account == reader.account() }
    }

    /// The last digits of the account's number, as a letter of authorisation has them.
    fn digits(&self) -> String {
        let id = self.account.to_string();
        id[id.len().saturating_sub(12)..].to_uppercase()
    }
}

/// A substitution.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Substitution")]
pub struct Line {
    /// Its id.
    pub id: Id<Substitution>,
    /// Who is away.
    pub absent: Person,
    /// Who is asked, or stands in.
    pub substitute: Person,
    /// What passes: the absent colleague's duties as they are now, without those of an owner and of the contact for personal
    /// information.
    pub duties: Duties,
    /// The beginning of the first day.
    #[schemars(with = "Instant")]
    pub begins_at: Timestamp,
    /// The end of the last day.
    #[schemars(with = "Instant")]
    pub ends_at: Timestamp,
    /// When it was asked for.
    #[schemars(with = "Instant")]
    pub asked_at: Timestamp,
    /// When it was accepted.
    #[schemars(with = "Option<Instant>")]
    pub accepted_at: Option<Timestamp>,
    /// When somebody has ended it.
    #[schemars(with = "Option<Instant>")]
    pub ended_at: Option<Timestamp>,
    /// How it stands.
    pub state: State,
    /// Whether the reader may accept or decline it.
    pub may_answer: bool,
    /// Whether the reader may take it back or end it.
    pub may_end: bool,
}

impl Line {
    fn of(tx: &mut Tx, reader: &Member, kept: Kept) -> Result<Self, db::Error> {
        let now = tx.now();
        let state = kept.span.state(now, kept.ended_how.as_deref());
        let is_open = kept.span.is_open(now);
        let may_answer = state == State::Asked && kept.substitute == reader.account();
        Ok(Self {
            id: kept.id,
            duties: store::passing(tx, kept.company, kept.absent)?,
            absent: Person::of(kept.absent, reader),
            substitute: Person::of(kept.substitute, reader),
            begins_at: kept.span.begins_at,
            ends_at: kept.span.ends_at,
            asked_at: kept.asked_at,
            accepted_at: kept.span.accepted_at,
            ended_at: kept.span.ended_at,
            state,
            may_answer,
            may_end: is_open && !may_answer,
        })
    }

    /// One that the reader may see.
    ///
    /// # Errors
    /// 404.
    pub fn one(tx: &mut Tx, reader: &Member, id: Id<Substitution>) -> Result<Self, Error> {
        let kept = store::seen(tx, reader, id)?;
        Ok(Self::of(tx, reader, kept)?)
    }

    /// An instant of the last day.
    fn last(&self) -> Timestamp {
        self.ends_at.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(self.ends_at)
    }

    fn is_open(&self) -> bool {
        matches!(self.state, State::Asked | State::Coming | State::Running)
    }

    /// Key of the button that ends it.
    fn ending(&self) -> &'static str {
        match self.state {
            State::Asked => "substitution-withdraw",
            _ if self.absent.is_self => "substitution-return",
            _ if self.substitute.is_self => "substitution-lay-down",
            _ => "substitution-recall",
        }
    }
}

/// The reader's own, all of the company for an owner, and the form that asks a colleague.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "SubstitutionList")]
#[template(path = "identity/people/substitution/list.html")]
pub struct List {
    /// Those of which something can become still, the newest first.
    pub open: Vec<Line>,
    /// Those that are over, the newest first.
    pub over: Vec<Line>,
    /// What would pass of the reader's own duties.
    pub passes: Duties,
    /// The end of the reader's own number, which their substitute is shown.
    pub own: Person,
    /// Whether the reader sees all of the company's.
    pub is_owner: bool,
    pub form: Form,
}

impl List {
    /// Reads it.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn read(app: &App, member: Member, form: Form) -> Result<Self, Error> {
        let read = move |tx: &mut Tx| {
            let kept = store::all(tx, &member)?;
            let lines: Vec<_> = kept.into_iter().map(|one| Line::of(tx, &member, one)).collect::<Result<_, _>>()?;
            let (open, over) = lines.into_iter().partition(Line::is_open);
            let (passes, is_owner) = (passed(member.own_duties), member.duties.has(Duty::Owner));
            let (own, form) = (Person::of(member.account(), &member), form.clone());
            Ok::<_, db::Error>(Self { open, over, passes, own, is_owner, form })
        };
        Ok(app.db().read(read).await?)
    }
}

/// One, and what was done in it.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "SubstitutionShown")]
#[template(path = "identity/people/substitution/show.html")]
pub struct Shown {
    pub substitution: Line,
    /// What was done with a duty that only the absent colleague has, the newest first, at most 500. Neither questions nor
    /// bids: before the opening no record tells who asks or bids.
    pub done: Vec<Deed>,
}

/// Something that was done in the name of who was away.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SubstitutionDeed")]
pub struct Deed {
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// Which operation of the API it was.
    pub operation: String,
    /// The same in words.
    pub what: String,
    /// Where it was sent.
    pub path: String,
    /// Where it can be looked at.
    pub about: Option<String>,
}

impl Shown {
    /// Reads it.
    ///
    /// # Errors
    /// 404.
    pub async fn read(app: &App, context: &Context, member: Member, id: Id<Substitution>) -> Result<Self, Error> {
        let read = move |tx: &mut Tx| Ok::<_, Error>((Line::one(tx, &member, id)?, store::done(tx, id)?));
        let (substitution, done) = app.db().read(read).await?;
        let table = app.table();
        let deed = |done: Done| {
            let row = table.iter().find(|row| row.op.id == done.operation);
            let (zh, en) = row.and_then(|row| row.op.summary.split_once(" · ")).unwrap_or_default();
            // The operation's path without what was done: `/tenders/{id}` of `/tenders/{id}/publication`.
            let pattern = row.and_then(|row| row.path.rsplit_once('/')).map_or("", |(before, _)| before);
            let is_page = table.iter().any(|row| row.method == http::Method::GET && row.path == pattern);
            let about = done.path.rsplit_once('/').filter(|_| is_page).map(|(before, _)| before.to_owned());
            Deed {
                at: done.at,
                what: context.locale.pick(zh, en).to_owned(),
                operation: done.operation,
                path: done.path,
                about,
            }
        };
        Ok(Self { substitution, done: done.into_iter().map(deed).collect() })
    }
}

/// On the desk of a member: whom they are asked to stand in for.
///
/// # Errors
/// [`db::Error`].
pub fn waiting(tx: &mut Tx, member: &Member) -> Result<Vec<Task>, db::Error> {
    let (now, all) = (tx.now(), store::all(tx, member)?);
    let is_asked = |kept: &Kept| {
        kept.substitute == member.account() && kept.span.state(now, kept.ended_how.as_deref()) == State::Asked
    };
    let task = |kept: Kept| Task {
        what: "substitution-waiting",
        args: vec![("company", member.company_name.as_str().into())],
        path: PLACE.to_owned(),
        due: Some(kept.span.ends_at),
        glyph: "people",
        act: "substitution-waiting-act",
    };
    Ok(all.into_iter().filter(is_asked).map(task).collect())
}
