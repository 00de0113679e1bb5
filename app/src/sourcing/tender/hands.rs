//! By whom a tender's bids are opened: by the platform at the hour, or by the platform and k of n opening officers of the
//! buyer. Chosen with the draft, public with the tender, and fixed from then on: bids are sealed to exactly these keys.

use super::handle::Done;
use super::page::DraftPage;
use super::store::{own_draft, touch};
use super::tender::Tender;
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::officer;
use crate::web::{Arg, At, Ctx, Error, Fields, Form, Input, Parse, Preparer, Saved};
use axum::extract::State as Program;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many of whose shares it takes, beside the platform's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hands {
    /// How many it takes, from 2.
    pub k: usize,
    /// The public keys of all holders, `age1…`, nine at most.
    pub holders: Vec<String>,
}

impl Hands {
    /// Its values in a sentence: `k`, `n`.
    pub fn said(&self) -> [(&'static str, Arg); 2] {
        [("k", self.k.into()), ("n", self.holders.len().into())]
    }
}

/// What a draft's buyer chooses.
pub struct Chosen {
    /// The version of the draft that was seen.
    version: i64,
    /// None: the platform's key alone opens.
    hands: Option<Hands>,
}

impl Parse for Chosen {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let version = fields.version();
        let holders = fields.several("holders", &[]);
        let k = fields.optional("k", |text| text.parse::<usize>().map_err(|_| "hands-number"));
        let hands = match k? {
            None => None,
            Some(k) if (2..=holders.len()).contains(&k) && holders.len() <= sealing::hands::MOST => {
                Some(Hands { k, holders })
            }
            Some(_) => return fields.wrong("k", "hands-number"),
        };
        Some(Self { version: version?, hands })
    }
}

/// `POST /tenders/{id}/hands`.
pub async fn choose(
    Program(app): Program<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| {
        let page = DraftPage::read(&app, &context, &preparer, id, super::handle::lot_form(&app)).await?;
        Ok((page.title(), page.with_hands(form)))
    };
    let chosen: Chosen = input.parse_on(page).await?;
    app.db().write(move |tx| store(tx, &preparer, id, &chosen)).await?;
    Ok(Saved::at(format!("/tenders/{id}/draft#hands"), Done { id }))
}

/// Stores the choice in a draft that nobody has changed since.
fn store(tx: &mut Tx, buyer: &Preparer, id: Id<Tender>, chosen: &Chosen) -> Result<(), Error> {
    buyer.still(tx)?;
    let tender = own_draft(tx, buyer, id)?;
    if tender.hands == chosen.hands {
        return Ok(());
    }
    if tender.version != chosen.version {
        return Err(Error::stale());
    }
    if chosen.hands.as_ref().is_some_and(|hands| sealing::Hands::new(&any(), &hands.holders, hands.k).is_err()) {
        return Err(Error::conflict("hands-not-enrolled"));
    }
    if !hold(tx, &Tender { hands: chosen.hands.clone(), ..tender })? {
        return Err(Error::conflict("hands-not-enrolled"));
    }
    let hands = chosen.hands.as_ref().map(write);
    tx.execute("UPDATE tender SET hands = $1 WHERE id = $2", values![hands, id])?;
    touch(tx, buyer, id)
}

/// A public key that nobody has: the tender's own is made when it is published.
fn any() -> String {
    sealing::new_key().to_public().to_string()
}

/// Whether each key of a draft is enrolled, proved and held by somebody of the buyer's.
///
/// # Errors
/// [`db::Error`].
pub fn hold(tx: &mut Tx, tender: &Tender) -> Result<bool, db::Error> {
    let Some(hands) = &tender.hands else { return Ok(true) };
    let enrolled = officer::enrolled(tx, tender.company)?;
    Ok(hands.holders.iter().all(|holder| enrolled.iter().any(|one| one.recipient == *holder)))
}

/// The buyer and the holders of a tender whose bids wait for shares; none of any other.
///
/// # Errors
/// [`db::Error`].
pub fn waiting(tx: &mut Tx, id: Id<Tender>) -> Result<Option<(Id<Company>, Hands)>, db::Error> {
    let sql = "SELECT company, hands FROM tender WHERE id = $1 AND state = 'closed'";
    let found = tx.first(sql, values![id], |row| Ok((row.next()?, row.next::<Option<String>>()?)))?;
    let Some((company, hands)) = found else { return Ok(None) };
    Ok(read(hands)?.map(|hands| (company, hands)))
}

fn write(hands: &Hands) -> String {
    serde_json::to_string(hands).expect("hands are JSON")
}

/// Out of its column.
pub(super) fn read(text: Option<String>) -> Result<Option<Hands>, db::Error> {
    text.map(|text| serde_json::from_str(&text)).transpose().map_err(|e| db::Error::Engine(e.to_string()))
}
