//! What somebody shares of themselves: seen beforehand, shared, taken back.

use super::super::form::{Own, Share};
use super::super::sharing::{self, Kept, New};
use super::super::shown::{Card, Offered, Preview, Shared, Sharing as SharingPage, Unshared};
use super::super::thread::{self, Side};
use super::super::{PLACE, Sharing, Thread, member};
use super::other;
use crate::app::App;
use crate::web::{At, Context, Correspondent, Ctx, Error, Form, Input, Page, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;
use policy::purpose;
use vault::Grant;

/// What the member shares now, opened as their own, and the form.
async fn read(
    app: &App,
    context: &Context,
    by: &Correspondent,
    id: Id<Thread>,
    form: Option<Form>,
) -> Result<SharingPage, Error> {
    let who = by.clone();
    let read = move |tx: &mut Tx| Ok::<_, Error>((thread::find(tx, &who, id)?, sharing::own(tx, &who, id)?));
    let (side, kept) = app.db().read(read).await?;
    let shown = match kept {
        Some(kept) => Some(opened(app, context, by, &kept).await?),
        None => None,
    };
    Ok(SharingPage { thread: id, other: other(&side), shown, form: form.unwrap_or_default() })
}

/// What somebody shares, opened as their own.
pub(super) async fn opened(app: &App, context: &Context, by: &Correspondent, kept: &Kept) -> Result<Card, Error> {
    let person = ***by;
    let grant = Grant::<purpose::OwnData, _>::new(&person, context.request);
    let names: Vec<_> = kept.name.clone().into_iter().collect();
    let phones: Vec<_> = kept.phone.clone().into_iter().collect();
    let emails: Vec<_> = kept.email.clone().into_iter().collect();
    let ((names, phones), emails) = app.vault().open_together(&grant, ((&names[..], &phones[..]), &emails[..])).await?;
    Ok(Card::new(kept, names, phones, emails))
}

pub async fn show(
    State(app): State<App>,
    context: Ctx,
    by: Correspondent,
    At(id): At<Id<Thread>>,
) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("conversation-sharing", read(&app, &context, &by, id, None).await?))
}

/// What the other side would see. Nothing is kept.
pub async fn preview(
    State(app): State<App>,
    context: Ctx,
    by: Correspondent,
    At(id): At<Id<Thread>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("conversation-sharing", read(&app, &context, &by, id, Some(form)).await?));
    let own: Own = input.parse_on(again).await?;
    let who = by.clone();
    let read = move |tx: &mut Tx| Ok::<_, Error>((thread::find(tx, &who, id)?, member::find(tx, &who, id)?));
    let (side, seat) = app.db().read(read).await?;
    side.goes_on()?;
    let seen = sharing::seen(&app, &by, &side, &own, seat.map_or(0, |seat| seat.shares));
    let next: Id<Sharing> = Id::v7(context.now, app.random());
    let text = own.values().map(|value| value.map(str::to_owned));
    let [name, phone, email] = text;
    let card = Card { member: seat.map_or(0, |seat| seat.number), name, phone, email };
    let view = Preview { thread: id, other: other(&side), card, id: next, seen: seen.hex(), form: own.form() };
    Ok(Saved::here("conversation-preview", view))
}

/// Shares what was previewed, and nothing else.
pub async fn share(
    State(app): State<App>,
    context: Ctx,
    by: Correspondent,
    At(id): At<Id<Thread>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("conversation-sharing", read(&app, &context, &by, id, Some(form)).await?));
    let Share { id: sharing, own, seen } = input.parse_on(again).await?;
    let new = New::new(&app, by.subject(), sharing, &own).await?;
    let program = app.clone();
    let unit = move |tx: &mut Tx| {
        let is_seen = |side: &Side, shares| sharing::seen(&program, &by, side, &own, shares) == seen;
        sharing::share(tx, &by, id, &new, is_seen)
    };
    let kept = app.db().write(unit).await?;
    let what = Offered::new(&kept).what;
    Ok(Saved::at(format!("{PLACE}/{id}/sharing?done=contact-shared"), Shared { thread: id, what }))
}

pub async fn unshare(
    State(app): State<App>,
    by: Correspondent,
    At(id): At<Id<Thread>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    app.db().write(move |tx| sharing::unshare(tx, &by, id)).await?;
    Ok(Saved::at(format!("{PLACE}/{id}/sharing?done=contact-unshared"), Unshared { thread: id }))
}
