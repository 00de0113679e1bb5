//! What the pages show. No address is opened for them: a row is told by its number and its company.

use super::judge::{Verdict, judge};
use super::store::{self, Kept, SHELF};
use super::{PLACE, store::source};
use crate::app::App;
use crate::identity::listing::{Import, ROWS, State, Summary, paged};
use crate::web::{Administrator, Context, Error, Form, filters};
use askama::Template;
use kit::db;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The lists that an administrator has handed in, and the form that hands one in.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "CompanyListList")]
#[template(path = "identity/company_list/list.html")]
pub struct List {
    /// The newest first.
    imports: Vec<Summary>,
    /// The most rows of one.
    most: usize,
    form: Form,
}

impl List {
    /// Reads them.
    ///
    /// # Errors
    /// 503 when the database cannot be asked.
    pub async fn read(app: &App, context: &Context, by: &Administrator, form: Option<Form>) -> Result<Self, Error> {
        let holder = *by.account().as_bytes();
        let imports = app.db().read::<_, db::Error>(move |tx| SHELF.all(tx, holder)).await?;
        let form = form.filter(|form| !form.value("id").is_empty() && form.problem("id").is_none());
        let id: Id<Import> = Id::v7(context.now, app.random());
        let form = form.unwrap_or_else(|| Form::filled([("id", id.to_string())]));
        Ok(Self { imports, most: ROWS, form })
    }

    /// Rows of one, those that could not be read among them.
    fn rows(&self, one: &Summary) -> i64 {
        one.counts.sound() + one.counts.broken
    }
}

/// A row, and what becomes of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CompanyListRow")]
pub struct Line {
    /// As the spreadsheet counts.
    pub number: i64,
    /// The company's name; none where the row could not be read, or is forgotten.
    pub company: Option<String>,
    /// Its credit code.
    pub credit_code: Option<String>,
    /// `waiting`, `broken`, `invited`, `same`, `refused`, `left`.
    pub outcome: String,
    /// While it waits: what would happen now.
    pub foreseen: Option<Verdict>,
    /// Why it is broken (`column:rule`) or refused.
    pub why: Vec<String>,
}

impl Line {
    fn of((kept, foreseen): Judged) -> Self {
        let mut why: Vec<_> = kept.why.split_whitespace().map(str::to_owned).collect();
        if let Some(Verdict::Refuse { why: refused }) = foreseen {
            why.push(refused.to_owned());
        }
        let identity = kept.entry.map(|entry| entry.identity);
        let (company, credit_code) = identity.map(|one| (one.name, one.credit_code)).unzip();
        Self { number: kept.number, company, credit_code, outcome: kept.outcome, foreseen, why }
    }

    /// Whether it is not carried out.
    pub fn is_problem(&self) -> bool {
        matches!(self.outcome.as_str(), "broken" | "refused") || matches!(self.foreseen, Some(Verdict::Refuse { .. }))
    }

    /// Key of what becomes of it.
    pub fn word(&self) -> String {
        match self.foreseen {
            Some(Verdict::Invite) => "company-list-plan-invite".into(),
            Some(Verdict::Same) => "roster-plan-same".into(),
            Some(Verdict::Refuse { .. }) => "roster-plan-refuse".into(),
            None => format!("company-list-is-{}", self.outcome),
        }
    }

    /// Colour and glyph of its sign.
    fn sign(&self) -> (&'static str, &'static str) {
        match (&self.foreseen, self.outcome.as_str()) {
            _ if self.is_problem() => ("bad", "stop"),
            (Some(Verdict::Invite), _) | (None, "invited") => ("live", "mail"),
            _ => ("", "check"),
        }
    }

    /// Of each reason the key of its field, where it has one, and of its rule.
    pub fn reasons(&self) -> Vec<(Option<String>, String)> {
        let told = |why: &String| match why.split_once(':') {
            Some((field, rule)) => (Some(format!("company-list-field-{field}")), format!("company-list-rule-{rule}")),
            None => (None, format!("company-list-why-{why}")),
        };
        self.why.iter().map(told).collect()
    }
}

/// What would happen to all rows that wait.
#[derive(Clone, Copy, Default, Serialize, JsonSchema)]
#[schemars(rename = "CompanyListForesight")]
pub struct Foresight {
    invite: i64,
    same: i64,
    refuse: i64,
}

/// A list, row by row.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "CompanyListPage")]
#[template(path = "identity/company_list/show.html")]
pub struct Show {
    import: Summary,
    /// Where its addresses were published.
    source: String,
    foresight: Foresight,
    rows: Vec<Line>,
    /// Where its rows go on.
    next: Option<String>,
}

impl Show {
    /// Reads a page of it.
    ///
    /// # Errors
    /// 400 for a cursor that is none; 404.
    pub async fn read(app: &App, context: &Context, by: &Administrator, id: Id<Import>) -> Result<Self, Error> {
        let (import, source, judged) = judged(app, by, id).await?;
        let mut foresight = Foresight::default();
        for verdict in judged.iter().filter_map(|(_, verdict)| *verdict) {
            match verdict {
                Verdict::Invite => foresight.invite += 1,
                Verdict::Same => foresight.same += 1,
                Verdict::Refuse { .. } => foresight.refuse += 1,
            }
        }
        let (judged, next) = paged(app, context, (PLACE, id), judged, |(kept, _)| kept.number)?;
        Ok(Self { import, source, foresight, rows: judged.into_iter().map(Line::of).collect(), next })
    }

    /// What the tiles count: what would happen, and what has.
    fn tiles(&self) -> Vec<(&'static str, i64)> {
        let (counts, foresight) = (self.import.counts, self.foresight);
        let all = [
            ("company-list-invite-count", foresight.invite),
            ("company-list-invited-count", counts.invited),
            ("roster-same-count", counts.same + foresight.same),
            ("roster-refuse-count", counts.refused + foresight.refuse),
            ("roster-broken-count", counts.broken),
            ("roster-left-count", counts.left),
        ];
        all.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    fn may_confirm(&self) -> bool {
        self.import.state == State::Ready && self.foresight.invite > 0
    }

    fn has_problems(&self) -> bool {
        let counts = self.import.counts;
        self.import.forgotten_at.is_none() && counts.broken + counts.refused + self.foresight.refuse > 0
    }
}

/// A row, and what would happen to it now.
type Judged = (Kept, Option<Verdict>);

/// All rows of a list, judged as the job would, and where its addresses were published.
async fn judged(app: &App, by: &Administrator, id: Id<Import>) -> Result<(Summary, String, Vec<Judged>), Error> {
    let holder = *by.account().as_bytes();
    let read = app.db().read::<_, Error>(move |tx| {
        let list = SHELF.find(tx, holder, id)?;
        let mut judged = Vec::new();
        for row in store::rows(tx, id)? {
            let verdict = match (&row.entry, &row.whom) {
                (Some(entry), Some((.., index))) if row.outcome == "waiting" => {
                    Some(judge(tx, &entry.identity.credit_code, index)?)
                }
                _ => None,
            };
            judged.push((row, verdict));
        }
        Ok((list, source(tx, id)?, judged))
    });
    read.await
}

/// The rows that are not carried out.
///
/// # Errors
/// 404, also once they are forgotten.
pub async fn problems(app: &App, by: &Administrator, id: Id<Import>) -> Result<Vec<Line>, Error> {
    let (list, _, judged) = judged(app, by, id).await?;
    if list.forgotten_at.is_some() {
        return Err(Error::not_found());
    }
    Ok(judged.into_iter().map(Line::of).filter(Line::is_problem).collect())
}
