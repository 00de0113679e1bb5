//! Writing in a thread, with files or without, and reading a file.

use super::super::file::{self, File, Kept as KeptFile};
use super::super::form::{Text, holds_contact};
use super::super::message::{self, Kept};
use super::super::page::{Line, Reader};
use super::super::seal::{Keys, Place};
use super::super::{PLACE, Thread, thread};
use super::thread::page;
use crate::app::App;
use crate::discard::naming;
use crate::identity::company::data_region;
use crate::identity::verification::is_clean;
use crate::web::limit::{self, Limit};
use crate::web::{At, Correspondent, Ctx, Error, Form, Input, Member, Saved, attachment};
use axum::extract::State;
use axum::response::Response;
use jiff::SignedDuration;
use kit::db::Tx;
use kit::id::Id;

/// Messages of one company: sixty at once, then one every ten seconds.
static MESSAGES: Limit = Limit { name: "thread-message", burst: 60, every: SignedDuration::from_secs(10) };

/// Sends a message. Sent twice with another text or other files, what stands is what was sent first.
pub async fn send(
    State(app): State<App>,
    context: Ctx,
    member: Correspondent,
    At(id): At<Id<Thread>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| {
        let page = page(&app, &context, &member, id, form).await?;
        Ok((page.line.other.name.clone(), page))
    };
    let (kept, files, keys) =
        input.act_on(again, async |given: Text, form: Form| deliver(&app, &member, id, given, form).await).await?;
    let open = |body: &Vec<u8>| keys.open(kept.company, Place::Message, kept.id, body);
    let text = kept.body.as_ref().map(open).transpose()?;
    let files = files.iter().map(|one| one.line(&keys)).collect::<Result<_, _>>()?;
    let done = if text.as_deref().is_some_and(holds_contact) { "message-sent-contact" } else { "message-sent" };
    let reader = Reader { company: member.company, number: Some(kept.member), read_by_other: 0, now: context.now };
    Ok(Saved::at(format!("{PLACE}/{id}?done={done}#end"), Line::new(&kept, text, files, reader)))
}

/// Files first, then what names them. Nothing is stored for a thread that is not the member's.
async fn deliver(
    app: &App,
    member: &Correspondent,
    id: Id<Thread>,
    given: Text,
    form: Form,
) -> Result<(Kept, Vec<KeptFile>, Keys), Error> {
    let Text { id: message, text, files } = given;
    let counted = app.limits().of(&MESSAGES, &[member.company.as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&counted)).await?;
    let who = member.clone();
    let find = move |tx: &mut Tx| {
        thread::find(tx, &who, id)?;
        Ok::<_, Error>(data_region(tx, who.company)?)
    };
    let region = app.db().read(find).await?;
    if let Err(rule) = is_clean(&files, app.config().clamd_address).await? {
        return Err(form.refuse("files", rule));
    }
    let keys = Keys::of(app, [member.company]).await?;
    let body = keys.seal(member.company, Place::Message, message, &text)?;
    let written = file::write(app, &keys, (member.company, &region), files).await?;
    let (blobs, who) = (written.iter().map(|file| file.blob.clone()).collect(), member.clone());
    let unit = move |tx: &mut Tx| {
        let kept = message::send(tx, &who, id, (message, &body), &written)?;
        let files = file::of_messages(tx, id, std::slice::from_ref(&kept))?;
        Ok::<_, Error>((kept, files))
    };
    let (kept, files) = naming(app, (&region, blobs), unit).await?;
    Ok((kept, files, keys))
}

/// A file of a message, for the two companies of its thread.
pub async fn file(State(app): State<App>, member: Member, At(id): At<Id<File>>) -> Result<Response, Error> {
    let kept = app.db().read(move |tx| file::find(tx, &member, id)).await?;
    let keys = Keys::of(&app, [kept.company]).await?;
    let opened = kept.open(&app, &keys).await?;
    Ok(attachment(&opened.name, opened.content))
}
