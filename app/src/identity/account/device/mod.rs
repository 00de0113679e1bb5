//! Devices (设备): the browsers that a person has signed in with, told apart by a cookie of their own. A sign-in from a new one
//! is told to its person by mail, with a link under which they can say that it was not them ([`denial`]).

pub mod denial;
pub mod link;

use super::Account;
use super::letter::{self, Letter};
use crate::app::App;
use crate::web::session::{LoginSession, Token};
use crate::web::{Context, Error};
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;

/// A browser that somebody has signed in with.
pub struct Device;

/// How long one is remembered without being used: as long as its cookie.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24 * 365);

/// With which browser somebody is about to sign in.
pub struct Arrival {
    id: Id<Device>,
    /// The cookie, where the browser has none yet.
    cookie: Option<String>,
    mark: [u8; 32],
    letter: Letter,
}

impl Arrival {
    /// Of the browser that sent this request; a new one gets a cookie.
    pub fn new(app: &App, context: &Context, account: Id<Account>, session: Id<LoginSession>) -> Self {
        let known = context.device.clone();
        let token = known.clone().unwrap_or_else(|| Token::new(app.random()));
        let cookies = app.cookies();
        let cookie = known.is_none().then(|| cookies.set(cookies.device(), token.expose(), Some(KEPT.as_secs())));
        let letter = Letter::new("letter-new-device")
            .with("at", context.now.to_zoned_datetime(app.zone()).strftime("%Y-%m-%d %H:%M").to_string())
            .with("link", app.config().address(&link::path(app, session)));
        Self {
            id: app.random().id(),
            cookie,
            mark: app.mark("device", &[account.as_bytes(), token.hash().as_slice()]),
            letter,
        }
    }

    /// What the browser keeps, where it is new.
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// Notes it, as part of the unit that begins the session, and writes to the person when it is new to an account that has
    /// others. Answers which it is.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn note(&self, tx: &mut Tx, account: Id<Account>) -> Result<Id<Device>, db::Error> {
        let now = tx.now();
        let find = "SELECT id FROM device WHERE mark = $1";
        if let Some(id) = tx.first(find, values![&self.mark], |row| row.next())? {
            tx.execute("UPDATE device SET seen_at = $1 WHERE id = $2", values![now, id])?;
            return Ok(id);
        }
        let others = "SELECT 1 FROM device WHERE account = $1 LIMIT 1";
        let is_first = tx.first(others, values![account], |row| row.next::<i64>())?.is_none();
        let sql = "INSERT INTO device (id, account, mark, first_at, seen_at) VALUES ($1, $2, $3, $4, $4)";
        tx.execute(sql, values![self.id, account, &self.mark, now])?;
        if !is_first && policy::holds(Control::NewDeviceTold) {
            letter::to_account(tx, account, &self.letter)?;
        }
        Ok(self.id)
    }
}

/// Forgets those that were not used for as long as their cookie lives. Answers how many.
///
/// # Errors
/// [`db::Error`].
pub fn sweep(tx: &mut Tx) -> Result<u64, db::Error> {
    let before = tx.now().checked_sub(KEPT).unwrap_or(tx.now());
    tx.execute("DELETE FROM device WHERE seen_at < $1", values![before])
}

/// Forgets all of an account that ends, and answers how many there were.
///
/// # Errors
/// [`Error`] of the database.
pub fn forget(tx: &mut Tx, account: Id<Account>) -> Result<u64, Error> {
    Ok(tx.execute("DELETE FROM device WHERE account = $1", values![account])?)
}
