//! A tender's dates as a calendar file (RFC 5545): the end of questions, and the deadline, which is the hour of the opening.
//! Both are public. Taken in again after a change they replace what a calendar had, because their ids stay the same.

use crate::app::App;
use crate::sourcing::tender::{self, Tender};
use crate::web::text::Words;
use crate::web::{Actor, At, Ctx, Error, attachment};
use axum::extract::State;
use axum::response::Response;
use icalendar::{Calendar, Component, Event, Property};
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;

/// Its media type.
pub const FILE: &str = "text/calendar";

/// How long a date takes in a calendar.
const LENGTH: SignedDuration = SignedDuration::from_mins(30);

pub async fn file(
    State(app): State<App>,
    context: Ctx,
    actor: Actor,
    At(id): At<Id<Tender>>,
) -> Result<Response, Error> {
    let tender = app.db().read(move |tx| tender::store::find(tx, &actor, id)).await?;
    let words = Words::new(app.catalogue(), context.locale);
    let calendar = calendar(&app, &tender, &words, context.now).to_string();
    Ok(attachment::file("text/calendar; charset=utf-8", &format!("tender-{id}.ics"), calendar))
}

fn calendar(app: &App, tender: &Tender, words: &Words, now: Timestamp) -> Calendar {
    let mut calendar = Calendar::empty();
    for (name, value) in [("VERSION", "2.0"), ("PRODID", "-//Ziyun//Tender//ZH"), ("CALSCALE", "GREGORIAN")] {
        calendar.append_property(Property::new(name, value));
    }
    for (part, at) in [("questions", tender.questions_until), ("deadline", tender.deadline)] {
        calendar.push(date(app, tender, words, (part, at, now)));
    }
    calendar.done()
}

fn date(app: &App, tender: &Tender, words: &Words, (part, at, now): (&str, Timestamp, Timestamp)) -> Event {
    let what = words.text(&format!("dossier-date-{part}"), &[("title", tender.title.as_str().into())]);
    let address = app.config().address(&format!("/tenders/{}", tender.id));
    let until = at.checked_add(LENGTH).unwrap_or(at);
    let mut event = Event::new();
    event
        .uid(&format!("{}-{part}@ziyun", tender.id))
        .summary(&what)
        .description(&format!("{} {}\n{address}", tender.number, tender.company_name))
        .url(&address)
        .sequence(u32::try_from(tender.version).unwrap_or(u32::MAX))
        .append_property(Property::new("DTSTAMP", stamp(now)))
        .append_property(Property::new("DTSTART", stamp(at)))
        .append_property(Property::new("DTEND", stamp(until)));
    event.done()
}

/// An instant as the format writes it: `20261203T010000Z`.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
