//! Who acts. A handler names the right it needs by the type of its argument; a query names it by its parameter.

use super::assurance::Assurance;
use super::context::Context;
use super::error::Error;
use super::guest::Guest;
use super::level::Level;
use super::operator::Operator;
use super::operator_duty::OperatorDuty;
use super::renewal::Accepted;
use super::routes::Operation;
use super::who::Who;
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::company::{self, Company};
use crate::identity::people::{self, Deed, Duties, Duty, StandsIn};
use axum::extract::FromRequestParts;
use http::request::Parts;
use kit::db::Tx;
use kit::event::Scope;
use kit::id::Id;
use policy::{Control, recipient};
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
    /// A person signed in who acts for nobody: they have left their company, or it has closed.
    Person(Person),
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
            Self::Person(_) => "person",
            Self::Member(_) => "member",
            Self::Operator(_) => "operator",
        })
    }

    /// The person behind the actor, if one is signed in.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Visitor | Self::Guest(_) => None,
            Self::Person(person) => Some(person),
            Self::Member(member) => Some(&member.person),
            Self::Operator(operator) => Some(&operator.person),
        }
    }

    /// Whose own data the actor may see: the person signed in, or the guest.
    pub fn oneself(&self) -> Option<&Person> {
        if let Self::Guest(guest) = self { Some(guest) } else { self.person() }
    }

    /// Whether it is a person of the operator who has this duty now.
    pub fn holds(&self, duty: OperatorDuty) -> bool {
        matches!(self, Self::Operator(operator) if operator.duties.has(duty))
    }

    /// Notes what a member who stands in for others is about to do.
    fn sets_about(&mut self, who: Who, parts: &Parts) -> Result<(), Error> {
        if let Self::Member(member) = self
            && !member.stands_in.is_empty()
        {
            let (context, operation) = (context(parts)?, parts.extensions.get::<Operation>());
            let operation = operation.ok_or_else(|| Error::fault("a route outside the table"))?.0;
            let deed = Deed { request: context.request, operation, path: context.path.clone() };
            member.deed = Some((deed, who.noted()));
        }
        Ok(())
    }

    /// The member, if that is who acts.
    pub fn member(&self) -> Option<&Member> {
        if let Self::Member(member) = self { Some(member) } else { None }
    }
}

/// A kind of actor: `visitor`, `guest`, `person`, `member`, `operator`. The shell leaves it with the response.
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
    pub(super) assurance: Assurance,
}

impl Person {
    pub(super) fn new(
        account: Id<Account>,
        subject: Id<Subject>,
        session: Id<super::session::LoginSession>,
        accepted: Accepted,
    ) -> Self {
        Self { account, subject, session, accepted, cookies: None, is_guest: false, assurance: Assurance::default() }
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

    /// How sure the login session is of them.
    pub fn assurance(&self) -> Assurance {
        self.assurance
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
    /// Whether it is verified as demand side at this instant.
    pub is_demand_side: bool,
    /// Whether its own verification was to be looked at again before this instant.
    pub is_overdue: bool,
    /// What they may do for it: their own duties, and those of whom they stand in for.
    pub duties: Duties,
    /// What they may do for it by themselves.
    pub own_duties: Duties,
    /// For whom they act now, beside themselves; through a token for nobody.
    pub stands_in: StandsIn,
    /// Of who stands in for others: what is being done, and the duties of which the route needs one.
    pub(super) deed: Option<(Deed, &'static [Duty])>,
}

impl Member {
    /// Whom an event of this member's concerns.
    pub fn scope(&self) -> Scope {
        Scope { company: Some(*self.company.as_bytes()), tender: None, actor: Some(*self.person.subject.as_bytes()) }
    }

    /// Refuses, in a unit that others will rely on, who was erased, has left the company, has other duties or stands in no more
    /// since the request was read: the act comes before that, which then finds it, or it does not come. What only a duty of those
    /// who are away allows is noted.
    ///
    /// # Errors
    /// 401; 403 `duties-changed`; 503 when the database cannot be asked.
    pub fn still(&self, tx: &mut Tx) -> Result<(), Error> {
        if vault::standing(tx, self.person.subject)? != Some(Standing::Active) {
            return Err(Error::unauthenticated());
        }
        let now = people::standing(tx, self.person.account)?;
        let is_as_it_was = now == Some((self.company, self.own_duties))
            && self.stands_in.hold(tx, self.company, self.person.account)?;
        if !is_as_it_was && policy::holds(Control::DutiesAgain) {
            return Err(Error::forbidden("duties-changed"));
        }
        self.deed.as_ref().map_or(Ok(()), |(_, needs)| self.acts_with(tx, needs))
    }

    /// Notes an act for which any of these duties is needed, if the member has none of them but from whom they stand in for.
    ///
    /// # Errors
    /// 503 when the database cannot be asked.
    pub fn acts_with(&self, tx: &mut Tx, any: &[Duty]) -> Result<(), Error> {
        match &self.deed {
            Some((deed, _)) if !self.own_duties.has_any(any) => Ok(self.stands_in.note(tx, self.scope(), any, deed)?),
            _ => Ok(()),
        }
    }

    /// The level that the company has.
    pub fn level(&self) -> Level {
        match self.state {
            company::State::Approved if self.is_overdue => Level::Overdue,
            company::State::Approved if self.is_demand_side => Level::DemandSide,
            company::State::Approved => Level::Company,
            _ => Level::Contact,
        }
    }

    /// Refuses what needs a higher level than the company has, and says which, and the way there.
    ///
    /// # Errors
    /// 403 `company-pending`, `company-refused`, `recheck-overdue`, `demand-side-first`.
    pub fn reaches(&self, needed: Level) -> Result<(), Error> {
        let (why, control) = match self.state {
            company::State::Approved if self.is_overdue => ("recheck-overdue", Control::RecheckLowers),
            company::State::Approved => ("demand-side-first", Control::DemandSideVerified),
            company::State::Pending => ("company-pending", Control::ApprovalFirst),
            company::State::Refused => ("company-refused", Control::ApprovalFirst),
        };
        if needed <= self.level() || !policy::holds(control) {
            return Ok(());
        }
        // The company comes first: its way leads on.
        let lacking = if self.level() < Level::Company { Level::Company } else { needed };
        Err(Error::forbidden(why).below(lacking))
    }
}

impl Deref for Member {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.person
    }
}

/// A member who has a duty beside reading (经办人).
#[derive(Clone, Debug)]
pub struct Agent(Member);

/// A member who writes to other companies in its name (往来经办).
#[derive(Clone, Debug)]
pub struct Correspondent(Member);

/// A member who answers for the company: its data, its people, its agreements (所有者).
#[derive(Clone, Debug)]
pub struct Owner(Member);

/// An owner, or the company's contact for personal information (个人信息联系人).
#[derive(Clone, Debug)]
pub struct DataContact(Member);

/// A member of an approved demand-side company (需求方), whatever their duties: they read what is its own.
#[derive(Clone, Debug)]
pub struct Buyer(Member);

/// A buyer who prepares tenders: purchasing, or managing projects (采购经办、项目经理).
#[derive(Clone, Debug)]
pub struct Preparer(Buyer);

/// A buyer who publishes tenders and awards them (采购经办).
#[derive(Clone, Debug)]
pub struct Purchaser(Buyer);

/// A member of an approved provider (服务商), whatever their duties: they read what is its own.
#[derive(Clone, Debug)]
pub struct Provider(Member);

/// An owner of a provider, who says what is public of it.
#[derive(Clone, Debug)]
pub struct Presenter(Provider);

/// A provider who asks and bids (投标经办).
#[derive(Clone, Debug)]
pub struct Bidder(Provider);

/// The actor as whoever has a right, if that is what they are.
macro_rules! of {
    ($($right:ident),+) => {
        $(impl $right {
            /// The actor with this right, if that is what they are.
            pub fn of(actor: &Actor) -> Option<Self> {
                Who::$right.admits(actor).ok()?;
                actor.member().cloned().map(Self)
            }
        })+
    };
}

of!(Owner, Buyer, Provider);

impl Bidder {
    /// The actor as a bidder, if that is what they are.
    pub fn of(actor: &Actor) -> Option<Self> {
        Who::Bidder.admits(actor).ok()?;
        Provider::of(actor).map(Self)
    }
}

/// What a narrower right includes.
macro_rules! includes {
    ($($right:ident => $wider:ty),+) => {
        $(impl Deref for $right {
            type Target = $wider;
            fn deref(&self) -> &$wider {
                &self.0
            }
        })+
    };
}

includes!(Agent => Member, Correspondent => Member, Owner => Member, DataContact => Member, Buyer => Member, Provider => Member);
includes!(Preparer => Buyer, Purchaser => Buyer, Bidder => Provider, Presenter => Provider);

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
                let mut actor = context(parts)?.actor.clone();
                $who.admits(&actor)?;
                actor.sets_about($who, parts)?;
                match actor {
                    $actor => Ok($make),
                    _ => Err(Error::not_found()),
                }
            }
        }
    };
}

extract!(Member, Who::Member, Actor::Member(member) => member);
extract!(Agent, Who::Agent, Actor::Member(member) => Self(member));
extract!(Correspondent, Who::Correspondent, Actor::Member(member) => Self(member));
extract!(Owner, Who::Owner, Actor::Member(member) => Self(member));
extract!(DataContact, Who::DataContact, Actor::Member(member) => Self(member));
extract!(Buyer, Who::Buyer, Actor::Member(member) => Self(member));
extract!(Preparer, Who::Preparer, Actor::Member(member) => Self(Buyer(member)));
extract!(Purchaser, Who::Purchaser, Actor::Member(member) => Self(Buyer(member)));
extract!(Provider, Who::Provider, Actor::Member(member) => Self(member));
extract!(Presenter, Who::Presenter, Actor::Member(member) => Self(Provider(member)));
extract!(Bidder, Who::Bidder, Actor::Member(member) => Self(Provider(member)));
extract!(Operator, Who::Operator, Actor::Operator(operator) => operator);
