//! Every query about consortia on their way to a bid. No row says who is in one; who is named in it finds it by the company's mark.

use super::form::New;
use crate::app::App;
use crate::discard::discard;
use crate::identity::company::Company;
use crate::identity::mandate::{self, Act, Target};
use crate::sourcing::bid::State as BidState;
use crate::sourcing::bid::joint::{self, Consortium, Lying, Part, Standing};
use crate::sourcing::bid::store::{bidder, lot_to_bid, own_of_lot};
use crate::sourcing::guests;
use crate::sourcing::tender::{Lot, Tender, named, of_list};
use crate::web::{Bidder, Broken, Error, Form};
use evidence::Hash;
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::Control;
use serde::Serialize;

/// A consortium as its rows have it.
pub struct Kept {
    pub id: Id<Consortium>,
    pub tender: Id<Tender>,
    pub lot: Id<Lot>,
    /// The agreement, sealed.
    pub agreement: Vec<u8>,
    pub sha256: [u8; 32],
    pub dissolved_at: Option<Timestamp>,
    /// The lead first, in the order of the agreement.
    pub members: Vec<Member>,
}

/// A member as its row has it.
pub struct Member {
    pub mark: [u8; 32],
    pub standing: Standing,
    pub acted_at: Option<Timestamp>,
}

impl Kept {
    /// Where the company of this mark stands, and whether it leads.
    pub fn own(&self, mark: [u8; 32]) -> Option<(Standing, bool)> {
        let place = self.members.iter().position(|one| one.mark == mark)?;
        Some((self.members[place].standing, place == 0))
    }

    /// Whether everybody has accepted.
    pub fn is_whole(&self) -> bool {
        self.dissolved_at.is_none() && self.members.iter().all(|one| one.standing == Standing::Accepted)
    }
}

/// What a company is known by in the rows of one lot.
pub struct Own {
    /// As a member.
    pub mark: [u8; 32],
    /// As a bidder.
    bidder: [u8; 32],
    /// What a letter of authorisation has to cover.
    target: Target,
}

impl Own {
    /// Of this company.
    pub fn of(app: &App, company: Id<Company>, tender: Id<Tender>, lot: Id<Lot>) -> Self {
        Self {
            mark: joint::mark(app, tender, company),
            bidder: bidder(app, tender, company),
            target: Target::of(app, company, tender, Some(lot)),
        }
    }
}

/// A consortium on its way into its rows.
pub struct Made {
    pub id: Id<Consortium>,
    pub lot: Id<Lot>,
    /// The agreement, sealed.
    pub agreement: Vec<u8>,
    pub sha256: [u8; 32],
    /// Of its members, the lead first.
    pub marks: Vec<[u8; 32]>,
    pub own: Own,
    /// Where the agreement lies as it was signed on paper.
    pub signed: Option<Lying>,
}

/// Somebody has acted in a consortium. It names no company and no person.
#[derive(Serialize)]
struct Acted {
    consortium: Id<Consortium>,
    act: &'static str,
    /// So that the log's commitment to this event is one to the agreement.
    agreement_sha256: Hash,
}
impl Fact for Acted {
    const KIND: &'static str = "consortium.acted";
}

/// The lot that takes a consortium of this provider's now, and its tender.
///
/// # Errors
/// As [`lot_to_bid`]; 409 `consortium-not-taken`.
pub fn to_form(tx: &mut Tx, provider: &Bidder, lot: Id<Lot>) -> Result<(Lot, Tender), Error> {
    let (lot, tender) = lot_to_bid(tx, provider, lot)?;
    let is_taken = tender.terms.takes_consortia() && !of_list::is_prequalified(tx, tender.id)?;
    if is_taken { Ok((lot, tender)) } else { Err(Error::conflict("consortium-not-taken")) }
}

/// Refuses a company that has bound itself already: what it knows of itself is told at once, and of nobody else.
///
/// # Errors
/// 409 `consortium-engaged`, `consortium-bid-alone`.
fn free(tx: &mut Tx, lot: Id<Lot>, own: &Own) -> Result<(), Error> {
    if joint::engaged(tx, lot, own.mark)?.is_some() {
        return Err(Error::conflict("consortium-engaged"));
    }
    match own_of_lot(tx, lot, own.bidder)? {
        Some(bid) if bid.state == BidState::Sealed => Err(Error::conflict("consortium-bid-alone")),
        _ => Ok(()),
    }
}

/// Whether the form may be filled now.
///
/// # Errors
/// 403 without a letter that the company asks for; as [`to_form`] and [`free`].
pub fn may_make(tx: &mut Tx, app: &App, provider: &Bidder, lot: Id<Lot>) -> Result<(Lot, Tender), Error> {
    let (lot, tender) = to_form(tx, provider, lot)?;
    let own = Own::of(app, provider.company, tender.id, lot.id);
    mandate::may(tx, provider, Act::Bid, &own.target)?;
    free(tx, lot.id, &own)?;
    Ok((lot, tender))
}

/// The members that a form names, the lead first, each of them a provider with a public page: whether one has bid or is in another consortium
/// is not looked at.
///
/// # Errors
/// As [`to_form`]; 422 with the rule that is broken.
pub fn parts(
    tx: &mut Tx,
    provider: &Bidder,
    lot: Id<Lot>,
    (new, form): (&New, &Form),
) -> Result<(Tender, Vec<Part>), Error> {
    let (_, tender) = to_form(tx, provider, lot)?;
    let most = usize::try_from(tender.terms.consortium_most).unwrap_or(0);
    if new.partners.len() >= most {
        return Err(form.clone().refuse("partners", Broken::rule("consortium-too-many").with("most", most)));
    }
    // Of a list: who is on it is public, and fixed with the publication.
    let on_list = if of_list::is_bound(tx, tender.id)? { Some(named::ids(tx, tender.id)?) } else { None };
    let name = provider.company_name.clone();
    let mut parts = vec![Part { company: provider.company, name, share: new.share, work: new.work.clone() }];
    for partner in &new.partners {
        let refuse =
            |rule: &'static str| form.clone().refuse("partners", Broken::rule(rule).with("code", partner.who.as_str()));
        let company = guests::listed(tx, &partner.who)?.ok_or_else(|| refuse("invited-unknown"))?;
        if company == tender.company {
            return Err(refuse("consortium-buyer"));
        }
        if on_list.as_ref().is_some_and(|all| !all.contains(&company)) {
            return Err(refuse("consortium-off-list"));
        }
        if parts.iter().any(|part| part.company == company) {
            return Err(refuse("consortium-twice"));
        }
        let name = guests::of(tx, &[company])?.pop().map(|one| one.name).unwrap_or_default();
        parts.push(Part { company, name, share: partner.share, work: partner.work.clone() });
    }
    Ok((tender, parts))
}

/// Makes a consortium: its lead has accepted with that, the others are invited. The same form again is the same consortium.
///
/// # Errors
/// 401, 403 as of every act in a company's name; 404 when the id is another's; as [`to_form`] and [`free`].
pub fn make(tx: &mut Tx, provider: &Bidder, made: &Made) -> Result<(), Error> {
    provider.still(tx)?;
    mandate::may(tx, provider, Act::Bid, &made.own.target)?;
    if let Some(same) = load(tx, made.id)? {
        let is_own = same.lot == made.lot && same.own(made.own.mark).is_some_and(|(_, is_lead)| is_lead);
        // The file that came again is not needed.
        let twice = made.signed.iter().try_for_each(|file| discard(tx, &file.region, &file.blob));
        return if is_own { Ok(twice?) } else { Err(Error::not_found()) };
    }
    let (lot, tender) = to_form(tx, provider, made.lot)?;
    free(tx, lot.id, &made.own)?;
    let now = tx.now();
    let (region, blob) = made.signed.as_ref().map(|file| (file.region.as_str(), file.blob.as_str())).unzip();
    let inserted = tx.execute(
        "INSERT INTO consortium (id, tender, lot, agreement, sha256, made_at, region, blob) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        values![made.id, tender.id, lot.id, made.agreement.clone(), made.sha256, now, region, blob],
    )?;
    if inserted == 0 {
        return Err(Error::not_found());
    }
    for (position, mark) in (0i64..).zip(&made.marks) {
        let (standing, at) = if position == 0 { (Standing::Accepted, Some(now)) } else { (Standing::Invited, None) };
        tx.execute(
            "INSERT INTO consortium_member (consortium, lot, member, position, standing, acted_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            values![made.id, lot.id, *mark, position, standing.code(), at],
        )?;
    }
    record(tx, (made.id, tender.id), made.sha256, "made")
}

/// Accepts the agreement for a company that is invited. Who had declined or left may come back until the deadline. The same again changes
/// nothing.
///
/// # Errors
/// 401, 403, 404; 409 `consortium-dissolved`, as [`to_form`] and [`free`]; 412 for another agreement than this one.
pub fn accept(tx: &mut Tx, app: &App, provider: &Bidder, id: Id<Consortium>, agreement: &str) -> Result<(), Error> {
    let (kept, own, (standing, _)) = acting(tx, app, provider, id)?;
    if kept.dissolved_at.is_some() {
        return Err(Error::conflict("consortium-dissolved"));
    }
    if hex::encode(kept.sha256) != agreement {
        return Err(Error::stale());
    }
    if standing == Standing::Accepted {
        return Ok(());
    }
    free(tx, kept.lot, &own)?;
    stand(tx, &kept, own.mark, Standing::Accepted)?;
    record(tx, (kept.id, kept.tender), kept.sha256, "accepted")
}

/// Declines or leaves; of the lead it dissolves the consortium. A bid that was sealed for it lapses at the deadline, unless who left comes
/// back. The same again changes nothing.
///
/// # Errors
/// 401, 403, 404; 409 `consortium-bid-sealed` for a lead whose bid stands; as [`to_form`].
pub fn depart(tx: &mut Tx, app: &App, provider: &Bidder, id: Id<Consortium>) -> Result<(), Error> {
    let (kept, own, (standing, is_lead)) = acting(tx, app, provider, id)?;
    let act = match (is_lead, standing) {
        (true, _) if kept.dissolved_at.is_some() => return Ok(()),
        (true, _) => {
            let bid = own_of_lot(tx, kept.lot, own.bidder)?;
            if bid.is_some_and(|bid| bid.state == BidState::Sealed && bid.consortium == Some(id)) {
                return Err(Error::conflict("consortium-bid-sealed"));
            }
            let now = tx.now();
            tx.execute("UPDATE consortium SET dissolved_at = $1 WHERE id = $2", values![now, id])?;
            "dissolved"
        }
        (false, Standing::Declined | Standing::Left) => return Ok(()),
        (false, Standing::Invited) => {
            stand(tx, &kept, own.mark, Standing::Declined)?;
            "declined"
        }
        (false, Standing::Accepted) => {
            stand(tx, &kept, own.mark, Standing::Left)?;
            "left"
        }
    };
    record(tx, (kept.id, kept.tender), kept.sha256, act)
}

/// A consortium that a company may act in now.
fn acting(
    tx: &mut Tx,
    app: &App,
    provider: &Bidder,
    id: Id<Consortium>,
) -> Result<(Kept, Own, (Standing, bool)), Error> {
    provider.still(tx)?;
    let kept = find(tx, app, provider.company, id)?;
    let own = Own::of(app, provider.company, kept.tender, kept.lot);
    let standing = kept.own(own.mark).ok_or_else(Error::not_found)?;
    mandate::may(tx, provider, Act::Bid, &own.target)?;
    to_form(tx, provider, kept.lot)?;
    Ok((kept, own, standing))
}

fn stand(tx: &mut Tx, kept: &Kept, mark: [u8; 32], standing: Standing) -> Result<(), db::Error> {
    let now = tx.now();
    let sql = "UPDATE consortium_member SET standing = $1, acted_at = $2 WHERE consortium = $3 AND member = $4";
    tx.execute(sql, values![standing.code(), now, kept.id, mark]).map(drop)
}

fn record(
    tx: &mut Tx,
    (consortium, tender): (Id<Consortium>, Id<Tender>),
    sha256: [u8; 32],
    act: &'static str,
) -> Result<(), Error> {
    let scope = Scope { company: None, tender: Some(*tender.as_bytes()), actor: None };
    event::record(tx, scope, &Acted { consortium, act, agreement_sha256: sha256.into() })?;
    Ok(())
}

/// A consortium that a company is named in.
///
/// # Errors
/// 404 to everybody else.
pub fn find(tx: &mut Tx, app: &App, company: Id<Company>, id: Id<Consortium>) -> Result<Kept, Error> {
    let kept = load(tx, id)?.ok_or_else(Error::not_found)?;
    let is_named = kept.own(joint::mark(app, kept.tender, company)).is_some();
    if is_named || !policy::holds(Control::ConsortiumSealed) { Ok(kept) } else { Err(Error::not_found()) }
}

/// A consortium, whoever asks: for who compares whose it is.
///
/// # Errors
/// [`db::Error`].
pub fn load(tx: &mut Tx, id: Id<Consortium>) -> Result<Option<Kept>, db::Error> {
    let sql = "SELECT id, tender, lot, agreement, sha256, dissolved_at FROM consortium WHERE id = $1";
    let Some(mut kept) = tx.first(sql, values![id], read)? else { return Ok(None) };
    let sql = "SELECT member, standing, acted_at FROM consortium_member WHERE consortium = $1 ORDER BY position";
    kept.members = tx.all(sql, values![id], |row| {
        let (mark, standing) = (row.next()?, Standing::from_code(&row.next::<String>()?)?);
        Ok(Member { mark, standing, acted_at: row.next()? })
    })?;
    Ok(Some(kept))
}

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    Ok(Kept {
        id: row.next()?,
        tender: row.next()?,
        lot: row.next()?,
        agreement: row.next()?,
        sha256: row.next()?,
        dissolved_at: row.next()?,
        members: Vec::new(),
    })
}
