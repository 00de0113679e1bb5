//! A run: an installation is made, its program is killed round after round, and at the end everything is examined.

use crate::bidding::Provider;
use crate::buying::Buyer;
use crate::calling;
use crate::checks::{self, openings};
use crate::importing::Importer;
use crate::judging::Court;
use crate::ledger::{Applicant, Ledger};
use crate::node::Node;
use crate::officers::{self, Officer};
use crate::person::{Outcome, Person};
use crate::place::Place;
use crate::plan::{Part, Plan, between};
use crate::registering::{self, PASSWORD, phone};
use crate::summary::Summary;
use futures::future::join_all;
use kit::clock::Clock;
use kit::random::Random;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How many bid.
const PROVIDERS: usize = 5;

/// How many offer to evaluate: one more than a committee has seats.
const EXPERTS: usize = 4;

/// In every so many rounds something is imported.
const IMPORTS: u64 = 6;

/// In every so many rounds all rows are looked at.
const CHECKS: u64 = 10;

/// How long the program may take at the end, unkilled, for all that follows from what was done.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why a run ends before its end.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Everything that a run has.
struct Run<'p> {
    plan: &'p Plan,
    place: Place,
    ledger: Ledger,
    clock: Clock,
    buyer: Buyer,
    officers: Vec<Officer>,
    court: Court,
    providers: Vec<Provider>,
    importer: Importer,
}

/// Runs a plan. `tell` hears one line now and then.
///
/// # Errors
/// When the installation cannot be made, or the program does not start again.
pub async fn run(plan: &Plan, tell: impl Fn(&str)) -> Result<Summary, Failure> {
    let begin = Instant::now();
    let mut run = Run::prepare(plan).await?;
    let mut kills = 0;
    for round in 1..=plan.rounds {
        let outcome = run.round(round).await;
        kills += 1;
        if let Err(failure) = outcome {
            run.ledger.violation(format!("round {round}: {failure}"));
        }
        if !run.ledger.notes().violations.is_empty() {
            tell(&format!("round {round}: a violation; the folder stays: {}", run.place.keep().display()));
            break;
        }
        if round.is_multiple_of(50) {
            tell(&format!("{}: round {round} of {}, {} s", plan.database(), plan.rounds, begin.elapsed().as_secs()));
        }
    }
    if let Err(failure) = run.end().await {
        run.ledger.violation(format!("at the end: {failure}"));
    }
    let orphans = checks::orphans(&run.place).await.unwrap_or_default();
    if !run.ledger.notes().violations.is_empty() {
        run.place.keep();
    }
    Ok(Summary::of(plan, kills, &run.ledger, run.importer.notices, orphans, begin.elapsed()))
}

impl<'p> Run<'p> {
    /// The installation, its operator, a buyer and the providers, through the front door.
    async fn prepare(plan: &'p Plan) -> Result<Self, Failure> {
        let place = Place::make(plan)?;
        command(&place, &["migrate"], "")?;
        let operator =
            ["operator", "add", "--phone", "13800138000", "--email", "desk@operator.example", "--duties", "all"];
        command(&place, &operator, &format!("{PASSWORD}\n"))?;
        let mut node = Node::spawn(&place)?;
        node.serving().await?;
        let ledger = Ledger::default();
        let mut operator = Person::new(place.address, registering::number());
        done(operator.post("/session", &json!({"account": "13800138000", "password": PASSWORD})).await)?;
        operator.renew();
        let person = member(&place, &ledger, &operator, "buyer").await?;
        let mut officers = vec![Officer::enrol(person.clone()).await?];
        for _ in 0..2 {
            let colleague = officers::colleague(&place, &ledger, &person).await?;
            officers.push(Officer::enrol(colleague).await?);
        }
        let mut experts = Vec::new();
        for _ in 0..EXPERTS {
            let expert = member(&place, &ledger, &operator, "provider").await?;
            done(expert.post("/evaluations/offer", &json!({"available": "1"})).await)?;
            experts.push(expert);
        }
        let court = Court { buyer: person.clone(), experts };
        let buyer = Buyer::new(person, officers.iter().map(|one| one.recipient.clone()).collect());
        let mut providers = Vec::new();
        for number in 0..PROVIDERS {
            providers.push(Provider { number, person: member(&place, &ledger, &operator, "provider").await? });
        }
        node.kill()?;
        let clock = Clock::system();
        Ok(Self { plan, place, ledger, clock, buyer, officers, court, providers, importer: Importer::default() })
    }

    /// One start, work, one kill; then what has become of it.
    async fn round(&mut self, round: u64) -> Result<(), Failure> {
        let kill = self.plan.chance(round, Part::Kill);
        let imports = round.is_multiple_of(IMPORTS) || self.importer.is_cut_off();
        if imports && self.place.is_embedded() {
            // Only one process works on an embedded database.
            self.import(round).await?;
        }
        let mut node = Node::spawn(&self.place)?;
        if kill.below(8) == 0 {
            tokio::time::sleep(between(&kill, 0, 500)).await;
            node.kill()?;
            return Ok(());
        }
        node.serving().await?;
        openings(&self.place, &self.ledger, round, false).await?;
        checks::shares(&self.place, &self.ledger).await?;
        if round.is_multiple_of(CHECKS) {
            checks::always(&self.place, &self.ledger).await?;
            checks::files(&self.place, &self.ledger).await?;
        }
        self.work(round, node, between(&kill, 50, 1_200)).await
    }

    /// Everybody works until the program is killed, and notices that it is gone.
    async fn work(&mut self, round: u64, node: Node, moment: Duration) -> Result<(), Failure> {
        let (plan, place, ledger) = (self.plan, &self.place, &self.ledger);
        let chance = |part| plan.chance(round, part);
        let imports = !place.is_embedded() && (round.is_multiple_of(IMPORTS) || self.importer.is_cut_off());
        let importer = &mut self.importer;
        let importing =
            async { if imports { importer.work(place, ledger, &chance(Part::Importer), false).await } else { Ok(()) } };
        let providers = self.providers.iter().map(|provider| {
            let random = chance(Part::Provider(provider.number));
            async move { provider.work(ledger, &random, round).await }
        });
        let killing = async {
            tokio::time::sleep(moment).await;
            node.kill()
        };
        let clerk = chance(Part::Clerk);
        let buyer = chance(Part::Buyer);
        let officers = self.officers.iter().map(|officer| officer.work(ledger));
        let (_, _, (), (), (), called, killed, imported) = tokio::join!(
            join_all(providers),
            join_all(officers),
            self.court.work(place, ledger),
            self.buyer.work(ledger, &buyer, self.clock.now(), round),
            registering::work(place, ledger, round),
            calling::call(place, ledger, &clerk, round),
            killing,
            importing,
        );
        called?;
        killed?;
        Ok(imported?)
    }

    async fn import(&mut self, round: u64) -> Result<(), Failure> {
        let random = self.plan.chance(round, Part::Importer);
        Ok(self.importer.work(&self.place, &self.ledger, &random, false).await?)
    }

    /// The program is left alone until nothing is to be done any more; then everything is examined.
    async fn end(&mut self) -> Result<(), Failure> {
        if self.importer.is_cut_off() {
            let random = Random::seeded(self.plan.seed);
            self.importer.work(&self.place, &self.ledger, &random, true).await?;
        }
        let mut node = Node::spawn(&self.place)?;
        node.serving().await?;
        for applicant in registering::unfinished(&self.ledger) {
            // Confirmed first, signed in then.
            let again = applicant.clone();
            registering::go_on(&self.place, &self.ledger, applicant).await;
            let open = registering::unfinished(&self.ledger).into_iter().find(|one| one.number == again.number);
            if let Some(confirmed) = open {
                registering::go_on(&self.place, &self.ledger, confirmed).await;
            }
        }
        let begin = Instant::now();
        let mut given = vec![BTreeSet::new(); self.officers.len()];
        let left = loop {
            for (officer, seen) in self.officers.iter().zip(&mut given) {
                // What was not answered is asked for in the next turn.
                let _ = officer.turn(&self.ledger, seen).await;
            }
            let _ = self.court.turn(&self.place, &self.ledger).await;
            let left = checks::at_rest(&self.place).await?;
            if left.is_empty() || begin.elapsed() > PATIENCE {
                break left;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        left.into_iter().for_each(|what| self.ledger.violation(format!("{what}, after {PATIENCE:?}")));
        checks::always(&self.place, &self.ledger).await?;
        checks::files(&self.place, &self.ledger).await?;
        openings(&self.place, &self.ledger, self.plan.rounds, true).await?;
        self.notices().await?;
        checks::doctor(&self.place, &self.ledger).await?;
        Ok(node.kill()?)
    }

    /// Every imported notice stands, and no other.
    async fn notices(&self) -> Result<(), kit::db::Error> {
        let sql = "SELECT count(*) FROM notice WHERE source IS NOT NULL";
        let count: i64 = self.place.read(move |tx| tx.one(sql, &[], |row| row.next())).await?;
        if u64::try_from(count) != Ok(self.importer.notices) {
            self.ledger.violation(format!("{count} notices of {} that were imported", self.importer.notices));
        }
        Ok(())
    }
}

/// A member of a company that the operator has approved.
async fn member(place: &Place, ledger: &Ledger, operator: &Person, side: &str) -> Result<Person, Failure> {
    let number = registering::number();
    let mut person = Person::new(place.address, number);
    let waiting = done(person.post("/registrations", &Applicant::form(number, side)).await)?;
    let registration = waiting["id"].as_str().unwrap_or_default();
    let codes = registering::codes(place, ledger, &person, number).await.ok_or("no codes came")?;
    done(person.post(&format!("/registrations/{registration}/confirmation"), &codes).await)?;
    let session = json!({"account": phone(number), "password": PASSWORD});
    person.renew();
    done(person.post("/session", &session).await)?;
    person.renew();
    let company = done(person.get("/company").await)?["company"].clone();
    let (id, seen) = (company["id"].as_str().unwrap_or_default(), json!({"version": company["version"]}));
    done(operator.post(&format!("/operator/companies/{id}/approval"), &seen).await)?;
    Ok(person)
}

/// What was answered, while the installation is made.
///
/// # Errors
/// Anything but success.
pub fn done(outcome: Outcome) -> Result<serde_json::Value, Failure> {
    match outcome {
        Outcome::Done(answer) => Ok(answer),
        other => Err(format!("while the installation is made: {other:?}").into()),
    }
}

fn command(place: &Place, arguments: &[&str], input: &str) -> Result<(), Failure> {
    let mut child =
        place.command(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(place.log()?).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    if child.wait()?.success() {
        Ok(())
    } else {
        Err(format!("{arguments:?} fails; see {}", place.log_file().display()).into())
    }
}
