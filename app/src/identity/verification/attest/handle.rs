//! What a company's people do: ask, and ask no more.

use super::{Attestation, store};
use crate::app::App;
use crate::identity::verification::own::{act, acted_on};
use crate::identity::verification::record::Record;
use crate::web::limit::{self, Limit};
use crate::web::{Agent, At, Error, Input, Member, NewRow, Saved};
use axum::extract::State;
use jiff::SignedDuration;
use kit::db::Tx;

/// Questions of one company: each costs the operator money.
static QUESTIONS: Limit = Limit { name: "attestation", burst: 6, every: SignedDuration::from_hours(4) };

/// Has the service asked whether the facts are so.
pub async fn ask(State(app): State<App>, member: Agent, At(code): At<String>, input: Input) -> Result<Saved, Error> {
    let kind = acted_on(&member, &code)?;
    if !kind.is_attestable() {
        return Err(Error::not_found());
    }
    let NewRow::<Attestation> { id } = input.parse()?;
    let open = app.attestor().filter(|attestor| attestor.is_entrusted(app.clock().now(), app.zone()));
    open.ok_or_else(|| Error::conflict("attestation-off"))?;
    limit::take(app.db(), &[app.limits().of(&QUESTIONS, &[member.company.as_bytes()])]).await?;
    let change = move |tx: &mut Tx, owner: &Member, record: &mut Record| {
        Ok(store::ask(tx, owner, record, id)?.then_some("attestation-asked"))
    };
    act(&app, &member, kind, "attestation-asked", change).await
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
    if !kind.is_attestable() {
        return Err(Error::not_found());
    }
    let change = |tx: &mut Tx, _: &Member, record: &mut Record| {
        if !store::withdraw(tx, record.id)? {
            return Err(Error::conflict("attestation-not-waiting"));
        }
        Ok(Some("attestation-withdrawn"))
    };
    act(&app, &member, kind, "attestation-withdrawn", change).await
}
