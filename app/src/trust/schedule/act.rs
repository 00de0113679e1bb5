//! Announcing, and taking back.

use super::page::Desk;
use super::store::{self, Refused, Wanted};
use crate::app::App;
use crate::web::{At, Ctx, Error, Fields, Form, Input, Parse, Publisher, Saved};
use axum::extract::State;
use jiff::Timestamp;

/// The form that announces a version.
pub struct Plan {
    version: String,
    effective_at: Timestamp,
    after: i64,
}

impl Parse for Plan {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let version = fields.like("policy", "2026-12").text("policy", 1..=20);
        let effective_at = fields.like("effective_at", "2027-01-15T03:30:00Z").instant("effective_at");
        let after = fields.like("after", "1").parse("after", |text| text.parse::<i64>().map_err(|_| "version"));
        Some(Self { version: version?, effective_at: effective_at?, after: after? })
    }
}

/// Announces.
pub async fn announce(State(app): State<App>, context: Ctx, operator: Publisher, input: Input) -> Result<Saved, Error> {
    let announced = match input.parse_with_form() {
        Ok((plan, form)) => carry_out(&app, operator, plan, form).await,
        Err(refused) => Err(refused),
    };
    let announced = announced.map_err(|refused| refused.on("schedule", |form| Desk::new(&app, &context).with(form)))?;
    app.policies().forget();
    Ok(Saved::at("/desk/policies?done=policy-announced", announced))
}

async fn carry_out(app: &App, operator: Publisher, plan: Plan, form: Form) -> Result<store::Announced, Error> {
    let versions = app.policies().versions();
    let Some(version) = versions.named(&plan.version) else { return Err(form.refuse("policy", "choice")) };
    let wanted = Wanted { version: version.id, effective_at: plan.effective_at, after: plan.after };
    let unit = move |tx: &mut kit::db::Tx| {
        // What this process does not know of the version in force may have grown.
        let grown = |before: &str| versions.named(before).is_none_or(|before| !version.grown(before).is_empty());
        store::announce(tx, &operator, &wanted, grown).map_err(|refused| match refused {
            Refused::TooSoon => form.clone().refuse("effective_at", "seven-days"),
            Refused::Because(error) => error,
        })
    };
    app.db().write(unit).await
}

/// Takes back.
pub async fn withdraw(
    State(app): State<App>,
    operator: Publisher,
    At(number): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let number = number.parse().map_err(|_| Error::not_found())?;
    let withdrawn = app.db().write(move |tx| store::withdraw(tx, &operator, number)).await?;
    app.policies().forget();
    Ok(Saved::at("/desk/policies?done=policy-withdrawn", withdrawn))
}
