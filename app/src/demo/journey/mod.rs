//! `ziyun demo --once`: the whole journey over HTTP, unattended, from the first account to the last letter. What an attacker tries is
//! the only part that is not taken over HTTP: it reads the stores as who has stolen them would.

mod acts;
mod archive;
mod attempts;
mod award;
mod bidding;
mod circle;
mod copy;
mod enclosed;
mod joint;
mod judged;
mod life;
mod lists;
mod negotiated;
mod open_data;
mod opened;
mod people;
mod signup;
mod write;

use super::cast::{CAST, LEAVER, Role};
use super::client::{Answer, Client, Failed};
use super::ground::{Error, Ground, Options};
use super::kept::{Kept, ahead};
use super::person::{LOOKS, PAUSE, Person};
use super::trade::{Ids, Tender};
use crate::app::App;
use crate::config::Config;
use crate::server::{Server, Stop};
use acts::ACTS;
use enclosed::ByHands;
use joint::Joint;
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What became of the journey.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether every step held.
    pub ok: bool,
    /// How much was checked: steps, attempts that were refused, receipts and rules of the open data.
    pub checks: usize,
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
    /// What was tried on the way, and refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<Tried>,
}

/// Something that must not succeed, and did not.
#[derive(Debug, Serialize)]
pub struct Tried {
    /// What somebody tried.
    pub what: String,
    /// With what it was refused.
    pub refused: String,
}

/// What a step says: what was seen, or why it does not hold.
type Seen = Result<String, Failed>;

/// Takes the journey in a folder of its own, and tells each step as it ends. The folder stays if it was named.
///
/// # Errors
/// When there is no ground to take it on; a step that does not hold is in the report.
pub async fn once(config: &Config, options: &Options, stop: &Stop, tell: impl Fn(&Step)) -> Result<Report, Error> {
    let server = Server::bind(config).await?;
    let ground = Ground::open(config, options).await?;
    let report = match &ground.kept {
        Some(_) => Err(Error::Taken(ground.folder.clone())),
        None => travel(&ground, server, stop, tell).await,
    };
    ground.close().await;
    report
}

async fn travel(ground: &Ground, server: Server, stop: &Stop, tell: impl Fn(&Step)) -> Result<Report, Error> {
    let root = server.root();
    let (end, ended) = Stop::by_hand();
    let serving = server.run(&ground.app, &ended);
    let playing = async {
        let report = tokio::select! {
            report = play(ground, &root, tell) => report.map_err(|failed| Error::Preparation(failed.to_string())),
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

async fn play(ground: &Ground, root: &str, tell: impl Fn(&Step)) -> Result<Report, Failed> {
    let mut play = Play::new(ground, root)?;
    let mut steps = Vec::new();
    for (name, act) in ACTS {
        let seen = act(&mut play).await;
        let (ok, tried) = (seen.is_ok(), std::mem::take(&mut play.tried));
        play.checks += 1 + tried.len();
        steps.push(Step { name, ok, detail: seen.unwrap_or_else(|failed| failed.to_string()), tried });
        steps.last().into_iter().for_each(&tell);
        if !ok {
            break;
        }
    }
    play.keep(ground)?;
    let ok = steps.len() == ACTS.len() && steps.iter().all(|step| step.ok);
    Ok(Report { ok, checks: play.checks, steps })
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
    /// What is needed, from which the next tender is made.
    demand: String,
    /// The tender that many hands open.
    hands: Option<ByHands>,
    /// The tender that is read by those whom it names.
    invited: Option<Tender>,
    /// The tender that a consortium bids for.
    joint: Option<Joint>,
    /// The tender that is negotiated.
    negotiated: Option<Tender>,
    /// What was tried in this step.
    tried: Vec<Tried>,
    /// How much was checked so far.
    checks: usize,
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
            demand: String::new(),
            hands: None,
            invited: None,
            joint: None,
            negotiated: None,
            tried: Vec::new(),
            checks: 0,
            app,
        })
    }

    fn ids(&self) -> Ids<'_> {
        Ids(self.app.random())
    }

    fn tender(&self) -> Result<&Tender, Failed> {
        self.tender.as_ref().ok_or_else(|| Failed::because("there is no tender yet"))
    }

    fn hands(&self) -> Result<&ByHands, Failed> {
        self.hands.as_ref().ok_or_else(|| Failed::because("nobody has been asked to open anything"))
    }

    fn hands_mut(&mut self) -> Result<&mut ByHands, Failed> {
        self.hands.as_mut().ok_or_else(|| Failed::because("nobody has been asked to open anything"))
    }

    /// Notes that something was refused as it should be.
    fn refused(&mut self, what: impl Into<String>, with: impl std::fmt::Display) {
        self.tried.push(Tried { what: what.into(), refused: with.to_string() });
    }

    /// The same of a request, which must be refused with this status and code.
    fn refuses(&mut self, what: impl Into<String>, answer: Answer, status: u16, code: &str) -> Result<(), Failed> {
        answer.refused(status, code)?;
        self.refused(what, format_args!("{status} {code}"));
        Ok(())
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
