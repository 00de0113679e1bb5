//! The job that asks: one request each time. What it sends is opened for it alone, on record, and only while the contract with
//! its recipient holds.

use super::Attestation;
use super::facts::Fact;
use super::store::{self, Asked};
use super::trouble::Trouble;
use super::wire::{Question, Said};
use crate::app::App;
use crate::identity::company::Company;
use crate::identity::company::part::representative;
use crate::identity::verification::case::State as CaseState;
use crate::identity::verification::document::{self, Document};
use crate::identity::verification::event::by_time;
use crate::identity::verification::record::Record;
use crate::web::Error;
use crate::work;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::Job;
use policy::{purpose, recipient};
use vault::{Grant, Opener, Proof, Sealed, Subject};

/// The kind of this job. Payload: the attestation's id.
pub const KIND: &str = "verification.attest";

/// The right of this job to send what is sealed of one person who stands for a company, or is verified for it.
struct Sending {
    company: Id<Company>,
    whose: Id<Subject>,
}

impl Proof for Sending {
    type Recipient = recipient::Attestor;

    fn opener(&self) -> Opener {
        Opener::program(KIND).of_company(self.company)
    }

    fn scope(&self) -> vault::Scope {
        vault::Scope::Only(self.whose)
    }
}

/// One that is to be asked.
struct Ready {
    asked: Asked,
    /// Who stands for the company; none when it is not asked about, or there is nothing to ask any more.
    name: Option<(Sending, Sealed<vault::Representative>)>,
    /// The person's identity document, in the same way.
    person: Option<(Sending, Document)>,
}

/// Asks once. Answered, withdrawn or taken over by another job meanwhile: nothing is sent.
pub fn run(app: App, job: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id = work::named(payload)?;
        let Some(ready) = app.db().read::<_, db::Error>(move |tx| ready(tx, id, job)).await? else { return Ok(()) };
        let outcome = match send(&app, job, &ready).await? {
            Ok(outcome) => outcome,
            Err(never) => {
                let asked = ready.asked;
                let unit = move |tx: &mut Tx| {
                    let ended = store::end(tx, &asked, job, never)?;
                    told(tx, &asked, ended)
                };
                return app.db().write::<_, Error>(unit).await;
            }
        };
        let asked = ready.asked;
        let unit = move |tx: &mut Tx| {
            let ended = match &outcome {
                Ok(said) => store::answered(tx, &asked, job, said)?,
                Err(trouble) => store::failed(tx, &asked, job, *trouble)?,
            };
            told(tx, &asked, ended)
        };
        app.db().write::<_, Error>(unit).await
    }
    .boxed()
}

/// Notes that one is over, as an event.
fn told(tx: &mut Tx, asked: &Asked, ended: bool) -> Result<(), Error> {
    let Some(record) = Record::find(tx, asked.verification)?.filter(|_| ended) else { return Ok(()) };
    Ok(by_time(tx, &record, "attested")?)
}

fn ready(tx: &mut Tx, id: Id<Attestation>, job: Id<Job>) -> Result<Option<Ready>, db::Error> {
    let Some(asked) = store::waiting(tx, id, job)? else { return Ok(None) };
    let Some(record) = Record::find(tx, asked.verification)? else { return Ok(None) };
    let facts = record.facts(tx)?;
    let is_worth_it = asked.is_about(&facts) && !matches!(record.case.state, CaseState::Accepted | CaseState::Refused);
    let row = asked.facts.representative.filter(|_| is_worth_it && asked.facts.ask_company());
    let found = row.map_or(Ok(None), |row| representative::sealed(tx, record.company, row))?;
    let name = found.map(|name| (Sending { company: record.company, whose: name.subject() }, name));
    let row = asked.facts.document.filter(|_| is_worth_it);
    let found = row.map_or(Ok(None), |_| document::of(tx, record.id))?;
    let person = found.map(|one| (Sending { company: record.company, whose: one.subject }, one));
    Ok(Some(Ready { asked, name, person }))
}

/// What came of it; the outer error: why nothing is sent at all.
async fn send(app: &App, job: Id<Job>, ready: &Ready) -> Result<Result<Result<Said, Trouble>, Trouble>, Error> {
    let Some(attestor) = app.attestor() else { return Ok(Err(Trouble::Off)) };
    if !attestor.is_entrusted(app.clock().now(), app.zone()) {
        return Ok(Err(Trouble::Contract));
    }
    let values = match opened(app, job, ready).await {
        Ok(values) if values.is_empty() => return Ok(Err(Trouble::Changed)),
        Ok(values) => values,
        Err(vault::Error::Refused(_)) => return Ok(Err(Trouble::Shut)),
        Err(other) => return Err(other.into()),
    };
    Ok(Ok(attestor.ask(&Question { id: ready.asked.id, values }, app.clock(), app.random()).await))
}

/// What is sent, opened for it on record.
async fn opened(app: &App, job: Id<Job>, ready: &Ready) -> Result<Vec<(Fact, String)>, vault::Error> {
    let (mut values, facts) = (Vec::new(), &ready.asked.facts);
    if let Some((sending, sealed)) = &ready.name {
        let grant = Grant::<purpose::Attestation, _>::new(sending, job.cast());
        let name = app.vault().open(&grant, sealed).await?;
        values.push((Fact::Name, facts.name.clone()));
        values.push((Fact::CreditCode, facts.credit_code.clone()));
        values.push((Fact::Representative, name.disclose()));
    }
    if let Some((sending, one)) = &ready.person {
        let grant = Grant::<purpose::Attestation, _>::new(sending, job.cast());
        let (name, number) = app.vault().open_both(&grant, &one.name, &one.number).await?;
        values.push((Fact::PersonName, name.disclose()));
        values.push((Fact::PersonNumber, document::bare(number.expose()).to_owned()));
    }
    Ok(values)
}
