//! An account (账号): a person who acts for a company, or for the operator.
//!
//! It is made on behalf of a company with a mobile number, an e-mail and a password (clause 2.3), after the person has
//! agreed to the policy and typed a code from each (clause 0.1). Both lie sealed under the person's own key; what finds
//! an account is a keyed index. No answer, and no time that it takes, tells whether somebody has an account.

mod code;
mod code_job;
mod erasure;
pub mod letter;
mod me;
mod message;
mod operator;
mod password;
mod preference;
mod registration;
mod reset;
mod secrets;
mod session;
mod store;
mod sweep;

use crate::web::{Actor, Place, Room, Routes, Routine, Texts, Who, Work};
use vault::{Email, Phone, Slot};

pub use operator::{NotCreated, create_operator};
pub use secrets::Secrets;

/// An account.
pub struct Account;

const PHONE: Slot<Phone> = Slot::new("account", "phone");
const EMAIL: Slot<Email> = Slot::new("account", "email");

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/registration",
        word: "registration",
        icon: "plus",
        order: 90,
        shown: |actor| matches!(actor, Actor::Visitor),
    }],
    jobs: &[
        Work { kind: code_job::KIND, run: code_job::run },
        Work { kind: letter::KIND, run: letter::run },
        Work { kind: erasure::KIND, run: erasure::run },
    ],
    routines: &[Routine { name: "account.sweep", step: sweep::step }],
    purposes: &["account", "notification", "security"],
    ..Room::new("account", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    Routes::new()
        .get("/registration", Who::Anyone, registration::start)
        .post("/registrations", Who::Anyone, registration::create)
        .get("/registrations/{id}", Who::Anyone, registration::show)
        .post("/registrations/{id}/codes", Who::Anyone, registration::renew)
        .post("/registrations/{id}/confirmation", Who::Anyone, registration::confirm)
        .get("/session", Who::Anyone, session::current::show)
        .get("/session/new", Who::Anyone, session::start)
        .post("/session", Who::Anyone, session::create)
        .post("/session/end", Who::Person, session::end)
        .get("/me", Who::Person, me::show)
        .post("/me/sessions/{id}/end", Who::Person, me::end_session)
        .post("/me/password", Who::Person, me::change_password)
        .get("/password-reset", Who::Anyone, reset::start)
        .post("/password-resets", Who::Anyone, reset::create)
        .get("/password-resets/{id}", Who::Anyone, reset::show)
        .post("/password-resets/{id}/codes", Who::Anyone, reset::renew)
        .post("/password-resets/{id}/password", Who::Anyone, reset::set)
        .post("/preferences/theme", Who::Anyone, preference::theme)
}
