//! Asking, answering, taking back.

use super::super::ContactRequest;
use super::super::form::{Declined, Wanted};
use super::super::matter::Matter;
use super::super::page::{About, Accepted, Asking, Named, Request, RequestLine, Requests};
use super::super::request::{self, Kept};
use super::super::rule;
use super::super::seal::{Keys, Place};
use super::super::thread::PAGE;
use super::after;
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::tender::{self, Tender};
use crate::web::limit::{self, Limit};
use crate::web::{Actor, At, Context, Correspondent, Ctx, Error, Form, Input, Member, Page, Saved, Who};
use axum::extract::State;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;

/// Requests of one company: ten at once, then one every two hours.
static REQUESTS: Limit = Limit { name: "contact-request", burst: 10, every: SignedDuration::from_hours(2) };

pub async fn index(State(app): State<App>, context: Ctx, member: Member) -> Result<Page, Error> {
    let (company, bound) = (member.company, format!("contact-requests {}", member.company));
    let after = after(&app, &context, &bound)?;
    let mut all = app.db().read::<_, db::Error>(move |tx| request::list(tx, &member, after)).await?;
    let more = all.len() > PAGE;
    all.truncate(PAGE);
    let last = all.last().filter(|_| more).map(|one| (one.made_at.as_microsecond(), *one.id.as_bytes()));
    let next = last.map(|(at, id)| format!("/contact-requests?after={}", app.cursors().seal(at, &id, &bound)));
    let requests = all.into_iter().map(|kept| RequestLine::new(kept, company)).collect();
    Ok(Page::new("contact-requests", Requests { requests, next }))
}

/// Whom to ask, about what.
fn wanted(context: &Context) -> Option<(Id<Company>, Matter)> {
    let parameter = |name: &str| context.parameter(name).filter(|text| !text.is_empty());
    let company = parameter("company")?.parse().ok()?;
    let tender: Option<Id<Tender>> = parameter("tender").and_then(|text| text.parse().ok());
    let code = parameter("matter").unwrap_or_else(|| if tender.is_some() { "tender" } else { "general" }.to_owned());
    Some((company, Matter::read(&code, tender)?))
}

/// The form. Of a tender that runs it leads to the clarification.
pub async fn new(State(app): State<App>, context: Ctx, member: Correspondent) -> Result<Page, Error> {
    let (company, matter) = wanted(&context).ok_or_else(Error::not_found)?;
    let id: Id<ContactRequest> = Id::v7(context.now, app.random());
    let form = Form::filled([("id", id.to_string()), ("company", company.to_string())])
        .with("matter", matter.code())
        .with("tender", matter.tender().map(|tender| tender.to_string()).unwrap_or_default());
    Ok(Page::new("contact-request-new", asking(&app, member, company, matter, form).await?))
}

async fn asking(
    app: &App,
    member: Correspondent,
    company: Id<Company>,
    matter: Matter,
    form: Form,
) -> Result<Asking, Error> {
    let read = move |tx: &mut Tx| {
        let asked = rule::asked(tx, &member, company)?;
        let running = match rule::matter(tx, &member, &asked, matter) {
            Err(error) if error.code == "tender-in-progress" => true,
            checked => checked.map(|()| false)?,
        };
        let title = match matter.tender() {
            Some(id) => Some(tender::store::find(tx, &Actor::Member((*member).clone()), id)?.title),
            None => None,
        };
        Ok::<_, Error>((Named { id: asked.id, name: asked.name }, About::new(matter, title), running))
    };
    let (company, about, running) = app.db().read(read).await?;
    Ok(Asking { company, about, running, form })
}

/// What the refused form was about.
fn of_form(form: &Form) -> Option<(Id<Company>, Matter)> {
    let tender = form.value("tender").parse().ok();
    Some((form.value("company").parse().ok()?, Matter::read(form.value("matter"), tender)?))
}

pub async fn create(State(app): State<App>, member: Correspondent, input: Input) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let (company, matter) = of_form(&form).ok_or_else(|| Error::invalid(form.clone()))?;
        Ok(("contact-request-new", asking(&app, member.clone(), company, matter, form).await?))
    };
    let wanted: Wanted = input.parse_on(again).await?;
    let counted = app.limits().of(&REQUESTS, &[member.company.as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&counted)).await?;
    let keys = Keys::of(&app, [member.company]).await?;
    let body = keys.seal(member.company, Place::Request, wanted.id, &wanted.text)?;
    let who = member.clone();
    let kept = app.db().write(move |tx| request::ask(tx, &who, &wanted, &body)).await?;
    let shown = opened(&app, &member, kept).await?;
    Ok(Saved::at(format!("/contact-requests/{}?done=contact-requested", shown.line.id), shown))
}

async fn opened(app: &App, member: &Member, kept: Kept) -> Result<Request, Error> {
    let keys = Keys::of(app, [kept.asker, kept.asked]).await?;
    let text = keys.open(kept.asker, Place::Request, kept.id, &kept.body)?;
    let open = |reason: &Vec<u8>| keys.open(kept.asked, Place::Reason, kept.id, reason);
    let reason = kept.reason.as_ref().map(open).transpose()?;
    let may_act = Who::Correspondent.admits(&Actor::Member(member.clone())).is_ok();
    Ok(Request { line: RequestLine::new(kept, member.company), text, reason, may_act, form: Form::default() })
}

async fn read(app: &App, member: &Member, id: Id<ContactRequest>) -> Result<Request, Error> {
    let who = member.clone();
    let kept = app.db().read(move |tx| request::find(tx, &who, id)).await?;
    opened(app, member, kept).await
}

pub async fn show(State(app): State<App>, member: Member, At(id): At<Id<ContactRequest>>) -> Result<Page, Error> {
    Ok(Page::new("contact-request", read(&app, &member, id).await?))
}

pub async fn accept(
    State(app): State<App>,
    member: Correspondent,
    At(id): At<Id<ContactRequest>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let thread = app.db().write(move |tx| request::accept(tx, &member, id)).await?;
    Ok(Saved::at(format!("/threads/{thread}?done=contact-accepted"), Accepted { thread }))
}

pub async fn decline(
    State(app): State<App>,
    member: Correspondent,
    At(id): At<Id<ContactRequest>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("contact-request", Request { form, ..read(&app, &member, id).await? }));
    let Declined { reason, block } = input.parse_on(again).await?;
    let keys = Keys::of(&app, [member.company]).await?;
    let sealed = reason.map(|reason| keys.seal(member.company, Place::Reason, id, &reason)).transpose()?;
    let who = member.clone();
    let kept = app.db().write(move |tx| request::decline(tx, &who, id, sealed.as_ref(), block)).await?;
    let done = if block { "contact-blocked" } else { "contact-declined" };
    Ok(Saved::at(format!("/contact-requests/{id}?done={done}"), opened(&app, &member, kept).await?))
}

pub async fn withdraw(
    State(app): State<App>,
    member: Correspondent,
    At(id): At<Id<ContactRequest>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let who = member.clone();
    let kept = app.db().write(move |tx| request::withdraw(tx, &who, id)).await?;
    Ok(Saved::at(format!("/contact-requests/{id}?done=contact-withdrawn"), opened(&app, &member, kept).await?))
}
