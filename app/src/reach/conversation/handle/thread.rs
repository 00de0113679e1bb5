//! Reading a thread, withdrawing from it, blocking the other side.

use super::super::file;
use super::super::message::{self, Kept};
use super::super::page::{Blocked, Line, Reader, Running, Thread as ThreadPage, ThreadLine, Threads, Unblocked};
use super::super::seal::{Keys, Place};
use super::super::shown::Offered;
use super::super::thread::{self, PAGE, Side};
use super::super::{Block, Message, PLACE, Thread, address, block, member, request, rule, sharing};
use super::after;
use crate::app::App;
use crate::identity::people::Duty;
use crate::web::{Actor, At, Context, Correspondent, Ctx, Error, Form, Input, Member, Page, Saved, Who};
use axum::extract::State;
use kit::db::{self, Tx};
use kit::id::Id;

fn may_act(member: &Member) -> bool {
    Who::Correspondent.admits(&Actor::Member(member.clone())).is_ok()
}

pub async fn index(State(app): State<App>, context: Ctx, member: Member) -> Result<Page, Error> {
    let (bound, may_act) = (format!("threads {}", member.company), may_act(&member));
    let (after, program) = (after(&app, &context, &bound)?, app.clone());
    let read = move |tx: &mut Tx| {
        let mut sides = thread::list(tx, &member, after)?;
        let more = sides.len() > PAGE;
        sides.truncate(PAGE);
        let last = sides.last().filter(|_| more).map(|one| (one.at.as_microsecond(), *one.thread.as_bytes()));
        let mut lines = Vec::with_capacity(sides.len());
        for side in sides {
            let read_up_to = member::find(tx, &member, side.thread)?.map_or(0, |seat| seat.read_up_to);
            let unread = message::unread(tx, &side, read_up_to)?;
            lines.push(ThreadLine::new(side, unread));
        }
        let waiting = request::waiting(tx, &program, &Actor::Member(member.clone()))?.len();
        Ok((lines, last, waiting, block::list(tx, &member)?))
    };
    let (threads, last, waiting, blocks) = app.db().read::<_, db::Error>(read).await?;
    let next = last.map(|(at, id)| format!("{PLACE}?after={}", app.cursors().seal(at, &id, &bound)));
    Ok(Page::new("threads", Threads { threads, waiting, blocks, may_act, next }))
}

/// What a page of a thread is made of, as it lies.
struct Lying {
    side: Side,
    messages: Vec<Kept>,
    files: Vec<file::Kept>,
    more: bool,
    reader: Reader,
    running: Vec<Running>,
    offered: Vec<Offered>,
    own: Option<Offered>,
    shut: Option<&'static str>,
}

fn read(tx: &mut Tx, member: &Member, id: Id<Thread>, before: Option<i64>) -> Result<Lying, Error> {
    let side = thread::find(tx, member, id)?;
    let mut messages = message::list(tx, id, before)?;
    let more = messages.len() > message::PAGE;
    messages.truncate(message::PAGE);
    let files = file::of_messages(tx, id, &messages)?;
    let reader = Reader {
        company: member.company,
        number: member::find(tx, member, id)?.map(|seat| seat.number),
        read_by_other: message::read_by(tx, id, side.other)?,
        now: tx.now(),
    };
    let mut running = thread::running(tx, side.company)?;
    running.extend(thread::running(tx, side.other)?);
    let mut offered: Vec<_> = sharing::visible(tx, &side)?.iter().map(Offered::new).collect();
    offered.extend(address::visible(tx, &side)?.map(|(_, at)| Offered::address(at)));
    let own = sharing::own(tx, member, id)?.map(|kept| Offered::new(&kept));
    let shut = match side.goes_on().and_then(|()| rule::write(tx, side.company, side.other, side.matter)) {
        Ok(()) => None,
        Err(error) if error.status.is_client_error() => Some(error.code),
        Err(error) => return Err(error),
    };
    let running = running.into_iter().map(|(id, title)| Running { id, title }).collect();
    Ok(Lying { side, messages, files, more, reader, running, offered, own, shut })
}

pub(super) async fn page(
    app: &App,
    context: &Context,
    member: &Member,
    id: Id<Thread>,
    form: Form,
) -> Result<ThreadPage, Error> {
    let bound = format!("thread {id} {}", member.company);
    let before = after(app, context, &bound)?.map(|(n, _)| n);
    let who = member.clone();
    let lying = app.db().read(move |tx| read(tx, &who, id, before)).await?;
    let keys = Keys::of(app, [lying.side.company, lying.side.other]).await?;
    let mut messages = Vec::with_capacity(lying.messages.len());
    for kept in lying.messages.iter().rev() {
        let open = |body: &Vec<u8>| keys.open(kept.company, Place::Message, kept.id, body);
        let text = kept.body.as_ref().map(open).transpose()?;
        let files =
            lying.files.iter().filter(|one| one.n == kept.n).map(|one| one.line(&keys)).collect::<Result<_, _>>()?;
        messages.push(Line::new(kept, text, files, lying.reader));
    }
    let first = messages.first().filter(|_| lying.more).map(|line| (line.number, *line.id.as_bytes()));
    let older = first.map(|(n, id_of)| format!("{PLACE}/{id}?after={}", app.cursors().seal(n, &id_of, &bound)));
    let (address_since, closed_why) =
        (lying.side.address.as_ref().map(|(_, at)| *at), lying.side.closed.as_ref().map(|(_, why)| why.clone()));
    let next: Id<Message> = Id::v7(context.now, app.random());
    let form = if form.value("id").is_empty() { form.with("id", next.to_string()) } else { form };
    Ok(ThreadPage {
        line: ThreadLine::new(lying.side, 0),
        company: member.company_name.clone(),
        messages,
        older,
        running: lying.running,
        offered: lying.offered,
        own: lying.own,
        address_since,
        shut: lying.shut,
        may_act: may_act(member),
        is_owner: member.duties.has(Duty::Owner),
        closed_why,
        form,
    })
}

/// The thread. A person who reads it has read it; a program that does has not, nor a browser that only fetches ahead.
pub async fn show(State(app): State<App>, context: Ctx, member: Member, At(id): At<Id<Thread>>) -> Result<Page, Error> {
    let page = page(&app, &context, &member, id, Form::default()).await?;
    let last = page.messages.iter().rfind(|line| !line.is_own).map(|line| line.number);
    if let (Some(last), true, Ok(())) = (last, context.bearer.is_none(), context.refuse_prefetch()) {
        note_reading(&app, member, id, last).await?;
    }
    Ok(Page::new(page.line.other.name.clone(), page))
}

/// Writes only where there is something new.
async fn note_reading(app: &App, member: Member, id: Id<Thread>, last: i64) -> Result<(), Error> {
    let who = member.clone();
    let seat = app.db().read::<_, db::Error>(move |tx| member::find(tx, &who, id)).await?;
    if seat.is_some_and(|seat| seat.read_up_to >= last) {
        return Ok(());
    }
    let unit = move |tx: &mut Tx| {
        member.still(tx)?;
        thread::find(tx, &member, id)?;
        Ok(member::read(tx, &member, id, last)?)
    };
    app.db().write::<_, Error>(unit).await
}

pub async fn withdraw(
    State(app): State<App>,
    context: Ctx,
    member: Correspondent,
    At(id): At<Id<Message>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let company = member.company;
    let kept = app.db().write(move |tx| message::withdraw(tx, &member, id)).await?;
    let reader = Reader { company, number: Some(kept.member), read_by_other: 0, now: context.now };
    Ok(Saved::at(
        format!("{PLACE}/{}?done=message-withdrawn#end", kept.thread),
        Line::new(&kept, None, Vec::new(), reader),
    ))
}

pub async fn block(
    State(app): State<App>,
    member: Correspondent,
    At(id): At<Id<Thread>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        member.still(tx)?;
        let other = thread::find(tx, &member, id)?.other;
        block::set(tx, &member, other)?;
        Ok::<_, Error>(other)
    };
    let blocked = app.db().write(unit).await?;
    Ok(Saved::at(format!("{PLACE}/{id}?done=contact-blocked"), Blocked { blocked }))
}

pub async fn unblock(
    State(app): State<App>,
    member: Correspondent,
    At(id): At<Id<Block>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    app.db().write(move |tx| block::lift(tx, &member, id)).await?;
    Ok(Saved::at(format!("{PLACE}?done=contact-unblocked#blocks"), Unblocked { lifted: id }))
}
