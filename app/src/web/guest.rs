//! Who has no account and came through the public door (公开入口) to the data that are kept of them, and what they share with
//! who is signed in: their own data.

use super::actor::{Actor, Person, context};
use super::error::Error;
use super::renewal::Accepted;
use super::visit::Visit;
use super::who::Who;
use crate::app::App;
use axum::extract::FromRequestParts;
use http::request::Parts;
use kit::id::Id;
use std::ops::Deref;
use vault::Subject;

/// Somebody without an account who has proven that a phone or mailbox is theirs, and said that what is kept under it is
/// about them. In place of an account they have an id that no account has, the one of their subject: limits and records are
/// kept by it, and a letter to it finds no account.
#[derive(Clone, Copy, Debug)]
pub struct Guest(Person);

impl Guest {
    /// Only the visit's look-up makes one.
    pub(super) fn new(visit: Id<Visit>, subject: Id<Subject>, accepted: Accepted) -> Self {
        let mut person = Person::new(subject.cast(), subject, visit.cast(), accepted);
        person.is_guest = true;
        Self(person)
    }

    /// The visit under way.
    pub fn visit(&self) -> Id<Visit> {
        self.0.session().cast()
    }
}

impl Deref for Guest {
    type Target = Person;
    fn deref(&self) -> &Person {
        &self.0
    }
}

impl FromRequestParts<App> for Guest {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        let actor = &context(parts)?.actor;
        Who::Guest.admits(actor)?;
        if let Actor::Guest(guest) = actor { Ok(*guest) } else { Err(Error::not_found()) }
    }
}

/// Somebody about to see or to decide about their own data, signed in or a guest.
pub struct Oneself(pub Person);

impl FromRequestParts<App> for Oneself {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        let context = context(parts)?;
        // A token stands for a company, never for the person who made it.
        if context.bearer.is_some() {
            return Err(Error::forbidden("token-not-here"));
        }
        context.actor.oneself().copied().map(Self).ok_or_else(Error::unauthenticated)
    }
}
