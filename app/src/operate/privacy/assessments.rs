//! Impact assessments (影响评估, PIPL 55 and 56), as they are compiled into this program with the policy that they are about.

use crate::web::table::csv;
use crate::web::{Ctx, Error, Locale, Page, PrivacyOfficer, filters};
use askama::Template;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use policy::Mark;
use schemars::JsonSchema;
use serde::Serialize;

/// For how many years an assessment is kept at least (PIPL 56).
const YEARS: i32 = 3;

/// All of them.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "AssessmentList")]
#[template(path = "operate/privacy/assessments.html")]
pub struct List {
    assessments: Vec<Line>,
}

/// One assessment.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ImpactAssessment")]
pub struct Line {
    /// What the data are processed for.
    purpose: &'static str,
    /// What asked for it.
    mark: Mark,
    /// The item of PIPL 55.
    item: u8,
    /// When it was made.
    date: &'static str,
    /// The date of the one that stands in its place.
    replaced: Option<&'static str>,
    /// Until when it is kept at least.
    kept_until: String,
    /// Who made it.
    by: &'static str,
    /// Whether purpose and means are lawful, legitimate and necessary.
    necessity: &'static str,
    /// What it does to people, and the risks.
    risks: &'static str,
    /// Whether the measures are lawful, effective and fitting.
    measures: &'static str,
}

impl Line {
    /// All, in a language.
    pub fn all(locale: Locale) -> Vec<Self> {
        let pick = |[zh, en]: [&'static str; 2]| locale.pick(zh, en);
        let lines = policy::ASSESSMENTS.iter().filter_map(|one| {
            let purpose = policy::purpose_named(one.purpose)?;
            Some(Self {
                purpose: locale.pick(purpose.zh, purpose.en),
                mark: one.mark,
                item: one.mark.item(),
                date: one.date,
                replaced: one.replaced,
                kept_until: kept_until(one.date),
                by: pick(one.by),
                necessity: pick(one.necessity),
                risks: pick(one.risks),
                measures: pick(one.measures),
            })
        });
        lines.collect()
    }

    fn word(&self) -> String {
        format!("privacy-mark-{}", self.mark.id())
    }
}

fn kept_until(date: &str) -> String {
    date.parse::<Date>().map_or_else(|_| String::new(), |date| date.saturating_add(YEARS.years()).to_string())
}

/// The page.
pub async fn show(context: Ctx, _: PrivacyOfficer) -> Page {
    Page::new("privacy-assessments", List { assessments: Line::all(context.locale) })
}

/// The same as a table.
pub async fn table(context: Ctx, _: PrivacyOfficer) -> Result<Response, Error> {
    const HEAD: [&str; 10] =
        ["purpose", "mark", "pipl_55_item", "date", "replaced", "kept_until", "by", "necessity", "risks", "measures"];
    let rows: Vec<_> = Line::all(context.locale)
        .into_iter()
        .map(|one| {
            [
                one.purpose.to_owned(),
                one.mark.id().to_owned(),
                one.item.to_string(),
                one.date.to_owned(),
                one.replaced.unwrap_or_default().to_owned(),
                one.kept_until,
                one.by.to_owned(),
                one.necessity.to_owned(),
                one.risks.to_owned(),
                one.measures.to_owned(),
            ]
            .to_vec()
        })
        .collect();
    csv("impact-assessments", &HEAD, &rows)
}
