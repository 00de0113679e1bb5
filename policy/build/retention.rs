//! `retention.toml` as it is read, and the rules that it must keep.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The class of rows that last as long as what they are part of.
const JOURNEY: &str = "journey";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
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

impl Kept {
    /// Reads and checks. `Err` holds every mistake, each naming the entry and the rule.
    pub fn parse(source: &str, classes: &[String]) -> Result<Self, Vec<String>> {
        let kept: Self = toml::from_str(source).map_err(|e| vec![format!("retention.toml: {e}").replace('\n', " ")])?;
        let mistakes = kept.mistakes(classes);
        if mistakes.is_empty() { Ok(kept) } else { Err(mistakes) }
    }

    fn mistakes(&self, classes: &[String]) -> Vec<String> {
        let mut mistakes = Vec::new();
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
        out.push_str("/// Every table with rows of persons.\npub static KEPT_TABLES: &[KeptTable] = &[");
        for Table { name, columns, class, ends } in &self.table {
            writeln!(out, "KeptTable {{ name: {name:?}, columns: &{columns:?}, class: {class:?}, ends: {ends:?} }},")
                .expect("a String takes all");
        }
        out.push_str("];\n");
        out
    }
}
