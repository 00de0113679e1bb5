//! Contacts of a company (公司联系人, clause 2.4): people whom a provider names, so that the demand side can reach it.
//!
//! A contact has no account. A member of the company enters what is to be shown; it is sealed under the contact's own key, and
//! from then on nobody of the company reads it either: the list knows entries by a label of the company's. The person is
//! written to with a link and decides at the public door ([`crate::identity::door`]). Shown is what the company authorises
//! **and** the person has agreed to, to members of companies that are verified as demand side ([`Demand`]), one provider at a time, so many a day, each
//! showing on record. A no, a withdrawal, the end of a consent, a month without an answer and the closing of the company delete
//! it.

mod ending;
mod entering;
mod form;
mod held;
mod invite;
mod key;
mod own;
mod page;
mod showing;
mod store;

pub use showing::Demand;

use crate::web::{Function, Nothing, Op, Room, Routes, Routine, Texts, Who, Work};
use http::StatusCode;
use vault::{ContactDepartment, ContactEmail, ContactName, ContactOther, ContactPhone, ContactTitle, Slot};

/// A contact.
pub struct Contact;

/// The purpose that showing one rests on.
pub const PURPOSE: &str = "contact-display";

const NAME: Slot<ContactName> = Slot::new("contact", "name");
const PHONE: Slot<ContactPhone> = Slot::new("contact", "phone");
const EMAIL: Slot<ContactEmail> = Slot::new("contact", "email");
const DEPARTMENT: Slot<ContactDepartment> = Slot::new("contact", "department");
const TITLE: Slot<ContactTitle> = Slot::new("contact", "title");
const OTHER: Slot<ContactOther> = Slot::new("contact", "other");

/// The room.
pub static ROOM: Room = Room {
    jobs: &[Work::post(invite::KIND, invite::run), Work::endless(ending::KIND, ending::run)],
    routines: &[
        Routine { name: ending::FOLLOWER, step: ending::step },
        Routine { name: "contacts.sweep", step: ending::sweep },
    ],
    purposes: &[PURPOSE, "door"],
    functions: &[Function { purpose: PURPOSE, path: "/privacy/door/contact", of_guests: true }],
    held: Some(&held::HELD),
    erased: Some(held::erased),
    closed: Some(ending::closed),
    door: Some(&ending::DOOR),
    ..Room::new("contacts", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let list =
        Op::page::<page::Own>("contacts.list", "本公司的联系人 · The company's contacts, by label; opens nothing");
    let enter = "录入联系人，并请其本人决定 · Enters a contact, who is asked";
    let enter =
        Op::act::<form::Wanted, page::Line>("contacts.enter", enter).conflicts(&["contacts-many"]).limited().missing();
    let remove = Op::act::<Nothing, page::Removed>("contacts.remove", "删除联系人 · Removes a contact, with all data");
    let ask = Op::page::<page::Asking>("contacts.asking", "联系人收到的链接 · What the link to a contact shows");
    let of = Op::page::<page::Of>("contacts.of", "服务商的联系人（不显示内容）· A provider's contacts, closed");
    let show = "显示联系人，逐家、限量、留痕 · Shows a provider's contacts, counted and on record";
    let show =
        Op::act::<Nothing, page::Shown>("contacts.show", show).shown().conflicts(&["contacts-changed"]).limited();
    let own = "本人更正联系人信息 · What is kept of the contact, to be corrected by the person";
    let own = Op::page::<page::Correct>("contacts.own", own).fails(StatusCode::FORBIDDEN, &["prefetch"]);
    let correct = Op::act::<form::Correction, page::Corrected>("contacts.correct", "更正 · Corrects it").missing();
    Routes::new()
        .get("/company/contacts", Who::Provider, list, entering::list)
        .post("/company/contacts", Who::Presenter, enter, entering::enter)
        .post("/company/contacts/{id}/removal", Who::Presenter, remove, entering::remove)
        .get("/contacts/{key}", Who::Anyone, ask, invite::show)
        .get("/companies/{id}/contacts", Who::Buyer, of, showing::closed)
        .post("/companies/{id}/contacts/showing", Who::Purchaser, show, showing::open)
        .get("/privacy/door/contact", Who::Guest, own, own::show)
        .post("/privacy/door/contact", Who::Guest, correct, own::correct)
}
