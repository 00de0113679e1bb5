//! Filters for this room's templates: the house's, and names that exist in both languages.

pub use crate::web::filters::*;

use super::facts::Name;
use super::source::{Moment, Precision};
use crate::web::{Locale, Scene};
use askama::{Result, Values, filter_fn};

fn scene(values: &dyn Values) -> Result<&Scene> {
    askama::get_value(values, "scene")
}

/// `{{ region|named }}`: a name in the reader's language.
#[filter_fn]
pub fn named(name: &Name, values: &dyn Values) -> Result<String> {
    let zh = scene(values)?.words.locale == Locale::Zh;
    Ok(if zh { name.zh } else { name.en }.to_owned())
}

/// `{{ moment|moment }}`: `2026-11-23 14:00`, or the date where the source gives no more.
#[filter_fn]
pub fn moment(moment: &Moment, values: &dyn Values) -> Result<String> {
    let zoned = moment.at.to_zoned_datetime(scene(values)?.zone.clone());
    let form = if moment.precision == Precision::DateOnly { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" };
    Ok(zoned.strftime(form).to_string())
}
