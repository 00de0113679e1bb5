//! `controls.toml` as it is read, and the rules that it must keep.

use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    pub clause: Vec<Clause>,
    pub control: Vec<Control>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    pub id: String,
    pub zh: String,
    pub en: String,
    #[serde(default)]
    pub missing_zh: String,
    #[serde(default)]
    pub missing_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    pub id: String,
    pub clauses: Vec<String>,
    pub zh: String,
    pub en: String,
    #[serde(default)]
    pub tests: Vec<String>,
    #[serde(default)]
    pub compile: Vec<String>,
    pub evidence: String,
    pub max_age_hours: u32,
}

impl Register {
    /// Reads and checks. `Err` holds every mistake, each naming the entry and the rule.
    pub fn parse(source: &str) -> Result<Register, Vec<String>> {
        let register: Register =
            toml::from_str(source).map_err(|e| vec![format!("controls.toml: {e}").replace('\n', " ")])?;
        let mistakes = register.mistakes();
        if mistakes.is_empty() { Ok(register) } else { Err(mistakes) }
    }

    fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        let mut clauses = BTreeSet::new();
        for clause in &self.clause {
            let id = &clause.id;
            if !clauses.insert(id.as_str()) {
                mistakes.push(format!("clause {id} is declared twice"));
            }
            if clause.zh.trim().is_empty() || clause.en.trim().is_empty() {
                mistakes.push(format!("clause {id}: its words in zh and en may not be empty"));
            }
            if clause.missing_zh.trim().is_empty() != clause.missing_en.trim().is_empty() {
                mistakes.push(format!("clause {id}: what is missing is said in both languages or in none"));
            }
            let has_control = self.control.iter().any(|control| control.clauses.contains(id));
            if !has_control && clause.missing_en.trim().is_empty() {
                mistakes.push(format!("clause {id} has no control: say what is missing"));
            }
        }
        let mut controls = BTreeSet::new();
        for control in &self.control {
            let id = &control.id;
            if !controls.insert(id.as_str()) {
                mistakes.push(format!("control {id} is declared twice"));
            }
            if !id.split('-').all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase())) {
                mistakes.push(format!("control {id}: an id is lower-case words with `-` between them"));
            }
            if control.zh.trim().is_empty() || control.en.trim().is_empty() {
                mistakes.push(format!("control {id}: its words in zh and en may not be empty"));
            }
            if control.tests.is_empty() && control.compile.is_empty() {
                mistakes.push(format!("control {id} has no test; a control is what a test watches"));
            }
            for unknown in control.clauses.iter().filter(|clause| !clauses.contains(clause.as_str())) {
                mistakes.push(format!("control {id}: there is no clause {unknown}"));
            }
        }
        mistakes
    }
}
