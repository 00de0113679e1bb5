//! `assessments.toml`: as it is read, the rules that it must keep, and its Rust.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write;

use crate::matrix::{MARKS, Matrix};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessments {
    #[serde(default)]
    assessment: Vec<Assessment>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assessment {
    purpose: String,
    mark: String,
    /// `2026-11-20`.
    date: String,
    /// The date of the one that stands in its place.
    replaced: Option<String>,
    by_zh: String,
    by_en: String,
    necessity_zh: String,
    necessity_en: String,
    risks_zh: String,
    risks_en: String,
    measures_zh: String,
    measures_en: String,
}

impl Assessment {
    fn texts(&self) -> [&str; 8] {
        [
            &self.by_zh,
            &self.by_en,
            &self.necessity_zh,
            &self.necessity_en,
            &self.risks_zh,
            &self.risks_en,
            &self.measures_zh,
            &self.measures_en,
        ]
    }

    fn mistakes(&self, matrix: &Matrix) -> Vec<String> {
        let name = format!("assessment of {} x {}", self.purpose, self.mark);
        let mut mistakes = Vec::new();
        match matrix.purpose.iter().find(|purpose| purpose.id == self.purpose) {
            None => mistakes.push(format!("{name}: purpose `{}` is not declared", self.purpose)),
            Some(_) if !MARKS.iter().any(|(mark, _)| *mark == self.mark) => {
                let known: Vec<_> = MARKS.iter().map(|(mark, _)| *mark).collect();
                mistakes.push(format!("{name}: mark `{}` is none of {}", self.mark, known.join(", ")));
            }
            Some(_) => {}
        }
        for date in [Some(&self.date), self.replaced.as_ref()].into_iter().flatten() {
            if !is_date(date) {
                mistakes.push(format!("{name}: `{date}` is no date, such as 2026-11-20"));
            }
        }
        if self.texts().iter().any(|text| text.trim().is_empty()) {
            mistakes
                .push(format!("{name}: by, necessity, risks and measures may not be empty, in zh and en (PIPL 56)"));
        }
        mistakes
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let number =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    match parts.as_slice() {
        [year, month, day] if [year.len(), month.len(), day.len()] == [4, 2, 2] => {
            number(year).is_some()
                && number(month).is_some_and(|month| (1..=12).contains(&month))
                && number(day).is_some_and(|day| (1..=31).contains(&day))
        }
        _ => false,
    }
}

impl Assessments {
    /// Reads and checks. `Err` holds every mistake, each naming the entry and the rule.
    pub fn parse(source: &str, matrix: &Matrix) -> Result<Self, Vec<String>> {
        let all: Self =
            toml::from_str(source).map_err(|e| vec![format!("assessments.toml: {e}").replace('\n', " ")])?;
        let mut mistakes: Vec<_> = all.assessment.iter().flat_map(|one| one.mistakes(matrix)).collect();
        let mut seen = BTreeSet::new();
        for one in all.assessment.iter().filter(|one| one.replaced.is_none()) {
            if !seen.insert((&one.purpose, &one.mark)) {
                mistakes.push(format!(
                    "assessment of {} x {} stands twice; one of them is `replaced`",
                    one.purpose, one.mark
                ));
            }
        }
        if mistakes.is_empty() { Ok(all) } else { Err(mistakes) }
    }

    /// As Rust.
    pub fn code(&self) -> String {
        let mut out = "/// Every assessment that is recorded, those that were replaced among them.\n".to_owned();
        out.push_str("pub static ASSESSMENTS: &[Assessment] = &[");
        for one in &self.assessment {
            let mark = MARKS.iter().find(|(id, _)| *id == one.mark).expect("checked by parse").1;
            let Assessment { purpose, date, replaced, .. } = one;
            let [by_zh, by_en, necessity_zh, necessity_en, risks_zh, risks_en, measures_zh, measures_en] = one.texts();
            writeln!(
                out,
                "Assessment {{ purpose: {purpose:?}, mark: Mark::{mark}, date: {date:?}, replaced: {replaced:?}, \
                 by: [{by_zh:?}, {by_en:?}], necessity: [{necessity_zh:?}, {necessity_en:?}], \
                 risks: [{risks_zh:?}, {risks_en:?}], measures: [{measures_zh:?}, {measures_en:?}] }},"
            )
            .expect("a String takes all");
        }
        out.push_str("];\n");
        out
    }
}
