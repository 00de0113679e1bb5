//! `retention.toml` as it is read, and the rules that it must keep.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The class of rows that last as long as what they are part of.
const JOURNEY: &str = "journey";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    pub key_backup: KeyBackup,
    pub table: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    pub class: String,
    pub ends: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyBackup {
    pub days: u32,
    pub zh: String,
    pub en: String,
    pub source: String,
}

impl Kept {
    /// Reads and checks. `Err` holds every mistake, each naming the entry and the rule.
    pub fn parse(source: &str, classes: &[String]) -> Result<Self, Vec<String>> {
        let kept: Self = toml::from_str(source).map_err(|e| vec![format!("retention.toml: {e}").replace('\n', " ")])?;
        let mistakes = kept.mistakes(classes);
        if mistakes.is_empty() { Ok(kept) } else { Err(mistakes) }
    }

    fn mistakes(&self, classes: &[String]) -> Vec<String> {
        let mut mistakes = Vec::new();
        let backup = &self.key_backup;
        if !(1..=31).contains(&backup.days) {
            mistakes.push("key_backup: back-ups of keys live from 1 to 31 days".to_owned());
        }
        if [&backup.zh, &backup.en, &backup.source].iter().any(|text| text.trim().is_empty()) {
            mistakes.push("key_backup: its words in zh and en and its source may not be empty".to_owned());
        }
        let mut names = BTreeSet::new();
        for table in &self.table {
            let name = &table.name;
            if !names.insert(name) {
                mistakes.push(format!("table {name} is declared twice"));
            }
            if table.class != JOURNEY && !classes.contains(&table.class) {
                mistakes.push(format!("table {name}: there is no retention class `{}`", table.class));
            }
            if table.columns.is_empty() || table.ends.trim().is_empty() {
                mistakes.push(format!("table {name}: say which columns name a person, and what ends their rows"));
            }
        }
        mistakes
    }

    /// As Rust.
    pub fn code(&self) -> String {
        let mut out = String::new();
        let KeyBackup { days, zh, en, source } = &self.key_backup;
        writeln!(
            out,
            "/// How long back-ups of keys are kept.\npub static KEY_BACKUP: KeyBackup = \
             KeyBackup {{ days: {days}, zh: {zh:?}, en: {en:?}, source: {source:?} }};"
        )
        .expect("a String takes all");
        out.push_str("/// Every table with rows of persons.\npub static KEPT_TABLES: &[KeptTable] = &[");
        for Table { name, columns, class, ends } in &self.table {
            writeln!(out, "KeptTable {{ name: {name:?}, columns: &{columns:?}, class: {class:?}, ends: {ends:?} }},")
                .expect("a String takes all");
        }
        out.push_str("];\n");
        out
    }
}
