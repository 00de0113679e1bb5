//! `/demo/clock`: moves the clock of the demo, an hour, a day, or to the next thing that time does to a tender.

use super::kept::Kept;
use crate::app::App;
use crate::sourcing::tender;
use crate::web::session;
use crate::web::{Error, Fields, Form, Input, Instant, Page, Parse, Saved, filters};
use askama::Template;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use kit::db;
use schemars::JsonSchema;
use serde::Serialize;

/// Where the clock stands.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "demo/clock.html")]
#[schemars(rename = "DemoClock")]
pub struct Face {
    #[schemars(with = "Instant")]
    now: Timestamp,
    /// When time next does something to a tender.
    #[schemars(with = "Option<Instant>")]
    next_event: Option<Timestamp>,
    #[serde(skip)]
    form: Form,
}

/// How far.
pub enum Move {
    Hour,
    Day,
    Event,
}

impl Parse for Move {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.one_of("by", ["hour", "day", "event"]).parse("by", |by| match by {
            "hour" => Ok(Self::Hour),
            "day" => Ok(Self::Day),
            "event" => Ok(Self::Event),
            _ => Err("demo-clock-by"),
        })
    }
}

/// Shows it.
pub async fn show(State(app): State<App>) -> Result<Page, Error> {
    Ok(Page::new("demo-clock", face(&app, Form::default()).await?))
}

/// Moves it, and lets everything happen that has become due.
pub async fn advance(State(app): State<App>, input: Input) -> Result<Saved, Error> {
    let by: Move = match input.parse() {
        Ok(by) => by,
        Err(refused) => {
            let page = face(&app, refused.form.as_deref().cloned().unwrap_or_default()).await?;
            return Err(refused.on("demo-clock", |_| page));
        }
    };
    let now = app.clock().now();
    let to = match by {
        Move::Hour => later(now, SignedDuration::from_hours(1)),
        Move::Day => later(now, SignedDuration::from_hours(24)),
        Move::Event => next_event(&app).await?.ok_or_else(|| Error::conflict("demo-clock-no-event"))?,
    };
    set(&app, to).await?;
    Ok(Saved::at("/demo/clock?done=demo-clock", face(&app, Form::default()).await?))
}

/// Moves the clock forward to an instant; never back. What is due before happens before, and whoever is signed in stays so.
pub(super) async fn set(app: &App, to: Timestamp) -> Result<(), Error> {
    app.settle().await?;
    let by = to.duration_since(app.clock().now()).max(SignedDuration::ZERO);
    app.db().write::<_, db::Error>(move |tx| session::prolong(tx, by)).await?;
    app.clock().advance(by);
    Kept::note_clock(app).map_err(Error::busy)?;
    app.settle().await
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(now)
}

async fn face(app: &App, form: Form) -> Result<Face, Error> {
    Ok(Face { next_event: next_event(app).await?, now: app.clock().now(), form })
}

async fn next_event(app: &App) -> Result<Option<Timestamp>, db::Error> {
    app.db().read(tender::store::next_event).await
}
