//! What everybody who may follow a session sees of it: the bidders by the letters that were drawn, the best, what happened. Who takes
//! part sees beside which letter is theirs, and what they may offer.

use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::opening::record;
use crate::sourcing::profile::Method;
use crate::sourcing::tender::auction::entry::{Entry, after};
use crate::sourcing::tender::auction::rule::{Bidder, Phase, Session};
use crate::sourcing::tender::auction::session::Sitting;
use crate::sourcing::tender::auction::{Course, Terms, lettered};
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Named, Tender};
use crate::web::filters::yuan;
use crate::web::text::Arg;
use crate::web::{Actor, Context, Error, Form, Instant, Locale, Who, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// How many entries the page shows, the newest first. Programs follow all of them by their numbers.
const SHOWN: i64 = 60;

/// The session of a lot.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/auction/show.html")]
#[schemars(rename = "Auction")]
pub struct AuctionPage {
    tender: Named,
    lot: Lot,
    terms: Terms,
    phase: Phase,
    /// When it begins.
    #[schemars(with = "Instant")]
    starts_at: Timestamp,
    /// When it ends, as it stands now.
    #[schemars(with = "Instant")]
    ends_at: Timestamp,
    /// The least step, in fen.
    step: i64,
    /// The lowest price, in fen.
    best: i64,
    /// In turns: whose turn it is.
    turn: Option<Turn>,
    /// By price.
    bidders: Vec<Line>,
    /// The reader's own place, where their company takes part.
    own: Option<Own>,
    /// The newest first.
    entries: Vec<Entry>,
    /// The number of the last one.
    last: i64,
    form: Form,
    #[serde(skip)]
    zone: String,
}

/// Whose turn it is.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuctionTurn")]
pub struct Turn {
    /// The letter.
    letter: String,
    /// The round, from 1.
    round: i64,
    /// Until when.
    #[schemars(with = "Instant")]
    until: Timestamp,
}

/// A bidder, as everybody sees it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuctionBidder")]
pub struct Line {
    /// The letter that was drawn.
    letter: String,
    /// The price that was read out, in fen.
    opened: i64,
    /// The last offer, in fen.
    price: i64,
    /// Place by price, from 1; equal prices share one.
    rank: usize,
    /// Whether it is the reader's own company.
    own: bool,
    /// Who it is: for the buyer when the session is over, for all when the lot is awarded.
    company_name: Option<String>,
}

/// The reader's own place.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AuctionOwn")]
pub struct Own {
    /// Their letter.
    letter: String,
    /// Their last offer, in fen.
    price: i64,
    /// Place by price.
    rank: usize,
    /// The most that they may offer now, in fen; none where nothing lower by a step is left.
    limit: Option<i64>,
    /// Whether an offer of theirs is taken now.
    takes: bool,
    /// Whether the reader may offer for their company.
    may: bool,
}

/// A session that this actor may follow, with its lot and tender.
///
/// # Errors
/// 404.
pub fn follow(tx: &mut Tx, actor: &Actor, id: Id<Lot>) -> Result<(Lot, Tender, Sitting), Error> {
    let (lot, tender) = tender::store::lot(tx, actor, id)?;
    let sitting = Sitting::find(tx, tender.id, id)?.ok_or_else(Error::not_found)?;
    let reader = actor.member().map(|member| member.company);
    let takes_part = sitting.session.bidders.iter().any(|one| Some(one.company) == reader);
    // As the record of its opening, which also those read who have bid for another lot of the tender.
    let may = tender.method == Method::Open
        || reader == Some(tender.company)
        || takes_part
        || record::read(tx, actor, &tender)?.is_some();
    if may { Ok((lot, tender, sitting)) } else { Err(Error::not_found()) }
}

impl AuctionPage {
    /// Reads it. `form`: a refused one, to be shown again.
    ///
    /// # Errors
    /// 404.
    pub async fn read(app: &App, context: &Context, actor: Actor, lot: Id<Lot>, form: Form) -> Result<Self, Error> {
        let (locale, fresh) = (context.locale, Id::<()>::v7(context.now, app.random()).to_string());
        let form = if form.is_typed("id") { form } else { form.with("id", fresh) };
        let page = app.db().read(move |tx| Self::of(tx, &actor, lot, form.clone(), locale)).await?;
        Ok(Self { zone: app.zone().iana_name().unwrap_or("UTC").to_owned(), ..page })
    }

    fn of(tx: &mut Tx, actor: &Actor, id: Id<Lot>, form: Form, locale: Locale) -> Result<Self, Error> {
        let (lot, tender, mut sitting) = follow(tx, actor, id)?;
        let last = sitting.entries;
        let entries = sitting.newest(tx, SHOWN)?;
        // As it stands at this instant, whether the clock engine has noted that or not.
        sitting.look(tx.now());
        let (reader, session) = (actor.member().map(|member| member.company), &sitting.session);
        let mut bidders = lines(session, |one| Some(one) == reader);
        if is_named(&tender, &lot, session, reader) {
            name(tx, id, &mut bidders)?;
        }
        let own =
            bidders.iter().find(|line| line.own).map(|line| own(session, line, Who::Bidder.admits(actor).is_ok()));
        Ok(Self {
            terms: session.terms,
            phase: session.phase,
            starts_at: session.starts_at,
            ends_at: session.ends_at,
            step: session.step,
            best: session.best(),
            turn: turn(session),
            bidders,
            own,
            entries,
            last,
            form,
            zone: String::new(),
            lot,
            tender: Named::new(tender, locale),
        })
    }

    /// The end of what goes on now: the beginning, the turn, or the session.
    fn until(&self) -> &Timestamp {
        match (self.phase, &self.turn) {
            (Phase::Waiting, _) => &self.starts_at,
            (_, Some(turn)) => &turn.until,
            _ => &self.ends_at,
        }
    }

    fn rounds(&self) -> i64 {
        if let Course::Turns { rounds, .. } = self.terms.course { rounds } else { 1 }
    }

    /// What leads a count-down.
    fn clock_word(&self) -> &'static str {
        match (self.phase, &self.turn, &self.own) {
            (Phase::Waiting, ..) => "auction-to-start",
            (_, Some(turn), Some(own)) if turn.letter == own.letter => "auction-own-turn-ends",
            (_, Some(_), _) => "auction-turn-ends",
            _ => "auction-to-end",
        }
    }

    /// What a script puts into a sentence.
    fn blank() -> Vec<(&'static str, Arg)> {
        vec![("letter", "{letter}".into()), ("price", "{price}".into())]
    }

    /// Who holds the best.
    fn holder(&self) -> &str {
        self.bidders.first().map_or("", |line| &line.letter)
    }

    /// An amount for a field: no commas.
    fn plain(fen: &i64) -> String {
        kit::money::plain(*fen)
    }

    fn is_own(&self, letter: &Option<String>) -> bool {
        self.own.as_ref().is_some_and(|own| Some(&own.letter) == letter.as_ref())
    }

    /// When, to the second.
    fn second(at: &Timestamp) -> [(&'static str, Arg); 1] {
        [("at", (*at).into())]
    }

    fn round(&self, turn: &Turn) -> [(&'static str, Arg); 2] {
        [("n", turn.round.into()), ("of", self.rounds().into())]
    }

    fn steps(&self) -> [(&'static str, Arg); 2] {
        [("percent", self.terms.percent().into()), ("step", yuan(self.step).into())]
    }

    /// The colour of the state.
    fn kind(&self) -> &'static str {
        match self.phase {
            Phase::Running => "live",
            Phase::Terminated => "bad",
            _ => "",
        }
    }

    fn is_open_to_all(&self) -> bool {
        self.tender.tender.method == Method::Open
    }
}

impl Entry {
    /// Key of its sentence.
    fn word(&self) -> String {
        format!("auction-entry-{}", self.kind)
    }

    /// Key of its sentence about the reader's own.
    fn own_word(&self) -> String {
        format!("auction-entry-{}-own", self.kind)
    }

    fn said(&self) -> Vec<(&'static str, Arg)> {
        let letter = self.letter.clone().unwrap_or_default();
        vec![("letter", letter.into()), ("price", self.amount.map_or_else(String::new, yuan).into())]
    }
}

/// A session as it is kept with its tender: with everything that happened in it.
#[derive(Serialize)]
pub struct Record {
    terms: Terms,
    phase: Phase,
    starts_at: Timestamp,
    ends_at: Timestamp,
    step: i64,
    bidders: Vec<Line>,
    entries: Vec<Entry>,
}

/// What the members of a company read of the session of a lot that is over.
///
/// # Errors
/// [`db::Error`].
pub fn kept(tx: &mut Tx, (tender, lot): (&Tender, &Lot), reader: Id<Company>) -> Result<Option<Record>, db::Error> {
    let Some(sitting) = Sitting::find(tx, tender.id, lot.id)? else { return Ok(None) };
    let session = &sitting.session;
    let mut bidders = lines(session, |one| one == reader);
    if is_named(tender, lot, session, Some(reader)) {
        name(tx, lot.id, &mut bidders)?;
    }
    let mut entries: Vec<Entry> = Vec::new();
    loop {
        let last = entries.last().map_or(0, |one| one.number);
        let more = after(tx, lot.id, last)?;
        if more.is_empty() {
            break;
        }
        entries.extend(more);
    }
    let (terms, phase, step) = (session.terms, session.phase, session.step);
    Ok(Some(Record { terms, phase, starts_at: session.starts_at, ends_at: session.ends_at, step, bidders, entries }))
}

/// Whether a reader learns who the letters are: the buyer when the session is over, everybody when the lot is awarded.
fn is_named(tender: &Tender, lot: &Lot, session: &Session, reader: Option<Id<Company>>) -> bool {
    let is_over = matches!(session.phase, Phase::Ended | Phase::Skipped);
    is_over && (reader == Some(tender.company) || lot.state == LotState::Awarded)
}

fn lines(session: &Session, is_own: impl Fn(Id<Company>) -> bool) -> Vec<Line> {
    let mut all: Vec<_> = session.bidders.iter().collect();
    all.sort_by_key(|one| (one.price, one.letter));
    let line = |one: &&Bidder| Line {
        letter: lettered(one.letter),
        opened: one.opened,
        price: one.price,
        rank: session.bidders.iter().filter(|other| other.price < one.price).count() + 1,
        own: is_own(one.company),
        company_name: None,
    };
    all.iter().map(line).collect()
}

fn name(tx: &mut Tx, lot: Id<Lot>, bidders: &mut [Line]) -> Result<(), db::Error> {
    let sql = "SELECT a.letter, b.company_name FROM auction_bidder a JOIN bid b ON b.id = a.bid WHERE a.lot = $1 \
               ORDER BY a.letter";
    let named = tx.all(sql, values![lot], |row| Ok((row.next::<i64>()?, row.next::<Option<String>>()?)))?;
    for (letter, name) in named {
        let letter = lettered(letter);
        if let Some(line) = bidders.iter_mut().find(|line| line.letter == letter) {
            line.company_name = name;
        }
    }
    Ok(())
}

fn own(session: &Session, line: &Line, may: bool) -> Own {
    let letter = session.bidders.iter().map(|one| one.letter).find(|letter| lettered(*letter) == line.letter);
    let letter = letter.unwrap_or_default();
    let is_turns = matches!(session.terms.course, Course::Turns { .. });
    let takes = session.phase == Phase::Running && (!is_turns || (session.on_turn() == Some(letter) && !session.used));
    Own { letter: line.letter.clone(), price: line.price, rank: line.rank, limit: session.limit(letter), takes, may }
}

fn turn(session: &Session) -> Option<Turn> {
    let letter = lettered(session.on_turn()?);
    Some(Turn { letter, round: session.round(), until: session.next()? })
}
