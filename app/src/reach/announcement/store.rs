//! Every query about announcements. What is published is public; drafts are the publisher's.

use super::form::{Changed, Wanted, Words};
use crate::web::{Bulletin, Error, Instant, Locale, Publisher};
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// What an announcement's id is of: the line on top of pages.
pub type Marker = Bulletin;

/// How many a list shows.
const MOST: i64 = 50;

/// Where an announcement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "AnnouncementState")]
pub enum State {
    /// 草稿: nobody but the publishers sees it.
    Draft,
    /// 已公布: everybody does.
    Published,
    /// 已撤回: nobody does any more.
    Withdrawn,
}

impl State {
    fn of_code(code: &str) -> Self {
        match code {
            "draft" => Self::Draft,
            "published" => Self::Published,
            _ => Self::Withdrawn,
        }
    }
}

/// An announcement.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Announcement {
    /// Its id.
    pub id: Id<Marker>,
    /// Where it stands.
    pub state: State,
    /// Its title in Chinese.
    pub title_zh: String,
    /// And in English.
    pub title_en: String,
    /// Its text in Chinese.
    pub body_zh: String,
    /// And in English.
    pub body_en: String,
    /// Until when it stands on top of pages.
    #[schemars(with = "Instant")]
    pub ends_at: Timestamp,
    /// When it was drafted.
    #[schemars(with = "Instant")]
    pub drafted_at: Timestamp,
    /// When it was published.
    #[schemars(with = "Option<Instant>")]
    pub published_at: Option<Timestamp>,
    /// When it was withdrawn.
    #[schemars(with = "Option<Instant>")]
    pub withdrawn_at: Option<Timestamp>,
    /// Grows with each change.
    pub version: i64,
    /// Whether its time on top of pages is over.
    pub is_over: bool,
}

impl Announcement {
    /// Its title in a language.
    pub fn title(&self, locale: impl std::borrow::Borrow<Locale>) -> &str {
        locale.borrow().pick(&self.title_zh, &self.title_en)
    }

    /// Its paragraphs in a language.
    pub fn paragraphs(&self, locale: impl std::borrow::Borrow<Locale>) -> impl Iterator<Item = &str> {
        let text = locale.borrow().pick(self.body_zh.as_str(), self.body_en.as_str());
        text.lines().filter(|line| !line.trim().is_empty())
    }

    /// Kind, glyph and key of its state.
    pub fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match self.state {
            State::Draft => ("", "ring", "announcement-draft"),
            State::Withdrawn => ("", "x", "announcement-withdrawn"),
            State::Published if self.is_over => ("", "stop", "announcement-over"),
            State::Published => ("live", "ok", "announcement-published"),
        }
    }
}

/// One was drafted, changed, published or withdrawn.
#[derive(Serialize)]
struct Told {
    announcement: Id<Marker>,
    act: &'static str,
}

impl Fact for Told {
    const KIND: &'static str = "announcement.changed";
}

const COLUMNS: &str = "SELECT id, state, title_zh, title_en, body_zh, body_en, ends_at, drafted_at, published_at, \
     withdrawn_at, version FROM announcement";

fn row(row: &mut Row<'_>, now: Timestamp) -> Result<Announcement, db::Error> {
    let (id, state) = (row.next()?, State::of_code(&row.next::<String>()?));
    let (title_zh, title_en, body_zh, body_en) = (row.next()?, row.next()?, row.next()?, row.next()?);
    let ends_at: Timestamp = row.next()?;
    let (drafted_at, published_at, withdrawn_at) = (row.next()?, row.next()?, row.next()?);
    let (version, is_over) = (row.next()?, ends_at <= now);
    Ok(Announcement {
        id,
        state,
        title_zh,
        title_en,
        body_zh,
        body_en,
        ends_at,
        drafted_at,
        published_at,
        withdrawn_at,
        version,
        is_over,
    })
}

/// What is published, the newest first: those that stand, and those whose time is over.
///
/// # Errors
/// [`db::Error`].
pub fn published(tx: &mut Tx) -> Result<Vec<Announcement>, db::Error> {
    let now = tx.now();
    let sql = format!("{COLUMNS} WHERE state = 'published' ORDER BY published_at DESC, id DESC LIMIT {MOST}");
    tx.all(&sql, &[], |one| row(one, now))
}

/// A published one.
///
/// # Errors
/// 404 for a draft, and what was withdrawn.
pub fn public(tx: &mut Tx, id: Id<Marker>) -> Result<Announcement, Error> {
    let now = tx.now();
    let found =
        tx.first(&format!("{COLUMNS} WHERE id = $1 AND state = 'published'"), values![id], |one| row(one, now))?;
    found.ok_or_else(Error::not_found)
}

/// All of them, the newest draft first.
///
/// # Errors
/// [`db::Error`].
pub fn all(tx: &mut Tx, _: &Publisher) -> Result<Vec<Announcement>, db::Error> {
    let now = tx.now();
    let sql = format!("{COLUMNS} ORDER BY drafted_at DESC, id DESC LIMIT {MOST}");
    tx.all(&sql, &[], |one| row(one, now))
}

/// One of them.
///
/// # Errors
/// 404.
pub fn find(tx: &mut Tx, _: &Publisher, id: Id<Marker>) -> Result<Announcement, Error> {
    let now = tx.now();
    let found = tx.first(&format!("{COLUMNS} WHERE id = $1"), values![id], |one| row(one, now))?;
    found.ok_or_else(Error::not_found)
}

fn tell(tx: &mut Tx, publisher: &Publisher, id: Id<Marker>, act: &'static str) -> Result<(), db::Error> {
    let scope = Scope { actor: Some(*publisher.subject().as_bytes()), ..Scope::default() };
    event::record(tx, scope, &Told { announcement: id, act }).map(drop)
}

/// Drafts one; the same id again is the same one.
///
/// # Errors
/// 404 when the id is another publisher's.
pub fn draft(tx: &mut Tx, publisher: &Publisher, wanted: &Wanted) -> Result<Announcement, Error> {
    publisher.still(tx)?;
    let (now, words) = (tx.now(), &wanted.words);
    let made = tx.execute(
        "INSERT INTO announcement (id, state, title_zh, title_en, body_zh, body_en, ends_at, drafted_by, drafted_at, version) \
         VALUES ($1, 'draft', $2, $3, $4, $5, $6, $7, $8, 1) ON CONFLICT (id) DO NOTHING",
        values![
            wanted.id,
            &words.title_zh,
            &words.title_en,
            &words.body_zh,
            &words.body_en,
            words.ends_at,
            publisher.account(),
            now
        ],
    )?;
    if made == 1 {
        tell(tx, publisher, wanted.id, "drafted")?;
    }
    let sql = "SELECT 1 FROM announcement WHERE id = $1 AND drafted_by = $2";
    let is_own = tx.first(sql, values![wanted.id, publisher.account()], |row| row.next::<i64>())?.is_some();
    if is_own { find(tx, publisher, wanted.id) } else { Err(Error::not_found()) }
}

/// A draft, as it was read.
fn as_read(tx: &mut Tx, publisher: &Publisher, id: Id<Marker>, version: i64) -> Result<Announcement, Error> {
    publisher.still(tx)?;
    let found = find(tx, publisher, id)?;
    if found.state != State::Draft {
        return Err(Error::conflict("announcement-not-a-draft"));
    }
    if found.version == version { Ok(found) } else { Err(Error::stale()) }
}

/// Changes a draft.
///
/// # Errors
/// 404; 409 `announcement-not-a-draft`; 412 `stale`.
pub fn change(tx: &mut Tx, publisher: &Publisher, id: Id<Marker>, changed: &Changed) -> Result<Announcement, Error> {
    as_read(tx, publisher, id, changed.version)?;
    let Words { title_zh, title_en, body_zh, body_en, ends_at } = &changed.words;
    tx.execute(
        "UPDATE announcement SET title_zh = $1, title_en = $2, body_zh = $3, body_en = $4, ends_at = $5, \
         version = version + 1 WHERE id = $6",
        values![title_zh, title_en, body_zh, body_en, *ends_at, id],
    )?;
    tell(tx, publisher, id, "changed")?;
    find(tx, publisher, id)
}

/// Publishes a draft as it was read.
///
/// # Errors
/// 404; 409 `announcement-not-a-draft`, `announcement-past` when its end has come; 412 `stale`.
pub fn publish(tx: &mut Tx, publisher: &Publisher, id: Id<Marker>, version: i64) -> Result<Announcement, Error> {
    if as_read(tx, publisher, id, version)?.is_over {
        return Err(Error::conflict("announcement-past"));
    }
    let now = tx.now();
    let sql = "UPDATE announcement SET state = 'published', published_by = $1, published_at = $2, version = version + 1 \
               WHERE id = $3";
    tx.execute(sql, values![publisher.account(), now, id])?;
    tell(tx, publisher, id, "published")?;
    find(tx, publisher, id)
}

/// Withdraws one, draft or published; one that is withdrawn stays so.
///
/// # Errors
/// 404.
pub fn withdraw(tx: &mut Tx, publisher: &Publisher, id: Id<Marker>) -> Result<Announcement, Error> {
    publisher.still(tx)?;
    if find(tx, publisher, id)?.state != State::Withdrawn {
        let now = tx.now();
        let sql = "UPDATE announcement SET state = 'withdrawn', withdrawn_by = $1, withdrawn_at = $2, \
                   version = version + 1 WHERE id = $3";
        tx.execute(sql, values![publisher.account(), now, id])?;
        tell(tx, publisher, id, "withdrawn")?;
    }
    find(tx, publisher, id)
}
