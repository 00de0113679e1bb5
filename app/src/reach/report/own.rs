//! The two sides: choosing what is handed over, following the case, replying.

use super::Report;
use super::case::{Kept, State as Standing};
use super::file;
use super::form::{Reply, Wanted};
use super::page::{Copied, FormPage, Line, Own, Said};
use super::seal::Key;
use super::store::{self, Copy};
use crate::app::App;
use crate::discard::naming;
use crate::identity::company::data_region;
use crate::reach::conversation::{self, FileLine, Handed, Thread};
use crate::web::limit::{self, Limit};
use crate::web::{At, Context, Correspondent, Ctx, Error, Form, Input, Member, Page, Saved};
use axum::extract::State;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;

/// Reports of one company.
static REPORTS: Limit = Limit { name: "report", burst: 10, every: SignedDuration::from_hours(2) };

/// A file that still lies in the thread.
fn lying(file: FileLine) -> file::Line {
    file::Line { name: file.name, size: file.size, path: Some(format!("/thread-files/{}", file.id)) }
}

async fn form(
    app: &App,
    context: &Context,
    member: &Correspondent,
    id: Id<Thread>,
    form: Form,
) -> Result<FormPage, Error> {
    let (other, handed) = conversation::newest(app, member, id).await?;
    let copied = |one: Handed| Copied {
        message: one.id,
        by_reporter: one.company == member.company,
        member: one.member,
        sent_at: one.sent_at,
        text: one.text,
        files: one.files.into_iter().map(lying).collect(),
    };
    let next: Id<Report> = Id::v7(context.now, app.random());
    let form = if form.value("id").is_empty() { form.with("id", next.to_string()) } else { form };
    Ok(FormPage { thread: id, other, messages: handed.into_iter().map(copied).collect(), form })
}

pub async fn new(
    State(app): State<App>,
    context: Ctx,
    member: Correspondent,
    At(id): At<Id<Thread>>,
) -> Result<Page, Error> {
    Ok(Page::new("report-new", form(&app, &context, &member, id, Form::default()).await?))
}

pub async fn create(
    State(app): State<App>,
    context: Ctx,
    member: Correspondent,
    At(id): At<Id<Thread>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |refused| Ok(("report-new", form(&app, &context, &member, id, refused).await?));
    let wanted: Wanted = input.parse_on(again).await?;
    let counted = app.limits().of(&REPORTS, &[member.company.as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&counted)).await?;
    let (_, all) = conversation::newest(&app, &member, id).await?;
    let chosen: Vec<_> = all.into_iter().filter(|one| wanted.messages.contains(&one.id)).collect();
    if chosen.len() != wanted.messages.len() {
        return Err(Error::not_found());
    }
    let key = Key::of(&app, wanted.id).await?;
    let body = key.seal("body", &wanted.text);
    let who = member.clone();
    let region = app.db().read::<_, db::Error>(move |tx| data_region(tx, who.company)).await?;
    let mut files = Vec::new();
    for one in chosen.iter().filter(|one| !one.files.is_empty()) {
        let opened = conversation::files_of(&app, &member, id, one.n).await?;
        files.extend(file::write(&app, &key, (one.id, &region), opened).await?);
    }
    let blobs = files.iter().map(|file| file.blob.clone()).collect();
    let handed: Vec<_> = chosen
        .into_iter()
        .map(|one| {
            let sealed = key.seal(&format!("message/{}", one.id), &one.text);
            (one, sealed)
        })
        .collect();
    let (who, zone) = (member.clone(), app.zone());
    let unit = move |tx: &mut Tx| store::make(tx, &who, id, (&wanted, &body), (&handed, &files), &zone);
    let kept = naming(&app, (&region, blobs), unit).await?;
    let own = own(&app, &member, kept, Form::default()).await?;
    Ok(Saved::at(format!("/reports/{}?done=report-made", own.line.id), own))
}

/// What was said about it, opened.
pub fn said(key: &Key, kept: &Kept) -> Result<Option<Said>, Error> {
    let (Some(decision), Some(reasons)) = (kept.decision, key.open_some("reasons", kept.reasons.as_ref())?) else {
        return Ok(None);
    };
    let reply = key.open_some("reply", kept.reply.as_ref())?;
    let last_reasons = key.open_some("last", kept.last_reasons.as_ref())?;
    Ok(Some(Said {
        decision,
        reasons,
        at: kept.decided_at,
        reply,
        replied_at: kept.replied_at,
        upheld: kept.upheld,
        last_reasons,
        answered_at: kept.final_at,
    }))
}

/// Copies, opened.
pub fn copied(
    key: &Key,
    kept: &Kept,
    (copies, files): (Vec<Copy>, Vec<file::Kept>),
    is_desk: bool,
) -> Result<Vec<Copied>, Error> {
    let open = |one: Copy| {
        let of = files.iter().filter(|file| file.message == one.message);
        Ok(Copied {
            files: of.map(|file| file.line(key, is_desk)).collect::<Result<_, _>>()?,
            by_reporter: one.company == kept.reporter,
            text: key.open(&format!("message/{}", one.message), &one.body)?,
            message: one.message,
            member: one.member,
            sent_at: one.sent_at,
        })
    };
    copies.into_iter().map(open).collect()
}

async fn own(app: &App, member: &Member, kept: Kept, form: Form) -> Result<Own, Error> {
    let id = kept.id;
    let read =
        move |tx: &mut Tx| Ok::<_, Error>(((store::copies(tx, id)?, file::list(tx, id)?), store::openings(tx, id)?));
    let (copies, openings) = app.db().read(read).await?;
    let key = Key::of(app, id).await?;
    let is_reporter = kept.reporter == member.company;
    Ok(Own {
        line: Line::new(&kept),
        thread: kept.thread,
        is_reporter,
        text: if is_reporter { Some(key.open("body", &kept.body)?) } else { None },
        messages: copied(&key, &kept, copies, false)?,
        openings,
        said: said(&key, &kept)?,
        may_reply: !is_reporter && kept.state == Standing::Decided,
        form,
    })
}

async fn read(app: &App, member: &Member, id: Id<Report>, form: Form) -> Result<Own, Error> {
    let who = member.clone();
    let kept = app.db().read(move |tx| store::own(tx, &who, id)).await?;
    own(app, member, kept, form).await
}

pub async fn show(State(app): State<App>, member: Member, At(id): At<Id<Report>>) -> Result<Page, Error> {
    Ok(Page::new("report", read(&app, &member, id, Form::default()).await?))
}

pub async fn reply(
    State(app): State<App>,
    member: Correspondent,
    At(id): At<Id<Report>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("report", read(&app, &member, id, form).await?));
    let Reply(text) = input.parse_on(again).await?;
    let sealed = Key::of(&app, id).await?.seal("reply", &text);
    let (who, zone) = (member.clone(), app.zone());
    let kept = app.db().write(move |tx| store::reply(tx, &who, id, &sealed, &zone)).await?;
    Ok(Saved::at(format!("/reports/{id}?done=report-replied"), own(&app, &member, kept, Form::default()).await?))
}
