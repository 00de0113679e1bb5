//! `periods.toml`: as it is read, the rules that it must keep, and its Rust.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Periods {
    period: Vec<Period>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Period {
    id: String,
    days: u16,
    /// The longest that the promises which rest on it allow.
    most: Option<u16>,
    zh: String,
    en: String,
    source: String,
}

/// Reads and checks, then writes one constant a period.
pub fn code(source: &str) -> Result<String, Vec<String>> {
    let periods: Periods = toml::from_str(source).map_err(|e| vec![format!("periods.toml: {e}").replace('\n', " ")])?;
    let mistakes = periods.mistakes();
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut out =
        "/// Periods that are no retention, each with its source.\npub mod period {\nuse super::Period;\n".to_owned();
    for Period { id, days, zh, en, source, .. } in &periods.period {
        let name = id.replace('-', "_").to_ascii_uppercase();
        let entry = format!("Period {{ id: {id:?}, days: {days}, zh: {zh:?}, en: {en:?}, source: {source:?} }}");
        writeln!(out, "/// {en}.\npub static {name}: Period = {entry};").expect("a String takes all");
    }
    Ok(out + "}\n")
}

impl Periods {
    fn mistakes(&self) -> Vec<String> {
        let (mut mistakes, mut seen) = (Vec::new(), BTreeSet::new());
        for Period { id, days, most, zh, en, source } in &self.period {
            if id.is_empty() || !id.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
                mistakes.push(format!("period `{id}`: an id is lower-case letters and `-`"));
            }
            if !seen.insert(id) {
                mistakes.push(format!("period `{id}` is declared twice"));
            }
            if most.is_some_and(|most| *days > most) {
                mistakes.push(format!("period `{id}`: {days} days are more than `most`"));
            }
            if *days == 0 || [zh, en, source].iter().any(|text| text.trim().is_empty()) {
                mistakes
                    .push(format!("period `{id}`: days is not 0; words in zh and en, and a source, may not be empty"));
            }
        }
        mistakes
    }
}
