//! What the buyer and the public are shown: the committee as it stands, the draw, the report.

use super::report::{Drawing, Report};
use super::table::{Candidate, Phase, Standing, Table};
use crate::app::App;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{Lot, Named};
use crate::web::{Actor, Error, Form, Locale, Member, Purchaser, filters};
use askama::Template;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The committee of a lot, for its buyer: no name, and no score before all have signed.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/evaluation/committee.html")]
#[schemars(rename = "Committee")]
pub struct CommitteePage {
    pub tender: Named,
    pub lot: Lot,
    pub phase: Phase,
    /// How many seats it has.
    pub seats: i64,
    /// How many of them may be the buyer's own people's.
    pub own_most: i64,
    /// By number; also those who left.
    pub members: Vec<MemberLine>,
    pub drawing: Drawing,
    pub form: Form,
}

/// A seat, as the buyer sees it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CommitteeMember")]
pub struct MemberLine {
    /// Its number.
    pub number: i64,
    /// As the draw has it.
    pub pseudonym: String,
    /// Whether it is one of the buyer's own people.
    pub own: bool,
    /// Where they stand.
    pub standing: Standing,
    /// Why they left.
    pub reason: Option<String>,
}

impl MemberLine {
    fn of(one: &Candidate) -> Option<Self> {
        let (pseudonym, reason) = (one.pseudonym.to_string(), one.reason.clone());
        Some(Self { number: one.number?, pseudonym, own: one.own, standing: one.standing, reason })
    }

    fn word(&self) -> String {
        format!("evaluation-standing-{}", self.standing.code())
    }

    fn glyph(&self) -> &'static str {
        match self.standing {
            Standing::Signed => "ok",
            Standing::Called => "hourglass",
            Standing::Seated => "half",
            _ => "stop",
        }
    }
}

impl CommitteePage {
    /// Reads it.
    ///
    /// # Errors
    /// 404.
    pub async fn read(app: &App, buyer: Purchaser, id: Id<Lot>, form: Form, locale: Locale) -> Result<Self, Error> {
        let read = move |tx: &mut Tx| {
            let table = Table::own(tx, &buyer, id)?;
            Ok::<_, Error>(Self {
                phase: table.phase(),
                seats: table.criteria.seats,
                own_most: table.criteria.seats / table.tender.method.profile().own_one_in,
                members: table.candidates.iter().filter_map(MemberLine::of).collect(),
                drawing: Drawing::of(&table),
                lot: table.lot,
                tender: Named::new(table.tender, locale),
                form: form.clone(),
            })
        };
        app.db().read(read).await
    }

    fn forms(&self) -> bool {
        matches!(self.phase, Phase::Unformed | Phase::Short)
    }

    /// Whether a member can be taken out still.
    fn replaces(&self) -> bool {
        matches!(self.lot.state, LotState::Negotiation | LotState::Evaluation)
            && self.members.iter().any(|member| member.standing.sits())
    }

    /// Those who sit, for the form.
    fn sitting(&self) -> Vec<(i64, i64)> {
        self.members.iter().filter(|one| one.standing.sits()).map(|one| (one.number, one.number)).collect()
    }
}

/// The draw, for everybody who may read the tender.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/evaluation/draw.html")]
#[schemars(rename = "CommitteeDrawPage")]
pub struct DrawPage {
    pub tender: Named,
    pub lot: Lot,
    /// How many seats the committee has.
    pub seats: i64,
    pub drawing: Drawing,
}

impl DrawPage {
    /// Reads it.
    ///
    /// # Errors
    /// 404, also before there is a committee.
    pub async fn read(app: &App, actor: Actor, id: Id<Lot>, locale: Locale) -> Result<Self, Error> {
        let read = move |tx: &mut Tx| {
            let table = Table::find(tx, &actor, id)?;
            table.committee.as_ref().ok_or_else(Error::not_found)?;
            Ok::<_, Error>(Self {
                drawing: Drawing::of(&table),
                seats: table.criteria.seats,
                lot: table.lot,
                tender: Named::new(table.tender, locale),
            })
        };
        app.db().read(read).await
    }
}

/// The report, for the buyer and the committee.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/evaluation/report.html")]
#[schemars(rename = "EvaluationReportPage")]
pub struct ReportPage {
    pub report: Report,
    /// SHA-256 of its file, to which the log commits.
    pub sha256: String,
    /// Whether its reader publishes the candidates, and awards.
    #[serde(skip)]
    pub awards: bool,
}

impl ReportPage {
    /// Reads it.
    ///
    /// # Errors
    /// 404 to all others, and while there is none.
    pub async fn read(app: &App, member: Member, id: Id<Lot>) -> Result<Self, Error> {
        let read = move |tx: &mut Tx| {
            let (table, text) = reported(tx, &member, id)?;
            let report: Report = serde_json::from_str(&text).map_err(Error::fault)?;
            let sha256 = table.committee.as_ref().and_then(|one| one.report_sha256);
            let sha256 = sha256.ok_or_else(Error::not_found)?.to_string();
            let awards = table.tender.company == member.company
                && member.duties.has(crate::identity::people::Duty::Buyer)
                && matches!(table.lot.state, LotState::Evaluation | LotState::Candidates);
            Ok::<_, Error>(Self { report, sha256, awards })
        };
        app.db().read(read).await
    }
}

/// The bytes of a report, for the buyer's members and those who signed it.
///
/// # Errors
/// 404.
pub fn reported(tx: &mut Tx, member: &Member, id: Id<Lot>) -> Result<(Table, String), Error> {
    let table = Table::find(tx, &Actor::Member(member.clone()), id)?;
    let has_signed = table.candidates.iter().any(|one| {
        one.account == member.account() && one.company == member.company && one.standing == Standing::Signed
    });
    let report = table.committee.as_ref().and_then(|committee| committee.report.clone());
    match report {
        Some(report) if table.tender.company == member.company || has_signed => Ok((table, report)),
        _ => Err(Error::not_found()),
    }
}
