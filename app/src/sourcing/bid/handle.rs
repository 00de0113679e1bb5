//! Bidding, for providers.

use super::draft;
use super::envelope::{self, Offer};
use super::form::{Confirmed, Content, NewBid, Replacement};
use super::from_library::with_kept;
use super::page::{BidPage, FormPage, List};
use super::received::{Ciphertext, Place, lot_of, receive, to_bid};
use super::store::{self, Bid};
use crate::app::App;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{At, Bidder, Ctx, Error, Form, Input, Page, Provider, Saved, Seen};
use axum::extract::State;
use kit::id::Id;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// The answer to an act on a bid.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BidDone")]
pub struct Done {
    pub(super) id: Id<Bid>,
}

pub async fn index(State(app): State<App>, context: Ctx, provider: Provider) -> Result<Page, Error> {
    let list = List::read(&app, provider, context.locale).await?;
    Ok(Page::new("bid-mine", list))
}

pub async fn new(State(app): State<App>, context: Ctx, provider: Bidder, At(lot): At<Id<Lot>>) -> Result<Page, Error> {
    let id: Id<Bid> = Id::v7(context.now, app.random());
    let drafted = draft::filled(&app, &provider, lot).await?;
    let form = Form::filled([("id", id.to_string())].into_iter().chain(drafted));
    Ok(Page::new("bid-new", FormPage::new_bid(&app, provider, lot, form).await?))
}

pub async fn create(
    State(app): State<App>,
    provider: Bidder,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| Ok(("bid-new", FormPage::new_bid(&app, provider.clone(), lot, form).await?));
    let act = async |new: NewBid, form: Form| {
        let place = Place { id: new.id, replaces: None, answers: new.answers };
        submit(&app, provider.clone(), lot, place, (new.content, form)).await?;
        Ok(new.id)
    };
    let id = input.act_on(page, act).await?;
    Ok(Saved::at(format!("/bids/{id}?done=bid-sealed"), Done { id }))
}

pub async fn show(
    State(app): State<App>,
    context: Ctx,
    provider: Provider,
    At(id): At<Id<Bid>>,
) -> Result<Page, Error> {
    let page = BidPage::read(&app, provider, id, context.now, context.locale).await?;
    Ok(Page::new("bid-one", page))
}

pub async fn edit(State(app): State<App>, provider: Bidder, At(id): At<Id<Bid>>) -> Result<Page, Error> {
    Ok(Page::new("bid-replace", FormPage::replacement(&app, provider, id, None).await?))
}

pub async fn replace(
    State(app): State<App>,
    provider: Bidder,
    At(id): At<Id<Bid>>,
    input: Input,
) -> Result<Saved, Error> {
    let page =
        async |form: Form| Ok(("bid-replace", FormPage::replacement(&app, provider.clone(), id, Some(form)).await?));
    let act = async |new: Replacement, form: Form| {
        let lot = lot_of(&app, &provider, id).await?;
        let place = Place { id, replaces: Some(new.version), answers: new.answers };
        submit(&app, provider.clone(), lot, place, (new.content, form)).await
    };
    input.act_on(page, act).await?;
    Ok(Saved::at(format!("/bids/{id}?done=bid-replaced"), Done { id }))
}

pub async fn withdraw(
    State(app): State<App>,
    provider: Bidder,
    At(id): At<Id<Bid>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let theirs = app.clone();
    app.db().write(move |tx| store::withdraw(tx, &theirs, &provider, id, version)).await?;
    Ok(Saved::at(format!("/bids/{id}?done=bid-withdrawn"), Done { id }))
}

pub async fn confirm(
    State(app): State<App>,
    provider: Bidder,
    At(id): At<Id<Bid>>,
    input: Input,
) -> Result<Saved, Error> {
    let seen: Confirmed = input.parse()?;
    let theirs = app.clone();
    app.db().write(move |tx| store::confirm(tx, &theirs, &provider, id, &seen)).await?;
    Ok(Saved::at(format!("/bids/{id}?done=bid-confirmed"), Done { id }))
}

/// A form that was filled before an amendment of its lot is shown again, with what was typed.
fn unseen(refusal: Error, form: Form) -> Error {
    if refusal.code == "lot-amended" { form.refuse("answers", "lot-amended") } else { refusal }
}

/// Seals what was typed, keeps the ciphertext, and stores it if the hour has not come. A price above a ceiling that bidders know is refused; of
/// one that is sealed nothing is told.
async fn submit(
    app: &App,
    provider: Bidder,
    lot: Id<Lot>,
    place: Place,
    (content, form): (Content, Form),
) -> Result<(), Error> {
    let (region, tender, of) = to_bid(app, &provider, lot).await?;
    if tender.hands.is_some() && policy::holds(Control::SealedByManyHands) {
        return Err(Error::conflict("bid-sealed-only"));
    }
    if let Some(rule) = of.over(content.price) {
        return Err(form.refuse("price", rule));
    }
    let files = with_kept(app, &provider, (content.files, &content.kept), &form).await?;
    let content = Content { files, ..content };
    let bytes = seal(&provider, &tender, lot, content).await?.into();
    let taken = receive(app, provider, (&tender, &region, lot), place, Ciphertext { bytes, commitment: None }).await;
    taken.map_err(|refusal| unseen(refusal, form))
}

async fn seal(provider: &Provider, tender: &Tender, lot: Id<Lot>, content: Content) -> Result<Vec<u8>, Error> {
    let recipient = tender.recipient.clone().ok_or_else(|| Error::fault("a published tender has no key"))?;
    let offer = Offer {
        tender: tender.id,
        lot,
        company: provider.company,
        company_name: provider.company_name.clone(),
        price: content.price,
        delivery_days: content.delivery_days,
        note: content.note,
    };
    envelope::sealed(offer, content.files, recipient).await
}
