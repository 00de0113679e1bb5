//! What a room tells the house. The frame collects these and knows no room by name.

use super::actor::{Actor, Person};
use super::agenda::{Asked, News, Said, Shelf, Task};
use super::announcement::Announcement;
use super::context::Context;
use super::error::Error;
use super::held::Held;
use super::leaving::{Closed, Erase, Obstacles};
use super::queue::Queued;
use super::routes::Routes;
use super::text::Texts;
use crate::app::App;
use futures::future::BoxFuture;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::Job;
use policy::Mark;
use vault::Subject;

/// A room: one feature, in one folder.
pub struct Room {
    /// Its name, the same in code and documents.
    pub name: &'static str,
    /// Its routes and who may use them.
    pub routes: fn() -> Routes,
    /// Its words.
    pub texts: Texts,
    /// Its places in the frame.
    pub places: &'static [Place],
    /// The jobs it can run.
    pub jobs: &'static [Work],
    /// What it does by itself: followers of events, and things whose time comes.
    pub routines: &'static [Routine],
    /// What of it waits for an actor, for the desk.
    pub waiting: Option<Asked<Task>>,
    /// What of it goes on for an actor, for the desk.
    pub shelves: Option<Asked<Shelf>>,
    /// What is new in it for an actor, for the desk: the newest, ten at most.
    pub news: Option<Asked<News>>,
    /// What of it stands against a person's or a company's leaving, each with its name and when it ends.
    pub obstacles: Option<Obstacles>,
    /// What of it is deleted in the unit of a person's erasure.
    pub erased: Option<Erase>,
    /// What of it is deleted in the unit that closes a company.
    pub closed: Option<Closed>,
    /// What it has to say to this reader on every page.
    pub announces: Option<fn(&App, &Context) -> Vec<Announcement>>,
    /// Its tables whose column `blob` names a file: a file that none of them names is removed in time.
    pub files: &'static [&'static str],
    /// The purposes it opens personal data for. One that the policy does not have is refused at start.
    pub purposes: &'static [&'static str],
    /// What PIPL 55 would say of its own acts with a purpose, beyond what the policy's matrix tells. Without a recorded impact
    /// assessment the program does not start.
    pub marks: &'static [(&'static str, Mark)],
    /// The additional functions that it offers; each is off until its person agrees.
    pub functions: &'static [Function],
    /// What it keeps of people: every column that holds a personal value.
    pub held: Option<&'static Held>,
    /// Its lines in the privacy centre.
    pub cards: &'static [Card],
    /// The people without an account whose data it keeps, for the public door.
    pub door: Option<&'static Door>,
    /// What of it waits to be read, in the frame of every page.
    pub badge: Option<Badge>,
    /// How the queue stands that a duty of the operator's works on.
    pub queue: Option<Queued>,
}

impl Room {
    /// A room with a name, routes and words; the rest is none until said.
    pub const fn new(name: &'static str, routes: fn() -> Routes, texts: Texts) -> Self {
        Self {
            name,
            routes,
            texts,
            places: &[],
            jobs: &[],
            routines: &[],
            waiting: None,
            shelves: None,
            news: None,
            obstacles: None,
            erased: None,
            closed: None,
            announces: None,
            files: &[],
            purposes: &[],
            marks: &[],
            functions: &[],
            held: None,
            cards: &[],
            door: None,
            badge: None,
            queue: None,
        }
    }
}

/// A place in the frame: a link that some actors have.
pub struct Place {
    /// Where it leads; also what marks it as current.
    pub path: &'static str,
    /// Key of its word.
    pub word: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Order among the places; lower is first.
    pub order: u8,
    /// The place that it stands under, on whose pages it is a tab; the frame has seven places at most.
    pub under: Option<&'static str>,
    /// Who has it.
    pub shown: fn(&Actor) -> bool,
}

/// A link in the frame with how much waits behind it for a person.
#[derive(Clone, Copy)]
pub struct Badge {
    /// Where it leads.
    pub path: &'static str,
    /// Key of what it says with a number.
    pub told: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// How much waits. It is asked for with every page, and opens nothing.
    pub count: fn(&mut Tx, &App, &Person) -> Result<i64, db::Error>,
}

/// A line of the privacy centre: a page of a person's own, and how it stands.
pub struct Card {
    /// Where it leads.
    pub path: &'static str,
    /// Key of its word.
    pub word: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Order among the lines; lower is first.
    pub order: u8,
    /// How it stands for a person, in one sentence. It opens nothing.
    pub state: fn(&mut Tx, &App, &Person) -> Result<Said, db::Error>,
}

/// An additional function, and where it is used.
pub struct Function {
    /// Its purpose in the policy's matrix.
    pub purpose: &'static str,
    /// The page.
    pub path: &'static str,
    /// It is about people without an account, who decide at the public door; else about who is signed in.
    pub of_guests: bool,
}

/// What a room keeps of people without an account, and what becomes of it at the public door.
pub struct Door {
    /// Those that a phone or an e-mail leads to, by its keyed index, the newest first.
    pub find: fn(&mut Tx, &[u8; 32]) -> Result<Vec<Known>, db::Error>,
    /// “This is not me”: the phone or e-mail of this index leads nowhere any more. Whose it is not, shows nothing of it.
    pub deny: Deny,
    /// All that is kept of the person goes. Nothing happens when it is none of the room's.
    pub erase: fn(&mut Tx, &App, Id<Subject>) -> Result<(), Error>,
    /// Tells the person, in the job of this id, that something waits for them at the door. False when it is none of the
    /// room's, or cannot be reached.
    pub call: Call,
}

/// Cuts a person off from the phone or e-mail of a keyed index.
pub type Deny = fn(&mut Tx, &App, Id<Subject>, &[u8; 32]) -> Result<(), Error>;

/// Brings a message to somebody without an account: the program, the job that does so, whom.
pub type Call = fn(App, Id<Job>, Id<Subject>) -> BoxFuture<'static, Result<bool, Error>>;

/// Somebody whose data a room keeps, as the door tells them before they have said that it is them: no value of theirs.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who.
    pub subject: Id<Subject>,
    /// Who entered it and why, in a sentence.
    pub told: Said,
    /// When.
    pub since: Timestamp,
}

/// Runs one job: the program, the job's id, its payload.
type Run = fn(App, Id<Job>, Vec<u8>) -> BoxFuture<'static, Result<(), Error>>;

/// A kind of job that a room runs.
pub struct Work {
    /// The kind, as it was enqueued.
    pub kind: &'static str,
    /// Runs one: `(app, job's id, payload)`. It may be run again after a failure and must recognise what it has done.
    pub run: Run,
    /// Whether it is tried until it succeeds. A job of another kind lies dead after eight tries.
    pub endless: bool,
    /// In which line it waits.
    pub lane: Lane,
}

/// Jobs of one lane wait for each other, and for no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// What this program does alone.
    Own,
    /// What speaks with the operator's mail server or gateways.
    Post,
    /// What asks a server that somebody else has named, which may hang.
    Outward,
    /// What reads and writes so much that an opening would wait for it.
    Bulk,
}

impl Work {
    /// A kind of job that is given up in the end.
    pub const fn new(kind: &'static str, run: Run) -> Self {
        Self { kind, run, endless: false, lane: Lane::Own }
    }

    /// A kind of job without which somebody would lose a right: it is never given up.
    pub const fn endless(kind: &'static str, run: Run) -> Self {
        Self { endless: true, ..Self::new(kind, run) }
    }

    /// A kind of job that sends something to somebody, and is given up in the end.
    pub const fn post(kind: &'static str, run: Run) -> Self {
        Self { lane: Lane::Post, ..Self::new(kind, run) }
    }

    /// A kind of job that may read and write gigabytes, and is given up in the end.
    pub const fn bulk(kind: &'static str, run: Run) -> Self {
        Self { lane: Lane::Bulk, ..Self::new(kind, run) }
    }

    /// A kind of job that asks a server which somebody has named. It notes itself what came of it, and is never given up.
    pub const fn outward(kind: &'static str, run: Run) -> Self {
        Self { lane: Lane::Outward, ..Self::endless(kind, run) }
    }
}

/// Something that a room does by itself, one bounded step at a time.
pub struct Routine {
    /// Its name in the log.
    pub name: &'static str,
    /// One step. Answers how much it did; 0 when there was nothing to do.
    pub step: fn(App) -> BoxFuture<'static, Result<usize, Error>>,
}
