//! The shell that every room stands in.
//!
//! A request becomes an [`Actor`] and an [`Input`]; a handler checks nothing itself: [`Routes`] says who may, its
//! argument types ([`Member`], [`Owner`], [`Purchaser`], [`Bidder`], [`Operator`] …) prove it. It makes one call into its room and
//! returns a [`Page`] (to be read) or [`Saved`] (an act), or an [`Error`]. The shell renders: a page in its frame, JSON
//! by `Accept`, problem+json for errors, a refused form with what was typed.
//!
//! ```ignore
//! async fn create(State(app): State<App>, buyer: Buyer, input: Input) -> Result<Saved, Error> {
//!     let draft: Draft = input.parse().map_err(|refused| refused.on("tender-new", NewPage::refused))?;
//!     let tender = store::create(&app, &buyer, draft).await?;
//!     Ok(Saved::at(format!("/tenders/{}", tender.id), tender))
//! }
//! ```

mod actor;
mod again;
mod agenda;
mod announcement;
pub mod assets;
mod assurance;
mod at;
pub mod attachment;
mod bearer;
mod board;
mod body;
mod calendar;
mod context;
mod cookies;
mod csrf;
mod cursor;
mod error;
mod field;
mod fields;
mod file_name;
#[expect(missing_docs, reason = "the macro of filters drops their documentation")]
pub mod filters;
mod flat;
mod form;
mod frame;
mod given;
mod guest;
mod harden;
mod held;
pub mod idempotency;
mod input;
mod kept;
mod leaving;
mod level;
pub mod limit;
pub mod link;
mod mask;
mod openapi;
mod operation;
mod operator;
mod operator_duty;
mod pace;
mod parameters;
mod places;
mod plain;
mod queue;
mod renewal;
mod resumable;
mod room;
mod routes;
mod scene;
mod schema;
pub mod session;
mod shell;
mod signed_in;
pub mod syndication;
pub mod table;
mod tagged;
pub mod text;
mod view;
pub mod visit;
mod way;
mod who;

pub use actor::{
    Actor, ActorKind, Agent, Bidder, Buyer, Correspondent, DataContact, Member, Owner, Person, Preparer, Presenter,
    Provider, Purchaser,
};
pub use agenda::{Item, News, Said, Shelf, Sign, Start, Task};
pub use announcement::{Announcement, Popup};
pub use assurance::{Assurance, Demand};
pub use at::At;
pub use attachment::attachment;
pub use bearer::{ApiToken, Bearer, Secret, codes, revoke_all_tokens, revoke_tokens, scopes};
pub use board::{Board, Bulletin};
pub use calendar::{Calendar, Policies, Scheduled, found};
pub use context::{Accept, Context, Ctx, RequestId};
pub use cookies::{COOKIES, Choice, Cookie, Cookies};
pub use csrf::Tokens;
pub use cursor::Cursors;
pub use error::Error;
pub use field::{Field, Kind};
pub use fields::{Fields, Parse};
pub use file_name::is_plain_name;
pub use form::{Broken, Form, Problem, Upload};
pub use given::{Explained, NewRow, Seen};
pub use guest::{Guest, Oneself};
pub use harden::harden;
pub use held::{Column, Datum, Held, Sealing, open};
pub use input::Input;
pub use kept::{Kept, kept};
pub use leaving::{Closed, Erase, Erased, Gone, Leaving, Obstacle, Obstacles};
pub use level::{FUNCTIONS, Function as Levelled, Level, needed};
pub use mask::masked;
pub use openapi::document;
pub use operation::{Nothing, Op, Param, Scope};
pub use operator::Operator;
pub use operator_duty::{
    Administrator, Auditor, OperatorDuties, OperatorDuty, PrivacyOfficer, Publisher, Reviewer, Risk, SecurityOfficer,
    Support, Unfit,
};
pub use pace::Paces;
pub use parameters::{address, once, parameters};
pub use places::{Place as Connection, Places};
pub use plain::hidden;
pub use queue::{Queue, Queued};
pub use renewal::{Accepted, Renewal, is_always_open};
pub use room::{Badge, Call, Card, Door, Function, Known, Lane, Place, Room, Routine, Work};
pub use routes::{Routes, Row};
pub use scene::Scene;
pub use schema::{Day, Instant};
pub use shell::{fault, shell, unlogged};
pub use tagged::{Changed, tagged};
pub use text::{Arg, Locale, Texts};
pub use view::{Background, InAddress, Page, Saved, Title, View};
pub use way::local_path;
pub use who::Who;
