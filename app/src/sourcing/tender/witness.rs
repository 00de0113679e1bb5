//! The witness of an opening (开标见证人): a person of another company, or of the operator, who holds a share beside the buyer's officers. The
//! buyer names them by their opening key, which they have read out; they accept or decline; and then the draft may name their key among
//! the holders. No name is shown or kept.

use super::handle::{Done, lot_form};
use super::page::DraftPage;
use super::store::{load, own_draft};
use super::tender::{State, Tender};
use crate::app::App;
use crate::identity::account::{Account, Owner, operator};
use crate::identity::officer;
use crate::identity::people;
use crate::web::{At, Ctx, Error, Fields, Form, Input, Instant, Page, Parse, Person, Preparer, Saved, filters};
use askama::Template;
use axum::extract::State as Program;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use sealing::Recipient;
use serde::{Deserialize, Serialize};

/// Somebody is asked to witness an opening. Their key follows from the tender.
#[derive(Serialize, Deserialize)]
pub struct Asked {
    /// Of which tender.
    pub tender: Id<Tender>,
}

impl Fact for Asked {
    const KIND: &'static str = "tender.witness-asked";
}

/// They have answered.
#[derive(Serialize, Deserialize)]
pub struct Answered {
    /// Of which tender.
    pub tender: Id<Tender>,
    /// Whether they do it.
    pub accepted: bool,
}

impl Fact for Answered {
    const KIND: &'static str = "tender.witness-answered";
}

/// How an asking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TenderWitnessState")]
pub enum Standing {
    /// They have not answered.
    Asked,
    /// They do it.
    Accepted,
    /// They do not.
    Declined,
}

/// Who is asked.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "TenderWitness")]
pub struct Witness {
    /// The public half of their opening key.
    pub recipient: String,
    /// How it stands.
    pub standing: Standing,
    /// Since when.
    #[schemars(with = "Instant")]
    pub asked_at: Timestamp,
}

impl Standing {
    /// Colour, icon and key of the word.
    pub fn sign(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Asked => ("warn", "hourglass", "tender-witness-asked"),
            Self::Accepted => ("live", "ok", "tender-witness-accepted"),
            Self::Declined => ("bad", "stop", "tender-witness-declined"),
        }
    }
}

/// Whom a draft's buyer asks: a key; none takes the asking back.
pub struct Named(Option<String>);

/// What the description of the API shows.
const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

impl Parse for Named {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let key = |text: &str| text.parse::<Recipient>().map(|key| key.to_string()).map_err(|_| "officer-recipient");
        fields.like("witness", RECIPIENT).optional("witness", key).map(Self)
    }
}

/// What the person who is asked reads.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "TenderWitnessing")]
#[template(path = "sourcing/tender/witness.html")]
pub struct WitnessPage {
    tender: Id<Tender>,
    title: String,
    number: String,
    company_name: String,
    #[schemars(with = "Instant")]
    deadline: Timestamp,
    witness: Witness,
    /// Whether it can still be answered.
    is_draft: bool,
}

/// Who is asked for a tender, if anybody is.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, tender: Id<Tender>) -> Result<Option<Witness>, db::Error> {
    let sql = "SELECT recipient, accepted, asked_at FROM tender_witness WHERE tender = $1";
    tx.first(sql, values![tender], |row| {
        let (recipient, accepted) = (row.next()?, row.next::<Option<i64>>()?);
        let standing = match accepted {
            None => Standing::Asked,
            Some(1) => Standing::Accepted,
            Some(_) => Standing::Declined,
        };
        Ok(Witness { recipient, standing, asked_at: row.next()? })
    })
}

/// The key of who has accepted, while it holds and its person may witness.
///
/// # Errors
/// [`db::Error`].
pub fn accepted(tx: &mut Tx, tender: &Tender) -> Result<Option<String>, db::Error> {
    let Some(witness) = find(tx, tender.id)? else { return Ok(None) };
    let holds = witness.standing == Standing::Accepted && unfit(tx, tender, &witness.recipient)?.is_none();
    Ok(holds.then_some(witness.recipient))
}

/// Why this key's holder cannot witness the opening of this tender: nobody has such a key that holds, or they act for its buyer or for nobody.
pub(super) fn unfit(tx: &mut Tx, tender: &Tender, recipient: &str) -> Result<Option<&'static str>, db::Error> {
    let Some((account, _)) = officer::keeper(tx, recipient)? else { return Ok(Some("witness-unknown")) };
    Ok(match people::standing(tx, account)? {
        Some((company, _)) if company == tender.company => Some("witness-own"),
        Some(_) => None,
        None => operator::held_by(tx, account)?.is_none().then_some("witness-unknown"),
    })
}

/// Asks, or takes an asking back. The same key again is the same asking, unless it was declined. Answers the rule that the key breaks.
fn ask(tx: &mut Tx, buyer: &Preparer, id: Id<Tender>, named: Option<&str>) -> Result<Option<&'static str>, Error> {
    buyer.still(tx)?;
    let tender = own_draft(tx, buyer, id)?;
    let known = find(tx, id)?;
    let is_known = |one: &Witness| named == Some(&*one.recipient) && one.standing != Standing::Declined;
    if known.is_some_and(|one| is_known(&one)) {
        return Ok(None);
    }
    if let Some(recipient) = named
        && let Some(rule) = unfit(tx, &tender, recipient)?
    {
        return Ok(Some(rule));
    }
    forget(tx, id)?;
    if let Some(recipient) = named {
        let now = tx.now();
        let sql = "INSERT INTO tender_witness (tender, recipient, asked_at) VALUES ($1, $2, $3)";
        tx.execute(sql, values![id, recipient, now])?;
        event::record(tx, tender.scope(), &Asked { tender: id })?;
    }
    Ok(None)
}

/// Forgets the asking of a draft.
///
/// # Errors
/// [`db::Error`].
pub(super) fn forget(tx: &mut Tx, tender: Id<Tender>) -> Result<(), db::Error> {
    tx.execute("DELETE FROM tender_witness WHERE tender = $1", values![tender]).map(drop)
}

/// The asking that is for a key of this person's.
fn own(tx: &mut Tx, person: &Person, id: Id<Tender>) -> Result<(Tender, Witness), Error> {
    let witness = find(tx, id)?.ok_or_else(Error::not_found)?;
    let key = officer::own_among(tx, person.account(), std::slice::from_ref(&witness.recipient))?;
    key.ok_or_else(Error::not_found)?;
    Ok((load(tx, id)?, witness))
}

/// Answers. The same answer again changes nothing; another one may be given while the tender is a draft.
fn answer(tx: &mut Tx, person: &Person, id: Id<Tender>, accepted: bool) -> Result<(), Error> {
    let (tender, witness) = own(tx, person, id)?;
    let wanted = if accepted { Standing::Accepted } else { Standing::Declined };
    if witness.standing == wanted {
        return Ok(());
    }
    if tender.state != State::Draft {
        return Err(Error::conflict("tender-not-draft"));
    }
    let now = tx.now();
    let sql = "UPDATE tender_witness SET accepted = $1, answered_at = $2 WHERE tender = $3";
    tx.execute(sql, values![accepted, now, id])?;
    let mut scope = tender.scope();
    scope.actor = Some(*person.subject().as_bytes());
    event::record(tx, scope, &Answered { tender: id, accepted })?;
    Ok(())
}

/// Who is asked for a tender, as the program tells them.
///
/// # Errors
/// [`db::Error`].
pub fn whom(tx: &mut Tx, tender: Id<Tender>) -> Result<Option<Owner>, db::Error> {
    match find(tx, tender)? {
        Some(witness) => officer::keeper(tx, &witness.recipient),
        None => Ok(None),
    }
}

/// `POST /tenders/{id}/witness`.
pub async fn name(
    Program(app): Program<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| {
        let page = DraftPage::read(&app, &context, &preparer, id, lot_form(&app)).await?;
        Ok((page.title(), page.with_witness(form)))
    };
    let act = async |Named(key): Named, form: Form| {
        let who = preparer.clone();
        let broken = app.db().write(move |tx| ask(tx, &who, id, key.as_deref())).await?;
        broken.map_or(Ok(()), |rule| Err(form.refuse("witness", rule)))
    };
    input.act_on(page, act).await?;
    Ok(Saved::at(format!("/tenders/{id}/draft#hands"), Done { id }))
}

/// `GET /me/witnessing/{id}`.
pub async fn show(Program(app): Program<App>, person: Person, At(id): At<Id<Tender>>) -> Result<Page, Error> {
    let page = app.db().read(move |tx| page(tx, &person, id)).await?;
    Ok(Page::new("tender-witness", page))
}

fn page(tx: &mut Tx, person: &Person, id: Id<Tender>) -> Result<WitnessPage, Error> {
    let (tender, witness) = own(tx, person, id)?;
    Ok(WitnessPage {
        tender: id,
        is_draft: tender.state == State::Draft,
        title: tender.title,
        number: tender.number,
        company_name: tender.company_name,
        deadline: tender.deadline,
        witness,
    })
}

/// `POST /me/witnessing/{id}/acceptance`.
pub async fn accept(
    Program(app): Program<App>,
    person: Person,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    answered(&app, person, id, input, true).await
}

/// `POST /me/witnessing/{id}/refusal`.
pub async fn decline(
    Program(app): Program<App>,
    person: Person,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    answered(&app, person, id, input, false).await
}

async fn answered(app: &App, person: Person, id: Id<Tender>, input: Input, accepted: bool) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        answer(tx, &person, id, accepted)?;
        page(tx, &person, id)
    };
    let page = app.db().write(unit).await?;
    let done = if accepted { "?done=witness-accepted" } else { "?done=witness-declined" };
    Ok(Saved::at(format!("/me/witnessing/{id}{done}"), page))
}

/// The key of a person among a tender's holders who witnesses its opening, whomever they act for.
///
/// # Errors
/// [`db::Error`].
pub(super) fn key_of(
    tx: &mut Tx,
    account: Id<Account>,
    witness: Option<&String>,
) -> Result<Option<officer::Key>, db::Error> {
    match witness {
        Some(key) => officer::own_among(tx, account, std::slice::from_ref(key)),
        None => Ok(None),
    }
}
