//! Questions as they lie, whatever they are about: a table for each kind of thing, with a column that names the thing. What may be asked and
//! answered when is the affair of the room that the thing belongs to.

use super::{Asking, Question, mark, read};
use crate::app::App;
use crate::identity::company::{self, Company};
use crate::web::Error;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;

/// Where questions lie.
pub struct Table {
    name: &'static str,
    about: &'static str,
}

impl Table {
    /// The table of this name, and its column of what is asked about.
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Self { name, about }
    }

    /// Stores a question with the mark of who asks. Answers whether it is new: the same form again is the same question.
    ///
    /// # Errors
    /// 404 where the id is another's.
    pub fn insert<T>(&self, tx: &mut Tx, about: Id<T>, asker: [u8; 32], asking: &Asking) -> Result<bool, Error> {
        let (now, table, column) = (tx.now(), self.name, self.about);
        let sql = format!(
            "INSERT INTO {table} (id, {column}, asker, text, asked_at, version) VALUES ($1, $2, $3, $4, $5, 1) \
             ON CONFLICT (id) DO NOTHING"
        );
        if tx.execute(&sql, values![asking.id, about, asker, &asking.text, now])? == 1 {
            return Ok(true);
        }
        let sql = format!("SELECT 1 FROM {table} WHERE id = $1 AND {column} = $2 AND asker = $3");
        let own = tx.first(&sql, values![asking.id, about, asker], |row| row.next::<i64>())?;
        own.map(|_| false).ok_or_else(Error::not_found)
    }

    /// A question, whoever asks: what it is about, what was asked, what was answered.
    ///
    /// # Errors
    /// 404.
    pub fn find<T>(&self, tx: &mut Tx, id: Id<Question>) -> Result<(Id<T>, String, Option<String>), Error> {
        let sql = format!("SELECT {}, text, answer FROM {} WHERE id = $1", self.about, self.name);
        let found = tx.first(&sql, values![id], |row| {
            Ok((row.next::<Id<T>>()?, row.next::<String>()?, row.next::<Option<String>>()?))
        })?;
        found.ok_or_else(Error::not_found)
    }

    /// Stores an answer.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn answer(&self, tx: &mut Tx, id: Id<Question>, text: &str) -> Result<(), db::Error> {
        let now = tx.now();
        let sql =
            format!("UPDATE {} SET answer = $1, answered_at = $2, version = version + 1 WHERE id = $3", self.name);
        tx.execute(&sql, values![text, now, id]).map(drop)
    }

    /// What a company reads of the questions about something: answered ones; whose it is all, an asker its own.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn list<T>(
        &self,
        tx: &mut Tx,
        app: &App,
        about: Id<T>,
        (company, is_theirs): (Option<Id<Company>>, bool),
    ) -> Result<Vec<Question>, db::Error> {
        // No company has the id of zeroes.
        let own = mark(app, about, company.unwrap_or(Id::from_bytes([0; 16])));
        let sql = format!(
            "SELECT id, text, asked_at, answer, answered_at, asker FROM {} WHERE {} = $1 ORDER BY asked_at, id LIMIT 500",
            self.name, self.about
        );
        let mut questions = tx.all(&sql, values![about], |row| read(row, &own))?;
        questions.retain(|one| one.answer.is_some() || is_theirs || one.own);
        Ok(questions)
    }

    /// Whether a question about something has no answer yet.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn waits<T>(&self, tx: &mut Tx, about: Id<T>) -> Result<bool, db::Error> {
        let sql = format!("SELECT 1 FROM {} WHERE {} = $1 AND answer IS NULL LIMIT 1", self.name, self.about);
        Ok(tx.first(&sql, values![about], |row| row.next::<i64>())?.is_some())
    }

    /// The company that asked, for the program that tells it of the answer, and for nobody else: each provider's keyed hash is tried.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn asked_by(&self, tx: &mut Tx, app: &App, question: Id<Question>) -> Result<Option<Id<Company>>, db::Error> {
        let sql = format!("SELECT {}, asker FROM {} WHERE id = $1", self.about, self.name);
        let found = tx.first(&sql, values![question], |row| Ok((row.next::<Id<()>>()?, row.next::<[u8; 32]>()?)))?;
        let Some((about, asker)) = found else { return Ok(None) };
        Ok(company::providers(tx)?.into_iter().find(|company| mark(app, about, *company) == asker))
    }
}

/// Whether this very answer was given already.
///
/// # Errors
/// 409 `question-answered` where another one was.
pub fn is_answered(answered: Option<&str>, text: &str) -> Result<bool, Error> {
    match answered {
        None => Ok(false),
        // The same form again.
        Some(same) if same == text => Ok(true),
        Some(_) => Err(Error::conflict("question-answered")),
    }
}
