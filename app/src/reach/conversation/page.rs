//! What the pages show, and what their JSON says.

use super::block;
use super::file::Line as FileLine;
use super::matter::Matter;
use super::message::{self, Kept as KeptMessage};
use super::request::{Kept as KeptRequest, State};
use super::shown::Offered;
use super::thread::Side;
use super::{Block, ContactRequest, Message, Thread as ThreadRow};
use crate::identity::company::Company;
use crate::identity::people::Duties;
use crate::sourcing::tender::Tender;
use crate::web::{Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// A company by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "CorrespondentCompany")]
pub struct Named {
    pub id: Id<Company>,
    pub name: String,
}

/// What is written about.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ConversationMatter")]
pub struct About {
    /// `general`, `provider` or `tender`.
    pub matter: &'static str,
    /// The tender.
    pub tender: Option<Id<Tender>>,
    /// Its title.
    pub title: Option<String>,
}

impl About {
    pub fn new(matter: Matter, title: Option<String>) -> Self {
        Self { matter: matter.code(), tender: matter.tender(), title }
    }

    pub fn word(&self) -> String {
        format!("conversation-matter-{}", self.matter)
    }
}

/// A contact request without its text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ContactRequestLine")]
pub struct RequestLine {
    pub id: Id<ContactRequest>,
    /// The other company.
    pub other: Named,
    /// Whether the reader's company has asked; else it was asked.
    pub is_asker: bool,
    #[serde(flatten)]
    pub about: About,
    pub state: State,
    #[schemars(with = "Instant")]
    pub made_at: Timestamp,
    /// When it is over without an answer.
    #[schemars(with = "Instant")]
    pub expires_at: Timestamp,
    #[schemars(with = "Option<Instant>")]
    pub decided_at: Option<Timestamp>,
    /// The thread of the two on this matter.
    pub thread: Option<Id<ThreadRow>>,
}

impl RequestLine {
    pub fn new(kept: KeptRequest, reader: Id<Company>) -> Self {
        let is_asker = kept.asker == reader;
        let (id, name) = if is_asker { (kept.asked, kept.asked_name) } else { (kept.asker, kept.asker_name) };
        Self {
            id: kept.id,
            other: Named { id, name },
            is_asker,
            about: About::new(kept.matter, kept.title),
            state: kept.state,
            made_at: kept.made_at,
            expires_at: kept.expires_at,
            decided_at: kept.decided_at,
            thread: kept.thread,
        }
    }

    fn is_open(&self) -> bool {
        self.state == State::Open
    }
}

/// The company's requests, both ways, the newest first.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ContactRequestList")]
#[template(path = "reach/conversation/requests.html")]
pub struct Requests {
    pub requests: Vec<RequestLine>,
    /// The next page.
    pub next: Option<String>,
}

/// The form that asks for contact.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ContactRequestForm")]
#[template(path = "reach/conversation/ask.html")]
pub struct Asking {
    pub company: Named,
    #[serde(flatten)]
    pub about: About,
    /// The tender runs: questions about it go to its clarification.
    pub running: bool,
    pub form: Form,
}

/// A contact request with its text.
#[derive(Template, Clone, Serialize, JsonSchema)]
#[schemars(rename = "ContactRequest")]
#[template(path = "reach/conversation/request.html")]
pub struct Request {
    #[serde(flatten)]
    pub line: RequestLine,
    pub text: String,
    /// Why it was declined, if the other side has said so.
    pub reason: Option<String>,
    /// Whether the reader's duties let them answer it, or take it back.
    pub may_act: bool,
    pub form: Form,
}

/// It is accepted.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "ContactRequestAccepted")]
pub struct Accepted {
    pub thread: Id<ThreadRow>,
}

/// A thread in the list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ThreadLine")]
pub struct ThreadLine {
    pub id: Id<ThreadRow>,
    pub other: Named,
    #[serde(flatten)]
    pub about: About,
    /// When something was last said.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// How many messages of the other side the reader has not read.
    pub unread: i64,
    pub is_closed: bool,
}

impl ThreadLine {
    pub fn new(side: Side, unread: i64) -> Self {
        let (is_closed, other) = (side.closed.is_some(), Named { id: side.other, name: side.other_name });
        Self { id: side.thread, other, about: About::new(side.matter, side.title), at: side.at, unread, is_closed }
    }
}

/// The company's threads, the liveliest first, and whom it has blocked.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ThreadList")]
#[template(path = "reach/conversation/threads.html")]
pub struct Threads {
    pub threads: Vec<ThreadLine>,
    /// How many requests wait for the company's answer.
    pub waiting: usize,
    pub blocks: Vec<block::Line>,
    /// Whether the reader's duties let them act.
    pub may_act: bool,
    pub next: Option<String>,
}

/// A message.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ThreadMessage")]
pub struct Line {
    pub id: Id<Message>,
    /// From 1 within the thread.
    pub number: i64,
    /// By the reader's own company.
    pub is_own: bool,
    /// By the reader.
    pub is_mine: bool,
    /// Its writer's number within their company.
    pub member: i64,
    /// What the writer may do for their company.
    pub duties: Duties,
    /// None once it was withdrawn, and while it is taken down.
    pub text: Option<String>,
    /// Its files, while it has a text.
    pub files: Vec<FileLine>,
    #[schemars(with = "Instant")]
    pub sent_at: Timestamp,
    #[schemars(with = "Option<Instant>")]
    pub withdrawn_at: Option<Timestamp>,
    /// Whether the operator has taken it down after a report.
    pub is_taken_down: bool,
    /// Whether somebody of the other company has read it.
    pub is_read: bool,
    /// Whether the reader can withdraw it now.
    pub can_withdraw: bool,
    /// Whether there seems to be a number or an e-mail in it, which the other side sees as it was written.
    pub holds_contact: bool,
}

/// What a line is seen by.
#[derive(Clone, Copy)]
pub struct Reader {
    pub company: Id<Company>,
    /// Their number in the thread, if they have one.
    pub number: Option<i64>,
    /// How far the other company has read.
    pub read_by_other: i64,
    pub now: Timestamp,
}

impl Line {
    pub fn new(kept: &KeptMessage, text: Option<String>, files: Vec<FileLine>, reader: Reader) -> Self {
        let is_own = kept.company == reader.company;
        let is_mine = is_own && reader.number == Some(kept.member);
        let text = text.filter(|_| kept.taken_down_at.is_none());
        Self {
            id: kept.id,
            number: kept.n,
            is_own,
            is_mine,
            member: kept.member,
            duties: kept.duties,
            holds_contact: text.as_deref().is_some_and(super::form::holds_contact),
            files: if text.is_some() { files } else { Vec::new() },
            text,
            sent_at: kept.sent_at,
            withdrawn_at: kept.withdrawn_at,
            is_taken_down: kept.taken_down_at.is_some(),
            is_read: is_own && kept.n <= reader.read_by_other,
            can_withdraw: is_mine && message::is_fresh(kept, reader.now),
        }
    }
}

/// A tender that runs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ConversationTender")]
pub struct Running {
    pub id: Id<Tender>,
    pub title: String,
}

/// A thread with its newest messages, the oldest of them first.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "Thread")]
#[template(path = "reach/conversation/thread.html")]
pub struct Thread {
    #[serde(flatten)]
    pub line: ThreadLine,
    pub company: String,
    pub messages: Vec<Line>,
    /// Messages before these.
    pub older: Option<String>,
    /// Tenders of the two that run: what is asked about them is asked in public.
    pub running: Vec<Running>,
    /// What the other side lets this one see.
    pub offered: Vec<Offered>,
    /// What the reader shares of themselves.
    pub own: Option<Offered>,
    /// Since when the company's address is shared.
    #[schemars(with = "Option<Instant>")]
    pub address_since: Option<Timestamp>,
    /// Why nothing can be sent now: a code of `thread.send`.
    pub shut: Option<&'static str>,
    pub may_act: bool,
    pub is_owner: bool,
    /// Whether the thread was closed by the operator.
    pub closed_why: Option<String>,
    pub form: Form,
}

/// The other company is blocked.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "ThreadBlocked")]
pub struct Blocked {
    pub blocked: Id<Company>,
}

/// A block is lifted.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "ThreadUnblocked")]
pub struct Unblocked {
    pub lifted: Id<Block>,
}
