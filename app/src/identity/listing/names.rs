//! By which words columns and values are called in a spreadsheet, in every language.

use crate::web::Locale;
use crate::web::text::{Catalogue, Words};
use kit::sheet::Line;
use std::sync::Arc;

/// What stands between two values of one cell.
const BETWEEN: [char; 7] = ['、', ',', '，', ';', '；', '/', '|'];

/// The one column that has such a name; compared without regard to case.
pub fn column(head: &Line, names: &[&str]) -> Option<usize> {
    let is_named = |cell: &String| names.contains(&cell.trim_end_matches(['*', ':', ' ']).to_lowercase().as_str());
    let mut found = head.cells.iter().enumerate().filter(|(_, cell)| is_named(cell)).map(|(at, _)| at);
    let first = found.next();
    if found.next().is_none() { first } else { None }
}

/// By which words values are called: as the catalogue has them, and their codes.
pub struct Names<T>(Vec<(String, T)>);

impl<T: Copy> Names<T> {
    /// Of values with their code and the key of their word.
    pub fn of(catalogue: &Arc<Catalogue>, values: impl IntoIterator<Item = (T, &'static str, String)>) -> Self {
        let words = [Locale::Zh, Locale::En].map(|locale| Words::new(catalogue.clone(), locale));
        let called = |(value, code, key): (T, &'static str, String)| {
            let said = words.iter().map(|words| words.text(&key, &[]).to_lowercase());
            said.chain([code.to_owned()]).map(|name| (name, value)).collect::<Vec<_>>()
        };
        Self(values.into_iter().flat_map(called).collect())
    }

    /// The value that a name means.
    pub fn one(&self, name: &str) -> Option<T> {
        let name = name.trim().to_lowercase();
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// The values that a cell names; `None`: one of the names means nothing.
    pub fn several(&self, cell: &str) -> Option<Vec<T>> {
        let names = cell.split(BETWEEN).filter(|name| !name.trim().is_empty());
        names.map(|name| self.one(name)).collect()
    }
}
