//! Giving one's share: what an opening officer is asked for after the hour, and what they answer.

use super::shares::{self, Answer, Standing, Unlayered};
use crate::app::App;
use crate::identity::officer::{self, Key};
use crate::sourcing::bid::Bid;
use crate::sourcing::tender::{self, Hands, Named, State, Tender};
use crate::web::{At, Ctx, Error, Fields, Input, Page, Parse, Person, Saved, filters};
use askama::Template;
use axum::extract::State as Program;
use kit::db::{self, Tx};
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
    /// The same for a passkey of theirs, and which one that is.
    wrapped: Option<String>,
    hint: Option<String>,
    /// Whether the holder has answered.
    is_given: bool,
    /// Whether it is the reader's own bid that they hold a share of.
    is_bidders: bool,
}

/// What a holder sees of a tender.
struct Asked {
    tender: Tender,
    hands: Hands,
    key: Key,
    answers: Vec<Answer>,
    /// Whether the key is not a holder's: it has boxes of its person's own bids.
    is_bidders: bool,
}

/// A tender that the person holds a key of.
///
/// # Errors
/// 404.
fn asked(tx: &mut Tx, person: &Person, id: Id<Tender>) -> Result<Asked, Error> {
    let tender = tender::store::load(tx, id)?;
    let hands = tender.hands.clone().filter(|_| tender.state.is_public()).ok_or_else(Error::not_found)?;
    let answers = shares::answers(tx, id)?;
    if let Some(key) = hands.held_by(tx, person.account(), tender.company)? {
        return Ok(Asked { tender, hands, key, answers, is_bidders: false });
    }
    let key = own_key(tx, person, &tender, &hands)?.ok_or_else(Error::not_found)?;
    Ok(Asked { tender, hands, key, answers, is_bidders: true })
}

/// The key of a person whose own bid has a box for it. That there is one shows after the hour only, and to nobody else.
fn own_key(tx: &mut Tx, person: &Person, tender: &Tender, hands: &Hands) -> Result<Option<Key>, db::Error> {
    if !hands.bidder || tender.state != State::Closed {
        return Ok(None);
    }
    let boxes = shares::unlayered(tx, tender.id)?.into_iter().filter_map(|one| one.boxes);
    let own: Vec<_> =
        boxes.filter_map(|boxes| boxes.into_iter().nth(hands.holders.len())).map(|one| one.holder).collect();
    officer::own_among(tx, person.account(), &own)
}

/// Whether all that this key is asked for was given.
fn is_given(tx: &mut Tx, asked: &Asked) -> Result<bool, db::Error> {
    if !asked.is_bidders {
        return Ok(asked.answers.iter().any(|answer| answer.recipient == asked.key.recipient));
    }
    let (own, bids) = (shares::owns(tx, asked.tender.id)?, shares::unlayered(tx, asked.tender.id)?);
    let has_box = |one: &&Unlayered| one.boxes.iter().flatten().any(|boxed| boxed.holder == asked.key.recipient);
    Ok(bids.iter().filter(has_box).all(|one| own.contains_key(&one.bid)))
}

/// The tenders whose opening waits and whose bidder's box of a bid is for this person's key, which they have not used. It shows on nobody
/// else's desk that there is one.
///
/// # Errors
/// [`db::Error`].
pub(super) fn own_waiting(tx: &mut Tx, person: &Person) -> Result<Vec<Tender>, db::Error> {
    let mut waiting = Vec::new();
    if officer::recipients(tx, person.account())?.is_empty() {
        return Ok(waiting);
    }
    for tender in tender::store::list_closed(tx)? {
        let Some(hands) = tender.hands.clone().filter(|hands| hands.bidder) else { continue };
        if hands.held_by(tx, person.account(), tender.company)?.is_some() {
            continue;
        }
        let Some(key) = own_key(tx, person, &tender, &hands)? else { continue };
        let asked = Asked { tender, hands, key, answers: Vec::new(), is_bidders: true };
        if is_ready(tx, asked.tender.id)? && !is_given(tx, &asked)? {
            waiting.push(asked.tender);
        }
    }
    Ok(waiting)
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
        let asked = asked(tx, &person, id)?;
        let is_given = is_given(tx, &asked)?;
        let Asked { tender, hands, key, answers, is_bidders } = asked;
        let is_asked = tender.state == State::Closed && !is_given && is_ready(tx, id)?;
        let bids = if is_asked { Some(shares::unlayered(tx, id)?) } else { None };
        let sheet = bids.map(|bids| sheet(id, &key.recipient, bids));
        let (standing, kept) = (Standing::of(&hands, &answers), officer::kept(&key));
        let (wrapped, hint) = officer::wrapped(&key).unzip();
        Ok::<_, Error>(GivePage {
            tender: Named::new(tender, locale),
            standing,
            sheet,
            kept,
            wrapped,
            hint,
            is_given,
            is_bidders,
        })
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
fn is_ready(tx: &mut Tx, tender: Id<Tender>) -> Result<bool, db::Error> {
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
    let asked = asked(tx, person, id)?;
    let is_given = is_given(tx, &asked)?;
    let Asked { tender, hands, key, answers, is_bidders } = asked;
    if is_given {
        return Ok(Standing::of(&hands, &answers));
    }
    if tender.state != State::Closed || !is_ready(tx, id)? {
        return Err(Error::conflict("opening-not-waiting"));
    }
    let parts = sound(&key.recipient, shares::unlayered(tx, id)?, parts)?;
    let is_kept = match is_bidders {
        true => keep_own(tx, id, &parts)?,
        false => shares::keep(tx, id, &key.recipient, &parts)?,
    };
    if is_kept {
        let mut scope = tender.scope();
        // Who has bid is told by no event.
        scope.actor = (!is_bidders).then(|| *person.subject().as_bytes());
        event::record(tx, scope, &ShareGiven { tender: id })?;
    }
    let (answers, now) = (shares::answers(tx, id)?, tx.now());
    let standing = Standing::of(&hands, &answers);
    // What bidders have given may be enough with one holder less: the job compares.
    let helped = (hands.bidder && standing.whole + 1 >= standing.k).then_some(now);
    if let Some(at) = standing.opens_at(&answers, now).or(helped) {
        job::enqueue(tx, tender::OPENING, id.as_bytes(), at)?;
    }
    Ok(standing)
}

/// Keeps what a bidder gives of its own bids. A box that holds none is its own doing, and nothing is kept of it.
fn keep_own(tx: &mut Tx, tender: Id<Tender>, parts: &[Given]) -> Result<bool, Error> {
    let mut any = false;
    for part in parts.iter().filter(|part| part.share.is_some()) {
        let bid = part.bid.parse().map_err(|_| Error::conflict("share-foreign"))?;
        any |= shares::keep_own(tx, tender, bid, part)?;
    }
    Ok(any)
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
