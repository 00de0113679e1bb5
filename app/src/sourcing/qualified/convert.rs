//! What is made of a list without typing anything twice: a tender among all who are on it, a direct order from one of a pool; another list's
//! draft.

use super::event::Tendered as Drafted;
use super::form::Tendered;
use super::list::{Content, QualifiedList};
use super::rule::Kind;
use super::{application, objection, store};
use crate::app::App;
use crate::identity::company::{Company, data_region};
use crate::identity::mandate::{self, Act, Target};
use crate::sourcing::attached;
use crate::sourcing::tender::document::Kept;
use crate::sourcing::tender::{self, Made, State, Tender, of_list};
use crate::web::{Error, Form, Preparer, Purchaser};
use kit::db::Tx;
use kit::event;
use kit::id::Id;

/// Makes a tender's draft of a list that can be used: it names exactly who is on it, or of a pool the one that was chosen. Copies of its files
/// come first, then what names them. The same form again is the same draft.
///
/// # Errors
/// 403 without a letter of authorisation where one is needed; 404; 409 `qualified-not-usable`, `qualified-objected`, `qualified-used`; 422; 503.
pub(super) async fn tender(
    app: &App,
    buyer: Purchaser,
    id: Id<QualifiedList>,
    (given, form): (Tendered, Form),
) -> Result<Id<Tender>, Error> {
    let (owner, made) = (buyer.clone(), given.id);
    let read = move |tx: &mut Tx| {
        store::own(tx, &owner, id)?;
        let is_made = of_list::of(tx, made)? == Some(id);
        Ok::<_, Error>((is_made, attached::list(tx, id)?, data_region(tx, owner.company)?))
    };
    let (is_made, files, region) = app.db().read(read).await?;
    if is_made {
        return Ok(made);
    }
    let (number, zone) = tender::numbered(app);
    let target = application::target(app, buyer.company, id);
    let unit = move |tx: &mut Tx, copies: &[Kept]| {
        buyer.still(tx)?;
        become_tender(tx, &buyer, id, (&given, &form, &target), ((&number, &zone), copies))
    };
    attached::with_copies(app, &region, &files, unit).await?;
    Ok(made)
}

fn become_tender(
    tx: &mut Tx,
    buyer: &Purchaser,
    id: Id<QualifiedList>,
    (given, form, target): (&Tendered, &Form, &Target),
    (named, copies): ((&str, &str), &[Kept]),
) -> Result<(), Error> {
    mandate::may(tx, buyer, Act::Publish, target)?;
    let list = store::own(tx, buyer, id)?;
    if of_list::of(tx, given.id)? == Some(id) {
        // The same form came twice at once.
        return Ok(attached::discard_copies(tx, copies)?);
    }
    usable(tx, &list)?;
    let made = Made { named: providers(tx, &list, (given, form))?, ..made(&list.content, given) };
    if !tender::create_of(tx, buyer, given.id, named, &made, copies)? {
        // The id is another draft's.
        return Err(Error::not_found());
    }
    of_list::bind(tx, given.id, id)?;
    event::record(tx, list.scope(), &Drafted { list: id, tender: given.id })?;
    Ok(())
}

/// Whether something can be made of a list at this instant. A pre-qualification is for one tender: for another only where that came to nothing.
fn usable(tx: &mut Tx, list: &QualifiedList) -> Result<(), Error> {
    if !list.is_usable(tx.now()) {
        return Err(Error::conflict("qualified-not-usable"));
    }
    if !list.content.kind.has_deadline() {
        return Ok(());
    }
    if objection::holds_up(tx, list)? {
        return Err(Error::conflict("qualified-objected"));
    }
    if list.content.kind == Kind::Single {
        for tender in store::tenders(tx, list.id)? {
            if !matches!(tender::store::load(tx, tender)?.state, State::Failed | State::Terminated) {
                return Err(Error::conflict("qualified-used"));
            }
        }
    }
    Ok(())
}

/// Whom the tender names.
///
/// # Errors
/// 422 for a method that names nobody, or that its regime does not know; a direct order for one tender; from nobody, or from somebody who is
/// not on the list.
fn providers(tx: &mut Tx, list: &QualifiedList, (given, form): (&Tendered, &Form)) -> Result<Vec<Id<Company>>, Error> {
    let circle = &given.method.profile().circle;
    if !circle.names() || (circle.most == 1 && !list.content.kind.is_pool()) {
        return Err(form.clone().refuse("method", "qualified-method"));
    }
    if !list.content.regime.knows(given.method) {
        return Err(form.clone().refuse("method", "regime-method"));
    }
    let on_list = of_list::members(tx, list.id)?;
    if circle.most > 1 {
        return if on_list.len() < circle.least { Err(Error::conflict("qualified-not-usable")) } else { Ok(on_list) };
    }
    match given.provider {
        Some(one) if on_list.contains(&one) => Ok(vec![one]),
        Some(_) => Err(form.clone().refuse("provider", "qualified-provider-unknown")),
        None => Err(form.clone().refuse("provider", "qualified-provider-needed")),
    }
}

fn made(content: &Content, given: &Tendered) -> Made {
    Made {
        method: given.method,
        named: Vec::new(),
        title: content.title.clone(),
        category: content.category.clone(),
        region: content.region.clone(),
        summary: content.summary.clone(),
        description: String::new(),
        budget: None,
        budget_shown: false,
        regime: content.regime,
    }
}

/// Makes a draft of an earlier list of the company's own, in whatever state (重新资格预审): its words, copies of its files. A deadline that would
/// be too soon is left to be set anew. The same form again is the same draft.
///
/// # Errors
/// 404; 503.
pub(super) async fn copy(
    app: &App,
    buyer: Preparer,
    of: Id<QualifiedList>,
    id: Id<QualifiedList>,
) -> Result<Id<QualifiedList>, Error> {
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
    let unit = move |tx: &mut Tx, copies: &[Kept]| {
        buyer.still(tx)?;
        let earlier = store::own(tx, &buyer, of)?;
        if store::insert(tx, &buyer, id, &earlier.content, Some(of))? {
            return Ok(attached::insert(tx, id, &copies.iter().collect::<Vec<_>>())?);
        }
        attached::discard_copies(tx, copies)?;
        if store::own(tx, &buyer, id)?.copied_of == Some(of) { Ok(()) } else { Err(Error::not_found()) }
    };
    attached::with_copies(app, &region, &files, unit).await?;
    Ok(id)
}
