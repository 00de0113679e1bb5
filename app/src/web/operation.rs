//! What a route is as an operation of the API: its name, what it asks, what it answers, which errors it may end in.
//!
//! It stands with the route. Who may use it, its path and its input say most of the errors ([`Row::problems`]); the
//! operation adds what only its room knows.
//!
//! [`Row::problems`]: super::routes::Row::problems

use super::assurance::Demand;
use super::error::Error;
use super::field::Field;
use super::fields::{Fields, Parse};
use super::input::Input;
use http::StatusCode;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::Value;

/// An operation.
#[derive(Clone)]
pub struct Op {
    /// Its id, `room.act`: stable, unique.
    pub id: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// What it answers.
    pub answer: Answer,
    /// What it asks; none for what is read.
    pub input: Option<Asked>,
    /// Whether a browser is shown the result at once, and not sent to where it is seen.
    pub shown: bool,
    /// Parameters of its query.
    pub query: &'static [Param],
    /// The errors that its room knows.
    pub problems: Vec<(StatusCode, &'static str)>,
    /// What an integrator's token must be for; none when tokens are not admitted.
    pub scope: Option<Scope>,
    /// Whether the address itself is the right to it, and no cookie is.
    pub by_address: bool,
    /// Which proof of who acts it asks for.
    pub demand: Demand,
    /// Whether it is a part of an upload that resumes.
    pub resumable: bool,
}

/// What an operation answers.
#[derive(Clone)]
pub enum Answer {
    /// A view model: one of these.
    View(Vec<Shape>),
    /// A file of this media type.
    File(&'static str),
    /// Headers alone.
    Nothing,
}

/// Adds the schema of a view model to a document.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

/// What an operation asks: what its parser takes.
#[derive(Clone, Copy)]
pub struct Asked {
    /// The fields.
    pub fields: fn() -> Vec<Field>,
    /// Whether the parser takes these values.
    pub takes: fn(&Value) -> Result<(), Error>,
}

/// A parameter of a query.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it asks for.
    pub about: &'static str,
    /// A value that makes sense.
    pub example: &'static str,
}

/// What an integrator's token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TokenScope")]
pub enum Scope {
    /// Reading what the company may read.
    Read,
    /// Drafting, publishing and awarding tenders, answering questions.
    Tender,
    /// Bidding and asking questions.
    Bid,
    /// Contact requests and messages to other companies.
    Message,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Tender, Self::Bid, Self::Message];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Tender => "tender",
            Self::Bid => "bid",
            Self::Message => "message",
        }
    }

    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "token-read",
            Self::Tender => "token-tender",
            Self::Bid => "token-bid",
            Self::Message => "token-message",
        }
    }

    /// The code of the error when a token is not for this.
    pub fn missing(self) -> &'static str {
        match self {
            Self::Read => "token-scope-read",
            Self::Tender => "token-scope-tender",
            Self::Bid => "token-scope-bid",
            Self::Message => "token-scope-message",
        }
    }
}

impl Op {
    fn new(id: &'static str, summary: &'static str, answer: Answer) -> Self {
        Self {
            id,
            summary,
            answer,
            input: None,
            shown: false,
            query: &[],
            problems: Vec::new(),
            scope: None,
            by_address: false,
            demand: Demand::Nothing,
            resumable: false,
        }
    }

    /// An act of an upload that resumes, which takes bytes or none and answers with headers alone.
    pub fn carried(id: &'static str, summary: &'static str) -> Self {
        Self::new(id, summary, Answer::Nothing).resumable()
    }

    /// Something to be read.
    pub fn page<V: JsonSchema + Serialize>(id: &'static str, summary: &'static str) -> Self {
        Self::new(id, summary, Answer::View(vec![|schemas| schemas.subschema_for::<V>()]))
    }

    /// A file to be kept.
    pub fn file(id: &'static str, summary: &'static str, media_type: &'static str) -> Self {
        Self::new(id, summary, Answer::File(media_type))
    }

    /// An act that takes the fields of `I` and answers `V`.
    pub fn act<I: Parse, V: JsonSchema + Serialize>(id: &'static str, summary: &'static str) -> Self {
        let asked = Asked {
            fields: Fields::asked::<I>,
            takes: |values| Input::of(values).and_then(Input::parse::<I>).map(drop),
        };
        Self { input: Some(asked), ..Self::page::<V>(id, summary) }
    }

    /// An act that takes the fields of `I` and answers a file: one that can be had once, so that a GET must not take it.
    pub fn handed<I: Parse>(id: &'static str, summary: &'static str, media_type: &'static str) -> Self {
        let asked = Asked {
            fields: Fields::asked::<I>,
            takes: |values| Input::of(values).and_then(Input::parse::<I>).map(drop),
        };
        Self { input: Some(asked), ..Self::file(id, summary, media_type) }
    }

    /// The same, answering this view model to some.
    pub fn or<V: JsonSchema + Serialize>(mut self) -> Self {
        if let Answer::View(shapes) = &mut self.answer {
            shapes.push(|schemas| schemas.subschema_for::<V>());
        }
        self
    }

    /// The same, shown to a browser at once ([`Saved::here`](super::Saved::here)).
    pub fn shown(mut self) -> Self {
        self.shown = true;
        self
    }

    /// The same for whoever has the address: it holds a key that its handler checks, as the links of mails do. Since no cookie
    /// gives the right, no form token and no origin are asked for (RFC 8058: a mail provider has neither).
    pub fn by_address(mut self) -> Self {
        self.by_address = true;
        self
    }

    /// The same as a part of an upload that resumes, by tus 1.0.
    pub fn resumable(self) -> Self {
        Self { resumable: true, ..self }
    }

    /// The same for a change of credentials: who acts has proved it a short while ago.
    pub fn credentials(self) -> Self {
        Self { demand: Demand::Credentials, ..self }
    }

    /// The same for a change whose form asks for the password: a second factor has been given a short while ago.
    pub fn with_password(self) -> Self {
        Self { demand: Demand::WithPassword, ..self }
    }

    /// The same for a binding act, and for the page that it is sent from: a second factor has been given a while ago.
    pub fn binding(self) -> Self {
        Self { demand: Demand::Binding, ..self }
    }

    /// The same with parameters of the query. A cursor or a value that makes no sense is refused with 400.
    pub fn query(mut self, query: &'static [Param]) -> Self {
        self.query = query;
        self
    }

    /// The same, ending in 409 with one of these codes when the state does not allow it.
    pub fn conflicts(self, codes: &[&'static str]) -> Self {
        self.fails(StatusCode::CONFLICT, codes)
    }

    /// The same, ending in 412 when somebody else has changed it meanwhile.
    pub fn stale(self) -> Self {
        self.fails(StatusCode::PRECONDITION_FAILED, &["stale"])
    }

    /// The same, ending in 429 when it is done too often.
    pub fn limited(self) -> Self {
        self.fails(StatusCode::TOO_MANY_REQUESTS, &["limited"])
    }

    /// The same, ending in 404 for what its input or its reader decides, not its path.
    pub fn missing(self) -> Self {
        self.fails(StatusCode::NOT_FOUND, &["not-found"])
    }

    /// The same, ending in this status with one of these codes.
    pub fn fails(mut self, status: StatusCode, codes: &[&'static str]) -> Self {
        self.problems.extend(codes.iter().map(|code| (status, *code)));
        self
    }

    /// The same for integrators whose token is for this.
    pub fn token(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }
}

/// The input of an act whose address says all.
pub struct Nothing;

impl Parse for Nothing {
    fn parse(_: &mut Fields) -> Option<Self> {
        Some(Self)
    }
}
