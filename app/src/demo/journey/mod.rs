//! `ziyun demo --once`: the whole journey over HTTP, unattended, from the first account to the notice that is found.

mod award;
mod bidding;
mod life;
mod lists;
mod people;
mod signup;
mod write;

use super::cast::{CAST, LEAVER, Role};
use super::client::{Client, Failed};
use super::ground::{Error, Ground, Options};
use super::kept::{Kept, ahead};
use super::person::Person;
use super::trade::{Ids, Tender};
use crate::app::App;
use crate::config::Config;
use crate::server::{Server, Stop};
use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What became of the journey.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether every step held.
    pub ok: bool,
    /// The steps that were taken; the journey ends with the first that does not hold.
    pub steps: Vec<Step>,
}

/// A step of the journey.
#[derive(Debug, Serialize)]
pub struct Step {
    /// What should be.
    pub name: &'static str,
    /// Whether it was.
    pub ok: bool,
    /// What was seen.
    pub detail: String,
}

/// How often, and with which pause, background work is waited for.
const LOOKS: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);

/// What a step says: what was seen, or why it does not hold.
type Seen = Result<String, Failed>;

/// A step by its name.
type Act = (&'static str, for<'a> fn(&'a mut Play) -> BoxFuture<'a, Seen>);

const ACTS: &[Act] = &[
    ("the program answers", |play| Box::pin(signup::health(play))),
    ("the operator signs in", |play| Box::pin(signup::operator(play))),
    ("a buyer signs up; a wrong and a reused code are refused", |play| Box::pin(signup::buyer(play))),
    ("three providers sign up", |play| Box::pin(signup::providers(play))),
    ("a company that waits for approval publishes nothing", |play| Box::pin(signup::unapproved(play))),
    ("a provider is verified after one document was refused and mended", |play| Box::pin(signup::verification(play))),
    ("the operator approves the companies", |play| Box::pin(signup::approval(play))),
    ("a provider shows what it does, and anybody reads it", |play| Box::pin(signup::introduction(play))),
    ("the buyer publishes a tender of two lots", |play| Box::pin(bidding::publication(play))),
    ("a question is answered to all, and nobody learns who asked", |play| Box::pin(bidding::clarification(play))),
    ("sealed bids are received, each with a receipt", |play| Box::pin(bidding::bids(play))),
    ("a second bid for a lot and a buyer's bid are refused", |play| Box::pin(bidding::foreign_bids(play))),
    ("a bid is replaced", |play| Box::pin(bidding::replacement(play))),
    ("a bid is withdrawn", |play| Box::pin(bidding::withdrawal(play))),
    ("nobody reads a bid, or learns of one, before the hour", |play| Box::pin(bidding::early(play))),
    ("the clock moves to the deadline", |play| Box::pin(bidding::deadline(play))),
    ("a late bid is refused", |play| Box::pin(bidding::late(play))),
    ("the bids are opened and ranked by price", |play| Box::pin(award::opening(play))),
    ("the lot with too few bids has failed", |play| Box::pin(award::failure(play))),
    ("the best bid is awarded", |play| Box::pin(award::award(play))),
    ("the public finds and reads the notice of the result", |play| Box::pin(award::notice(play))),
    ("every receipt verifies with the published key", |play| Box::pin(award::receipts(play))),
    ("the log proves that it has the newest receipts", |play| Box::pin(award::proofs(play))),
    ("a colleague is invited, joins, takes over a duty and goes", |play| Box::pin(people::colleague(play))),
    ("colleagues come by a spreadsheet, shown before anything happens", |play| Box::pin(lists::colleagues(play))),
    ("the buyer chooses a data centre", |play| Box::pin(write::data_centre(play))),
    ("two companies write to each other, one sends a file", |play| Box::pin(write::correspondence(play))),
    ("companies come by a spreadsheet: one is registered, one refuses", |play| Box::pin(lists::companies(play))),
    ("a person signs up and reads what is kept of them", |play| Box::pin(life::arrival(play))),
    ("they refuse every additional function, and lose nothing else", |play| Box::pin(life::refusal(play))),
    ("they take a signed copy of everything along, once", |play| Box::pin(life::copy(play))),
    ("they leave, and have a certificate", |play| Box::pin(life::departure(play))),
    ("a restore is rehearsed: the erased stay erased", |play| Box::pin(life::rehearsal(play))),
];

/// Takes the journey in a folder of its own. The folder stays if it was named.
///
/// # Errors
/// When there is no ground to take it on; a step that does not hold is in the report.
pub async fn once(config: &Config, options: &Options, stop: &Stop) -> Result<Report, Error> {
    let server = Server::bind(config).await?;
    let ground = Ground::open(config, options).await?;
    let report = match &ground.kept {
        Some(_) => Err(Error::Taken(ground.folder.clone())),
        None => travel(&ground, server, stop).await,
    };
    ground.close().await;
    report
}

async fn travel(ground: &Ground, server: Server, stop: &Stop) -> Result<Report, Error> {
    let root = server.root();
    let (end, ended) = Stop::by_hand();
    let serving = server.run(&ground.app, &ended);
    let playing = async {
        let report = tokio::select! {
            report = play(ground, &root) => report.map_err(|failed| Error::Preparation(failed.to_string())),
            () = stop.asked() => Err(Error::Interrupted),
        };
        // The server may have ended by itself.
        let _ = end.send(true);
        report
    };
    let (served, report) = tokio::join!(serving, playing);
    served?;
    report
}

async fn play(ground: &Ground, root: &str) -> Result<Report, Failed> {
    let mut play = Play::new(ground, root)?;
    let mut steps = Vec::new();
    for (name, act) in ACTS {
        let seen = act(&mut play).await;
        let ok = seen.is_ok();
        steps.push(Step { name, ok, detail: seen.unwrap_or_else(|failed| failed.to_string()) });
        if !ok {
            break;
        }
    }
    play.keep(ground)?;
    Ok(Report { ok: steps.len() == ACTS.len() && steps.iter().all(|step| step.ok), steps })
}

/// Everything that the steps hand on.
struct Play {
    app: App,
    root: String,
    outbox: PathBuf,
    receipts: PathBuf,
    operator: Person,
    buyer: Person,
    providers: Vec<Person>,
    /// Somebody who comes and goes; what is kept for `ziyun demo --data` knows nothing of them.
    leaver: Person,
    visitor: Client,
    tender: Option<Tender>,
    /// Ids of the first lot's bids, in the order of the providers.
    bids: Vec<String>,
    /// The bid for the second lot, which is withdrawn.
    withdrawn: String,
    /// What the public saw of the tender before there was any bid.
    before: Value,
}

impl Play {
    fn new(ground: &Ground, root: &str) -> Result<Self, Failed> {
        let app = ground.app.clone();
        let mut people = Vec::new();
        for player in &CAST {
            people.push(Person::new(player.account(app.random()), root)?);
        }
        let mut with = |role: Role| -> Vec<Person> { people.extract_if(.., |one| one.account.role == role).collect() };
        let (mut operators, mut buyers, providers) = (with(Role::Operator), with(Role::Buyer), with(Role::Provider));
        let (Some(operator), Some(buyer)) = (operators.pop(), buyers.pop()) else {
            return Err(Failed::because("somebody is missing"));
        };
        let receipts = ground.folder.join("receipts");
        std::fs::create_dir_all(&receipts)?;
        std::fs::write(ground.folder.join("log.pub"), format!("{}\n", app.signer().public_key()))?;
        Ok(Self {
            root: root.to_owned(),
            outbox: app.config().outbox_dir.clone(),
            receipts,
            operator,
            buyer,
            providers,
            leaver: Person::new(LEAVER.account(app.random()), root)?,
            visitor: Client::new(root)?,
            tender: None,
            bids: Vec::new(),
            withdrawn: String::new(),
            before: Value::Null,
            app,
        })
    }

    fn ids(&self) -> Ids<'_> {
        Ids(self.app.random())
    }

    fn tender(&self) -> Result<&Tender, Failed> {
        self.tender.as_ref().ok_or_else(|| Failed::because("there is no tender yet"))
    }

    fn everybody(&self) -> impl Iterator<Item = &Person> {
        [&self.operator, &self.buyer].into_iter().chain(&self.providers)
    }

    /// Fetches a bid's newest receipt and leaves it as a file.
    async fn save_receipt(&self, bidder: &Person, bid: &str, act: &str) -> Result<Value, Failed> {
        let receipt = bidder.receipt(bid).await?;
        write(&self.receipts, &format!("{bid}-{act}.json"), &receipt)?;
        serde_json::from_str(&receipt).map_err(Failed::because)
    }

    /// What `ziyun demo --data` needs to go on from here.
    fn keep(&self, ground: &Ground) -> Result<(), Failed> {
        let kept = Kept {
            ahead: ahead(self.app.clock()),
            databases: ground.databases.clone(),
            accounts: self.everybody().map(|person| person.account.clone()).collect(),
        };
        Ok(kept.write(&ground.folder)?)
    }
}

fn write(folder: &Path, name: &str, content: &str) -> Result<(), Failed> {
    Ok(std::fs::write(folder.join(name), content)?)
}

/// Fails with a sentence unless something holds.
fn hold(holds: bool, what: impl FnOnce() -> String) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(Failed::because(what())) }
}
