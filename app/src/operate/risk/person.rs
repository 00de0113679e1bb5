//! Who stands for the bidders of a lot. One person responsible for two of them is a ground of its own (Regulation on the Implementation
//! of the Tendering Law, art. 34): a person compares the names, the program does not. Each opening is on record, and its person sees it.

use super::grant::{self, RiskGrant};
use super::page::{Persons, Stands};
use super::store;
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::company::part::representative;
use crate::sourcing::tender::Lot;
use crate::web::{At, Ctx, Error, Input, Risk, Saved};
use axum::extract::State;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::{purpose, recipient};
use vault::{Grant, Opener, Proof, RequestId, Scope, Sealed, Subject};

/// The most bidders of a lot whose names are opened by one act.
const MOST: i64 = 100;

/// Somebody of the risk duty, on a grant that holds, about one person who stands for a bidder of its lot.
struct Judging {
    reader: Id<Subject>,
    about: Id<Subject>,
}

impl Proof for Judging {
    type Recipient = recipient::RiskDuty;

    fn opener(&self) -> Opener {
        Opener::person(self.reader, "risk-duty")
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.about)
    }
}

/// A bidder with the sealed name of who stands for it.
type Bidder = (Id<Company>, String, Option<Sealed<vault::Representative>>);

fn bidders(tx: &mut Tx, lot: Id<Lot>) -> Result<Vec<Bidder>, db::Error> {
    let sql = "SELECT company, company_name FROM bid WHERE lot = $1 AND state = 'opened' AND company IS NOT NULL \
         ORDER BY price, id LIMIT $2";
    let mut rows: Vec<(Id<Company>, Option<String>)> =
        tx.all(sql, values![lot, MOST], |row| Ok((row.next()?, row.next()?)))?;
    // The other members of consortia stand for bids as well.
    let sql = "SELECT m.company, m.company_name FROM bid b JOIN consortium_member m ON m.consortium = b.consortium \
         WHERE b.lot = $1 AND b.state = 'opened' AND m.company IS NOT NULL AND m.position > 0 \
         ORDER BY b.price, b.id, m.position LIMIT $2";
    rows.extend(
        tx.all(sql, values![lot, MOST], |row| Ok((row.next::<Id<Company>>()?, row.next::<Option<String>>()?)))?,
    );
    let named = |tx: &mut Tx, (company, name): (Id<Company>, Option<String>)| {
        Ok((company, name.unwrap_or_default(), representative::current(tx, company)?))
    };
    rows.into_iter().map(|row| named(tx, row)).collect()
}

/// Opens the names.
pub async fn open(
    State(app): State<App>,
    context: Ctx,
    risk: Risk,
    At(id): At<Id<RiskGrant>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let reader = risk.clone();
    let noted = move |tx: &mut Tx| {
        let grant = grant::read(tx, &reader, id)?;
        let (lot, bidders) = (store::line(tx, &reader, grant.lot)?, bidders(tx, grant.lot)?);
        Ok::<_, Error>((grant, lot, bidders))
    };
    let (grant, lot, bidders) = app.db().write(noted).await?;
    let mut persons = Vec::with_capacity(bidders.len());
    for (company, company_name, sealed) in bidders {
        let name = match sealed {
            Some(sealed) => name(&app, &risk, &sealed, context.request).await?,
            None => None,
        };
        persons.push(Stands { company, company_name, name });
    }
    Ok(Saved::here("risk-persons", Persons { grant, lot, persons }))
}

/// A name that does not open any more is not shown.
async fn name(
    app: &App,
    risk: &Risk,
    sealed: &Sealed<vault::Representative>,
    request: RequestId,
) -> Result<Option<String>, Error> {
    let judging = Judging { reader: risk.subject(), about: sealed.subject() };
    let grant = Grant::<purpose::RiskJudgement, _>::new(&judging, request);
    match app.vault().open(&grant, sealed).await {
        Ok(name) => Ok(Some(name.expose().to_owned())),
        Err(vault::Error::Refused(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}
