//! What is made of a demand without typing anything twice: a tender's draft, which closes it; another demand's draft.

use super::demand::{Content, Demand, Outcome, State};
use super::form::Tendered;
use super::interest;
use super::invitation::{self, INVITED};
use super::store;
use crate::app::App;
use crate::identity::company::{Company, data_region};
use crate::identity::mandate::{self, Act};
use crate::sourcing::attached;
use crate::sourcing::profile::Method;
use crate::sourcing::regime::Regime;
use crate::sourcing::tender::document::Kept;
use crate::sourcing::tender::{self, Made, Tender};
use crate::web::{Error, Form, Preparer, Purchaser};
use kit::db::Tx;
use kit::id::Id;

/// Makes a tender's draft of a published demand, and closes the demand. An invited tender names who was invited and who has answered, a
/// direct order the one that was chosen of them. Copies of its files come first, then what names them. The same
/// form again is the same draft.
///
/// # Errors
/// 403 without a letter of authorisation where one is needed; 404; 409 `demand-not-open`, 412; 503.
pub(super) async fn tender(
    app: &App,
    buyer: Purchaser,
    id: Id<Demand>,
    (given, form): (Tendered, Form),
) -> Result<Id<Tender>, Error> {
    let (owner, made) = (buyer.clone(), given.id);
    let read = move |tx: &mut Tx| {
        let found = store::own(tx, &owner, id)?;
        let files = attached::list(tx, id)?;
        Ok::<_, Error>((found.tender == Some(made), files, data_region(tx, owner.company)?))
    };
    let (is_made, files, region) = app.db().read(read).await?;
    if is_made {
        return Ok(made);
    }
    let (number, zone) = tender::numbered(app);
    let target = interest::target(app, buyer.company, id);
    let unit = move |tx: &mut Tx, copies: &[Kept]| {
        buyer.still(tx)?;
        mandate::may(tx, &buyer, Act::Demand, &target)?;
        become_tender(tx, &buyer, id, (&given, &form), ((&number, &zone), copies))
    };
    attached::with_copies(app, &region, &files, unit).await?;
    Ok(made)
}

fn become_tender(
    tx: &mut Tx,
    buyer: &Purchaser,
    id: Id<Demand>,
    (given, form): (&Tendered, &Form),
    (named, copies): ((&str, &str), &[Kept]),
) -> Result<(), Error> {
    let found = store::own(tx, buyer, id)?;
    if found.tender == Some(given.id) {
        // The same form came twice at once.
        return Ok(attached::discard_copies(tx, copies)?);
    }
    if found.state != State::Published {
        return Err(Error::conflict("demand-not-open"));
    }
    if found.version != given.version {
        return Err(Error::stale());
    }
    let made = Made { named: providers(tx, id, (given, form))?, ..made(&found.content, given.method) };
    if !tender::create_of(tx, buyer, given.id, named, &made, copies)? {
        // The id is another draft's.
        return Err(Error::not_found());
    }
    store::end(tx, buyer, &found, (Outcome::Tender, None, Some(given.id)))
}

/// Whom the tender names.
///
/// # Errors
/// 422 for a direct order from nobody, or from somebody who was neither invited nor has answered.
fn providers(tx: &mut Tx, id: Id<Demand>, (given, form): (&Tendered, &Form)) -> Result<Vec<Id<Company>>, Error> {
    let circle = &given.method.profile().circle;
    if !circle.names() {
        return Ok(Vec::new());
    }
    let proposed: Vec<_> = invitation::proposed(tx, id)?.into_iter().map(|one| one.company).collect();
    if circle.most > 1 {
        return Ok(proposed.into_iter().take(circle.most).collect());
    }
    match given.provider {
        Some(one) if proposed.contains(&one) => Ok(vec![one]),
        Some(_) => Err(form.clone().refuse("provider", "demand-provider-unknown")),
        None => Err(form.clone().refuse("provider", "demand-provider-needed")),
    }
}

/// A tender has no day by which it is wanted: its lot says it.
fn made(content: &Content, method: Method) -> Made {
    let description = content.wanted_on.map(|day| format!("期望完成日期：{day}")).unwrap_or_default();
    Made {
        method,
        named: Vec::new(),
        title: content.title.clone(),
        category: content.category.clone(),
        region: content.region.clone(),
        summary: content.summary.clone(),
        description,
        budget: content.budget,
        budget_shown: content.budget_shown,
        regime: Regime::Enterprise,
    }
}

/// Makes a draft of an earlier demand of the company's own, in whatever state: its words, who is invited, copies of its files. A day
/// that is past is left out. The same form again is the same draft.
///
/// # Errors
/// 404; 503.
pub(super) async fn copy(app: &App, buyer: Preparer, of: Id<Demand>, id: Id<Demand>) -> Result<Id<Demand>, Error> {
    let owner = buyer.clone();
    let read = move |tx: &mut Tx| {
        store::own(tx, &owner, of)?;
        let is_made = store::own(tx, &owner, id).is_ok_and(|made| made.copied_of == Some(of));
        Ok::<_, Error>((is_made, attached::list(tx, of)?, data_region(tx, owner.company)?))
    };
    let (is_made, files, region) = app.db().read(read).await?;
    if is_made {
        return Ok(id);
    }
    let zone = app.zone();
    let unit = move |tx: &mut Tx, copies: &[Kept]| {
        buyer.still(tx)?;
        let earlier = store::own(tx, &buyer, of)?;
        let today = store::today(tx, &zone);
        let wanted_on = earlier.content.wanted_on.filter(|day| *day >= today);
        let content = Content { wanted_on, ..earlier.content };
        if store::insert(tx, &buyer, id, (&content, earlier.audience), Some(of))? {
            let invited = INVITED.ids(tx, of)?;
            INVITED.set(tx, id, &invited)?;
            return Ok(attached::insert(tx, id, &copies.iter().collect::<Vec<_>>())?);
        }
        attached::discard_copies(tx, copies)?;
        if store::own(tx, &buyer, id)?.copied_of == Some(of) { Ok(()) } else { Err(Error::not_found()) }
    };
    attached::with_copies(app, &region, &files, unit).await?;
    Ok(id)
}
