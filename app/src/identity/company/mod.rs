//! A company (公司): a demand side, a provider, or both. Members act for it once the operator has approved it; a refused
//! one is corrected and handed in again. Name and credit code are public by law and personal to nobody.

mod agenda;
mod application;
mod data_region;
mod decision;
mod export;
mod own;
pub mod part;
pub mod prepared;
mod queue;
mod store;

use crate::web::{Actor, Op, OperatorDuty, Place, Room, Routes, Routine, Scope, Texts, Who};
use http::StatusCode;
use kit::sheet::XLSX;
use schemars::JsonSchema;
use serde::Serialize;

pub use application::{Application, Applied};
pub use data_region::data_region;
pub use decision::decide;
pub use queue::{Review, read};
pub use store::{
    Facts, count, create, find, is_closed, is_known, providers, reopen, row as known, state_of, told, wait_again,
};

/// A company.
pub struct Company;

/// The room.
pub static ROOM: Room = Room {
    places: &[
        Place {
            path: "/company",
            word: "company",
            icon: "company",
            order: 70,
            under: None,
            shown: |actor| matches!(actor, Actor::Member(_)),
        },
        Place {
            path: "/operator/companies",
            word: "companies",
            icon: "check",
            order: 20,
            under: None,
            shown: |actor| actor.holds(OperatorDuty::Reviewer),
        },
    ],
    queue: Some(agenda::queue),
    waiting: Some(agenda::waiting),
    shelves: Some(agenda::shelves),
    routines: &[
        Routine { name: "company.remind", step: part::remind },
        Routine { name: part::SWEEP, step: part::sweep },
    ],
    closed: Some(part::closed),
    purposes: &["company-record"],
    held: Some(&part::representative::HELD),
    ..Room::new("company", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let show = Op::page::<own::Own>("company.show", "本公司 · The company acted for").token(Scope::Read);
    let apply = Op::act::<Application, Facts>("company.apply", "重新提交 · Hands in a refused company again")
        .conflicts(&["company-not-refused"]);
    let list = Op::page::<queue::Queue>("company.queue", "待审企业 · Companies, by state")
        .query(queue::PARAMETERS)
        .fails(StatusCode::BAD_REQUEST, &["cursor"]);
    let review = Op::page::<Review>("company.review", "审核一家企业 · A company with the two decisions");
    let workbook = Op::file("company.queue-workbook", "企业的表格 · Companies, by state, as a workbook", XLSX)
        .query(export::PARAMETERS);
    let text = Op::file("company.queue-csv", "企业的表格 · The same as csv", "text/csv").query(export::PARAMETERS);
    let centres = Op::page::<data_region::Centres>("company.data-region", "数据中心 · Where the company's files lie");
    let choose = Op::act::<data_region::Choice, data_region::Centres>(
        "company.choose-data-region",
        "选择数据中心 · Chooses where new files lie",
    )
    .fails(StatusCode::PRECONDITION_FAILED, &["stale"]);
    part::routes(Routes::new())
        .get("/operator/companies.xlsx", Who::Duty(OperatorDuty::Reviewer), workbook, export::workbook)
        .get("/operator/companies.csv", Who::Duty(OperatorDuty::Reviewer), text, export::text)
        .get("/company/data-region", Who::Member, centres, data_region::show)
        .post("/company/data-region", Who::Owner, choose, data_region::choose)
        .get("/company", Who::Member, show, own::show)
        .post("/company/application", Who::Owner, apply, own::apply)
        .get("/operator/companies", Who::Duty(OperatorDuty::Reviewer), list, queue::index)
        .get("/operator/companies/{id}", Who::Duty(OperatorDuty::Reviewer), review, queue::show)
}

/// Whether the operator has approved a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "CompanyState")]
pub enum State {
    /// Waiting for the operator.
    Pending,
    /// May publish, bid and answer.
    Approved,
    /// Refused with a reason; may be corrected and handed in again.
    Refused,
}

impl State {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }

    /// The state that a code means; an unknown one counts as refused (fail closed).
    pub fn from_code(code: &str) -> Self {
        match code {
            "pending" => Self::Pending,
            "approved" => Self::Approved,
            _ => Self::Refused,
        }
    }

    /// Glyph and colour of the state, as all pages show it.
    pub fn sign(self) -> (&'static str, &'static str) {
        match self {
            Self::Pending => ("warn", "hourglass"),
            Self::Approved => ("live", "ok"),
            Self::Refused => ("bad", "stop"),
        }
    }

    /// The key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "company-state-pending",
            Self::Approved => "company-state-approved",
            Self::Refused => "company-state-refused",
        }
    }
}
