//! By whom a tender's bids are opened: by the platform at the hour, or by the platform and k of n opening officers of the
//! buyer. Chosen with the draft, public with the tender, and fixed from then on: bids are sealed to exactly these keys.

use super::handle::Done;
use super::page::DraftPage;
use super::store::{own_draft, touch};
use super::tender::Tender;
use super::witness;
use crate::app::App;
use crate::identity::account::{Account, Owner};
use crate::identity::company::Company;
use crate::identity::officer::{self, Key};
use crate::web::{Arg, At, Ctx, Error, Fields, Form, Input, Parse, Preparer, Saved};
use axum::extract::State as Program;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many of whose shares it takes, beside the platform's key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hands {
    /// How many it takes, from 2.
    pub k: usize,
    /// The public keys of all holders, `age1…`, nine at most.
    pub holders: Vec<String>,
    /// Whether bidders may keep a share of their own bids, which stands in for one holder and is never needed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bidder: bool,
    /// The one of the holders who is not of the buyer's: the witness.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<String>,
}

impl Hands {
    /// Its values in a sentence: `k`, `n`.
    pub fn said(&self) -> [(&'static str, Arg); 2] {
        [("k", self.k.into()), ("n", self.holders.len().into())]
    }

    /// Whether an envelope that takes `k` of `n` shares is sealed as the tender asks, as far as its outside tells: to its holders, or to the
    /// bidder as well where the tender lets it.
    pub fn fits(&self, (k, n): (usize, usize)) -> bool {
        let holders = self.holders.len();
        k == self.k && (n == holders || (self.bidder && n == holders + 1))
    }

    /// The keys of the buyer's own officers.
    fn officers(&self) -> Vec<String> {
        self.holders.iter().filter(|holder| self.witness.as_ref() != Some(*holder)).cloned().collect()
    }

    /// The key that this account holds of a tender of this buyer's: an officer's while they act for it, or the witness's.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn held_by(&self, tx: &mut Tx, account: Id<Account>, buyer: Id<Company>) -> Result<Option<Key>, db::Error> {
        match officer::held_by(tx, account, buyer, &self.officers())? {
            Some(key) => Ok(Some(key)),
            None => witness::key_of(tx, account, self.witness.as_ref()),
        }
    }

    /// Who holds these of its keys and may use them: officers who act for the buyer, and the witness.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn people(&self, tx: &mut Tx, buyer: Id<Company>, keys: &[String]) -> Result<Vec<Owner>, db::Error> {
        let (own, foreign): (Vec<_>, Vec<_>) = keys.iter().cloned().partition(|key| self.witness.as_ref() != Some(key));
        let mut people = officer::holders(tx, buyer, &own)?;
        for key in &foreign {
            people.extend(officer::owner(tx, key)?);
        }
        Ok(people)
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
        let bidder = fields.ticked("bidder");
        let most = sealing::hands::MOST - usize::from(bidder);
        let k = fields.optional("k", |text| text.parse::<usize>().map_err(|_| "hands-number"));
        let hands = match k? {
            None => None,
            Some(k) if (2..=holders.len()).contains(&k) && holders.len() <= most => {
                Some(Hands { k, holders, bidder, witness: None })
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
    let witness = witness::accepted(tx, &tender)?;
    let hands =
        chosen.hands.clone().map(|hands| Hands { witness: witness.filter(|key| hands.holders.contains(key)), ..hands });
    if tender.hands == hands {
        return Ok(());
    }
    if tender.version != chosen.version {
        return Err(Error::stale());
    }
    if hands.as_ref().is_some_and(|hands| sealing::Hands::new(&any(), &hands.holders, hands.k).is_err()) {
        return Err(Error::conflict("hands-not-enrolled"));
    }
    if !hold(tx, &Tender { hands: hands.clone(), ..tender })? {
        return Err(Error::conflict("hands-not-enrolled"));
    }
    let hands = hands.as_ref().map(write);
    tx.execute("UPDATE tender SET hands = $1 WHERE id = $2", values![hands, id])?;
    touch(tx, buyer, id)
}

/// A public key that nobody has: the tender's own is made when it is published.
fn any() -> String {
    sealing::new_key().to_public().to_string()
}

/// Whether each key of a draft is enrolled, proved and held by somebody of the buyer's, or by the witness who has accepted.
///
/// # Errors
/// [`db::Error`].
pub fn hold(tx: &mut Tx, tender: &Tender) -> Result<bool, db::Error> {
    let Some(hands) = &tender.hands else { return Ok(true) };
    let enrolled = officer::enrolled(tx, tender.company)?;
    let witness = witness::accepted(tx, tender)?;
    let is_witness = |holder: &String| hands.witness.as_ref() == Some(holder) && witness.as_ref() == Some(holder);
    Ok(hands.holders.iter().all(|one| is_witness(one) || enrolled.iter().any(|officer| officer.recipient == *one)))
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
