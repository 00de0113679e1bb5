//! The query and the act.

use super::rule::{self, Refused};
use super::{Further, Invited};
use crate::identity::approval::{self, Act, Ask, Content, Line, Request, Shown};
use crate::identity::company::Company;
use crate::sourcing::circle::Audience;
use crate::sourcing::guests;
use crate::sourcing::tender::{self, Tender, amount, named, of_list};
use crate::web::{Broken, Error, Form, Purchaser};
use kit::db::Tx;
use kit::event;
use kit::id::Id;

/// A tender of the buyer's own that takes further guests now.
///
/// # Errors
/// 404; 409 `inviting-method`, `inviting-ended`, `inviting-late`.
pub fn open(tx: &mut Tx, buyer: &Purchaser, id: Id<Tender>) -> Result<Tender, Error> {
    let (tender, now) = (tender::store::own(tx, buyer, id)?, tx.now());
    match rule::may(&tender, now) {
        Ok(()) => Ok(tender),
        Err(Refused::Method) => Err(Error::conflict("inviting-method")),
        Err(Refused::Ended) => Err(Error::conflict("inviting-ended")),
        Err(Refused::Late { earliest }) => Err(Error::conflict("inviting-late").with("earliest", earliest)),
    }
}

/// What would be done: nothing where all of them are invited already.
struct Step {
    tender: Tender,
    new: Vec<Id<Company>>,
}

fn step(
    tx: &mut Tx,
    buyer: &Purchaser,
    id: Id<Tender>,
    (further, form): (&Further, &Form),
) -> Result<Option<Step>, Error> {
    // Of a tender that everybody reads, or of a draft, nobody is a guest already.
    if tender::store::own(tx, buyer, id)?.readers != Audience::Named {
        return open(tx, buyer, id).map(|_| None);
    }
    let before = named::ids(tx, id)?;
    let mut new = guests::found(tx, buyer, &further.named, ("named", form))?;
    new.retain(|company| !before.contains(company));
    if new.is_empty() {
        return Ok(None);
    }
    let tender = open(tx, buyer, id)?;
    if tender.version != further.version {
        return Err(Error::stale());
    }
    // Who has not qualified does not come in by another door.
    if of_list::leaves_out(tx, id, &new)? {
        return Err(form.clone().refuse("named", "named-not-on-list"));
    }
    let most = tender.method.profile().circle.most;
    if before.len() + new.len() > most {
        return Err(form.clone().refuse("named", Broken::rule("named-too-many").with("most", most)));
    }
    new.sort_unstable_by_key(|company| *company.as_bytes());
    Ok(Some(Step { tender, new }))
}

/// Invites them. Who is invited already is passed over, so that the same form again changes nothing.
///
/// # Errors
/// As [`open`]; 403 where approval is asked for and not given; 412; 422 at `named`.
pub fn invite(tx: &mut Tx, buyer: &Purchaser, id: Id<Tender>, given: (&Further, &Form)) -> Result<(), Error> {
    let Some(step) = step(tx, buyer, id, given)? else { return Ok(()) };
    let ask = asked(tx, &step)?;
    approval::may(tx, buyer, &ask)?;
    named::add(tx, id, &step.new)?;
    event::record(tx, step.tender.scope(), &Invited { tender: id, companies: step.new })?;
    Ok(())
}

/// Asks for approval of inviting them.
///
/// # Errors
/// As [`invite`]; 409 with one of [`approval::UNASKED`].
pub fn ask(tx: &mut Tx, buyer: &Purchaser, id: Id<Tender>, given: (&Further, &Form)) -> Result<Id<Request>, Error> {
    let step = step(tx, buyer, id, given)?.ok_or_else(|| Error::conflict("approval-not-needed"))?;
    let ask = asked(tx, &step)?;
    approval::ask(tx, buyer, &ask)
}

/// Inviting exactly these, for who decides: measured as the publication was.
fn asked(tx: &mut Tx, step: &Step) -> Result<Ask, Error> {
    let (tender, invited) = (&step.tender, guests::of(tx, &step.new)?);
    let told = invited.iter().map(|one| format!("{} {}", one.name, one.credit_code)).collect::<Vec<_>>().join("\n");
    let codes = invited.into_iter().map(|one| one.credit_code).collect::<Vec<_>>().join("\n");
    let lines = vec![
        Line::new("tender-title", Shown::Text(tender.title.clone())),
        Line::new("inviting-named", Shown::Text(told)),
        Line::new("tender-deadline", Shown::Instant(tender.deadline)),
    ];
    let fields = vec![("version".to_owned(), tender.version.to_string()), ("named".to_owned(), codes)];
    let content = Content { lines, path: format!("/tenders/{}/invitation", tender.id), fields };
    let lots = tender::store::lots(tx, tender.id)?;
    let (subject, title) = (tender.id.cast(), tender.title.clone());
    Ok(Ask { act: Act::Amend, subject, title, amount: amount(&lots), content })
}
