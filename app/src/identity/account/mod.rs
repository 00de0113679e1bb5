//! An account (账号): a person who acts for a company, or for the operator.
//!
//! It is made on behalf of a company with a mobile number, an e-mail and a password (clause 2.3), after the person has
//! agreed to the policy and typed a code from each (clause 0.1). Both lie sealed under the person's own key; what finds
//! an account is a keyed index. No answer, and no time that it takes, tells whether somebody has an account.

mod again;
pub mod code;
mod code_job;
mod contact;
mod device;
mod ending;
mod erasure;
mod factor;
pub mod guess;
mod held;
pub mod letter;
pub mod link;
pub mod mailing;
mod me;
pub mod message;
mod operation;
pub mod operator;
mod passkey;
mod password;
mod preference;
mod registration;
mod reset;
mod secrets;
mod session;
mod step_up;
mod store;
mod sweep;
mod whom;

use crate::web::{Actor, Card, Place, Room, Routes, Routine, Texts, Who, Work};
use vault::{Email, Phone, Slot};

pub use again::knows_password;
pub use device::Device;
pub use device::denial::protect;
pub use ending::{account_of, alive, company_left_alone, named};
pub use erasure::erase;
pub use factor::forget_operators_factor;
pub use letter::Written;
pub use link::{Link, Linked};
pub use me::centre;
pub use operator::{NotCreated, Post, appoint, create_operator, reappoint};
pub use password::{Password, void};
pub use secrets::Secrets;
pub use session::form::Name;
pub use session::{Begun, Through, set};
pub use store::{Contact, contact as contact_of};
pub use whom::{Owner, Whom, owners_after, owners_of};

/// An account.
pub struct Account;

const PHONE: Slot<Phone> = Slot::new("account", "phone");
/// Where an account's e-mail is sealed.
pub const EMAIL: Slot<Email> = Slot::new("account", "email");

/// The room.
pub static ROOM: Room = Room {
    places: &[Place {
        path: "/registration",
        word: "registration",
        icon: "plus",
        order: 90,
        under: None,
        shown: |actor| matches!(actor, Actor::Visitor),
    }],
    jobs: &[
        Work::post(code_job::KIND, code_job::run),
        Work::post(letter::KIND, letter::run),
        Work::endless(erasure::KIND, erasure::run),
    ],
    obstacles: Some(ending::obstacles),
    erased: Some(ending::erased),
    routines: &[Routine { name: "account.sweep", step: sweep::step }],
    purposes: &["account", "notification", "security"],
    held: Some(&held::HELD),
    door: Some(&registration::DOOR),
    cards: &[
        Card { path: "/me#sessions", word: "me-sessions", icon: "device", order: 40, state: me::sessions },
        Card { path: "/me/security", word: "security", icon: "key", order: 45, state: factor::state },
        Card { path: "/me/contact", word: "contact", icon: "edit", order: 50, state: contact::state },
    ],
    ..Room::new("account", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    passkey::routes(factor::routes(Routes::new()))
        .get("/registration", Who::Anyone, operation::registration(), registration::start)
        .post("/registrations", Who::Anyone, operation::register(), registration::create)
        .get("/registrations/{id}", Who::Anyone, operation::waiting(), registration::show)
        .post("/registrations/{id}/codes", Who::Anyone, operation::renew(), registration::renew)
        .post("/registrations/{id}/confirmation", Who::Anyone, operation::confirm(), registration::confirm)
        .get("/session", Who::Anyone, operation::session(), session::current::show)
        .get("/session/new", Who::Anyone, operation::sign_in_form(), session::start)
        .post("/session", Who::Anyone, operation::sign_in(), session::create)
        .get("/session/factor", Who::Anyone, operation::step_form(), session::step::show)
        .post("/session/factor", Who::Anyone, operation::step(), session::step::create)
        .get("/me/step-up", Who::Person, operation::step_up_form(), step_up::show)
        .post("/me/step-up", Who::Person, operation::step_up(), step_up::create)
        .post("/session/end", Who::Person, operation::sign_out(), session::end)
        .get("/me", Who::Person, operation::me(), me::show)
        .get("/sign-ins/{key}", Who::Anyone, operation::sign_in_asked(), device::denial::show)
        .post("/sign-ins/{key}/denial", Who::Anyone, operation::deny_sign_in(), device::denial::create)
        .post("/me/other-sessions/end", Who::Person, operation::end_other_sessions(), me::end_others)
        .post("/me/sessions/{id}/end", Who::Person, operation::end_session(), me::end_session)
        .post("/me/password", Who::Person, operation::change_password(), me::change_password)
        .get("/me/contact", Who::Person, operation::contact(), contact::show)
        .post("/me/contact", Who::Person, operation::change_contact(), contact::create)
        .get("/me/contact/{id}", Who::Person, operation::contact_codes(), contact::waiting)
        .post("/me/contact/{id}/confirmation", Who::Person, operation::confirm_contact(), contact::confirm)
        .get("/password-reset", Who::Anyone, operation::reset_form(), reset::start)
        .post("/password-resets", Who::Anyone, operation::reset(), reset::create)
        .get("/password-resets/{id}", Who::Anyone, operation::reset_waiting(), reset::show)
        .post("/password-resets/{id}/codes", Who::Anyone, operation::reset_renew(), reset::renew)
        .post("/password-resets/{id}/password", Who::Anyone, operation::reset_set(), reset::set)
        .post("/preferences/theme", Who::Anyone, operation::theme(), preference::theme)
}
