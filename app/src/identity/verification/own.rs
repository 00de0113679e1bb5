//! What the members of a company do about its cases, and about their own.

use super::case::State as CaseState;
use super::event::by_member;
use super::form::{Appeal, Files};
use super::intake;
use super::kind::{Kind, Step};
use super::leaf::{self, Leaf, Written};
use super::page::{Overview, Shown, View};
use super::recheck::Recheck;
use super::record::Record;
use super::{bank, document};
use crate::app::App;
use crate::discard::naming;
use crate::identity::company;
use crate::identity::company::data_region;
use crate::web::limit::{self, Limit};
use crate::web::{Agent, At, Context, Ctx, Error, Form, Input, Member, Page, Person, Saved};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use policy::purpose;
use vault::Grant;

/// Files that one company hands in: each is drawn, which costs.
static FILES: Limit = Limit { name: "verification-files", burst: 30, every: SignedDuration::from_mins(2) };

/// The kind of this code, if this member's company has such cases; one about a person, if they have.
fn kind(member: &Member, code: &str) -> Result<Kind, Error> {
    let kind = Kind::of(code).ok_or_else(Error::not_found)?;
    kind.concerns(member)?;
    if kind.is_personal() {
        kind.admits(member)?;
    }
    Ok(kind)
}

/// The same, if the member acts on it.
pub fn acted_on(member: &Member, code: &str) -> Result<Kind, Error> {
    let kind = kind(member, code)?;
    kind.admits(member)?;
    Ok(kind)
}

pub async fn view(app: &App, member: &Member, kind: Kind) -> Result<View, Error> {
    let member = member.clone();
    Ok(app.db().read::<_, db::Error>(move |tx| View::of_member(tx, &member, kind)).await?)
}

/// A member acts on a case of this kind, in one unit. `change` stores it and answers what happened, which is noted; nothing has
/// where it answers nothing. `done`: the key of what the page says then.
pub async fn act(
    app: &App,
    member: &Member,
    kind: Kind,
    done: &str,
    change: impl Fn(&mut Tx, &Member, &mut Record) -> Result<Option<&'static str>, Error> + Send + 'static,
) -> Result<Saved, Error> {
    let owner = member.clone();
    let unit = move |tx: &mut Tx| {
        owner.still(tx)?;
        let mut record = Record::begun_by(tx, &owner, kind)?;
        let Some(what) = change(tx, &owner, &mut record)? else { return Ok(()) };
        Ok::<_, Error>(by_member(tx, &owner, &record, what)?)
    };
    app.db().write(unit).await?;
    let case = view(app, member, kind).await?;
    Ok(Saved::at(format!("/company/verification/{}?done={done}", kind.code()), case))
}

/// Which level the company has, what each function needs, and where the cases stand.
pub async fn overview(State(app): State<App>, member: Member) -> Result<Page, Error> {
    let read = app.db().read::<_, db::Error>(move |tx| Overview::of(tx, &member));
    Ok(Page::new("verification", read.await?))
}

/// A case with its steps.
pub async fn show(State(app): State<App>, context: Ctx, member: Member, At(code): At<String>) -> Result<Page, Error> {
    let case = view(&app, &member, kind(&member, &code)?).await?;
    let document = document::own(&app, &context, &member, &case).await?;
    Ok(Page::new("verification-case", Shown { document, ..Shown::to(&app, &member, case, Form::default()) }))
}

/// Hands something in for a step; what was there before goes.
pub async fn give(
    State(app): State<App>,
    context: Ctx,
    member: Agent,
    At((code, step)): At<(String, String)>,
    input: Input,
) -> Result<Saved, Error> {
    let (kind, step) = (acted_on(&member, &code)?, Step::of(&step).ok_or_else(Error::not_found)?);
    let case = view(&app, &member, kind).await?;
    let given = match input.parse_with_form() {
        Ok((files, form)) => take(&app, &context, &member, (kind, step), files, form).await,
        Err(refused) => Err(refused),
    };
    given.map_err(|refused| {
        refused.on("verification-case", |form| Shown::to(&app, &member, case, form.with("step", step.code())))
    })?;
    let case = view(&app, &member, kind).await?;
    Ok(Saved::at(format!("/company/verification/{}?done=verification-given", kind.code()), case))
}

async fn take(
    app: &App,
    context: &Context,
    member: &Member,
    (kind, step): (Kind, Step),
    Files(files, typed): Files,
    form: Form,
) -> Result<(), Error> {
    let asker = member.clone();
    // Nothing is drawn for what would be refused anyway.
    let read = move |tx: &mut Tx| {
        match Record::of_member(tx, &asker, kind)? {
            Some(mut record) => give_again(tx, &mut record, step)?,
            None => super::case::Case::new(kind).give(step)?,
        }
        Ok::<_, Error>(data_region(tx, asker.company)?)
    };
    let region = app.db().read(read).await?;
    let checked = if step.is_identity() {
        Some(document::check(app, context, (member, kind), typed, &form).await?)
    } else {
        typed.none(&form)?;
        None
    };
    let counted = app.limits().of(&FILES, &[member.company.as_bytes()]);
    limit::take(app.db(), &vec![counted; files.len()]).await?;
    let pages = match intake::draw(files, app.config().clamd_address, &app.config().drawer).await? {
        Ok(pages) => pages,
        Err(rule) => return Err(form.refuse("pages", rule)),
    };
    let sealed = match &checked {
        Some(checked) => Some(document::seal(app, member.subject(), checked).await?),
        None => None,
    };
    let written = leaf::write(app, &region, member.subject(), pages).await?;
    let blobs = written.iter().map(|page| page.blob.clone()).collect();
    let owner = member.clone();
    naming(app, (&region, blobs), move |tx| attach(tx, &owner, (kind, step), (&written[..], sealed.as_ref()))).await
}

/// Something is given for a step; a legal representative's document anew where another name stands on the company's record now.
fn give_again(tx: &mut Tx, record: &mut Record, step: Step) -> Result<(), Error> {
    if step.is_identity() && document::is_outdated(tx, record)? {
        record.case.forget(step);
    }
    Ok(record.case.give(step)?)
}

fn attach(
    tx: &mut Tx,
    member: &Member,
    (kind, step): (Kind, Step),
    (pages, sealed): (&[Written], Option<&document::Written>),
) -> Result<(), Error> {
    member.still(tx)?;
    let mut record = Record::begun_by(tx, member, kind)?;
    give_again(tx, &mut record, step)?;
    let now = tx.now();
    let told = record.told.entry(step).or_default();
    (told.given_at, told.decided_at) = (Some(now), None);
    leaf::put(tx, (record.id, step), member.subject(), pages)?;
    if let Some(sealed) = sealed {
        document::put(tx, record.id, member.subject(), sealed)?;
    }
    record.save(tx)?;
    Ok(by_member(tx, member, &record, "given")?)
}

/// The case goes to the reviewers.
pub async fn hand_in(
    State(app): State<App>,
    member: Agent,
    At(code): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let change = |tx: &mut Tx, _: &Member, record: &mut Record| {
        record.case.hand_in()?;
        bank::is_filed(tx, record)?;
        document::as_filed(tx, record)?;
        record.handed_in_at = Some(tx.now());
        record.save(tx)?;
        Ok(Some("handed-in"))
    };
    act(&app, &member, acted_on(&member, &code)?, "verification-handed-in", change).await
}

/// It comes back before anybody has looked at it.
pub async fn take_back(
    State(app): State<App>,
    member: Agent,
    At(code): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let change = |tx: &mut Tx, _: &Member, record: &mut Record| {
        let now = tx.now();
        if record.recheck == Some(Recheck::Unchanged) {
            record.case.recheck_later(now)?;
            record.recheck = None;
        } else {
            record.case.take_back(now)?;
        }
        record.save(tx)?;
        Ok(Some("taken-back"))
    };
    act(&app, &member, acted_on(&member, &code)?, "verification-taken-back", change).await
}

/// The company appeals against a refusal, once: another reviewer decides.
pub async fn appeal(State(app): State<App>, member: Agent, At(code): At<String>, input: Input) -> Result<Saved, Error> {
    let kind = acted_on(&member, &code)?;
    let case = view(&app, &member, kind).await?;
    let Appeal(text) = input
        .parse()
        .map_err(|refused| refused.on("verification-case", |form| Shown::to(&app, &member, case, form)))?;
    let change = move |tx: &mut Tx, owner: &Member, record: &mut Record| {
        record.case.appeal()?;
        if record.appealed_at.is_some() {
            return Err(Error::conflict("verification-appealed"));
        }
        let now = tx.now();
        (record.appeal, record.appealed_at, record.handed_in_at) = (Some(text.clone()), Some(now), Some(now));
        record.save(tx)?;
        if kind == Kind::Company {
            company::wait_again(tx, owner)?;
        }
        Ok(Some("appealed"))
    };
    act(&app, &member, kind, "verification-appealed", change).await
}

/// It is shown anew: it ends soon or has ended, or it was refused. What was accepted holds until its end.
pub async fn renew(State(app): State<App>, member: Agent, At(code): At<String>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let change = |tx: &mut Tx, _: &Member, record: &mut Record| {
        let (state, now) = (record.case.state, tx.now());
        record.case.renew()?;
        if state == CaseState::Accepted && !record.is_near_its_end(now) && bank::stands(tx, record)? {
            return Err(Error::conflict("verification-holds"));
        }
        leaf::list(tx, record.id)?.iter().try_for_each(|page| page.remove(tx))?;
        if !record.holds(now) {
            document::remove(tx, record.id)?;
        }
        record.told.clear();
        (record.handed_in_at, record.reason) = (None, None);
        (record.appeal, record.appealed_at) = (None, None);
        record.save(tx)?;
        Ok(Some("renewed"))
    };
    act(&app, &member, acted_on(&member, &code)?, "verification-renewed", change).await
}

/// A page that this person has handed in, as it is kept; another's is not there.
pub async fn picture(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    At(id): At<Id<Leaf>>,
) -> Result<Response, Error> {
    context.refuse_prefetch()?;
    let found = app.db().read::<_, db::Error>(move |tx| leaf::find(tx, id)).await?;
    let (_, page) = found.filter(|(_, page)| page.subject == person.subject()).ok_or_else(Error::not_found)?;
    let grant = Grant::<purpose::VerificationReview, _>::new(&person, context.request);
    let content = page.open(&app, &grant).await?;
    Ok(([("content-type", "image/jpeg")], content).into_response())
}
