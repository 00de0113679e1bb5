//! What the pages show, to those who are named in a consortium.

use super::store::{self, Kept};
use crate::app::App;
use crate::identity::people::Duty;
use crate::sourcing::bid::Bid;
use crate::sourcing::bid::joint::{self, Agreement, Consortium, Key, Part, Standing};
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Named};
use crate::web::{Actor, Bidder, Error, Form, Instant, Locale, Provider, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The company's own consortia: those that it leads, and those that it is invited to.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/consortium/list.html")]
#[schemars(rename = "ConsortiumList")]
pub struct List {
    consortia: Vec<Line>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConsortiumLine")]
struct Line {
    id: Id<Consortium>,
    tender: Named,
    lot: Lot,
    /// Whether the company leads it.
    is_lead: bool,
    /// Where the company stands in it.
    standing: Standing,
    /// Whether its lead has given it up.
    is_dissolved: bool,
}

impl List {
    /// Reads it, the latest deadline first.
    ///
    /// # Errors
    /// 503.
    pub async fn read(app: &App, provider: Provider, locale: Locale) -> Result<Self, Error> {
        let theirs = app.clone();
        let read = move |tx: &mut Tx| {
            let actor = Actor::Member((*provider).clone());
            let tenders = joint::taking(tx)?;
            let mut consortia = Vec::new();
            for mine in joint::consortia(tx, &theirs, provider.company, &tenders)? {
                let kept = store::find(tx, &theirs, provider.company, mine.id)?;
                // Who is not named by the tender does not read it.
                let Ok((lot, tender)) = tender::store::lot(tx, &actor, kept.lot) else { continue };
                let (is_lead, standing, is_dissolved) = (mine.is_lead, mine.standing, kept.dissolved_at.is_some());
                let tender = Named::new(tender, locale);
                consortia.push(Line { id: mine.id, tender, lot, is_lead, standing, is_dissolved });
            }
            consortia.sort_by_key(|line| (std::cmp::Reverse(line.tender.tender.deadline), line.id));
            Ok::<_, Error>(Self { consortia })
        };
        app.db().read(read).await
    }
}

/// The form that makes one.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/consortium/form.html")]
#[schemars(rename = "ConsortiumForm")]
pub struct FormPage {
    tender: tender::Tender,
    lot: Lot,
    /// What stands in every agreement.
    terms: &'static str,
    form: Form,
}

impl FormPage {
    /// Reads it, if the company may make one for this lot now.
    ///
    /// # Errors
    /// As [`store::may_make`].
    pub async fn read(app: &App, provider: Bidder, lot: Id<Lot>, form: Form) -> Result<Self, Error> {
        let theirs = app.clone();
        let read = move |tx: &mut Tx| store::may_make(tx, &theirs, &provider, lot);
        let (lot, tender) = app.db().read(read).await?;
        Ok(Self { tender, lot, terms: joint::TERMS, form })
    }
}

/// A consortium, for its members and whom it invites.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/consortium/show.html")]
#[schemars(rename = "ConsortiumPage")]
pub struct ShowPage {
    id: Id<Consortium>,
    tender: Named,
    lot: Lot,
    agreement: Agreement,
    /// SHA-256 of the agreement's text, hexadecimal.
    agreement_sha256: String,
    members: Vec<Shown>,
    /// Whether the reader's company leads it.
    is_lead: bool,
    /// Where the reader's company stands.
    standing: Standing,
    is_dissolved: bool,
    /// Whether everybody has accepted.
    is_whole: bool,
    /// The bid that its lead has made for it.
    bid: Option<Id<Bid>>,
    /// Whether the reader may act in it now.
    can_act: bool,
}

/// A member, and where it stands.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConsortiumStands")]
struct Shown {
    part: Part,
    standing: Standing,
    /// When it accepted, declined or left.
    #[schemars(with = "Option<Instant>")]
    acted_at: Option<Timestamp>,
}

/// What of it lies open.
struct Read {
    kept: Kept,
    tender: tender::Tender,
    lot: Lot,
    own: (Standing, bool),
    bid: Option<Id<Bid>>,
}

impl ShowPage {
    /// Reads it.
    ///
    /// # Errors
    /// 404.
    pub async fn read(
        app: &App,
        provider: Provider,
        id: Id<Consortium>,
        (now, locale): (Timestamp, Locale),
    ) -> Result<Self, Error> {
        let may_bid = provider.duties.has(Duty::Bidder);
        let theirs = app.clone();
        let read = move |tx: &mut Tx| {
            let kept = store::find(tx, &theirs, provider.company, id)?;
            let mark = joint::mark(&theirs, kept.tender, provider.company);
            let own = kept.own(mark).unwrap_or((Standing::Declined, false));
            let (lot, tender) = tender::store::lot(tx, &Actor::Member((*provider).clone()), kept.lot)?;
            let bid = joint::bid_of_lot(tx, &theirs, (kept.tender, kept.lot), provider.company)?;
            let bid = bid.filter(|bid| bid.consortium == Some(id)).map(|bid| bid.id);
            Ok::<_, Error>(Read { kept, tender, lot, own, bid })
        };
        let Read { kept, tender, lot, own: (standing, is_lead), bid } = app.db().read(read).await?;
        let agreement = Key::of(app, id).await?.open(&kept.agreement)?;
        let is_open = tender.state == tender::State::Published && lot.state == LotState::Open && now < tender.deadline;
        let parts = agreement.parts.iter().cloned().zip(&kept.members);
        Ok(Self {
            id,
            members: parts.map(|(part, one)| Shown { part, standing: one.standing, acted_at: one.acted_at }).collect(),
            agreement_sha256: hex::encode(kept.sha256),
            is_dissolved: kept.dissolved_at.is_some(),
            is_whole: kept.is_whole(),
            can_act: is_open && may_bid && kept.dissolved_at.is_none(),
            agreement,
            tender: Named::new(tender, locale),
            lot,
            is_lead,
            standing,
            bid,
        })
    }
}
