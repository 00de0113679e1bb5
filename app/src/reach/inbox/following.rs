//! What is told because of what has happened. A follower of the events tells one person or company in the unit that moves
//! its cursor, and leaves to jobs what concerns many.

use super::kind::{self, Kind};
use super::tell::{Telling, tell};
use super::{
    approving, concern, corresponding, demanding, everyone, holding, opening, qualifying, shelf, substituting,
    witnessing,
};
use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::account::{self, Account, Owner};
use crate::identity::company::Company;
use crate::sourcing::clarification::Asked;
use crate::sourcing::evaluation::event::{Inquired, Stood};
use crate::sourcing::negotiation::event::Minuted;
use crate::sourcing::opening::StillWaiting;
use crate::sourcing::tender::{self, event::Closed};
use crate::trust::{complaint, export};
use crate::web::Error;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::event::{Event, Fact};
use kit::follower;
use kit::id::Id;
use serde::Deserialize;

/// Its name, and that of the routine.
pub const FOLLOWER: &str = "inbox";

/// Tells what the next events ask for.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move {
        let program = app.clone();
        Ok(follower::step(app.db(), FOLLOWER, move |tx, event| follow(tx, &program, event)).await?)
    })
}

fn follow(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    match event.kind.as_str() {
        "company.approved" => company(tx, app, event, &kind::COMPANY_APPROVED),
        "company.refused" => company(tx, app, event, &kind::COMPANY_REFUSED),
        "account.password-changed" => account(tx, app, event, &kind::PASSWORD_CHANGED),
        "account.contact-changed" => account(tx, app, event, &kind::CONTACT_CHANGED),
        Asked::KIND => asked(tx, app, event),
        "export.changed" => copy(tx, app, event),
        "complaint.changed" => answered(tx, app, event),
        "policy.announced" | "terms.announced" => everyone::begin(tx, event.id),
        "webhook.changed" => webhook(tx, app, event),
        "verification.changed" => verification(tx, app, event),
        "mandate.changed" => mandate(tx, app, event),
        Stood::KIND => called(tx, app, event),
        Inquired::KIND => inquired(tx, app, event),
        Minuted::KIND => minuted(tx, app, event),
        substituting::KIND => substituting::tell_of(tx, app, event),
        shelf::KIND => shelf::tell_of(tx, app, event),
        Closed::KIND => {
            opening::tell_of(tx, app, event)?;
            concern::leave(tx, event.id)
        }
        StillWaiting::KIND => opening::tell_of(tx, app, event),
        kind if holding::KINDS.contains(&kind) => holding::follow(tx, app, event),
        kind if witnessing::KINDS.contains(&kind) => witnessing::tell_of(tx, app, event),
        kind if approving::KINDS.contains(&kind) => approving::tell_of(tx, app, event),
        kind if corresponding::KINDS.contains(&kind) => corresponding::tell_of(tx, app, event),
        kind if demanding::KINDS.contains(&kind) => demanding::leave(tx, event),
        kind if qualifying::KINDS.contains(&kind) => qualifying::leave(tx, event),
        kind if concern::KINDS.contains(&kind) => concern::leave(tx, event.id),
        _ => Ok(()),
    }
}

/// The body of an event about a company.
#[derive(Deserialize)]
struct OfCompany {
    company: Id<Company>,
}

/// The body of an event about an account.
#[derive(Deserialize)]
struct OfAccount {
    account: Id<Account>,
}

/// The body of `export.changed`.
#[derive(Deserialize)]
struct OfExport {
    export: Id<export::Export>,
    act: String,
}

/// The body of `complaint.changed`.
#[derive(Deserialize)]
struct OfComplaint {
    complaint: Id<complaint::Complaint>,
    act: String,
}

/// The body of `verification.changed`.
#[derive(Deserialize)]
struct OfVerification {
    kind: String,
    act: String,
}

/// The body of `mandate.changed`.
#[derive(Deserialize)]
struct OfMandate {
    account: Id<Account>,
    act: String,
}

/// The body of `webhook.changed`.
#[derive(Deserialize)]
struct OfWebhook {
    webhook: Id<()>,
    act: String,
}

fn company(tx: &mut Tx, app: &App, event: &Event, kind: &'static Kind) -> Result<(), db::Error> {
    let company = event.read::<OfCompany>()?.company;
    let telling = Telling { kind, about: *company.as_bytes(), event: event.id };
    account::owners_of(tx, company)?.into_iter().try_for_each(|owner| tell(tx, app, owner, telling))
}

fn account(tx: &mut Tx, app: &App, event: &Event, kind: &'static Kind) -> Result<(), db::Error> {
    let account = event.read::<OfAccount>()?.account;
    let subject = account::alive(tx, account)?;
    let owner = subject.map(|subject| (account, subject));
    own(tx, app, owner, Telling { kind, about: *account.as_bytes(), event: event.id })
}

/// Told here, and not by a job: the figures of jobs would tell a question from a bid.
fn asked(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let tender = event.read::<Asked>()?.tender;
    let Some(buyer) = tender::store::buyer(tx, tender)? else { return Ok(()) };
    let telling = Telling { kind: &kind::QUESTION_ASKED, about: *tender.as_bytes(), event: event.id };
    account::owners_of(tx, buyer)?.into_iter().try_for_each(|owner| tell(tx, app, owner, telling))
}

/// To who is called to evaluate, and to nobody else.
fn called(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let Stood { tender, account, standing, .. } = event.read()?;
    let subject = if standing == "called" { account::alive(tx, account)? } else { None };
    let Some(subject) = subject else { return Ok(()) };
    let telling = Telling { kind: &kind::EVALUATOR_CALLED, about: *tender.as_bytes(), event: event.id };
    tell(tx, app, (account, subject), telling)
}

/// To the bidder that a committee asks.
fn inquired(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let Inquired { tender, company, .. } = event.read()?;
    let telling = Telling { kind: &kind::INQUIRY_ASKED, about: *tender.as_bytes(), event: event.id };
    account::owners_of(tx, company)?.into_iter().try_for_each(|owner| tell(tx, app, owner, telling))
}

/// To the bidder that was negotiated with.
fn minuted(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let Minuted { tender, company, .. } = event.read()?;
    let telling = Telling { kind: &kind::NEGOTIATION_MINUTES, about: *tender.as_bytes(), event: event.id };
    account::owners_of(tx, company)?.into_iter().try_for_each(|owner| tell(tx, app, owner, telling))
}

fn webhook(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let OfWebhook { webhook, act } = event.read()?;
    let company = event.scope.company.filter(|_| act == "given-up");
    let Some(company) = company.map(Id::from_bytes) else { return Ok(()) };
    let telling = Telling { kind: &kind::WEBHOOK_GIVEN_UP, about: *webhook.as_bytes(), event: event.id };
    account::owners_of(tx, company)?.into_iter().try_for_each(|owner| tell(tx, app, owner, telling))
}

/// A company's own case is told of as the company is: approved, refused.
fn verification(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let OfVerification { kind, act } = event.read()?;
    let kind = match act.as_str() {
        "accepted" | "refused" if kind == "company" => return Ok(()),
        "rechecked" => &kind::VERIFICATION_ACCEPTED,
        "accepted" => &kind::VERIFICATION_ACCEPTED,
        "refused" => &kind::VERIFICATION_REFUSED,
        "ends-soon" => &kind::VERIFICATION_ENDS_SOON,
        "ended" => &kind::VERIFICATION_ENDED,
        _ => return Ok(()),
    };
    let Some(company) = event.scope.company else { return Ok(()) };
    let telling = Telling { kind, about: company, event: event.id };
    account::owners_of(tx, Id::from_bytes(company))?.into_iter().try_for_each(|owner| tell(tx, app, owner, telling))
}

/// To its holder; that one ends, to everybody in the company.
fn mandate(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let OfMandate { account, act } = event.read()?;
    let Some(company) = event.scope.company else { return Ok(()) };
    let kind = match act.as_str() {
        "issued" => &kind::MANDATE_ISSUED,
        "revoked" => &kind::MANDATE_REVOKED,
        _ => &kind::MANDATE_ENDS_SOON,
    };
    let all = act == "ends-soon";
    let people = account::owners_of(tx, Id::from_bytes(company))?.into_iter().filter(|owner| all || owner.0 == account);
    people
        .collect::<Vec<_>>()
        .into_iter()
        .try_for_each(|owner| tell(tx, app, owner, Telling { kind, about: company, event: event.id }))
}

fn copy(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let OfExport { export, act } = event.read()?;
    if act != "ready" {
        return Ok(());
    }
    let owner = export::owner(tx, export)?;
    own(tx, app, owner, Telling { kind: &kind::EXPORT_READY, about: *export.as_bytes(), event: event.id })
}

fn answered(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let OfComplaint { complaint, act } = event.read()?;
    if act != "answered" {
        return Ok(());
    }
    let owner = complaint::whose(tx, complaint)?;
    own(tx, app, owner, Telling { kind: &kind::COMPLAINT_ANSWERED, about: *complaint.as_bytes(), event: event.id })
}

/// Tells one person, unless they have left. Who has no account is called to the public door by a letter.
fn own(tx: &mut Tx, app: &App, owner: Option<Owner>, telling: Telling) -> Result<(), db::Error> {
    let Some((account, _)) = owner else { return Ok(()) };
    match account::alive(tx, account)? {
        Some(subject) => tell(tx, app, (account, subject), telling),
        None => letter::to_account(tx, account, &Letter::new("contacts-letter")),
    }
}
