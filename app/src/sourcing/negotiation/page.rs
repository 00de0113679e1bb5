//! What the sides of a negotiation are shown: the buyer and who evaluates all of it but sealed offers, each bidder its own part.

use super::offer::{self, FinalOffer};
use super::rule::{Phase, left_out};
use super::store::{self, Change, Minutes, Negotiation, Side, TAKES_PART};
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::bid::from_library::{Offered as Document, offered};
use crate::sourcing::bid::{Bid, State as BidState};
use crate::sourcing::opening::{self, record::File};
use crate::sourcing::rounds::Rounds;
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{Lot, Named, Tender, finals};
use crate::web::{Actor, Bidder, Context, Error, Form, Instant, Member, Who, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// On which side its reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "NegotiationReader")]
pub enum Reader {
    Buyer,
    Evaluator,
    Bidder,
}

/// A bidder that responds, or has responded.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "NegotiationParty")]
pub struct Party {
    /// Its bid.
    pub bid: Id<Bid>,
    /// The bidder.
    pub company: Id<Company>,
    /// The bidder's name.
    pub company_name: String,
    /// Whether it has left, or gave no final offer.
    pub has_left: bool,
    /// What it offered first, in fen.
    pub first_price: Option<i64>,
    /// In so many days.
    pub first_delivery_days: Option<i64>,
    /// Its final offer, in fen, once it is open.
    pub price: Option<i64>,
    /// In so many days.
    pub delivery_days: Option<i64>,
    /// What it says to the changes.
    pub note: Option<String>,
    /// When the final offer was received.
    #[schemars(with = "Option<Instant>")]
    pub received_at: Option<Timestamp>,
    /// SHA-256 of its envelope, hexadecimal.
    pub sha256: Option<String>,
    /// The files that came with it.
    pub files: Vec<File>,
}

/// The negotiation of a lot.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/negotiation/show.html")]
#[schemars(rename = "NegotiationPage")]
pub struct NegotiationPage {
    pub tender: Named,
    pub lot: Lot,
    pub reader: Reader,
    pub negotiation: Negotiation,
    /// For the buyer and who evaluates all; for a bidder itself.
    pub parties: Vec<Party>,
    /// The oldest first; for a bidder those with itself.
    pub minutes: Vec<Minutes>,
    /// The oldest first; all that remain read all.
    pub changes: Vec<Change>,
    /// The reader's own final offer, or that of its consortium.
    pub own: Option<FinalOffer>,
    /// What a final offer may take from the company's library; empty for who gives none now.
    pub library: Vec<Document>,
    /// The method's numbers.
    pub rounds: &'static Rounds,
    pub form: Form,
    /// Whether its reader negotiates for the buyer.
    #[serde(skip)]
    pub purchases: bool,
    /// Whether its reader bids for the company.
    #[serde(skip)]
    pub bids: bool,
    #[serde(skip)]
    pub now: Timestamp,
}

impl NegotiationPage {
    /// Reads it.
    ///
    /// # Errors
    /// 404 to who is no side of it.
    pub async fn read(app: &App, context: &Context, member: Member, id: Id<Lot>, form: Form) -> Result<Self, Error> {
        let (theirs, locale, now) = (app.clone(), context.locale, context.now);
        let form = with_ids(app, form);
        let read = move |tx: &mut Tx| {
            let seen = store::seen(tx, &theirs, &member, id)?;
            let rounds = seen.rounds()?;
            let actor = Actor::Member(member.clone());
            let (reader, own_bid) = match &seen.side {
                Side::Buyer => (Reader::Buyer, None),
                Side::Evaluator => (Reader::Evaluator, None),
                Side::Bidder(own) => (Reader::Bidder, Some(own.id)),
            };
            let own = match reader {
                Reader::Bidder => {
                    let lead = offer::lead(tx, &theirs, (seen.tender.id, id), member.company)?;
                    offer::of_bidder(tx, id, finals::bidder(&theirs, id, lead))?
                }
                Reader::Buyer | Reader::Evaluator => None,
            };
            Ok::<_, Error>(Self {
                parties: parties(tx, id, own_bid)?,
                minutes: store::minutes(tx, id, &seen.side)?,
                changes: store::changes(tx, id)?,
                purchases: reader == Reader::Buyer && Who::Purchaser.admits(&actor).is_ok(),
                bids: seen.led(&theirs, member.company).is_ok() && Who::Bidder.admits(&actor).is_ok(),
                form: prepared(&form, &seen.negotiation, own.as_ref()),
                own,
                library: Vec::new(),
                rounds,
                reader,
                now,
                negotiation: seen.negotiation,
                lot: seen.lot,
                tender: Named::new(seen.tender, locale),
            })
        };
        app.db().read(read).await
    }

    /// The same with the company's library, for who gives a final offer.
    ///
    /// # Errors
    /// 503 while the company's key cannot be asked for.
    pub async fn with_library(self, app: &App, member: &Member) -> Result<Self, Error> {
        match Bidder::of(&Actor::Member(member.clone())).filter(|_| self.offers()) {
            Some(bidder) => Ok(Self { library: offered(app, &bidder, &self.tender.tender).await?, ..self }),
            None => Ok(self),
        }
    }

    /// Never: the platform seals final offers on receipt.
    fn seals_itself(&self) -> bool {
        false
    }

    /// Whether the form takes a document of the library.
    fn takes(&self, one: &Document) -> bool {
        self.form.checked("kept", &one.document.file.to_string())
    }

    /// Whether bidders are negotiated with.
    fn talks(&self) -> bool {
        self.negotiation.phase == Phase::Talks && self.lot.state == LotState::Negotiation
    }

    /// Whether its reader can give a final offer now, or another in its place.
    pub(super) fn offers(&self) -> bool {
        let is_taken = self.negotiation.phase == Phase::Invited && self.lot.state == LotState::Negotiation;
        let remains = self.parties.iter().any(|party| !party.has_left);
        self.bids && is_taken && remains && self.negotiation.until.is_some_and(|until| self.now < until)
    }

    /// What was typed to the minutes that its reader confirms.
    fn typed(&self, minutes: &Minutes) -> &str {
        if self.form.value("confirmed") == minutes.id.to_string() { self.form.value("remark") } else { "" }
    }

    /// Whether its reader can leave now.
    fn leaves(&self) -> bool {
        self.bids && self.talks() && self.parties.iter().any(|party| !party.has_left)
    }

    /// Who remains, for the form of minutes.
    fn remaining(&self) -> Vec<(String, String)> {
        let remains = self.parties.iter().filter(|party| !party.has_left);
        remains.map(|party| (party.bid.to_string(), party.company_name.clone())).collect()
    }

    /// Where its reader has a file of a bid.
    fn path(&self, file: &File) -> String {
        let place = if self.reader == Reader::Evaluator { "evaluation-files" } else { "bid-files" };
        format!("/{place}/{}", file.id)
    }

    /// The minutes with one bidder.
    fn of(&self, party: &Party) -> Vec<&Minutes> {
        self.minutes.iter().filter(|one| one.bid == party.bid).collect()
    }

    /// The names of who remains and has no minutes in this round yet, where that stands before a change and the invitation.
    fn unheard(&self) -> Option<String> {
        let remaining: Vec<_> = self.parties.iter().filter(|party| !party.has_left).collect();
        let of_round = self.minutes.iter().filter(|one| one.round == self.negotiation.round);
        let heard: Vec<_> = of_round.map(|one| one.bid).collect();
        let bids: Vec<_> = remaining.iter().map(|party| party.bid).collect();
        let unheard = remaining.iter().filter(|party| !heard.contains(&party.bid));
        let names: Vec<_> = unheard.map(|party| party.company_name.as_str()).collect();
        (left_out(self.negotiation.round, &bids, &heard) > 0).then(|| names.join("、"))
    }
}

/// The form with the ids of the rows that it may make.
fn with_ids(app: &App, form: Form) -> Form {
    ["minutes_id", "change_id", "id"].into_iter().fold(form, |form, field| {
        if form.is_typed(field) { form } else { form.with(field, app.random().id::<()>().to_string()) }
    })
}

/// The form as it is sent: with the version of what it changes. One that was refused keeps the version that its writer has seen, so that
/// nobody replaces what a colleague has given meanwhile.
fn prepared(form: &Form, negotiation: &Negotiation, own: Option<&FinalOffer>) -> Form {
    let (form, is_version) = (form.clone(), form.value("version").parse::<i64>().is_ok());
    match own {
        Some(own) if is_version && form.value("id") == own.id.to_string() => form,
        Some(own) => form.with("id", own.id.to_string()).with("version", own.version.to_string()),
        None if form.is_typed("version") => form,
        None => form.with("version", negotiation.version.to_string()),
    }
}

/// Who responds to a lot, or one of them, with what was given first and last. Nothing of a final offer stands here before it is open.
fn parties(tx: &mut Tx, lot: Id<Lot>, one: Option<Id<Bid>>) -> Result<Vec<Party>, db::Error> {
    let sql = format!(
        "SELECT b.id, b.company, b.company_name, b.state, coalesce(b.first_price, b.price), \
         coalesce(b.first_delivery_days, b.delivery_days), f.price, f.delivery_days, f.note, f.received_at, f.sha256 FROM bid b \
         LEFT JOIN final_offer f ON f.bid = b.id WHERE b.lot = $1 AND {TAKES_PART} ORDER BY b.company_name, b.id"
    );
    let mut all = tx.all(&sql, values![lot], |row| {
        Ok(Party {
            bid: row.next()?,
            company: row.next()?,
            company_name: row.next()?,
            has_left: row.next::<String>()? == BidState::Retired.code(),
            first_price: row.next()?,
            first_delivery_days: row.next()?,
            price: row.next()?,
            delivery_days: row.next()?,
            note: row.next()?,
            received_at: row.next()?,
            sha256: row.next::<Option<Vec<u8>>>()?.map(hex::encode),
            files: Vec::new(),
        })
    })?;
    all.retain(|party| one.is_none_or(|own| party.bid == own));
    for party in all.iter_mut().filter(|party| party.price.is_some()) {
        party.files = opening::of_bid(tx, party.bid)?;
        party.files.retain(|file| file.is_final);
    }
    Ok(all)
}

/// A negotiation as it is kept with its tender.
#[derive(Serialize)]
pub struct Course {
    negotiation: Negotiation,
    parties: Vec<Party>,
    minutes: Vec<Minutes>,
    changes: Vec<Change>,
}

/// What the buyer, or a company that has responded, read of a negotiation.
///
/// # Errors
/// [`db::Error`].
pub fn course(
    tx: &mut Tx,
    app: &App,
    (tender, lot): (&Tender, Id<Lot>),
    company: Id<Company>,
) -> Result<Option<Course>, db::Error> {
    let Some(negotiation) = store::find(tx, lot)? else { return Ok(None) };
    let (side, own) = if company == tender.company {
        (Side::Buyer, None)
    } else {
        let Some(bid) = store::responding(tx, app, (tender.id, lot), company)? else { return Ok(None) };
        let own = bid.id;
        (Side::Bidder(bid), Some(own))
    };
    let (parties, minutes) = (parties(tx, lot, own)?, store::minutes(tx, lot, &side)?);
    Ok(Some(Course { negotiation, parties, minutes, changes: store::changes(tx, lot)? }))
}

/// The answer to an act.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NegotiationDone")]
pub struct Done {
    /// The lot.
    pub lot: Id<Lot>,
}
