//! What somebody means to show the other side of an award: seen beforehand, set, taken back.

use super::super::Sharing;
use super::super::award_contact::{self, SLOTS, Stand};
use super::super::form::{Own, Seen, Share};
use super::super::sharing::New;
use super::super::shown::{Card, ForAward, ForAwardPreview, ForAwardSet, Offered};
use super::sharing::opened;
use crate::app::App;
use crate::sourcing::tender::Tender;
use crate::web::{At, Context, Correspondent, Ctx, Error, Form, Input, Page, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;

/// What the member means to show now, opened as their own, and the form.
async fn read(
    app: &App,
    context: &Context,
    by: &Correspondent,
    id: Id<Tender>,
    form: Option<Form>,
) -> Result<ForAward, Error> {
    let who = by.clone();
    let read =
        move |tx: &mut Tx| Ok::<_, Error>((award_contact::stand(tx, &who, id)?, award_contact::own(tx, &who, id)?));
    let (stand, kept) = app.db().read(read).await?;
    let until = kept.as_ref().and_then(|kept| award_contact::ends(kept.shared_at));
    let shown = match kept {
        Some(kept) => Some(opened(app, context, by, &kept).await?),
        None => None,
    };
    let may_set = stand.goes_on().is_ok();
    let Stand { title, others, .. } = stand;
    Ok(ForAward { tender: id, title, others, shown, until, may_set, form: form.unwrap_or_default() })
}

pub async fn show(
    State(app): State<App>,
    context: Ctx,
    by: Correspondent,
    At(id): At<Id<Tender>>,
) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("award-contact", read(&app, &context, &by, id, None).await?))
}

/// What the other side would see. Nothing is kept.
pub async fn preview(
    State(app): State<App>,
    context: Ctx,
    by: Correspondent,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("award-contact", read(&app, &context, &by, id, Some(form)).await?));
    let own: Own = input.parse_on(again).await?;
    let who = by.clone();
    let stand = app.db().read(move |tx: &mut Tx| award_contact::stand(tx, &who, id)).await?;
    stand.goes_on()?;
    let seen = Seen::new(award_contact::mark(&app, &by, &stand, &own));
    let next: Id<Sharing> = Id::v7(context.now, app.random());
    let [name, phone, email] = own.values().map(|value| value.map(str::to_owned));
    let card = Card { member: 0, name, phone, email };
    let Stand { title, others, .. } = stand;
    let view = ForAwardPreview { tender: id, title, others, card, id: next, seen: seen.hex(), form: own.form() };
    Ok(Saved::here("conversation-preview", view))
}

/// Sets what was previewed, and nothing else.
pub async fn set(
    State(app): State<App>,
    context: Ctx,
    by: Correspondent,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("award-contact", read(&app, &context, &by, id, Some(form)).await?));
    let Share { id: sharing, own, seen } = input.parse_on(again).await?;
    let new = New::under(&app, SLOTS, by.subject(), sharing, &own).await?;
    let program = app.clone();
    let unit = move |tx: &mut Tx| {
        let is_seen = |stand: &Stand| Seen::new(award_contact::mark(&program, &by, stand, &own)) == seen;
        award_contact::set(tx, &by, id, &new, is_seen)
    };
    let kept = app.db().write(unit).await?;
    let what = Offered::new(&kept).what;
    Ok(Saved::at(format!("/tenders/{id}/award-contact?done=award-contact-set"), ForAwardSet { tender: id, what }))
}

pub async fn end(
    State(app): State<App>,
    by: Correspondent,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    app.db().write(move |tx| award_contact::end(tx, &by, id)).await?;
    let ended = ForAwardSet { tender: id, what: Vec::new() };
    Ok(Saved::at(format!("/tenders/{id}/award-contact?done=award-contact-ended"), ended))
}
