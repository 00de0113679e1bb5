//! What a company's people do: ask, and ask no more.

use super::{Ask, store};
use crate::app::App;
use crate::identity::verification::event::by_member;
use crate::identity::verification::own::{acted_on, view};
use crate::identity::verification::record::Record;
use crate::web::limit::{self, Limit};
use crate::web::{Agent, At, Error, Input, Saved};
use axum::extract::State;
use jiff::SignedDuration;
use kit::db::Tx;

/// Questions of one company: each costs the operator money.
static QUESTIONS: Limit = Limit { name: "attestation", burst: 6, every: SignedDuration::from_hours(4) };

/// Has the service asked whether the facts are so.
pub async fn ask(State(app): State<App>, member: Agent, At(code): At<String>, input: Input) -> Result<Saved, Error> {
    let kind = acted_on(&member, &code)?;
    kind.attested().ok_or_else(Error::not_found)?;
    let Ask(id) = input.parse()?;
    let open = app.attestor().filter(|attestor| attestor.is_entrusted(app.clock().now(), app.zone()));
    open.ok_or_else(|| Error::conflict("attestation-off"))?;
    limit::take(app.db(), &[app.limits().of(&QUESTIONS, &[member.company.as_bytes()])]).await?;
    let owner = member.clone();
    let unit = move |tx: &mut Tx| {
        owner.still(tx)?;
        let record = Record::begun_by(tx, &owner, kind)?;
        if store::ask(tx, &owner, &record, id)? {
            by_member(tx, &owner, &record, "attestation-asked")?;
        }
        Ok::<_, Error>(())
    };
    app.db().write(unit).await?;
    let case = view(&app, &member, kind).await?;
    Ok(Saved::at(format!("/company/verification/{}?done=attestation-asked", kind.code()), case))
}

/// The service is asked no more.
pub async fn withdraw(
    State(app): State<App>,
    member: Agent,
    At(code): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let kind = acted_on(&member, &code)?;
    kind.attested().ok_or_else(Error::not_found)?;
    let owner = member.clone();
    let unit = move |tx: &mut Tx| {
        owner.still(tx)?;
        let record = Record::begun_by(tx, &owner, kind)?;
        if !store::withdraw(tx, record.id)? {
            return Err(Error::conflict("attestation-not-waiting"));
        }
        Ok(by_member(tx, &owner, &record, "attestation-withdrawn")?)
    };
    app.db().write(unit).await?;
    let case = view(&app, &member, kind).await?;
    Ok(Saved::at(format!("/company/verification/{}?done=attestation-withdrawn", kind.code()), case))
}
