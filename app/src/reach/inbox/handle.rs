//! A person's own inbox, and what they switch on and off.

use super::form::{All, Undo, Wanted};
use super::kind::About;
use super::page::{Choices, Line, List, Marked};
use super::reader::Reader;
use super::store::{self, Kept, Notification, PAGE, Part};
use super::{choice, tell};
use crate::app::App;
use crate::web::text::Words;
use crate::web::{At, Context, Ctx, Error, Input, Page, Person, Saved};
use axum::extract::State;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;

pub async fn index(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    let reader = Reader::of(&app, person.subject());
    let bound = person.subject().to_string();
    let about = about(&context)?;
    let cursor = |name: &str| {
        let given = context.parameter(name).filter(|cursor| !cursor.is_empty());
        given.map(|cursor| app.cursors().open(&cursor, &format!("{name} {bound}"))).transpose()
    };
    let (unread_after, read_after) = (cursor("unread")?, cursor("after")?);
    let read = app.db().read::<_, db::Error>(move |tx| {
        let unread = match read_after {
            None => store::list(tx, reader, Part::Unread, about, unread_after)?,
            Some(_) => Vec::new(),
        };
        let read = match unread_after {
            None => store::list(tx, reader, Part::Read, about, read_after)?,
            Some(_) => Vec::new(),
        };
        Ok((unread, read, store::unread(tx, reader)?))
    });
    let (mut unread, mut read, count) = read.await?;
    let (more, next) = (last(&mut unread), last(&mut read));
    let seal = |name: &str, key: (i64, [u8; 16])| app.cursors().seal(key.0, &key.1, &format!("{name} {bound}"));
    let page = |name: &str, key: Option<(i64, [u8; 16])>| {
        let about = about.map(|about| format!("about={}&", about.code())).unwrap_or_default();
        key.map(|key| format!("/inbox?{about}{name}={}", seal(name, key)))
    };
    let words = Words::new(app.catalogue(), context.locale);
    let lines = |kept: &[Kept]| kept.iter().map(|kept| Line::new(kept, &words)).collect();
    let list = List {
        unread: lines(&unread),
        read: lines(&read),
        about,
        count,
        now: context.now,
        more: page("unread", more),
        next: page("after", next),
        undo: undo(&context),
    };
    Ok(Page::new("inbox", list))
}

/// What the list is limited to, if to anything.
fn about(context: &Context) -> Result<Option<About>, Error> {
    let Some(code) = context.parameter("about").filter(|code| !code.is_empty()) else { return Ok(None) };
    let about = About::ALL.into_iter().find(|about| about.code() == code);
    about.map(Some).ok_or(Error::malformed("filter"))
}

/// The key of the last row of a page, when there are more.
fn last(rows: &mut Vec<Kept>) -> Option<(i64, [u8; 16])> {
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    rows.last().filter(|_| more).map(|row| (row.at.as_microsecond(), *row.id.as_bytes()))
}

/// The instant that comes back after all were noted as read; nonsense offers nothing.
fn undo(context: &Context) -> Option<Timestamp> {
    context.parameter("undo")?.parse().ok()
}

pub async fn read(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    At(id): At<Id<Notification>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let line = marked(&app, &context, person, id, true).await?;
    Ok(Saved::at("/inbox?done=inbox-read", line))
}

pub async fn unread(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    At(id): At<Id<Notification>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let line = marked(&app, &context, person, id, false).await?;
    Ok(Saved::at("/inbox?done=inbox-unread", line))
}

pub async fn open(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    At(id): At<Id<Notification>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let line = marked(&app, &context, person, id, true).await?;
    Ok(Saved::at(line.path.clone(), line))
}

async fn marked(app: &App, context: &Context, person: Person, id: Id<Notification>, read: bool) -> Result<Line, Error> {
    let reader = Reader::of(app, person.subject());
    let kept = app.db().write::<_, db::Error>(move |tx| store::mark(tx, reader, id, read)).await?;
    let kept = kept.ok_or_else(Error::not_found)?;
    Ok(Line::new(&kept, &Words::new(app.catalogue(), context.locale)))
}

pub async fn read_all(State(app): State<App>, person: Person, input: Input) -> Result<Saved, Error> {
    let All { until } = input.parse()?;
    let reader = Reader::of(&app, person.subject());
    let (at, count) = app.db().write::<_, db::Error>(move |tx| store::mark_all(tx, reader, until)).await?;
    Ok(Saved::at(format!("/inbox?done=inbox-read-all&undo={at}"), Marked { count, at }))
}

pub async fn unread_all(State(app): State<App>, person: Person, input: Input) -> Result<Saved, Error> {
    let Undo { at } = input.parse()?;
    let reader = Reader::of(&app, person.subject());
    let count = app.db().write::<_, db::Error>(move |tx| store::unmark_all(tx, reader, at)).await?;
    Ok(Saved::at("/inbox?done=inbox-undone", Marked { count, at }))
}

pub async fn choices(State(app): State<App>, person: Person) -> Result<Page, Error> {
    let reader = Reader::of(&app, person.subject());
    let on = app.db().read::<_, db::Error>(move |tx| choice::all(tx, reader)).await?;
    Ok(Page::new("inbox-choices", Choices::new(&on, topic(&app, reader))))
}

pub async fn choose(State(app): State<App>, person: Person, input: Input) -> Result<Saved, Error> {
    let reader = Reader::of(&app, person.subject());
    let again = async |_| {
        let on = app.db().read::<_, db::Error>(move |tx| choice::all(tx, reader)).await?;
        Ok(("inbox-choices", Choices::new(&on, topic(&app, reader))))
    };
    let wanted: Wanted = input.parse_on(again).await?;
    let unit = move |tx: &mut Tx| {
        for (kind, channel, on) in wanted.switches() {
            choice::set(tx, reader, kind, channel, on)?;
        }
        tell::changed(tx, reader)?;
        choice::all(tx, reader)
    };
    let on = app.db().write::<_, db::Error>(unit).await?;
    Ok(Saved::at("/me/notifications?done=inbox-chosen", Choices::new(&on, topic(&app, reader))))
}

/// What a person's application for push messages subscribes to.
fn topic(app: &App, reader: Reader) -> Option<String> {
    app.push().address(&reader.topic(app))
}
