//! Whom a tender names (受邀): the providers that alone may bid for it and, of an invited tender, alone read it. Chosen with the draft
//! from the public list of providers, and fixed from the publication on. Whether one of them bids is sealed as every bid is; nobody answers an
//! invitation but by bidding, so that there is nothing to be shown before the opening.

use super::handle::{Done, lot_form};
use super::of_list;
use super::page::DraftPage;
use super::store::{own_draft, touch};
use super::tender::{Tender, Unready};
use crate::app::App;
use crate::identity::approval::{Line, Shown};
use crate::identity::company::Company;
use crate::reach::provider;
use crate::sourcing::circle::{Audience, Circle};
use crate::sourcing::guests::{self, Guests, Invited, lines};
use crate::web::{Actor, At, Broken, Ctx, Error, Fields, Form, Input, Member, Parse, Preparer, Saved};
use axum::extract::State as Program;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// Their rows.
const NAMED: Guests = Guests { table: "tender_invitation", of: "tender" };

/// The condition on a tender `t` that a company, bound in this place, reads it once it is published.
pub fn read(slot: usize) -> String {
    format!(
        "(t.readers = 'all' OR t.company = ${slot} OR EXISTS \
         (SELECT 1 FROM tender_invitation i WHERE i.tender = t.id AND i.company = ${slot}))"
    )
}

/// What stands for the company of who has none.
pub(super) fn nobody() -> Id<Company> {
    Id::from_bytes([0; 16])
}

/// Whom a draft names, as its page has it.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "TenderNaming")]
pub struct Naming {
    /// How many, and whether a reason is asked for.
    pub circle: &'static Circle,
    /// Who is named.
    pub named: Vec<Invited>,
    /// Why.
    pub reason: Option<String>,
    /// Whether they follow from a qualified list, and are not chosen here.
    pub of_list: bool,
    #[serde(skip)]
    pub(super) form: Form,
}

impl Naming {
    /// What a tender names; none where its method is for all.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn of(tx: &mut Tx, tender: &Tender) -> Result<Option<Self>, db::Error> {
        let circle = &tender.method.profile().circle;
        if !circle.names() {
            return Ok(None);
        }
        let named = NAMED.list(tx, tender.id)?;
        let names = named.iter().map(|one| one.name.clone()).collect::<Vec<_>>().join("\n");
        let form = Form::filled([
            ("named", names),
            ("reason", tender.reason.clone().unwrap_or_default()),
            ("version", tender.version.to_string()),
        ]);
        let of_list = of_list::is_bound(tx, tender.id)?;
        Ok(Some(Self { circle, named, reason: tender.reason.clone(), of_list, form }))
    }
}

/// What a draft's buyer chooses.
pub struct Chosen {
    version: i64,
    named: Vec<String>,
    reason: Option<String>,
}

impl Parse for Chosen {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let version = fields.version();
        let named = fields.optional_text("named", 8000).map(|text| lines(&text.unwrap_or_default()));
        let reason =
            fields.like("reason", "原系统只能由原开发商维护，另行采购须全部重建。").optional_passage("reason", 2000);
        let reason = match reason? {
            Some(text) if text.chars().count() < 10 => {
                return fields.wrong("reason", Broken::rule("too-short").with("least", 10usize));
            }
            reason => reason,
        };
        Some(Self { version: version?, named: named?, reason })
    }
}

/// `POST /tenders/{id}/named`.
pub async fn choose(
    Program(app): Program<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| {
        let page = DraftPage::read(&app, &context, &preparer, id, lot_form(&app)).await?;
        Ok((page.title(), page.with_named(form)))
    };
    let act = async |chosen: Chosen, form: Form| {
        let preparer = preparer.clone();
        app.db().write(move |tx| choice(tx, &preparer, id, (&chosen, &form))).await
    };
    input.act_on(page, act).await?;
    Ok(Saved::at(format!("/tenders/{id}/draft#named"), Done { id }))
}

/// Stores the choice in a draft that nobody has changed since. The same choice again changes nothing.
fn choice(tx: &mut Tx, buyer: &Preparer, id: Id<Tender>, (chosen, form): (&Chosen, &Form)) -> Result<(), Error> {
    buyer.still(tx)?;
    let tender = own_draft(tx, buyer, id)?;
    let circle = &tender.method.profile().circle;
    if !circle.names() {
        return Err(Error::conflict("method-names-nobody"));
    }
    let mut named = match of_list::is_bound(tx, id)? {
        true => NAMED.ids(tx, id)?,
        false => guests::found(tx, buyer, &chosen.named, ("named", form))?,
    };
    if named.len() > circle.most {
        let rule = Broken::rule("named-too-many").with("most", circle.most);
        return Err(form.clone().refuse("named", rule));
    }
    named.sort_unstable_by_key(|company| *company.as_bytes());
    let reason = chosen.reason.as_ref().filter(|_| circle.reason);
    if NAMED.ids(tx, id)? == named && tender.reason.as_ref() == reason {
        return Ok(());
    }
    if tender.version != chosen.version {
        return Err(Error::stale());
    }
    set(tx, id, &named, reason.map(String::as_str))?;
    touch(tx, buyer, id)
}

/// Names these in a draft.
///
/// # Errors
/// [`db::Error`].
pub(super) fn set(tx: &mut Tx, id: Id<Tender>, named: &[Id<Company>], reason: Option<&str>) -> Result<(), db::Error> {
    NAMED.set(tx, id, named)?;
    tx.execute("UPDATE tender SET reason = $1 WHERE id = $2", values![reason, id]).map(drop)
}

/// Names in a draft whom an earlier tender has named.
///
/// # Errors
/// [`db::Error`].
pub(super) fn copy(tx: &mut Tx, earlier: &Tender, draft: Id<Tender>) -> Result<(), db::Error> {
    let named = NAMED.ids(tx, earlier.id)?;
    set(tx, draft, &named, earlier.reason.as_deref())
}

/// Forgets whom a draft names that goes with its company.
///
/// # Errors
/// [`db::Error`].
pub(super) fn forget(tx: &mut Tx, draft: Id<Tender>) -> Result<(), db::Error> {
    NAMED.set(tx, draft, &[])
}

/// What stands between a draft and its publication because of whom it names.
///
/// # Errors
/// [`db::Error`].
pub(super) fn unready(tx: &mut Tx, tender: &Tender, now: Timestamp) -> Result<Vec<Unready>, db::Error> {
    let circle = &tender.method.profile().circle;
    let mut reasons = Vec::new();
    let earliest = tender.method.profile().earliest_questions_end(now);
    if circle.notice_working_days > 0 && tender.questions_until < earliest {
        reasons.push(Unready::NoticeTooShort { earliest });
    }
    if !circle.names() {
        return Ok(reasons);
    }
    let named = NAMED.list(tx, tender.id)?;
    if named.len() < circle.least {
        reasons.push(Unready::NamedTooFew { least: circle.least });
    }
    if named.len() > circle.most {
        reasons.push(Unready::NamedTooMany { most: circle.most });
    }
    let is_of_list = of_list::is_bound(tx, tender.id)?;
    for one in named.iter().filter(|_| !is_of_list) {
        if provider::of_code(tx, &one.credit_code)? != Some(one.company) {
            reasons.push(Unready::NamedGone);
            break;
        }
    }
    if circle.reason && tender.reason.is_none() {
        reasons.push(Unready::NoReason);
    }
    Ok(reasons)
}

/// Says with the publication who reads it. What a method that is for all once named in its draft is forgotten.
///
/// # Errors
/// [`db::Error`].
pub(super) fn fix(tx: &mut Tx, tender: &Tender) -> Result<(), db::Error> {
    let circle = &tender.method.profile().circle;
    if !circle.names() {
        set(tx, tender.id, &[], None)?;
    }
    tx.execute("UPDATE tender SET readers = $1 WHERE id = $2", values![circle.reads.code(), tender.id]).map(drop)
}

/// Whether an actor reads a published tender: everybody, or whom it names and who evaluates it.
///
/// # Errors
/// [`db::Error`].
pub(super) fn reads(tx: &mut Tx, tender: &Tender, actor: &Actor) -> Result<bool, db::Error> {
    if tender.readers == Audience::All || !policy::holds(Control::InvitedAlone) {
        return Ok(true);
    }
    match actor.member() {
        Some(member) => Ok(is_named(tx, tender.id, member.company)? || evaluates(tx, tender.id, member)?),
        None => Ok(false),
    }
}

/// Whether a member was drawn to evaluate a lot of it.
fn evaluates(tx: &mut Tx, tender: Id<Tender>, member: &Member) -> Result<bool, db::Error> {
    let sql = "SELECT 1 FROM candidate c JOIN lot l ON l.id = c.lot WHERE l.tender = $1 AND c.account = $2 AND c.company = $3 \
               AND c.number IS NOT NULL LIMIT 1";
    let values = values![tender, member.account(), member.company];
    Ok(tx.first(sql, values, |row| row.next::<i64>())?.is_some())
}

/// Whether a tender names a company.
///
/// # Errors
/// [`db::Error`].
pub fn is_named(tx: &mut Tx, tender: Id<Tender>, company: Id<Company>) -> Result<bool, db::Error> {
    NAMED.has(tx, tender, company)
}

/// Whether a company may bid for a tender that it reads.
///
/// # Errors
/// [`db::Error`].
pub fn may_bid(tx: &mut Tx, tender: &Tender, company: Id<Company>) -> Result<bool, db::Error> {
    Ok(!tender.method.profile().circle.names() || is_named(tx, tender.id, company)?)
}

/// The companies that a published tender names, for the program that tells them.
///
/// # Errors
/// [`db::Error`].
pub fn ids(tx: &mut Tx, tender: Id<Tender>) -> Result<Vec<Id<Company>>, db::Error> {
    NAMED.ids(tx, tender)
}

/// Names further companies in a published tender, which is another one since: a form that was filled before is refused.
///
/// # Errors
/// [`db::Error`].
pub fn add(tx: &mut Tx, tender: Id<Tender>, companies: &[Id<Company>]) -> Result<(), db::Error> {
    NAMED.add(tx, tender, companies)?;
    tx.execute("UPDATE tender SET version = version + 1 WHERE id = $1", values![tender]).map(drop)
}

/// Whom a tender names, as far as this actor may know: the buyer knows all; others their names, where the tender is for everybody to read.
///
/// # Errors
/// [`db::Error`].
pub fn shown(tx: &mut Tx, tender: &Tender, actor: &Actor) -> Result<Vec<Invited>, db::Error> {
    let is_own = actor.member().is_some_and(|member| member.company == tender.company);
    if !tender.method.profile().circle.names() || !(is_own || tender.readers == Audience::All) {
        return Ok(Vec::new());
    }
    let mut named = NAMED.list(tx, tender.id)?;
    if !is_own {
        named.iter_mut().for_each(|one| one.credit_code.clear());
    }
    Ok(named)
}

/// Whether only whom it names reads a tender.
///
/// # Errors
/// [`db::Error`].
pub fn is_closed<T>(tx: &mut Tx, id: Id<T>) -> Result<bool, db::Error> {
    let sql = "SELECT readers FROM tender WHERE id = $1";
    let readers: Option<String> = tx.first(sql, values![id], |row| row.next())?;
    Ok(readers.is_some_and(|readers| readers != Audience::All.code()))
}

/// What of it is approved with a publication.
///
/// # Errors
/// [`db::Error`].
pub(super) fn approved(tx: &mut Tx, tender: &Tender) -> Result<Vec<Line>, db::Error> {
    let Some(naming) = Naming::of(tx, tender)? else { return Ok(Vec::new()) };
    let names = naming.named.iter().map(|one| format!("{} {}", one.name, one.credit_code));
    let mut lines = vec![Line::new("tender-named", Shown::Text(names.collect::<Vec<_>>().join("\n")))];
    lines.extend(naming.reason.map(|reason| Line::new("tender-named-reason", Shown::Text(reason))));
    Ok(lines)
}
