//! Who acts. A handler names the right it needs by the type of its argument; a query names it by its parameter.

use super::context::Context;
use super::error::Error;
use super::guest::Guest;
use super::renewal::Accepted;
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::company::{self, Company};
use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;
use kit::db::Tx;
use kit::event::Scope;
use kit::id::Id;
use policy::{Control, recipient};
use serde::Serialize;
use std::ops::Deref;
use std::sync::Arc;
use vault::{Opener, Proof, Standing, Subject};

/// Who acts. Never an `Option`: nobody signed in is a [`Actor::Visitor`].
#[derive(Clone, Debug)]
pub enum Actor {
    /// Somebody who is not signed in.
    Visitor,
    /// Somebody without an account, who has come through the public door to their own data.
    Guest(Guest),
    /// A person signed in for a company.
    Member(Member),
    /// A person of the operator.
    Operator(Operator),
}

impl Actor {
    /// What kind of actor it is, for the log.
    pub fn kind(&self) -> ActorKind {
        ActorKind(match self {
            Self::Visitor => "visitor",
            Self::Guest(_) => "guest",
            Self::Member(_) => "member",
            Self::Operator(_) => "operator",
        })
    }

    /// The person behind the actor, if one is signed in.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Visitor | Self::Guest(_) => None,
            Self::Member(member) => Some(&member.person),
            Self::Operator(operator) => Some(&operator.0),
        }
    }

    /// Whose own data the actor may see: the person signed in, or the guest.
    pub fn oneself(&self) -> Option<&Person> {
        if let Self::Guest(guest) = self { Some(guest) } else { self.person() }
    }

    /// The member, if that is who acts.
    pub fn member(&self) -> Option<&Member> {
        if let Self::Member(member) = self { Some(member) } else { None }
    }
}

/// A kind of actor: `visitor`, `guest`, `member`, `operator`. The shell leaves it with the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActorKind(pub &'static str);

/// A login session's row and whom it belongs to. Only the session look-up makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    account: Id<Account>,
    subject: Id<Subject>,
    session: Id<super::session::LoginSession>,
    accepted: Accepted,
    /// What they have said about optional cookies.
    pub(super) cookies: Option<bool>,
    /// Whether they have no account and came through the public door.
    pub(super) is_guest: bool,
}

impl Person {
    pub(super) fn new(
        account: Id<Account>,
        subject: Id<Subject>,
        session: Id<super::session::LoginSession>,
        accepted: Accepted,
    ) -> Self {
        Self { account, subject, session, accepted, cookies: None, is_guest: false }
    }

    /// The version of the policy that they have accepted last.
    pub fn accepted(&self) -> Accepted {
        self.accepted
    }

    /// The account signed in; of a guest an id that no account has ([`Guest`]).
    pub fn account(&self) -> Id<Account> {
        self.account
    }

    /// The person, as the vault knows it.
    pub fn subject(&self) -> Id<Subject> {
        self.subject
    }

    /// The login session under way.
    pub fn session(&self) -> Id<super::session::LoginSession> {
        self.session
    }

    /// Whether they have no account and came through the public door.
    pub fn is_guest(&self) -> bool {
        self.is_guest
    }
}

/// Proof that the person reads their own data.
impl Proof for Person {
    type Recipient = recipient::Subject;

    fn opener(&self) -> Opener {
        Opener::person(self.subject, "subject")
    }

    fn scope(&self) -> vault::Scope {
        vault::Scope::Only(self.subject)
    }
}

/// A person signed in for a company, whatever the company's state.
#[derive(Clone, Debug)]
pub struct Member {
    pub(super) person: Person,
    /// The company acted for.
    pub company: Id<Company>,
    /// Its name.
    pub company_name: String,
    /// Whether it publishes demands and tenders.
    pub is_buyer: bool,
    /// Whether it offers and bids.
    pub is_provider: bool,
    /// Whether the operator has approved it.
    pub state: company::State,
}

impl Member {
    /// Whom an event of this member's concerns.
    pub fn scope(&self) -> Scope {
        Scope { company: Some(*self.company.as_bytes()), tender: None, actor: Some(*self.person.subject.as_bytes()) }
    }

    /// Refuses, in a unit that others will rely on, who was erased since the request was read: the act comes before the
    /// erasure, which then finds it and stops, or it does not come.
    ///
    /// # Errors
    /// 401; 503 when the database cannot be asked.
    pub fn still(&self, tx: &mut Tx) -> Result<(), Error> {
        match vault::standing(tx, self.person.subject)? {
            Some(Standing::Active) => Ok(()),
            _ => Err(Error::unauthenticated()),
        }
    }

    /// Refuses a company that the operator has not approved.
    ///
    /// # Errors
    /// 403 `company-pending` or `company-refused`.
    pub fn approved(&self) -> Result<(), Error> {
        match self.state {
            company::State::Approved => Ok(()),
            _ if !policy::holds(Control::ApprovalFirst) => Ok(()),
            company::State::Pending => Err(Error::forbidden("company-pending")),
            company::State::Refused => Err(Error::forbidden("company-refused")),
        }
    }
}

impl Deref for Member {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.person
    }
}

/// A member of an approved demand-side company (需求方).
#[derive(Clone, Debug)]
pub struct Buyer(Member);

/// A member of an approved provider (服务商).
#[derive(Clone, Debug)]
pub struct Provider(Member);

impl Buyer {
    /// The actor as a buyer, if that is what they are.
    pub fn of(actor: &Actor) -> Option<Self> {
        Who::Buyer.admits(actor).ok()?;
        actor.member().cloned().map(Self)
    }
}

impl Provider {
    /// The actor as a provider, if that is what they are.
    pub fn of(actor: &Actor) -> Option<Self> {
        Who::Provider.admits(actor).ok()?;
        actor.member().cloned().map(Self)
    }
}

/// A person of the operator (运营方).
#[derive(Clone, Debug)]
pub struct Operator(pub(super) Person);

impl Deref for Buyer {
    type Target = Member;
    fn deref(&self) -> &Member {
        &self.0
    }
}
impl Deref for Provider {
    type Target = Member;
    fn deref(&self) -> &Member {
        &self.0
    }
}
impl Deref for Operator {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.0
    }
}

/// Who may use a route. Declared with the route, checked before its handler runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// Anybody, signed in or not.
    Anyone,
    /// Anybody about their own data: who is signed in, and who came through the public door.
    Oneself,
    /// Who came through the public door, and nobody else.
    Guest,
    /// Anybody who is signed in.
    Person,
    /// A member of a company in any state.
    Member,
    /// A member of an approved buyer.
    Buyer,
    /// A member of an approved provider.
    Provider,
    /// A person of the operator.
    Operator,
}

impl Who {
    /// Refuses who may not.
    ///
    /// # Errors
    /// 401 for a visitor, 403 for a member without the right, 404 for what is the operator's alone.
    pub fn admits(self, actor: &Actor) -> Result<(), Error> {
        match (self, actor) {
            _ if !policy::holds(Control::OneWayIn) => Ok(()),
            (Self::Anyone, _) | (Self::Oneself | Self::Person, Actor::Member(_) | Actor::Operator(_)) => Ok(()),
            (Self::Oneself | Self::Guest, Actor::Guest(_)) => Ok(()),
            (_, Actor::Visitor | Actor::Guest(_)) => Err(Error::unauthenticated()),
            (Self::Guest, _) => Err(Error::not_found()),
            (Self::Member, Actor::Member(_)) | (Self::Operator, Actor::Operator(_)) => Ok(()),
            (Self::Buyer, Actor::Member(member)) if member.is_buyer => member.approved(),
            (Self::Buyer, Actor::Member(_)) => Err(Error::forbidden("buyers-only")),
            (Self::Provider, Actor::Member(member)) if member.is_provider => member.approved(),
            (Self::Provider, Actor::Member(_)) => Err(Error::forbidden("providers-only")),
            (Self::Operator, Actor::Member(_)) => Err(Error::not_found()),
            (Self::Member | Self::Buyer | Self::Provider, Actor::Operator(_)) => Err(Error::forbidden("members-only")),
        }
    }

    /// How [`Who::admits`] refuses, for the description of the API: statuses with their codes.
    pub fn refusals(self) -> &'static [(StatusCode, &'static [&'static str])] {
        const NOBODY: (StatusCode, &[&str]) = (StatusCode::UNAUTHORIZED, &["unauthenticated"]);
        const UNAPPROVED: [&str; 3] = ["company-pending", "company-refused", "members-only"];
        const BUYER: &[&str] = &["buyers-only", UNAPPROVED[0], UNAPPROVED[1], UNAPPROVED[2]];
        const PROVIDER: &[&str] = &["providers-only", UNAPPROVED[0], UNAPPROVED[1], UNAPPROVED[2]];
        match self {
            Self::Anyone => &[],
            Self::Oneself | Self::Person => &[NOBODY],
            Self::Guest => &[NOBODY, (StatusCode::NOT_FOUND, &["not-found"])],
            Self::Member => &[NOBODY, (StatusCode::FORBIDDEN, &["members-only"])],
            Self::Buyer => &[NOBODY, (StatusCode::FORBIDDEN, BUYER)],
            Self::Provider => &[NOBODY, (StatusCode::FORBIDDEN, PROVIDER)],
            Self::Operator => &[NOBODY, (StatusCode::NOT_FOUND, &["not-found"])],
        }
    }
}

pub(super) fn context(parts: &Parts) -> Result<Arc<Context>, Error> {
    parts.extensions.get::<Arc<Context>>().cloned().ok_or_else(|| Error::fault("a route outside the shell"))
}

impl FromRequestParts<App> for Actor {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        Ok(context(parts)?.actor.clone())
    }
}

impl FromRequestParts<App> for Person {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        let context = context(parts)?;
        // A token stands for a company, never for the person who made it.
        if context.bearer.is_some() {
            return Err(Error::forbidden("token-not-here"));
        }
        context.actor.person().copied().ok_or_else(Error::unauthenticated)
    }
}

/// An extractor for each right: checked again here, so that a handler cannot be mounted under a weaker [`Who`].
macro_rules! extract {
    ($right:ident, $who:expr, $actor:pat => $make:expr) => {
        impl FromRequestParts<App> for $right {
            type Rejection = Error;
            async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
                let actor = context(parts)?.actor.clone();
                $who.admits(&actor)?;
                match actor {
                    $actor => Ok($make),
                    _ => Err(Error::not_found()),
                }
            }
        }
    };
}

extract!(Member, Who::Member, Actor::Member(member) => member);
extract!(Buyer, Who::Buyer, Actor::Member(member) => Self(member));
extract!(Provider, Who::Provider, Actor::Member(member) => Self(member));
extract!(Operator, Who::Operator, Actor::Operator(operator) => operator);
