//! View models of bids, for their own bidder only.

use super::checklist::{self, Check};
use super::delivery::{self, Delivery};
use super::draft;
use super::enclosed::blank;
use super::from_library::{Offered, offered};
use super::joint::{self, Consortium};
use super::receipt::{self, Act};
use super::state::State;
use super::store::{self, Bid};
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Target};
use crate::identity::officer;
use crate::identity::people::Duty;
use crate::sourcing::tender::criteria::{self, Criteria};
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Named, Tender, document};
use crate::web::{Actor, Bidder, Error, Form, Locale, Provider, assets, filters};
use askama::Template;
use evidence::Receipt;
use jiff::Timestamp;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

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
    /// For which consortium the company bids; none where it bids alone.
    consortium: Option<Id<Consortium>>,
    /// The largest envelope that is taken, in bytes: over 25 MB it is committed to first, and uploaded after.
    limit: u64,
    /// What the bid may take from the company's library.
    library: Vec<Offered>,
    /// What the tender asks for, and whether the form has it.
    checklist: Vec<Check>,
    /// Where the tender lets bidders keep a share of their own bids: the reader's key, if they have one that holds.
    own: Option<String>,
}

/// What a form is made of, as it lies.
struct Lying {
    form: Form,
    tender: Tender,
    lot: Lot,
    replaces: Option<Id<Bid>>,
    blank: Option<Blank>,
    consortium: Option<Id<Consortium>>,
    criteria: Option<Criteria>,
    documents: usize,
    own: Option<String>,
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
        let (theirs, who) = (app.clone(), provider.clone());
        let read = move |tx: &mut Tx| {
            let (lot, tender, consortium) = to_fill(tx, &theirs, &who, lot)?;
            let bidder = store::bidder(&theirs, tender.id, who.company);
            match store::own_of_lot(tx, lot.id, bidder)? {
                Some(_) => Err(Error::conflict("bid-exists")),
                None => lying(tx, &who, (tender, lot, consortium), None, form.clone()),
            }
        };
        Self::of(app, &provider, app.db().read(read).await?).await
    }

    /// For another content of a bid of the provider's own: what was typed, or what was drafted.
    ///
    /// # Errors
    /// 404; as [`store::lot_to_bid`].
    pub async fn replacement(app: &App, provider: Bidder, id: Id<Bid>, form: Option<Form>) -> Result<Self, Error> {
        let (theirs, who, is_typed) = (app.clone(), provider.clone(), form.is_some());
        let read = move |tx: &mut Tx| {
            let bid = store::own(tx, &theirs, &who, id)?;
            let (lot, tender, consortium) = to_fill(tx, &theirs, &who, bid.lot)?;
            let filled = || Form::filled([("version", bid.version.to_string())]);
            lying(tx, &who, (tender, lot, consortium), Some(id), form.clone().unwrap_or_else(filled))
        };
        let mut lying = app.db().read(read).await?;
        if !is_typed {
            let drafted = draft::filled(app, &provider, lying.lot.id).await?;
            lying.form = drafted.into_iter().fold(lying.form, |form, (name, value)| form.with(name, value));
        }
        Self::of(app, &provider, lying).await
    }

    /// With the company's library, opened for its own people.
    async fn of(app: &App, provider: &Bidder, lying: Lying) -> Result<Self, Error> {
        let zone = app.zone();
        let Lying { form, tender, lot, replaces, blank, consortium, criteria, documents, own } = lying;
        let library = offered(app, provider, &tender).await?;
        let checklist = checklist::of(&checklist::Of {
            tender: &tender,
            lot: &lot,
            criteria: criteria.as_ref(),
            documents,
            library: &library,
            form: &form,
            zone: &zone,
        });
        let limit = app.config().envelope_limit;
        Ok(Self { form, tender, lot, replaces, blank, consortium, limit, library, checklist, own })
    }

    /// Whether the browser seals, and the form sends no document.
    fn seals_itself(&self) -> bool {
        self.blank.is_some()
    }

    /// Whether the form takes a document of the library.
    fn takes(&self, one: &Offered) -> bool {
        self.form.checked("kept", &one.document.file.to_string())
    }

    /// What the sealing script may have to say, with its word.
    fn says() -> [(&'static str, &'static str); 9] {
        [
            ("price", "bid-say-price"),
            ("days", "bid-say-days"),
            ("note", "bid-say-note"),
            ("files", "bid-say-files"),
            ("large", "bid-say-large"),
            ("kept", "bid-say-kept"),
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
            "own": self.own,
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

/// A lot that takes this provider's bid, in whose name they may bid, and for which consortium; none where they bid alone.
fn to_fill(
    tx: &mut Tx,
    app: &App,
    provider: &Bidder,
    lot: Id<Lot>,
) -> Result<(Lot, Tender, Option<Id<Consortium>>), Error> {
    let (lot, tender) = store::lot_to_bid(tx, provider, lot)?;
    let target = Target::of(app, provider.company, tender.id, Some(lot.id));
    mandate::may(tx, provider, mandate::Act::Bid, &target)?;
    let consortium = joint::to_bid(tx, &tender, lot.id, joint::mark(app, tender.id, provider.company))?;
    Ok((lot, tender, consortium))
}

fn lying(
    tx: &mut Tx,
    provider: &Bidder,
    (tender, lot, consortium): (Tender, Lot, Option<Id<Consortium>>),
    replaces: Option<Id<Bid>>,
    form: Form,
) -> Result<Lying, Error> {
    let blank = tender.hands.as_ref().map(|_| blank(provider, &tender, lot.id));
    let criteria = criteria::find(tx, tender.id)?;
    let documents = document::list(tx, tender.id)?.len();
    let own = match &tender.hands {
        Some(hands) if hands.bidder => officer::holding(tx, provider.account())?,
        _ => None,
    };
    let own = own.filter(|key| tender.hands.as_ref().is_some_and(|hands| !hands.holders.contains(key)));
    Ok(Lying { form, tender, lot, replaces, blank, consortium, criteria, documents, own })
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
    /// Whether the reader's company is a member of its consortium without leading it.
    is_partner: bool,
    /// Whether a member has left its consortium, so that it lapses at the deadline unless they accept again.
    is_broken: bool,
    /// Why it cannot win although it was opened.
    void: Option<String>,
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
                let bid = joint::seen(tx, &theirs, provider.company, id)?;
                let (lot, tender) = tender::store::lot(tx, &Actor::Member((*provider).clone()), bid.lot)?;
                let is_led = bid.is_led(&theirs, provider.company);
                // Its lead uploads it; the other members see that it is awaited.
                let upload = delivery::store::find(tx, id)?.filter(|_| is_led);
                let upload = upload.map(|begun| delivery::store::own(tx, &theirs, &provider, begun)).transpose()?;
                Ok(Self {
                    upload: upload.map(|awaited| delivery::as_it_is(&theirs, awaited.delivery)),
                    receipts: receipt::list(tx, id)?,
                    can_change: tender.state == tender::State::Published
                        && lot.state == LotState::Open
                        && now < tender.deadline
                        && is_led
                        && provider.duties.has(Duty::Bidder),
                    is_partner: !is_led,
                    is_broken: joint::is_broken(tx, &bid)?,
                    void: joint::void(tx, id)?,
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

    /// Whether it was not void from its opening on; whoever declined to be bound longer sees what came before.
    fn can_win(&self) -> bool {
        self.void.as_deref().is_none_or(|why| why == "declined")
    }

    /// The upload that is awaited still.
    fn awaited(&self) -> Option<&Delivery> {
        self.upload.as_ref().filter(|_| self.bid.awaits_ciphertext && self.state() == State::Sealed)
    }

    /// Where it stands, now that its lot stands where it does.
    fn state(&self) -> State {
        self.bid.standing(&self.lot)
    }

    /// The hashes of its envelopes that nobody waits for: they have come, or were replaced or withdrawn. A browser that has kept one lets it go.
    fn ended(&self) -> String {
        let is_awaited = self.bid.awaits_ciphertext && self.state() == State::Sealed;
        let sealed = self.receipts.iter().map(|receipt| Self::fact(receipt, "envelope_sha256"));
        let ended: BTreeSet<_> = sealed.filter(|hash| !(is_awaited && *hash == self.bid.sha256)).collect();
        ended.into_iter().collect::<Vec<_>>().join(" ")
    }

    /// Whether the hour has come for a bid whose bidder may hold a share of it.
    fn may_give(&self) -> bool {
        let allows = self.tender.tender.hands.as_ref().is_some_and(|hands| hands.bidder);
        let is_sealed = self.tender.tender.state == tender::State::Closed && self.state() == State::Sealed;
        allows && is_sealed && !self.is_partner
    }

    /// Whether one of its receipts is for a ciphertext that has come whole.
    fn has_arrived(&self) -> bool {
        self.receipts.iter().any(|receipt| Self::fact(receipt, "act") == Act::Arrived.code())
    }

    fn at(receipt: &Receipt) -> Option<Timestamp> {
        ["arrived_at", "confirmed_at", "received_at"].iter().find_map(|name| Self::fact(receipt, name).parse().ok())
    }
}
