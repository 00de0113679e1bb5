//! Giving one's share: what an opening officer is asked for after the hour, and what they answer.

use super::shares::{self, Answer, Standing, Unlayered};
use crate::app::App;
use crate::identity::officer::{self, Key};
use crate::sourcing::bid::Bid;
use crate::sourcing::tender::{self, Hands, Named, State, Tender};
use crate::web::{At, Ctx, Error, Fields, Input, Page, Parse, Person, Saved, filters};
use askama::Template;
use axum::extract::State as Program;
use kit::db::Tx;
use kit::event::{self, Fact};
use kit::id::Id;
use kit::{job, values};
use schemars::JsonSchema;
use sealing::sheet::Given;
use serde::{Deserialize, Serialize};

/// A holder has answered. Whose share it is follows from who acts.
#[derive(Serialize, Deserialize)]
pub struct ShareGiven {
    /// Of which tender.
    pub tender: Id<Tender>,
}

impl Fact for ShareGiven {
    const KIND: &'static str = "opening.share-given";
}

/// What a holder's browser, or `ziyun officer share`, has made of the sheet.
pub struct Answered(Vec<Given>);

impl Parse for Answered {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.like("answer", r#"[{"bid":"0197a1c2-0000-7000-8000-000000000003","share":"AAAA"}]"#);
        fields.secret("answer", |text| serde_json::from_str(&text).map_err(|_| "share-form")).map(Self)
    }
}

/// What is asked of one holder: the same form as `sealing::sheet::Sheet` reads.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OpeningSheet")]
struct Sheet {
    /// The tender's id.
    tender: Id<Tender>,
    /// The holder's public key.
    holder: String,
    /// One for each bid.
    parts: Vec<Part>,
}

/// The holder's box of one bid.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OpeningPart")]
struct Part {
    bid: Id<Bid>,
    /// SHA-256 of the share, hexadecimal.
    sha256: String,
    /// An age file for the holder, in base64.
    share: String,
}

/// The page of a holder.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "OpeningShare")]
#[template(path = "sourcing/opening/give.html")]
pub struct GivePage {
    tender: Named,
    standing: Standing,
    /// What is asked; none before the hour, and once it was given.
    sheet: Option<Sheet>,
    /// The holder's secret key under their passphrase, in base64.
    kept: String,
    /// Whether the holder has answered.
    is_given: bool,
}

/// What a holder sees of a tender.
struct Asked {
    tender: Tender,
    hands: Hands,
    key: Key,
    answers: Vec<Answer>,
}

/// A tender that the person holds a key of.
///
/// # Errors
/// 404.
fn asked(tx: &mut Tx, person: &Person, id: Id<Tender>) -> Result<Asked, Error> {
    let tender = tender::store::load(tx, id)?;
    let hands = tender.hands.clone().filter(|_| tender.state.is_public()).ok_or_else(Error::not_found)?;
    let key = officer::held_by(tx, person.account(), tender.company, &hands.holders)?;
    let answers = shares::answers(tx, id)?;
    Ok(Asked { key: key.ok_or_else(Error::not_found)?, tender, hands, answers })
}

/// `GET /me/openings/{id}`.
pub async fn show(
    Program(app): Program<App>,
    context: Ctx,
    person: Person,
    At(id): At<Id<Tender>>,
) -> Result<Page, Error> {
    let locale = context.locale;
    let read = move |tx: &mut Tx| {
        let Asked { tender, hands, key, answers } = asked(tx, &person, id)?;
        let is_given = answers.iter().any(|answer| answer.recipient == key.recipient);
        let is_asked = tender.state == State::Closed && !is_given && is_ready(tx, id)?;
        let bids = if is_asked { Some(shares::unlayered(tx, id)?) } else { None };
        let sheet = bids.map(|bids| sheet(id, &key.recipient, bids));
        let (standing, kept) = (Standing::of(&hands, &answers), officer::kept(&key));
        Ok::<_, Error>(GivePage { tender: Named::new(tender, locale), standing, sheet, kept, is_given })
    };
    let page = app.db().read(read).await?;
    Ok(Page::new("opening-give", page))
}

fn sheet(tender: Id<Tender>, holder: &str, bids: Vec<Unlayered>) -> Sheet {
    let part = |one: Unlayered| {
        let own = one.boxes?.into_iter().find(|boxed| boxed.holder == holder)?;
        Some(Part { bid: one.bid, sha256: own.sha256, share: own.share })
    };
    Sheet { tender, holder: holder.to_owned(), parts: bids.into_iter().filter_map(part).collect() }
}

/// Whether the platform's layer of all bids is off.
fn is_ready(tx: &mut Tx, tender: Id<Tender>) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM bid b JOIN lot l ON l.id = b.lot WHERE b.tender = $1 AND b.state = 'sealed' \
               AND l.state = 'closed' AND NOT EXISTS (SELECT 1 FROM opening_box o WHERE o.bid = b.id) LIMIT 1";
    Ok(tx.first(sql, values![tender], |row| row.next::<i64>())?.is_none())
}

/// `POST /me/openings/{id}`: one unit that keeps the answer and, with the one that is enough, leaves the opening to its job.
pub async fn give(
    Program(app): Program<App>,
    person: Person,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let Answered(parts) = input.parse()?;
    let standing = app.db().write(move |tx| take(tx, &person, id, &parts)).await?;
    Ok(Saved::at(format!("/me/openings/{id}?done=share-given"), standing))
}

fn take(tx: &mut Tx, person: &Person, id: Id<Tender>, parts: &[Given]) -> Result<Standing, Error> {
    let Asked { tender, hands, key, answers } = asked(tx, person, id)?;
    if answers.iter().any(|answer| answer.recipient == key.recipient) {
        return Ok(Standing::of(&hands, &answers));
    }
    if tender.state != State::Closed || !is_ready(tx, id)? {
        return Err(Error::conflict("opening-not-waiting"));
    }
    let parts = sound(&key.recipient, shares::unlayered(tx, id)?, parts)?;
    if shares::keep(tx, id, &key.recipient, &parts)? {
        let mut scope = tender.scope();
        scope.actor = Some(*person.subject().as_bytes());
        event::record(tx, scope, &ShareGiven { tender: id })?;
    }
    let (answers, now) = (shares::answers(tx, id)?, tx.now());
    let standing = Standing::of(&hands, &answers);
    if let Some(at) = standing.opens_at(&answers, now) {
        job::enqueue(tx, tender::OPENING, id.as_bytes(), at)?;
    }
    Ok(standing)
}

/// The answer for exactly the bids that wait, each share compared with the hash that its bidder put beside it.
fn sound(holder: &str, bids: Vec<Unlayered>, given: &[Given]) -> Result<Vec<Given>, Error> {
    let mut sound = Vec::new();
    for Unlayered { bid, boxes } in bids {
        let Some(boxed) = boxes.into_iter().flatten().find(|boxed| boxed.holder == holder) else { continue };
        let bid = bid.to_string();
        let part = given.iter().find(|part| part.bid == bid).ok_or_else(|| Error::conflict("share-missing"))?;
        if let Some(bytes) = part.bytes().map_err(|_| Error::conflict("share-foreign"))? {
            boxed.check(bytes).map_err(|_| Error::conflict("share-foreign"))?;
        }
        sound.push(part.clone());
    }
    Ok(sound)
}
