//! What a person reads before, while and after; also without an account, by the link.

use super::erasing::obstacles;
use super::store::{self, Facts, State};
use super::{Cancellation, PLACE, case, link};
use crate::app::App;
use crate::identity::account::company_left_alone;
use crate::identity::account::link::order::{self, Told};
use crate::identity::account::link::{self as links, Linked};
use crate::web::{Actor, At, Context, Ctx, Error, Form, Instant, Locale, Obstacle, Page, Person, Said, Task, filters};
use askama::Template;
use axum::extract::State as Of;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::id::Id;
use policy::{RETENTIONS, period};
use schemars::JsonSchema;
use serde::Serialize;

/// A person's cancellation: what it does, what stands against it, and where it stands.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/cancellation/show.html")]
#[schemars(rename = "CancellationPage")]
pub struct Cancellations {
    /// The newest request, if there was one.
    newest: Option<Facts>,
    /// Where it can be followed when the account is gone.
    link: Option<String>,
    /// What must end first.
    obstacles: Vec<Obstacle>,
    /// Whether the person's company would be left without anybody who acts for it.
    leaves_company_alone: bool,
    /// The accounts elsewhere that sign in here. They are unlinked; what their third parties keep, only they can delete.
    third_parties: Vec<Linked>,
    /// How many days there are to think.
    days: u16,
    /// For how many more days back-ups of the keys are kept.
    backup_days: u16,
    /// What the law has kept, and for how long.
    kept: Vec<Kept>,
    form: Form,
}

/// A class of data that outlives the account.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CancellationKept")]
struct Kept {
    /// The retention class.
    class: &'static str,
    /// How long.
    time: &'static str,
}

fn kept(locale: Locale) -> Vec<Kept> {
    let words = |entry: &'static policy::RetentionEntry| match locale {
        Locale::Zh => entry.zh,
        Locale::En => entry.en,
    };
    let of_law = RETENTIONS.iter().filter(|entry| entry.months > 0);
    of_law.map(|entry| Kept { class: entry.id, time: words(entry) }).collect()
}

impl Cancellations {
    /// Reads it all anew: a refused form changes nothing of it.
    pub async fn read(app: &App, context: &Context, person: Person, form: Form) -> Result<Self, Error> {
        let (theirs, locale, owner) = (app.clone(), context.locale, (person.account(), person.subject()));
        let read = app.db().read::<_, db::Error>(move |tx| {
            let (newest, against) = (store::newest(tx, person.account())?, obstacles(tx, &theirs, person.account())?);
            let third_parties = links::links(tx, &theirs, owner, locale)?;
            Ok((newest, against, company_left_alone(tx, person.account())?.is_some(), third_parties))
        });
        let (newest, obstacles, leaves_company_alone, third_parties) = read.await?;
        let form = if form.value("id").is_empty() { fresh(app, context, form) } else { form };
        Ok(Self {
            link: newest.as_ref().filter(|facts| facts.state == State::Waiting).map(|facts| link::path(app, facts.id)),
            newest,
            obstacles,
            leaves_company_alone,
            third_parties,
            days: period::COOLING_OFF.days,
            backup_days: period::KEY_BACKUP.days,
            kept: kept(context.locale),
            form,
        })
    }

    /// The request that waits, if one does.
    fn waiting(&self) -> Option<&Facts> {
        self.newest.as_ref().filter(|facts| facts.state == State::Waiting)
    }

    /// The one before, that came to nothing.
    fn over(&self) -> Option<&Facts> {
        self.newest.as_ref().filter(|facts| matches!(facts.state, State::Withdrawn | State::Stopped))
    }
}

/// The form with the id that makes two sendings one request.
fn fresh(app: &App, context: &Context, form: Form) -> Form {
    let id: Id<Cancellation> = Id::v7(context.now, app.random());
    form.with("id", id.to_string())
}

/// The page.
pub async fn show(Of(app): Of<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    Ok(Page::new("cancellation", Cancellations::read(&app, &context, person, Form::default()).await?))
}

/// Where a cancellation stands, for whoever has the link.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/cancellation/follow.html")]
#[schemars(rename = "CancellationFollowed")]
pub struct Followed {
    cancellation: Facts,
    /// When the last back-up with the keys is gone: nobody can read the data any more, nowhere.
    #[schemars(with = "Option<Instant>")]
    final_at: Option<Timestamp>,
    /// What the law has kept, and for how long.
    kept: Vec<Kept>,
    /// Orders to affiliates to delete, too: acknowledged, or pending (clause 8.2).
    orders: Vec<Told>,
    /// Where its certificate is, once there is one.
    certificate: Option<String>,
}

/// When an erasure is final whose keys were destroyed then.
pub fn final_at(keys_at: Timestamp) -> Timestamp {
    keys_at.checked_add(SignedDuration::from_hours(period::KEY_BACKUP.hours())).unwrap_or(keys_at)
}

/// The page behind the link. Reading it changes nothing.
pub async fn follow(Of(app): Of<App>, context: Ctx, At(key): At<String>) -> Result<Page, Error> {
    let id = link::read(&app, &key).ok_or_else(Error::not_found)?;
    let read = app.db().read::<_, db::Error>(move |tx| {
        let Some(whole) = store::find(tx, id)? else { return Ok(None) };
        let orders = order::of_account(tx, whole.account)?.into_iter().filter(|one| one.kind == order::Kind::Deletion);
        Ok(Some((whole.facts, orders.collect())))
    });
    let (cancellation, orders) = read.await?.ok_or_else(Error::not_found)?;
    let final_at = cancellation.keys_at.map(final_at);
    let certificate = cancellation.keys_at.map(|_| link::path(&app, id));
    Ok(Page::new(
        "cancellation-follow",
        Followed { cancellation, final_at, kept: kept(context.locale), orders, certificate },
    ))
}

/// On the desk: the account ends, and how to take it back.
pub fn waiting(tx: &mut Tx, app: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(person) = actor.person() else { return Ok(Vec::new()) };
    let mut tasks = case::waiting(tx, app, actor)?;
    let waiting = store::newest(tx, person.account())?.filter(|facts| facts.state == State::Waiting);
    let task = |facts: Facts| Task {
        what: "cancellation-waiting",
        args: Vec::new(),
        path: PLACE.to_owned(),
        due: Some(facts.due_at),
        glyph: "warn",
        act: "cancellation-waiting-act",
    };
    tasks.extend(waiting.map(task));
    Ok(tasks)
}

/// How it stands, for the privacy centre.
pub fn state(tx: &mut Tx, _: &App, person: &Person) -> Result<Said, db::Error> {
    let found = store::newest(tx, person.account())?;
    Ok(Said::new(if found.is_some_and(|facts| facts.state == State::Waiting) {
        "cancellation-card-waiting"
    } else {
        "cancellation-card-none"
    }))
}
