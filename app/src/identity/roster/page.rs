//! What the pages show. A list's addresses are opened for the owner who looks at them, a page of rows at a time, on record.

use super::judge::{Verdict, follow, judge};
use super::store::{self, Kept, SHELF};
use super::typed::{self, Typed};
use super::{Import, PLACE};
use crate::app::App;
use crate::identity::listing::{ROWS, State, Summary, paged};
use crate::identity::people::{self, Administration, Duties, Picture};
use crate::web::text::Arg;
use crate::web::{Context, Error, Form, Owner, filters};
use askama::Template;
use kit::db;
use kit::id::Id;
use policy::purpose;
use schemars::JsonSchema;
use serde::Serialize;
use vault::Grant;

/// The lists of a company, and the form that hands one in.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "RosterList")]
#[template(path = "identity/roster/list.html")]
pub struct List {
    /// The newest first.
    imports: Vec<Summary>,
    /// The most rows of one.
    most: usize,
    form: Form,
}

impl List {
    /// Reads them. It opens nothing.
    ///
    /// # Errors
    /// 503 when the database cannot be asked.
    pub async fn read(app: &App, context: &Context, owner: &Owner, form: Option<Form>) -> Result<Self, Error> {
        let company = *owner.company.as_bytes();
        let imports = app.db().read::<_, db::Error>(move |tx| SHELF.all(tx, company)).await?;
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
#[schemars(rename = "RosterRow")]
pub struct Line {
    /// As the spreadsheet counts.
    pub number: i64,
    /// None once nobody waits under it.
    pub email: Option<String>,
    pub duties: Duties,
    /// Both cells as they were typed, where they could not be read and are not forgotten.
    pub typed: Option<Typed>,
    /// `waiting`, `broken`, `invited`, `changed`, `same`, `refused`, `left`.
    pub outcome: String,
    /// While it waits: what would happen now.
    pub foreseen: Option<Verdict>,
    /// Why it is broken (`column:rule`) or refused.
    pub why: Vec<String>,
}

impl Line {
    /// Key of what becomes of it.
    pub fn word(&self) -> String {
        match self.foreseen {
            Some(Verdict::Invite) => "roster-plan-invite".into(),
            Some(Verdict::Change { .. }) => "roster-plan-change".into(),
            Some(Verdict::Same) => "roster-plan-same".into(),
            Some(Verdict::Refuse { .. }) => "roster-plan-refuse".into(),
            None => format!("roster-is-{}", self.outcome),
        }
    }

    /// Colour and glyph of its sign.
    fn sign(&self) -> (&'static str, &'static str) {
        match (&self.foreseen, self.outcome.as_str()) {
            (Some(Verdict::Refuse { .. }), _) | (None, "broken" | "refused") => ("bad", "stop"),
            (Some(Verdict::Invite), _) | (None, "invited") => ("live", "mail"),
            (Some(Verdict::Change { .. }), _) | (None, "changed") => ("warn", "people"),
            _ => ("", "check"),
        }
    }

    /// Keys of why.
    pub fn reasons(&self) -> Vec<String> {
        self.why.iter().map(|why| format!("roster-why-{}", why.replace(':', "-"))).collect()
    }

    /// What a colleague has now, when that changes.
    fn from(&self) -> Option<Duties> {
        if let Some(Verdict::Change { from, .. }) = self.foreseen { Some(from) } else { None }
    }
}

/// What would happen to all rows that wait.
#[derive(Clone, Copy, Default, Serialize, JsonSchema)]
#[schemars(rename = "RosterForesight")]
pub struct Foresight {
    invite: usize,
    change: usize,
    same: usize,
    refuse: usize,
}

/// A list, row by row.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "RosterPage")]
#[template(path = "identity/roster/show.html")]
pub struct Show {
    import: Summary,
    foresight: Foresight,
    rows: Vec<Line>,
    /// Where its rows go on.
    next: Option<String>,
}

impl Show {
    /// Reads a page of it and opens the addresses on it.
    ///
    /// # Errors
    /// 400 for a cursor that is none; 404; 503 when the opening cannot be recorded.
    pub async fn read(app: &App, context: &Context, owner: &Owner, id: Id<Import>) -> Result<Self, Error> {
        let (import, judged) = judged(app, owner, id).await?;
        let foresight = foresight(&judged);
        let (judged, next) = paged(app, context, (PLACE, id), judged, |(kept, _)| kept.number)?;
        Ok(Self { rows: lines(app, context, owner, id, judged).await?, import, foresight, next })
    }

    /// How many rows change something, for the button.
    fn planned(&self) -> [(&'static str, Arg); 2] {
        [("invite", self.foresight.invite.into()), ("change", self.foresight.change.into())]
    }

    /// What the tiles count: what would happen, and what has.
    fn tiles(&self) -> Vec<(&'static str, i64)> {
        let (counts, foresight) = (self.import.counts, self.foresight);
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let all = [
            ("roster-invite-count", count(foresight.invite)),
            ("roster-change-count", count(foresight.change)),
            ("roster-invited-count", counts.invited),
            ("roster-changed-count", counts.changed),
            ("roster-same-count", counts.same + count(foresight.same)),
            ("roster-refuse-count", counts.refused + count(foresight.refuse)),
            ("roster-broken-count", counts.broken),
            ("roster-left-count", counts.left),
        ];
        all.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    fn may_confirm(&self) -> bool {
        self.import.state == State::Ready && self.foresight.invite + self.foresight.change > 0
    }

    fn has_problems(&self) -> bool {
        let counts = self.import.counts;
        self.import.forgotten_at.is_none() && counts.broken + counts.refused + self.foresight.refuse as i64 > 0
    }
}

/// A row, and what would happen to it now.
type Judged = (Kept, Option<Verdict>);

/// All rows of a list, judged one after the other as the job would.
pub async fn judged(app: &App, owner: &Owner, id: Id<Import>) -> Result<(Summary, Vec<Judged>), Error> {
    let (company, by) = (owner.company, owner.account());
    let read = app.db().read::<_, Error>(move |tx| {
        let list = SHELF.find(tx, *company.as_bytes(), id)?;
        Ok((list, store::rows(tx, id)?, Picture::read(tx, company)?))
    });
    let (list, rows, mut picture) = read.await?;
    let judged = rows.into_iter().map(|row| {
        let index = row.index.clone().filter(|_| row.outcome == "waiting");
        let verdict = index.map(|index| {
            let verdict = judge(&picture, by, &index, row.duties);
            follow(&mut picture, &index, row.duties, verdict);
            verdict
        });
        (row, verdict)
    });
    let judged = judged.collect();
    Ok((list, judged))
}

fn foresight(judged: &[Judged]) -> Foresight {
    let mut sum = Foresight::default();
    for verdict in judged.iter().filter_map(|(_, verdict)| *verdict) {
        match verdict {
            Verdict::Invite => sum.invite += 1,
            Verdict::Change { .. } => sum.change += 1,
            Verdict::Same => sum.same += 1,
            Verdict::Refuse { .. } => sum.refuse += 1,
        }
    }
    sum
}

/// Opens the addresses of these rows with one record, and the cells of those that could not be read.
pub async fn lines(
    app: &App,
    context: &Context,
    owner: &Owner,
    id: Id<Import>,
    judged: Vec<Judged>,
) -> Result<Vec<Line>, Error> {
    let administration = Administration::of(owner);
    let grant = Grant::<purpose::Invitation, _>::new(&administration, context.request);
    let sealed: Vec<_> = judged.iter().filter_map(|(kept, _)| kept.email.clone()).collect();
    let mut emails = people::opened(app, &grant, &sealed).await?.into_iter();
    let key = typed::Key::of(app, owner.company).await?;
    let line = |(kept, foreseen): Judged| {
        let typed = kept.typed.as_deref().map(|sealed| key.open(id, kept.number, sealed)).transpose()?;
        let email = kept.email.as_ref().and_then(|_| emails.next()).flatten();
        let mut why: Vec<_> = kept.why.split_whitespace().map(str::to_owned).collect();
        if let Some(Verdict::Refuse { why: refused }) = foreseen {
            why.push(refused.to_owned());
        }
        Ok(Line { number: kept.number, email, duties: kept.duties, typed, outcome: kept.outcome, foreseen, why })
    };
    judged.into_iter().map(line).collect()
}
