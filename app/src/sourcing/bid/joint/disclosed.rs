//! What the opening of a consortium's bid brings to light: its members, their agreement, and which bids are void because of them.

use super::{Agreement, Consortium, Key, doubled, mark};
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::bid::Bid;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{Error, Instant};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A consortium after the opening.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Consortium")]
pub struct Joint {
    /// Its id.
    pub id: Id<Consortium>,
    /// SHA-256 of the joint bidding agreement, hexadecimal.
    pub agreement_sha256: String,
    /// Its members, the lead first.
    pub members: Vec<Joined>,
    /// Whether the agreement is there as it was signed on paper: for the buyer, and for the members.
    pub has_file: bool,
}

/// A member after the opening.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ConsortiumMember")]
pub struct Joined {
    /// The company.
    pub company: Id<Company>,
    /// Its name.
    pub company_name: String,
    /// Percent of the work: for the buyer, and for the members.
    pub share: Option<i64>,
    /// Which work: for the buyer, and for the members.
    pub work: Option<String>,
    /// When it accepted the agreement.
    #[schemars(with = "Option<Instant>")]
    pub accepted_at: Option<Timestamp>,
}

impl Joint {
    /// As strangers read it: who takes on what is for the buyer and the members.
    pub fn veiled(mut self) -> Self {
        for member in &mut self.members {
            (member.share, member.work) = (None, None);
        }
        self.has_file = false;
        self
    }
}

/// A consortium whose bid is about to be opened.
pub struct Unsealed {
    id: Id<Consortium>,
    /// Its agreement with the marks of its parts; none where it is not what was accepted.
    agreement: Option<(Agreement, Vec<[u8; 32]>)>,
}

/// The consortia of a tender whose bids are sealed still, with their agreements: for the job that opens them.
///
/// # Errors
/// 503 while the key database cannot be asked.
pub async fn unseal(app: &App, tender: Id<Tender>) -> Result<BTreeMap<Id<Consortium>, Unsealed>, Error> {
    let sql = "SELECT c.id, c.agreement, c.sha256 FROM consortium c WHERE c.tender = $1 AND EXISTS \
         (SELECT 1 FROM bid b WHERE b.consortium = c.id AND b.state = 'sealed') ORDER BY c.id";
    let read = move |tx: &mut Tx| {
        tx.all(sql, values![tender], |row| {
            Ok((row.next::<Id<Consortium>>()?, row.next::<Vec<u8>>()?, row.next::<[u8; 32]>()?))
        })
    };
    let mut found = BTreeMap::new();
    for (id, sealed, sha256) in app.db().read::<_, db::Error>(read).await? {
        // What does not open holds up nobody else's bid.
        let agreement = Key::of(app, id).await?.open(&sealed).ok().filter(|one| one.sha256() == sha256);
        let agreement = agreement.map(|one| {
            let marks = one.parts.iter().map(|part| mark(app, tender, part.company)).collect();
            (one, marks)
        });
        found.insert(id, Unsealed { id, agreement });
    }
    Ok(found)
}

/// Writes who is a member beside the marks. Answers what the consortium is called and, where its bid cannot win, why: an agreement that is not
/// what was accepted, or a member who is no approved company any more.
///
/// # Errors
/// [`db::Error`].
pub fn disclose(
    tx: &mut Tx,
    unsealed: &Unsealed,
    lead: Id<Company>,
) -> Result<(Option<String>, Option<&'static str>), db::Error> {
    let Some((agreement, marks)) = &unsealed.agreement else { return Ok((None, Some("agreement"))) };
    if agreement.parts.first().map(|part| part.company) != Some(lead) {
        return Ok((None, Some("agreement")));
    }
    let mut is_whole = true;
    for (part, mark) in agreement.parts.iter().zip(marks) {
        let written = tx.execute(
            "UPDATE consortium_member SET company = $1, company_name = $2, share = $3, work = $4 \
             WHERE consortium = $5 AND member = $6 AND standing = 'accepted'",
            values![part.company, &part.name, part.share, &part.work, unsealed.id, *mark],
        )?;
        let sql = "SELECT 1 FROM company WHERE id = $1 AND state = 'approved'";
        let is_approved = tx.first(sql, values![part.company], |row| row.next::<i64>())?.is_some();
        is_whole &= written == 1 && is_approved;
    }
    Ok((Some(agreement.name()), (!is_whole).then_some("member-gone")))
}

/// Notes which opened bids of a lot are void because a company stands in two of them. Part of the unit that opens them.
///
/// # Errors
/// [`db::Error`].
pub fn judge(tx: &mut Tx, lot: Id<Lot>) -> Result<(), db::Error> {
    let joint = of_lot(tx, lot)?;
    let sql = "SELECT id, company, consortium FROM bid WHERE lot = $1 AND state = 'opened' AND company IS NOT NULL";
    let bids = tx.all(sql, values![lot], |row| {
        Ok((row.next::<Id<Bid>>()?, row.next::<Id<Company>>()?, row.next::<Option<Id<Consortium>>>()?))
    })?;
    let of = |(bid, lead, consortium): (Id<Bid>, Id<Company>, Option<Id<Consortium>>)| {
        let members = consortium.and_then(|id| joint.get(&id)).into_iter().flat_map(|one| &one.members);
        (bid, std::iter::once(lead).chain(members.map(|member| member.company)).collect::<Vec<_>>())
    };
    for bid in doubled(&bids.into_iter().map(of).collect::<Vec<_>>()) {
        tx.execute("UPDATE bid SET void = 'doubled' WHERE id = $1", values![bid])?;
    }
    Ok(())
}

/// The consortia of a lot that have been disclosed.
///
/// # Errors
/// [`db::Error`].
pub fn of_lot(tx: &mut Tx, lot: Id<Lot>) -> Result<BTreeMap<Id<Consortium>, Joint>, db::Error> {
    let sql = "SELECT m.consortium, c.sha256, m.company, m.company_name, m.share, m.work, m.acted_at, c.blob \
         FROM consortium_member m JOIN consortium c ON c.id = m.consortium WHERE m.lot = $1 AND m.company IS NOT NULL \
         ORDER BY m.consortium, m.position";
    let rows = tx.all(sql, values![lot], |row| {
        let (id, sha256) = (row.next::<Id<Consortium>>()?, row.next::<[u8; 32]>()?);
        let member = Joined {
            company: row.next()?,
            company_name: row.next::<Option<String>>()?.unwrap_or_default(),
            share: row.next()?,
            work: row.next()?,
            accepted_at: row.next()?,
        };
        Ok((id, sha256, member, row.next::<Option<String>>()?.is_some()))
    })?;
    let mut found: BTreeMap<Id<Consortium>, Joint> = BTreeMap::new();
    for (id, sha256, member, has_file) in rows {
        let joint = found.entry(id).or_insert_with(|| Joint {
            id,
            agreement_sha256: hex::encode(sha256),
            members: Vec::new(),
            has_file,
        });
        joint.members.push(member);
    }
    Ok(found)
}

/// The companies behind the awarded bid of a lot: one, or all members of a consortium, the lead first.
///
/// # Errors
/// [`db::Error`].
pub fn winners(tx: &mut Tx, lot: Id<Lot>, lead: Id<Company>) -> Result<Vec<Id<Company>>, db::Error> {
    let sql = "SELECT m.company FROM award a JOIN bid b ON b.id = a.bid JOIN consortium_member m ON m.consortium = b.consortium \
         WHERE a.lot = $1 AND m.company IS NOT NULL AND m.position > 0 ORDER BY m.position";
    let others: Vec<Id<Company>> = tx.all(sql, values![lot], |row| row.next())?;
    Ok(std::iter::once(lead).chain(others).collect())
}
