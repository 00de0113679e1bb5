//! The draft of a final offer, which the members of a bidder share as they share that of a bid: whoever may give the offer reads and changes it
//! while final offers are taken. It goes with what is given, and with their hour.

use super::form::MOST_NOTE;
use super::offer;
use super::page::{Done, NegotiationPage};
use super::store::Seen as Negotiated;
use crate::app::App;
use crate::business::Keys;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Act, Target};
use crate::sourcing::bid::draft::{DraftPage, Given, Of, Place, Seen, refused, values};
use crate::sourcing::tender::{Lot, finals};
use crate::web::{At, Bidder, Broken, Error, Form, Input, Member, Page, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;

fn place(app: &App, lot: &Lot, company: Id<Company>) -> Place {
    let mark = finals::bidder(app, lot.id, company);
    Place { tender: lot.tender, lot: lot.id, mark, company, of: Of::FinalOffer }
}

/// A lot that takes this bidder's final offer now, and where its draft is kept.
fn to_draft(tx: &mut Tx, app: &App, provider: &Bidder, lot: Id<Lot>) -> Result<(Negotiated, Place), Error> {
    let seen = offer::to_offer(tx, app, provider, lot)?;
    let place = place(app, &seen.lot, provider.company);
    Ok((seen, place))
}

/// The page, on which refused forms come back.
async fn page(app: &App, provider: &Bidder, lot: Id<Lot>, form: Option<Form>) -> Result<DraftPage, Error> {
    let (theirs, who) = (app.clone(), provider.clone());
    let read = move |tx: &mut Tx| {
        let (seen, place) = to_draft(tx, &theirs, &who, lot)?;
        Ok::<_, Error>((place.find(tx)?, place, seen))
    };
    let (kept, place, seen) = app.db().read(read).await?;
    DraftPage::of(app, provider, (place, kept), (seen.lot, seen.tender), form).await
}

/// `GET /lots/{id}/final-offers/draft`.
pub async fn show(State(app): State<App>, provider: Bidder, At(lot): At<Id<Lot>>) -> Result<Page, Error> {
    Ok(Page::new("final-offer-draft", page(&app, &provider, lot, None).await?))
}

/// `POST /lots/{id}/final-offers/draft`.
pub async fn save(
    State(app): State<App>,
    provider: Bidder,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| Ok(("final-offer-draft", page(&app, &provider, lot, Some(form)).await?));
    let act = async |given: Given, form: Form| {
        // What is drafted here is to be given as it is.
        let count = given.draft.note.chars().count();
        if count > MOST_NOTE {
            return Err(form.refuse("note", Broken::rule("too-long").with("most", MOST_NOTE).with("given", count)));
        }
        let keys = Keys::of(&app, [provider.company]).await?;
        let (theirs, who) = (app.clone(), provider.clone());
        let unit = move |tx: &mut Tx| {
            who.still(tx)?;
            to_draft(tx, &theirs, &who, lot)?.1.save(tx, who.account(), &given, &keys)
        };
        app.db().write(unit).await.map_err(|refusal| refused(refusal, form))
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/lots/{lot}/final-offers/draft?done=bid-draft-saved"), Done { lot }))
}

/// `POST /lots/{id}/final-offers/draft/removal`.
pub async fn remove(
    State(app): State<App>,
    provider: Bidder,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let theirs = app.clone();
    let unit = move |tx: &mut Tx| {
        provider.still(tx)?;
        to_draft(tx, &theirs, &provider, lot)?.1.remove(tx, version)
    };
    app.db().write(unit).await?;
    Ok(Saved::at(format!("/lots/{lot}/final-offers/draft?done=bid-draft-removed"), Done { lot }))
}

/// The page of a negotiation whose form begins with what was drafted, for whoever may give a final offer.
///
/// # Errors
/// 503.
pub async fn begun(app: &App, member: &Member, page: NegotiationPage) -> Result<NegotiationPage, Error> {
    if !page.offers() {
        return Ok(page);
    }
    let (theirs, who, lot) = (app.clone(), member.clone(), page.lot.clone());
    let read = move |tx: &mut Tx| {
        let (place, target) =
            (place(&theirs, &lot, who.company), Target::of(&theirs, who.company, lot.tender, Some(lot.id)));
        match mandate::may(tx, &who, Act::Bid, &target) {
            Ok(()) => Ok((place.find(tx)?, place)),
            Err(refusal) if refusal.status.is_client_error() => Ok((None, place)),
            Err(error) => Err(error),
        }
    };
    let (kept, place) = app.db().read(read).await?;
    let drafted = values(app, &place, kept).await?;
    let form = drafted.into_iter().fold(page.form.clone(), |form, (name, value)| form.with(name, value));
    Ok(NegotiationPage { form, ..page })
}
