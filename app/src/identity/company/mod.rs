//! A company (公司): a demand side, a provider, or both. Members act for it once the operator has approved it; a refused
//! one is corrected and handed in again. Name and credit code are public by law and personal to nobody.

mod agenda;
mod application;
mod decision;
mod own;
mod queue;
mod store;

use crate::web::{Actor, Place, Room, Routes, Texts, Who};
use serde::Serialize;

pub use application::{Application, Applied};
pub use store::{create, is_known};

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
            shown: |actor| matches!(actor, Actor::Member(_)),
        },
        Place {
            path: "/operator/companies",
            word: "companies",
            icon: "check",
            order: 20,
            shown: |actor| matches!(actor, Actor::Operator(_)),
        },
    ],
    waiting: Some(agenda::waiting),
    shelves: Some(agenda::shelves),
    ..Room::new("company", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    Routes::new()
        .get("/company", Who::Member, own::show)
        .post("/company/application", Who::Member, own::apply)
        .get("/operator/companies", Who::Operator, queue::index)
        .get("/operator/companies/{id}", Who::Operator, queue::show)
        .post("/operator/companies/{id}/approval", Who::Operator, decision::approve)
        .post("/operator/companies/{id}/refusal", Who::Operator, decision::refuse)
}

/// Whether the operator has approved a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
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
