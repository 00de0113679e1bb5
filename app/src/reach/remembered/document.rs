//! The document: what is remembered of one person's searching.

use super::form::{Display, New};
use crate::reach::notice::Filter;
use crate::web::Error;
use jiff::tz::TimeZone;
use kit::id::Id;
use serde::{Deserialize, Serialize};

/// How many searches a person can keep.
pub const MOST: usize = 30;

/// All of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Document {
    /// In the order in which they were kept.
    pub searches: Vec<Search>,
    /// How lists are shown.
    pub display: Display,
}

/// A search under its name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Search {
    /// As the form that kept it carried it.
    pub id: Id<Search>,
    /// What its person calls it.
    pub name: String,
    /// The parameters of the list of notices.
    pub pairs: Vec<(String, String)>,
}

impl Document {
    /// As it was sealed.
    ///
    /// # Errors
    /// 500 when the seal held something else.
    pub fn of(opened: &vault::Search) -> Result<Self, Error> {
        serde_json::from_str(opened.expose()).map_err(Error::fault)
    }

    /// Ready to be sealed.
    ///
    /// # Errors
    /// 409 `too-many-searches` when it has grown past what a sealed document holds.
    pub fn to_seal(&self) -> Result<vault::Search, Error> {
        let text = serde_json::to_string(self).map_err(Error::fault)?;
        text.parse().map_err(|_| Error::conflict("too-many-searches").with("most", MOST))
    }

    /// Keeps one more; the same again is the same.
    ///
    /// # Errors
    /// 409 `too-many-searches`.
    pub fn keep(&mut self, new: &New) -> Result<(), Error> {
        if self.searches.iter().any(|search| search.id == new.id) {
            return Ok(());
        }
        if self.searches.len() >= MOST {
            return Err(Error::conflict("too-many-searches").with("most", MOST));
        }
        let pairs = new.filter.pairs().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        self.searches.push(Search { id: new.id, name: new.name.clone(), pairs });
        Ok(())
    }

    /// Forgets one.
    ///
    /// # Errors
    /// 404 when there is none of this id.
    pub fn remove(&mut self, id: Id<Search>) -> Result<(), Error> {
        let count = self.searches.len();
        self.searches.retain(|search| search.id != id);
        if self.searches.len() < count { Ok(()) } else { Err(Error::not_found()) }
    }
}

impl Search {
    /// Where it leads, shown as its person likes it. A parameter that the list does not understand any more is left out.
    pub fn address(&self, display: &Display) -> String {
        let mut filter = Filter::default();
        for (name, value) in &self.pairs {
            let mut with = filter.clone();
            if with.take(name, value) {
                filter = with;
            }
        }
        filter.compact = display.compact;
        filter.address(None)
    }
}

/// The filter that a query of the list's address means.
///
/// # Errors
/// 400 `notice-filter`, naming the parameter.
pub fn filter(query: &str) -> Result<Filter, Error> {
    Filter::parse(query, TimeZone::UTC).map(|(filter, _)| Filter { compact: false, ..filter })
}
