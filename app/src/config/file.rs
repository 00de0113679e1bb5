//! `ziyun.toml`: a flat table.

use super::{Error, Origin, Setting, key};
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// Every key that the file sets.
pub(super) fn read(path: &Path) -> Result<Vec<(&'static str, Setting)>, Error> {
    let text =
        std::fs::read_to_string(path).map_err(|error| Error::File { path: path.to_owned(), why: error.to_string() })?;
    let line_of = |at: usize| text[..at].matches('\n').count() + 1;
    let table = DeTable::parse(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(span.start));
        Error::Toml { path: path.to_owned(), line, why: error.message().to_owned() }
    })?;
    let mut found = Vec::new();
    for (name, value) in table.get_ref() {
        let line = line_of(name.span().start);
        let origin = Origin::File(path.to_owned(), line);
        let name: &str = name.get_ref();
        let Some(key) = key::find(name) else { return Err(Error::unknown_key(name, origin)) };
        let Some(value) = text_of(value.get_ref()) else {
            let why = format!("{} is one value: a text, a number, true or false", key.name);
            return Err(Error::Toml { path: path.to_owned(), line, why });
        };
        found.push((key.name, Setting { value, origin }));
    }
    Ok(found)
}

fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Boolean(yes) => Some(i64::from(*yes).to_string()),
        _ => None,
    }
}
