//! View models of bids, for their own bidder only.

use super::delivery::{self, Delivery};
use super::enclosed::blank;
use super::receipt::{self, Act};
use super::state::State;
use super::store::{self, Bid};
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Target};
use crate::identity::people::Duty;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Named, Tender};
use crate::web::{Actor, Bidder, Error, Form, Locale, Provider, assets, filters};
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
    /// What goes into an envelope that the bidder seals; for tenders that many hands open.
    blank: Option<Blank>,
    /// The largest envelope that is taken, in bytes: over 25 MB it is committed to first, and uploaded after.
    limit: u64,
}

/// The beginning of an offer, as a sealing program completes it with `price` (fen), `delivery_days` and `note`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BidBlank")]
pub struct Blank {
    /// Of which tender.
    pub tender: Id<Tender>,
    /// Of which lot.
    pub lot: Id<Lot>,
    /// The bidder.
    pub company: Id<Company>,
    /// Its name.
    pub company_name: String,
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
                    None => {
                        let blank = tender.hands.as_ref().map(|_| blank(&provider, &tender, lot.id));
                        let limit = theirs.config().envelope_limit;
                        Ok(Self { form: form.clone(), tender, lot, replaces: None, blank, limit })
                    }
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
                let blank = tender.hands.as_ref().map(|_| blank(&provider, &tender, lot.id));
                let (form, limit) = (form.clone().unwrap_or_else(filled), theirs.config().envelope_limit);
                Ok(Self { form, tender, lot, replaces: Some(id), blank, limit })
            })
            .await
    }

    /// The same with these values, which were drafted, in its fields.
    pub fn with(self, drafted: Vec<(&'static str, String)>) -> Self {
        let form = drafted.into_iter().fold(self.form, |form, (name, value)| form.with(name, value));
        Self { form, ..self }
    }

    /// What the sealing script may have to say, with its word.
    fn says() -> [(&'static str, &'static str); 8] {
        [
            ("price", "bid-say-price"),
            ("days", "bid-say-days"),
            ("note", "bid-say-note"),
            ("files", "bid-say-files"),
            ("large", "bid-say-large"),
            ("private", "bid-say-private"),
            ("space", "bid-say-space"),
            ("failed", "bid-say-failed"),
        ]
    }

    /// What the sealing script is told: the offer's beginning, and to whom it seals.
    fn told(&self) -> String {
        let hands = self.tender.hands.as_ref();
        let version = self.form.value("version").parse::<i64>().map_or(1, |seen| seen + 1);
        serde_json::json!({
            "blank": self.blank,
            "version": version,
            "commitments": self.action().replace("/envelopes", "/commitments"),
            "worker": assets::url("sealing-worker.js"),
            "limit": self.limit,
            "hands": hands.map(|hands| serde_json::json!({
                "platform": self.tender.recipient, "holders": hands.holders, "k": hands.k,
            })),
        })
        .to_string()
    }

    /// The same in MB.
    fn most(&self) -> u64 {
        self.limit / (1024 * 1024)
    }

    fn action(&self) -> String {
        match (self.replaces, &self.blank) {
            (Some(id), None) => format!("/bids/{id}/replacement"),
            (Some(id), Some(_)) => format!("/bids/{id}/envelopes"),
            (None, None) => format!("/lots/{}/bids", self.lot.id),
            (None, Some(_)) => format!("/lots/{}/envelopes", self.lot.id),
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
    /// How much of its ciphertext has come, of one that was committed to before.
    upload: Option<Delivery>,
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
                let upload = delivery::store::find(tx, id)?;
                let upload = upload.map(|begun| delivery::store::own(tx, &theirs, &provider, begun)).transpose()?;
                Ok(Self {
                    upload: upload.map(|awaited| delivery::as_it_is(&theirs, awaited.delivery)),
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

    /// The upload that is awaited still.
    fn awaited(&self) -> Option<&Delivery> {
        self.upload.as_ref().filter(|_| self.bid.awaits_ciphertext && self.state() == State::Sealed)
    }

    /// Where it stands, now that its lot stands where it does.
    fn state(&self) -> State {
        self.bid.standing(&self.lot)
    }

    /// Whether one of its receipts is for a ciphertext that has come whole.
    fn has_arrived(&self) -> bool {
        self.receipts.iter().any(|receipt| Self::fact(receipt, "act") == Act::Arrived.code())
    }

    fn at(receipt: &Receipt) -> Option<Timestamp> {
        ["arrived_at", "confirmed_at", "received_at"].iter().find_map(|name| Self::fact(receipt, name).parse().ok())
    }
}
