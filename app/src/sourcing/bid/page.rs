//! View models of bids, for their own bidder only.

use super::receipt;
use super::state::State;
use super::store::{self, Bid};
use crate::app::App;
use crate::identity::mandate::{self, Target};
use crate::identity::people::Duty;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Named, Tender};
use crate::web::{Actor, Bidder, Error, Form, Locale, Provider, filters};
use askama::Template;
use evidence::Receipt;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The provider's own bids.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/bid/list.html")]
#[schemars(rename = "BidList")]
pub struct List {
    bids: Vec<Line>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BidLine")]
struct Line {
    bid: Bid,
    tender: Named,
    lot: Lot,
}

impl List {
    /// Reads them.
    ///
    /// # Errors
    /// 503.
    pub async fn read(app: &App, provider: Provider, locale: Locale) -> Result<Self, Error> {
        let theirs = app.clone();
        app.db()
            .read(move |tx| {
                let actor = Actor::Member((*provider).clone());
                let mut bids = Vec::new();
                for bid in store::list_own(tx, &theirs, &provider)? {
                    let (lot, tender) = tender::store::lot(tx, &actor, bid.lot)?;
                    bids.push(Line { bid, tender: Named::new(tender, locale), lot });
                }
                Ok(Self { bids })
            })
            .await
    }
}

/// The form of a bid, new or replacing.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/bid/form.html")]
#[schemars(rename = "BidForm")]
pub struct FormPage {
    form: Form,
    tender: Tender,
    lot: Lot,
    replaces: Option<Id<Bid>>,
}

impl FormPage {
    /// For a first bid, if the lot takes any.
    ///
    /// # Errors
    /// As [`store::lot_to_bid`]; 409 `bid-exists`.
    pub async fn new_bid(app: &App, provider: Bidder, lot: Id<Lot>, form: Form) -> Result<Self, Error> {
        let theirs = app.clone();
        app.db()
            .read(move |tx| {
                let (lot, tender) = store::lot_to_bid(tx, &provider, lot)?;
                let target = Target::of(&theirs, provider.company, tender.id, Some(lot.id));
                mandate::may(tx, &provider, mandate::Act::Bid, &target)?;
                let bidder = store::bidder(&theirs, tender.id, provider.company);
                match store::own_of_lot(tx, lot.id, bidder)? {
                    Some(_) => Err(Error::conflict("bid-exists")),
                    None => Ok(Self { form: form.clone(), tender, lot, replaces: None }),
                }
            })
            .await
    }

    /// For another content of a bid of the provider's own.
    ///
    /// # Errors
    /// 404; as [`store::lot_to_bid`].
    pub async fn replacement(app: &App, provider: Bidder, id: Id<Bid>, form: Option<Form>) -> Result<Self, Error> {
        let theirs = app.clone();
        app.db()
            .read(move |tx| {
                let bid = store::own(tx, &theirs, &provider, id)?;
                let (lot, tender) = store::lot_to_bid(tx, &provider, bid.lot)?;
                let target = Target::of(&theirs, provider.company, tender.id, Some(lot.id));
                mandate::may(tx, &provider, mandate::Act::Bid, &target)?;
                let filled = || Form::filled([("version", bid.version.to_string())]);
                Ok(Self { form: form.clone().unwrap_or_else(filled), tender, lot, replaces: Some(id) })
            })
            .await
    }

    fn action(&self) -> String {
        match self.replaces {
            Some(id) => format!("/bids/{id}/replacement"),
            None => format!("/lots/{}/bids", self.lot.id),
        }
    }
}

/// A bid of the provider's own: what is sealed, until when it can be changed, its receipts.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/bid/show.html")]
pub struct BidPage {
    bid: Bid,
    tender: Named,
    lot: Lot,
    receipts: Vec<Receipt>,
    /// Whether it can be changed now, by this reader.
    can_change: bool,
}

impl BidPage {
    /// Reads it.
    ///
    /// # Errors
    /// 404.
    pub async fn read(
        app: &App,
        provider: Provider,
        id: Id<Bid>,
        now: Timestamp,
        locale: Locale,
    ) -> Result<Self, Error> {
        let theirs = app.clone();
        app.db()
            .read(move |tx| {
                let bid = store::own(tx, &theirs, &provider, id)?;
                let (lot, tender) = tender::store::lot(tx, &Actor::Member((*provider).clone()), bid.lot)?;
                Ok(Self {
                    receipts: receipt::list(tx, id)?,
                    can_change: tender.state == tender::State::Published
                        && lot.state == LotState::Open
                        && now < tender.deadline
                        && provider.duties.has(Duty::Bidder),
                    bid,
                    lot,
                    tender: Named::new(tender, locale),
                })
            })
            .await
    }

    /// A receipt's fact as text.
    fn fact(receipt: &Receipt, name: &str) -> String {
        match receipt.statement.get(name) {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }

    /// Where it stands, now that its lot stands where it does.
    fn state(&self) -> State {
        self.bid.standing(&self.lot)
    }

    fn at(receipt: &Receipt) -> Option<Timestamp> {
        ["confirmed_at", "received_at"].iter().find_map(|name| Self::fact(receipt, name).parse().ok())
    }
}
