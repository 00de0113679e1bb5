//! The operator's acts: announcing, taking back, looking at comments.

use super::comment::{self, Comment, Standing};
use super::desk::Desk;
use super::store::{self, Refused, Wanted};
use crate::app::App;
use crate::web::{At, Ctx, Error, Fields, Form, Input, Parse, Publisher, Saved};
use axum::extract::State;
use jiff::Timestamp;
use kit::id::Id;

/// The form that announces an edition.
pub struct Plan {
    terms: String,
    edition: String,
    comments_until: Timestamp,
    effective_at: Timestamp,
    after: i64,
}

impl Parse for Plan {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let terms = fields.like("agreement", "rules").text("agreement", 1..=20);
        let edition = fields.like("edition", "2026-12").text("edition", 1..=20);
        let comments_until = fields.like("comments_until", "2027-01-05T16:00:00Z").instant("comments_until");
        let effective_at = fields.like("effective_at", "2027-01-15T16:00:00Z").instant("effective_at");
        let after = fields.like("after", "1").parse("after", |text| text.parse::<i64>().map_err(|_| "version"));
        let (terms, edition, after) = (terms?, edition?, after?);
        Some(Self { terms, edition, comments_until: comments_until?, effective_at: effective_at?, after })
    }
}

/// Announces.
pub async fn announce(State(app): State<App>, context: Ctx, operator: Publisher, input: Input) -> Result<Saved, Error> {
    let reader = operator.clone();
    let again = async |form| Ok(("terms-desk", Desk::read(&app, &context, reader).await?.with(form)));
    let carry_out = async |plan: Plan, form: Form| carry_out(&app, operator, plan, form).await;
    let announced = input.act_on(again, carry_out).await?;
    Ok(Saved::at("/desk/agreements?done=terms-announced", announced))
}

async fn carry_out(app: &App, operator: Publisher, plan: Plan, form: Form) -> Result<store::Announced, Error> {
    let Some(terms) = policy::terms(&plan.terms) else { return Err(form.refuse("agreement", "choice")) };
    let Some(edition) = terms.edition(&plan.edition) else { return Err(form.refuse("edition", "choice")) };
    let (comments_until, effective_at, after) = (plan.comments_until, plan.effective_at, plan.after);
    let wanted = Wanted { terms: terms.id, edition: edition.id, comments_until, effective_at, after };
    let unit = move |tx: &mut kit::db::Tx| {
        store::announce(tx, &operator, &wanted).map_err(|refused| match refused {
            Refused::Field(field, rule) => form.clone().refuse(field, rule),
            Refused::Because(error) => error,
        })
    };
    app.db().write(unit).await
}

/// Which announcement is taken back.
pub struct Back {
    number: i64,
}

impl Parse for Back {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let number = fields.like("number", "2").parse("number", |text| text.parse::<i64>().map_err(|_| "version"));
        Some(Self { number: number? })
    }
}

/// Takes back.
pub async fn withdraw(
    State(app): State<App>,
    operator: Publisher,
    At(id): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    let back: Back = input.parse()?;
    let withdrawn = app.db().write(move |tx| store::withdraw(tx, &operator, &id, back.number)).await?;
    Ok(Saved::at("/desk/agreements?done=terms-withdrawn", withdrawn))
}

/// What becomes of a comment.
pub struct Decision {
    state: Standing,
}

impl Parse for Decision {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let state = fields.one_of("decision", ["published", "withheld"]).parse("decision", |code| match code {
            "published" => Ok(Standing::Published),
            "withheld" => Ok(Standing::Withheld),
            _ => Err("choice"),
        });
        Some(Self { state: state? })
    }
}

/// Publishes or withholds.
pub async fn decide(
    State(app): State<App>,
    operator: Publisher,
    At(id): At<Id<Comment>>,
    input: Input,
) -> Result<Saved, Error> {
    let decision: Decision = input.parse()?;
    let decided = app.db().write(move |tx| comment::decide(tx, &operator, id, decision.state)).await?;
    Ok(Saved::at("/desk/agreements?done=terms-decided", decided))
}
