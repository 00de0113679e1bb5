//! What happens in sessions, to all who follow: server-sent events (HTML, 9.2), each with the number of its last entry as its id.
//!
//! One task of each process reads a lot's entries, whichever process has written them, and hands them to all who follow it there: one
//! query, however many they are. Who connects again says by `Last-Event-ID` what they have seen last, and gets everything after it:
//! it is subscribed before it reads what it has missed, and the numbers have no gaps, so that nothing is lost and nothing comes
//! twice. What is sent is the same for every reader.

use super::offer::{Accepted, Asked, TOGETHER, take};
use super::page::follow;
use crate::app::App;
use crate::identity::account::Account;
use crate::sourcing::tender::Lot;
use crate::sourcing::tender::auction::entry::{self, BATCH, Entry};
use crate::web::{Actor, At, Background, Connection, Ctx, Error, Places};
use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt, stream};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderValue};
use kit::db::{self, Db, Shared, Tx};
use kit::id::Id;
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// How often what other processes have written is looked for; what this one writes is told at once.
const LOOK: Duration = Duration::from_millis(200);
/// How often a connection looks whether its reader is who they were, and may follow still.
const SESSION: Duration = Duration::from_secs(30);
/// After how long a browser whose connection is lost connects again.
const AGAIN: Duration = Duration::from_secs(1);
/// How many batches may wait for a slow connection; it then reads what it has missed by itself.
const CALLS: usize = 64;
/// How many connections somebody may hold with one process.
const MOST: usize = 8;

/// The sessions, as this process serves them.
#[derive(Clone)]
pub struct Auctions(Arc<Inner>);

struct Inner {
    offers: Shared<Asked, Result<Accepted, Error>>,
    followed: Mutex<HashMap<Id<Lot>, Followed>>,
    places: Places<Follower>,
    end: watch::Sender<bool>,
    look: watch::Sender<()>,
}

/// A lot that somebody follows here.
struct Followed {
    calls: broadcast::Sender<Arc<Batch>>,
    wake: Arc<Notify>,
}

/// What has happened since the last one.
struct Batch {
    first: i64,
    last: i64,
    data: String,
}

/// Who follows: an account, or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Follower {
    Account(Id<Account>),
    Address(IpAddr),
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Auctions {
    /// Over this database.
    pub fn new(db: &Db) -> Self {
        let offers = Shared::writing(db, TOGETHER, |tx, asked: &[Asked]| take(tx, asked));
        let (followed, places) = (Mutex::default(), Places::default());
        let (end, look) = (watch::Sender::new(false), watch::Sender::new(()));
        Self(Arc::new(Inner { offers, followed, places, end, look }))
    }

    /// Has every connection look at once whether its reader may follow still, as each does when its time comes.
    pub fn look(&self) {
        self.0.look.send_replace(());
    }

    /// Ends every connection: the process is about to.
    pub fn end(&self) {
        self.0.end.send_replace(true);
    }

    /// Makes an offer. What is answered is stored.
    ///
    /// # Errors
    /// Why it is not taken; 503 when the database cannot be asked, or the outcome is not known.
    pub async fn offer(&self, asked: Asked) -> Result<Accepted, Error> {
        let lot = asked.lot;
        let answer = self.0.offers.ask(asked).await?;
        if let Some(followed) = held(&self.0.followed).get(&lot) {
            followed.wake.notify_one();
        }
        answer
    }

    /// What happens in a lot from now on. `last`: the number of its last entry, for who reads first.
    fn subscribe(&self, app: &App, lot: Id<Lot>, last: i64) -> broadcast::Receiver<Arc<Batch>> {
        let mut followed = held(&self.0.followed);
        if let Some(known) = followed.get(&lot) {
            return known.calls.subscribe();
        }
        let (calls, receiver) = broadcast::channel(CALLS);
        let wake = Arc::new(Notify::new());
        followed.insert(lot, Followed { calls: calls.clone(), wake: wake.clone() });
        tokio::spawn(read_on(app.clone(), lot, last, calls, wake));
        receiver
    }

    /// Whether nobody follows a lot any more; then it is forgotten.
    fn is_left(&self, lot: Id<Lot>) -> bool {
        let mut followed = held(&self.0.followed);
        let is_left = followed.get(&lot).is_none_or(|known| known.calls.receiver_count() == 0);
        if is_left {
            followed.remove(&lot);
        }
        is_left
    }
}

/// Reads what happens in a lot for all who follow it here, as long as somebody does.
async fn read_on(app: App, lot: Id<Lot>, mut last: i64, calls: broadcast::Sender<Arc<Batch>>, wake: Arc<Notify>) {
    let mut end = app.auctions().0.end.subscribe();
    loop {
        tokio::select! {
            () = wake.notified() => {}
            () = sleep(LOOK) => {}
            _ = end.wait_for(|end| *end) => return,
        }
        if app.auctions().is_left(lot) {
            return;
        }
        // A database that cannot be asked says nothing; the next look may.
        let Some(batch) = missed(&app, lot, last).await.ok().flatten() else { continue };
        if batch.last - last >= BATCH {
            wake.notify_one();
        }
        last = batch.last;
        // Who has just gone hears nothing, and need not.
        drop(calls.send(Arc::new(batch)));
    }
}

/// What has happened after a number; nothing where nothing has.
async fn missed(app: &App, lot: Id<Lot>, last: i64) -> Result<Option<Batch>, db::Error> {
    let entries = app.db().read::<_, db::Error>(move |tx| entry::after(tx, lot, last)).await?;
    let ends = entries.first().zip(entries.last()).map(|(first, last)| (first.number, last.number));
    Ok(ends.map(|(first, last)| Batch { first, last, data: told(&entries) }))
}

fn told(entries: &[Entry]) -> String {
    serde_json::to_string(entries).unwrap_or_default()
}

/// What a connection needs while it lasts.
struct Open {
    app: App,
    lot: Id<Lot>,
    /// The last number that was sent.
    sent: i64,
    /// Whether something before what is called may be missing.
    is_behind: bool,
    /// Its reader, as they were when it was opened.
    actor: Actor,
    look_at: Instant,
    calls: broadcast::Receiver<Arc<Batch>>,
    end: watch::Receiver<bool>,
    look: watch::Receiver<()>,
    _place: Connection<Follower>,
}

/// What happens in a lot, from after the number that was seen last.
pub async fn watch(
    State(app): State<App>,
    context: Ctx,
    actor: Actor,
    At(lot): At<Id<Lot>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let follower = actor.person().map_or(Follower::Address(context.ip), |person| Follower::Account(person.account()));
    let place = app.auctions().0.places.admit(follower, MOST, SESSION.as_secs())?;
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let seen = seen.or_else(|| context.parameter("seen")).and_then(|number| number.trim().parse::<i64>().ok());
    let (reader, look) = (actor.clone(), app.auctions().0.look.subscribe());
    let last = app.db().read(move |tx| Ok::<_, Error>(follow(tx, &reader, lot)?.2.entries)).await?;
    let calls = app.auctions().subscribe(&app, lot, last);
    let open = Open {
        lot,
        // Nobody has seen what has not happened.
        sent: seen.unwrap_or(0).clamp(0, last),
        is_behind: true,
        actor,
        look_at: Instant::now() + SESSION,
        calls,
        end: app.auctions().0.end.subscribe(),
        look,
        _place: place,
        app,
    };
    let first = stream::iter([Ok::<_, Infallible>(Event::default().retry(AGAIN).comment("auction"))]);
    let whole = Sse::new(first.chain(happening(open))).keep_alive(KeepAlive::new().interval(SESSION / 2));
    let mut response = (Extension(Background), whole).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn happening(open: Open) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(open, |mut open| async move {
        let batch = open.next().await?;
        open.sent = batch.last;
        Some((Ok(Event::default().id(batch.last.to_string()).data(&batch.data)), open))
    })
}

impl Open {
    /// What comes next; nothing when the connection is to end.
    async fn next(&mut self) -> Option<Arc<Batch>> {
        loop {
            if self.is_behind {
                match missed(&self.app, self.lot, self.sent).await {
                    Ok(Some(batch)) => return Some(Arc::new(batch)),
                    Ok(None) => self.is_behind = false,
                    Err(_) => sleep(LOOK).await,
                }
            }
            let looks = tokio::select! {
                call = self.calls.recv() => match call {
                    Ok(batch) if batch.last <= self.sent => false,
                    Ok(batch) if batch.first == self.sent + 1 => return Some(batch),
                    // Some were lost on the way, or were read beside it.
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {
                        self.is_behind = true;
                        false
                    }
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
                () = sleep_until(self.look_at) => true,
                _ = self.look.changed() => true,
                _ = self.end.wait_for(|end| *end) => return None,
            };
            if looks {
                self.look_at = Instant::now() + SESSION;
                if !self.goes_on().await {
                    return None;
                }
            }
        }
    }

    /// Whether its reader is who they were: signed in, for the same company, which stands as it did; and may follow still. Whoever is somebody
    /// else by now connects again, and is told what they may read then. A database that cannot be asked says nothing.
    async fn goes_on(&self) -> bool {
        let (actor, lot, versions) = (self.actor.clone(), self.lot, self.app.policies().versions());
        let look = move |tx: &mut Tx| match actor.again(tx, versions)? {
            Some(now) if now.acts_as(&actor) => may_follow(tx, &now, lot),
            Some(_) | None => Ok(false),
        };
        self.app.db().read::<_, Error>(look).await.unwrap_or(true)
    }
}

fn may_follow(tx: &mut Tx, actor: &Actor, lot: Id<Lot>) -> Result<bool, Error> {
    match follow(tx, actor, lot) {
        Ok(_) => Ok(true),
        Err(refusal) if refusal.status.is_client_error() => Ok(false),
        Err(error) => Err(error),
    }
}
