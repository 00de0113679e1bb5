//! The count of an open page, kept true: server-sent events (HTML, 9.2) of a person's own inbox.
//!
//! One routine of each process reads the events by their number and calls those of its readers whose inbox has changed; each
//! asks the database then, so that the call itself carries nothing, and whichever process has changed it. Every connection looks
//! by itself four times a minute, too: whether its login session still is, and how many there are. It ends with the session,
//! and with the process.

use super::reader::Reader;
use super::store;
use super::tell::Changed;
use crate::app::App;
use crate::web::text::Words;
use crate::web::{Background, Connection, Ctx, Error, Person, Places, session};
use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use futures::{FutureExt, Stream, StreamExt, stream};
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use kit::db::{self, Tx};
use kit::event::Fact;
use kit::{follower, values};
use serde::Serialize;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{broadcast, watch};

/// How often a connection looks by itself.
const LOOK: Duration = Duration::from_secs(15);

/// How many connections a person may hold with one process: one a window, since pages out of sight let go of theirs.
const MOST: usize = 8;

/// How many calls may wait for a slow connection; it then looks by itself.
const CALLS: usize = 256;

/// How many events one step reads.
const STEP: i64 = 500;

/// The open pages of this process.
#[derive(Clone)]
pub struct Live(Arc<Pages>);

struct Pages {
    calls: broadcast::Sender<Reader>,
    end: watch::Sender<bool>,
    /// How far the events have been read; none while no page is open.
    cursor: Mutex<Option<i64>>,
    open: Places<Reader>,
}

impl Default for Live {
    fn default() -> Self {
        let (calls, end) = (broadcast::Sender::new(CALLS), watch::Sender::new(false));
        Self(Arc::new(Pages { calls, end, cursor: Mutex::default(), open: Places::default() }))
    }
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Live {
    /// Ends every connection: the process is about to.
    pub fn end(&self) {
        self.0.end.send_replace(true);
    }

    /// From where the events are read once a page is open. Whoever comes later finds it set.
    fn begin(&self, last: i64) {
        held(&self.0.cursor).get_or_insert(last);
    }

    /// From where the next step reads; nowhere while no page is open.
    fn next(&self) -> Option<i64> {
        let mut cursor = held(&self.0.cursor);
        if self.0.calls.receiver_count() == 0 {
            *cursor = None;
        }
        *cursor
    }

    fn call(&self, changed: Vec<(i64, Reader)>) {
        for (seq, reader) in changed {
            // Who has just gone hears nothing, and need not.
            let _ = self.0.calls.send(reader);
            held(&self.0.cursor).replace(seq);
        }
    }
}

/// Calls the readers whose inbox has changed. One step.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let Some(cursor) = app.live().next() else { return Ok(0) };
        let changed = app.db().read::<_, db::Error>(move |tx| changed(tx, cursor)).await?;
        let count = changed.len();
        app.live().call(changed);
        Ok(count)
    }
    .boxed()
}

fn changed(tx: &mut Tx, cursor: i64) -> Result<Vec<(i64, Reader)>, db::Error> {
    let sql = "SELECT seq, body FROM event WHERE kind = 'inbox.changed' AND seq > $1 ORDER BY seq LIMIT $2";
    debug_assert_eq!(Changed::KIND, "inbox.changed", "the index is on this kind");
    let rows = tx.all(sql, values![cursor, STEP], |row| Ok((row.next::<i64>()?, row.next::<String>()?)))?;
    let read = |(seq, body): (i64, String)| {
        let unreadable = |why: String| db::Error::Engine(format!("the body of an inbox event: {why}"));
        let changed: Changed = serde_json::from_str(&body).map_err(|e| unreadable(e.to_string()))?;
        let reader = Reader::read(&changed.reader).ok_or_else(|| unreadable("no reader".to_owned()))?;
        Ok((seq, reader))
    };
    rows.into_iter().map(read).collect()
}

/// How many wait, and how the frame says it.
#[derive(Serialize)]
struct Count {
    count: i64,
    told: String,
}

/// What a connection needs while it lasts.
struct Open {
    app: App,
    person: Person,
    words: Words,
    calls: broadcast::Receiver<Reader>,
    end: watch::Receiver<bool>,
    place: Connection<Reader>,
    told: Option<i64>,
}

/// How it stands: the number of the last event, and how many wait; none when the login session has ended.
type Standing = Option<(i64, i64)>;

async fn standing(app: &App, person: Person, reader: Reader) -> Result<Standing, db::Error> {
    let read = move |tx: &mut Tx| {
        if !session::is_alive(tx, &person)? {
            return Ok(None);
        }
        Ok(Some((follower::last(tx)?, store::unread(tx, reader)?)))
    };
    app.db().read(read).await
}

/// The count, and every change of it until the session ends. With `?once=1` the count alone.
pub async fn watch(State(app): State<App>, context: Ctx, person: Person) -> Result<Response, Error> {
    let reader = Reader::of(&app, person.subject());
    let place = app.live().0.open.admit(reader, MOST, LOOK.as_secs())?;
    let (calls, end) = (app.live().0.calls.subscribe(), app.live().0.end.subscribe());
    let standing = standing(&app, person, reader).await?;
    let (last, count) = standing.ok_or_else(Error::unauthenticated)?;
    app.live().begin(last);
    let words = Words::new(app.catalogue(), context.locale);
    let first = stream::iter([Ok::<_, Infallible>(told(&words, count))]);
    let background = Extension(Background);
    if context.parameter("once").as_deref() == Some("1") {
        return Ok(nobodys((background, Sse::new(first)).into_response()));
    }
    let open = Open { app, person, words, calls, end, place, told: Some(count) };
    let whole = Sse::new(first.chain(changes(open))).keep_alive(KeepAlive::new().interval(LOOK));
    Ok(nobodys((background, whole).into_response()))
}

/// A stream says `no-cache` of itself, which would let it be kept.
fn nobodys(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn told(words: &Words, count: i64) -> Event {
    let told = Count { count, told: words.text("inbox-badge", &[("n", count.into())]) };
    Event::default().json_data(&told).unwrap_or_default()
}

/// Every change of the count.
fn changes(open: Open) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(open, |mut open| async move {
        loop {
            if !open.called().await {
                return None;
            }
            match standing(&open.app, open.person, open.place.holder()).await {
                Ok(None) => return None,
                Ok(Some((_, count))) if open.told != Some(count) => {
                    open.told = Some(count);
                    return Some((Ok(told(&open.words, count)), open));
                }
                // A database that cannot be asked says nothing; the next look may.
                Ok(Some(_)) | Err(_) => {}
            }
        }
    })
}

impl Open {
    /// Waits until it is time to look. False when the process ends.
    async fn called(&mut self) -> bool {
        let own = self.place.holder();
        let calls = &mut self.calls;
        let call = async {
            loop {
                match calls.recv().await {
                    Ok(reader) if reader != own => {}
                    // Of who is called too often some calls are lost: one look is as good as all of them.
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return true,
                    Err(broadcast::error::RecvError::Closed) => return false,
                }
            }
        };
        tokio::select! {
            goes_on = call => goes_on,
            () = tokio::time::sleep(LOOK) => true,
            _ = self.end.wait_for(|end| *end) => false,
        }
    }
}
