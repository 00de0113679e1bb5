//! What a side of a thread hands over when it reports the other, and what a decision does to the thread. The operator gets the messages that
//! a side names, and has no other way to them.

use super::file;
use super::message;
use super::seal::{Keys, Place};
use super::thread;
use super::{Message, Thread};
use crate::app::App;
use crate::identity::company::Company;
use crate::web::{Correspondent, Error};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// A message with its text, for a side of its thread.
#[derive(Clone, Debug)]
pub struct Handed {
    /// Which.
    pub id: Id<Message>,
    /// Its number in the thread.
    pub n: i64,
    /// Who wrote it.
    pub company: Id<Company>,
    /// The writer's number.
    pub member: i64,
    /// When.
    pub sent_at: Timestamp,
    /// What.
    pub text: String,
    /// Its files.
    pub files: Vec<file::Line>,
}

/// The other company of a thread of the member's.
///
/// # Errors
/// 404.
pub fn other_side(tx: &mut Tx, member: &Correspondent, id: Id<Thread>) -> Result<Id<Company>, Error> {
    Ok(thread::find(tx, member, id)?.other)
}

/// The messages of a thread that can be handed over, the newest page of them, oldest first; with the other company's name.
///
/// # Errors
/// 404; 503.
pub async fn newest(app: &App, member: &Correspondent, id: Id<Thread>) -> Result<(String, Vec<Handed>), Error> {
    let who = member.clone();
    let read = move |tx: &mut Tx| {
        let (side, kept) = (thread::find(tx, &who, id)?, message::list(tx, id, None)?);
        let files = file::of_messages(tx, id, &kept)?;
        Ok::<_, Error>((side, kept, files))
    };
    let (side, kept, files) = app.db().read(read).await?;
    let keys = Keys::of(app, [side.company, side.other]).await?;
    let mut all = Vec::new();
    for one in kept.into_iter().rev().filter(|one| one.taken_down_at.is_none()) {
        let Some(body) = &one.body else { continue };
        let text = keys.open(one.company, Place::Message, one.id, body)?;
        let (n, company, member, sent_at) = (one.n, one.company, one.member, one.sent_at);
        let named = files.iter().filter(|file| file.n == n).map(|file| file.line(&keys));
        let files = named.collect::<Result<_, _>>()?;
        all.push(Handed { id: one.id, n, company, member, sent_at, text, files });
    }
    Ok((side.other_name, all))
}

/// The files of a message that is handed over, opened.
///
/// # Errors
/// 404; 503.
pub async fn files(app: &App, member: &Correspondent, id: Id<Thread>, n: i64) -> Result<Vec<file::Opened>, Error> {
    let who = member.clone();
    let read = move |tx: &mut Tx| {
        let side = thread::find(tx, &who, id)?;
        Ok::<_, Error>((side, file::of_message(tx, id, n)?))
    };
    let (side, kept) = app.db().read(read).await?;
    let keys = Keys::of(app, [side.company, side.other]).await?;
    let mut opened = Vec::with_capacity(kept.len());
    for one in kept {
        opened.push(one.open(app, &keys).await?);
    }
    Ok(opened)
}

/// Takes messages down, or puts them back: both sides see that, and while they are down no text.
///
/// # Errors
/// [`db::Error`].
pub fn take_down(tx: &mut Tx, messages: &[Id<Message>], down: bool) -> Result<(), db::Error> {
    let at = down.then(|| tx.now());
    for id in messages {
        tx.execute("UPDATE thread_message SET taken_down_at = $1 WHERE id = $2", values![at, *id])?;
    }
    Ok(())
}

/// Closes a thread after a report, or opens it again, unless a company's end has closed it.
///
/// # Errors
/// [`db::Error`].
pub fn close(tx: &mut Tx, id: Id<Thread>, closed: bool) -> Result<(), db::Error> {
    let (at, why) = (closed.then(|| tx.now()), closed.then_some("operator"));
    let sql = "UPDATE thread SET closed_at = $1, closed_why = $2 WHERE id = $3 AND (closed_why IS NULL OR closed_why = 'operator')";
    tx.execute(sql, values![at, why, id]).map(drop)
}
