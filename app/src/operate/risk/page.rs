//! What the pages show, and what their JSON says.

use super::flagged::RedFlag;
use super::grant::{Granted, RiskGrant};
use super::signal::{Signal, State};
use super::store::{Basis, Line};
use crate::identity::company::Company;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The lots with signals.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "RiskList")]
#[template(path = "operate/risk/list.html")]
pub struct List {
    /// Those that wait first.
    pub lots: Vec<Line>,
}

/// The red flags of our own open data.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "RiskRedFlags")]
#[template(path = "operate/risk/flags.html")]
pub struct RedFlags {
    /// In the order of the indicators.
    pub flags: Vec<RedFlag>,
    /// How many lots were looked at.
    pub lots: usize,
}

/// Why the signals of a lot are read.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "RiskAsk")]
#[template(path = "operate/risk/ask.html")]
pub struct Ask {
    /// Which.
    pub lot: Line,
    /// Who has read it before, the newest first.
    pub before: Vec<Granted>,
    /// As typed.
    pub form: Form,
}

/// The signals of a lot.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "RiskShow")]
#[template(path = "operate/risk/show.html")]
pub struct Show {
    /// On which grant.
    pub grant: Granted,
    /// The lot.
    pub lot: Line,
    /// What was compared.
    pub basis: Basis,
    /// In the order of the methods.
    pub signals: Vec<Signal>,
}

/// A signal with its history.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "RiskSingle")]
#[template(path = "operate/risk/signal.html")]
pub struct Single {
    /// The lot.
    pub lot: Line,
    /// It.
    pub signal: Signal,
    /// On which grant it is read.
    pub grant: Option<Id<RiskGrant>>,
    /// As typed.
    pub form: Form,
}

impl Single {
    fn outcomes(&self) -> [State; 2] {
        State::OUTCOMES
    }
}

/// Who stands for a bidder.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RiskPerson")]
pub struct Stands {
    /// The bidder.
    pub company: Id<Company>,
    /// Its name, as it was read out.
    pub company_name: String,
    /// The name on record; none where there is none, or it does not open.
    pub name: Option<String>,
}

/// Who stands for the bidders of a lot.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "RiskPersons")]
#[template(path = "operate/risk/persons.html")]
pub struct Persons {
    /// On which grant.
    pub grant: Granted,
    /// The lot.
    pub lot: Line,
    /// By price.
    pub persons: Vec<Stands>,
}

/// A lot whose bids were compared, for a company that has bid.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RiskOwnLot")]
pub struct OwnLot {
    /// The lot.
    pub lot: Id<Lot>,
    /// What it is.
    pub title: String,
    /// The tender.
    pub tender: Id<Tender>,
    /// What it is called.
    pub tender_title: String,
    /// When the bids were compared.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
}

/// Which of a company's bids were compared with others.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "RiskOwn")]
#[template(path = "operate/risk/own.html")]
pub struct Own {
    /// The newest first.
    pub lots: Vec<OwnLot>,
}
