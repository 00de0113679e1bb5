//! What the page of a draft shows, and what its JSON says.

use super::super::store::{Bid, own_of_lot};
use super::Draft;
use super::store::{self, Kept, Of, Place};
use crate::app::App;
use crate::business::Keys;
use crate::identity::approval::Person;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{Bidder, Error, Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The draft of a company's bid.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "BidDraftPage")]
#[template(path = "sourcing/bid/draft/show.html")]
pub struct DraftPage {
    form: Form,
    tender: Tender,
    lot: Lot,
    /// As it is kept; none where there is none yet.
    kept: Option<Last>,
    /// Whether it takes a price: not where many hands open.
    takes_price: bool,
    /// The company's bid, which a new one replaces.
    bid: Option<Id<Bid>>,
    #[serde(skip)]
    of: Of,
}

/// The last version of a draft.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BidDraftKept")]
pub struct Last {
    /// What is in it.
    draft: Draft,
    /// For forms: which version is shown.
    version: i64,
    /// When it was written.
    #[schemars(with = "Instant")]
    changed_at: Timestamp,
    /// Who wrote it.
    changed_by: Person,
}

impl Last {
    async fn open(app: &App, provider: &Bidder, place: &Place, kept: Kept) -> Result<Self, Error> {
        let keys = Keys::of(app, [place.company]).await?;
        let written = kept.open(&keys, place)?;
        let changed_by = Person::of(written.by, provider);
        Ok(Self { draft: written.draft, version: kept.version, changed_at: kept.changed_at, changed_by })
    }
}

impl DraftPage {
    /// Reads that of a bid; with a form that was refused, what was typed stays in it.
    ///
    /// # Errors
    /// As [`store::to_draft`]; 503.
    pub async fn read(app: &App, provider: &Bidder, lot: Id<Lot>, refused: Option<Form>) -> Result<Self, Error> {
        let (theirs, who) = (app.clone(), provider.clone());
        let read = move |tx: &mut Tx| {
            let (lot, tender, place) = store::to_draft(tx, &theirs, &who, lot)?;
            let bid = own_of_lot(tx, lot.id, place.mark)?.map(|bid| bid.id);
            Ok::<_, Error>((place.find(tx)?, place, lot, tender, bid))
        };
        let (kept, place, lot, tender, bid) = app.db().read(read).await?;
        Ok(Self { bid, ..Self::of(app, provider, (place, kept), (lot, tender), refused).await? })
    }

    /// Opens what is kept at a place, for who may draft there.
    ///
    /// # Errors
    /// 503.
    pub async fn of(
        app: &App,
        provider: &Bidder,
        (place, kept): (Place, Option<Kept>),
        (lot, tender): (Lot, Tender),
        refused: Option<Form>,
    ) -> Result<Self, Error> {
        let kept = match kept {
            Some(kept) => Some(Last::open(app, provider, &place, kept).await?),
            None => None,
        };
        let values = || kept.as_ref().map(|last| last.draft.values()).unwrap_or_default();
        let form = refused.unwrap_or_else(|| Form::filled(values()));
        Ok(Self { form, takes_price: tender.hands.is_none(), tender, lot, kept, bid: None, of: place.of })
    }

    /// What is saved takes the place of this version, which the reader is shown.
    fn version(&self) -> i64 {
        self.kept.as_ref().map_or(0, |last| last.version)
    }

    /// Whether it is the draft of a final offer.
    fn is_final(&self) -> bool {
        self.of == Of::FinalOffer
    }

    /// Where it is read and saved.
    fn path(&self) -> String {
        let lot = self.lot.id;
        if self.is_final() { format!("/lots/{lot}/final-offers/draft") } else { format!("/lots/{lot}/draft") }
    }

    /// Where it is sealed.
    fn onward(&self) -> String {
        match (self.of, self.bid) {
            (Of::FinalOffer, _) => format!("/lots/{}/negotiation#final-offer", self.lot.id),
            (Of::Bid, Some(bid)) => format!("/bids/{bid}/replacement"),
            (Of::Bid, None) => format!("/lots/{}/bids/new", self.lot.id),
        }
    }

    /// What a colleague has written meanwhile, where that is why the form was refused.
    fn meanwhile(&self) -> Option<&Last> {
        self.kept.as_ref().filter(|_| self.form.problem("version").is_some())
    }
}

/// What the form of a bid begins with: what was drafted for its lot.
///
/// # Errors
/// As [`store::to_draft`]; 503.
pub async fn filled(app: &App, provider: &Bidder, lot: Id<Lot>) -> Result<Vec<(&'static str, String)>, Error> {
    let (theirs, who) = (app.clone(), provider.clone());
    let read = move |tx: &mut Tx| {
        let place = store::to_draft(tx, &theirs, &who, lot)?.2;
        Ok::<_, Error>((place.find(tx)?, place))
    };
    let (kept, place) = app.db().read(read).await?;
    values(app, &place, kept).await
}

/// What was drafted, as the fields of a form have it; nothing where nothing is kept.
///
/// # Errors
/// 503.
pub async fn values(app: &App, place: &Place, kept: Option<Kept>) -> Result<Vec<(&'static str, String)>, Error> {
    let Some(kept) = kept else { return Ok(Vec::new()) };
    let keys = Keys::of(app, [place.company]).await?;
    Ok(kept.open(&keys, place)?.draft.values())
}

/// Why a draft was refused, where its form has a place for it.
pub fn refused(refusal: Error, form: Form) -> Error {
    match refusal.code {
        "stale" => form.refuse("version", "draft-changed"),
        "draft-no-price" => form.refuse("price", "draft-no-price"),
        _ => refusal,
    }
}
