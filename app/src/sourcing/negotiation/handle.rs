//! Negotiating, for buyers; final offers, for those who respond.

use super::form::{Changed, Confirmed, Invited, Minuted, Offered};
use super::offer::{self, FinalOffer, Sealed};
use super::page::{Done, NegotiationPage};
use super::store::Seen;
use super::{act, draft, opening, store};
use crate::app::App;
use crate::discard;
use crate::identity::company::data_region;
use crate::sourcing::bid::envelope::{self, Offer};
use crate::sourcing::bid::from_library::with_kept;
use crate::sourcing::bid::{self, kept};
use crate::sourcing::tender::Lot;
use crate::sourcing::tender::document::sha256;
use crate::web::{At, Bidder, Context, Ctx, Error, Form, Input, Member, Page, Provider, Purchaser, Saved, attachment};
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use kit::db::Tx;
use kit::id::Id;

/// The page of a lot's negotiation, on which refused forms come back.
async fn page(
    app: &App,
    context: &Context,
    member: &Member,
    id: Id<Lot>,
    form: Form,
) -> Result<(&'static str, NegotiationPage), Error> {
    let page = NegotiationPage::read(app, context, member.clone(), id, form).await?;
    Ok(("negotiation", page.with_library(app, member).await?))
}

pub async fn show(State(app): State<App>, context: Ctx, member: Member, At(id): At<Id<Lot>>) -> Result<Page, Error> {
    let (title, page) = page(&app, &context, &member, id, Form::default()).await?;
    Ok(Page::new(title, draft::begun(&app, &member, page).await?))
}

pub async fn minute(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| page(&app, &context, &buyer, id, form).await;
    let act = async |given: Minuted, form: Form| {
        let (theirs, buyer) = (app.clone(), buyer.clone());
        app.db().write(move |tx| act::minute(tx, &theirs, &buyer, id, (&given, &form))).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/lots/{id}/negotiation?done=negotiation-minuted"), Done { lot: id }))
}

pub async fn confirm(
    State(app): State<App>,
    context: Ctx,
    bidder: Bidder,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| page(&app, &context, &bidder, id, form).await;
    let given: Confirmed = input.parse_on(again).await?;
    let theirs = app.clone();
    app.db().write(move |tx| act::confirm(tx, &theirs, &bidder, id, &given)).await?;
    Ok(Saved::at(format!("/lots/{id}/negotiation?done=minutes-confirmed"), Done { lot: id }))
}

pub async fn change(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| page(&app, &context, &buyer, id, form).await;
    let given: Changed = input.parse_on(again).await?;
    let theirs = app.clone();
    app.db().write(move |tx| act::change(tx, &theirs, &buyer, id, &given)).await?;
    Ok(Saved::at(format!("/lots/{id}/negotiation?done=negotiation-changed"), Done { lot: id }))
}

pub async fn invite(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| page(&app, &context, &buyer, id, form).await;
    let act = async |given: Invited, form: Form| {
        let (theirs, member) = (app.clone(), (**buyer).clone());
        let side = app.db().read(move |tx| Ok::<_, Error>(store::seen(tx, &theirs, &member, id)?.side)).await?;
        // Nobody else has a key made.
        if !matches!(side, store::Side::Buyer) {
            return Err(Error::not_found());
        }
        let recipient = opening::make(&app, id).await?;
        let (theirs, buyer) = (app.clone(), buyer.clone());
        app.db().write(move |tx| act::invite(tx, &theirs, &buyer, id, (&given, &form, recipient.as_str()))).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/lots/{id}/negotiation?done=final-offers-invited"), Done { lot: id }))
}

pub async fn leave(State(app): State<App>, bidder: Bidder, At(id): At<Id<Lot>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let theirs = app.clone();
    app.db().write(move |tx| act::leave(tx, &theirs, &bidder, id)).await?;
    Ok(Saved::at(format!("/lots/{id}/negotiation?done=negotiation-left"), Done { lot: id }))
}

pub async fn offer(
    State(app): State<App>,
    context: Ctx,
    bidder: Bidder,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| page(&app, &context, &bidder, id, form).await;
    let act = async |given: Offered, form: Form| submit(&app, bidder.clone(), id, (given, form)).await;
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/lots/{id}/negotiation?done=final-offer-sealed"), Done { lot: id }))
}

/// Seals what was typed and attached, and stores it if the hour has not come. Every ceiling is known since the first opening.
async fn submit(app: &App, bidder: Bidder, id: Id<Lot>, (given, form): (Offered, Form)) -> Result<(), Error> {
    let (theirs, who) = (app.clone(), bidder.clone());
    let read = move |tx: &mut Tx| {
        let seen = offer::to_offer(tx, &theirs, &who, id)?;
        // Where its bidder keeps its own files would tell who offers: an envelope lies where the tender's files do.
        let region = data_region(tx, seen.tender.company)?;
        Ok::<_, Error>((seen, region))
    };
    let (seen, region) = app.db().read(read).await?;
    if let Some(rule) = seen.lot.over(given.price) {
        return Err(form.refuse("price", rule));
    }
    let files = with_kept(app, &bidder, (given.files, &given.kept), &form).await?;
    let sealed = seal(app, &bidder, &seen, (Offered { files, ..given }, region)).await?;
    let (region, blobs) = (sealed.region.clone(), Vec::from_iter(sealed.blob.clone()));
    let theirs = app.clone();
    discard::naming(app, (&region, blobs), move |tx| offer::receive(tx, &theirs, &bidder, &sealed)).await
}

/// The envelope of what was given, lying where it is to lie.
async fn seal(app: &App, bidder: &Bidder, seen: &Seen, (given, region): (Offered, String)) -> Result<Sealed, Error> {
    let recipient = seen.negotiation.recipient.clone();
    let recipient = recipient.ok_or_else(|| Error::fault("final offers are invited without a key"))?;
    let content = Offer {
        tender: seen.tender.id,
        lot: seen.lot.id,
        company: bidder.company,
        company_name: bidder.company_name.clone(),
        price: given.price,
        delivery_days: given.delivery_days,
        note: given.note,
    };
    let bytes: Bytes = envelope::sealed(content, given.files, recipient).await?.into();
    let (hash, size) = (sha256(&bytes), i64::try_from(bytes.len()).unwrap_or(i64::MAX));
    let (envelope, blob) = bid::laid(app, &region, bytes).await?;
    let (id, replaces, lot) = (given.id, given.version, seen.lot.id);
    Ok(Sealed { id, replaces, lot, envelope, region, blob, size, sha256: hash })
}

/// The newest receipt as a file, for keeping and for `ziyun verify`.
pub async fn receipt(
    State(app): State<App>,
    provider: Provider,
    At(id): At<Id<FinalOffer>>,
) -> Result<Response, Error> {
    let theirs = app.clone();
    let (receipt, _) = app.db().read(move |tx| offer::receipt(tx, &theirs, &provider, id)).await?;
    attachment::json(&format!("final-offer-{id}"), &receipt)
}

/// The same, with the proof that the log has it.
pub async fn proof(State(app): State<App>, provider: Provider, At(id): At<Id<FinalOffer>>) -> Result<Response, Error> {
    let theirs = app.clone();
    let read = move |tx: &mut Tx| {
        let receipt = offer::receipt(tx, &theirs, &provider, id)?;
        kept::prove(tx, &theirs, receipt)
    };
    let proven = app.db().read(read).await?;
    attachment::json(&format!("final-offer-proof-{id}"), &proven)
}
