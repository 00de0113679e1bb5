//! The report: one unit that shuts the account and opens the case.

use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::account::{protect, void};
use crate::identity::token;
use crate::trust::complaint::{self, Complaint, Kind, Line};
use crate::web::limit::{self, Limit};
use crate::web::{Ctx, Error, Fields, Form, Input, Oneself, Page, Parse, Person, Saved, filters};
use askama::Template;
use axum::extract::State;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use kit::db::Tx;
use kit::id::Id;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;
use vault::RequestText;

/// Reports of one person.
static REPORTS: Limit = Limit { name: "leak", burst: 5, every: SignedDuration::from_hours(2) };

/// The form, with what it does.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "LeakReport")]
#[template(path = "trust/leak/report.html")]
pub struct Report {
    form: Form,
}

/// What leaked, and how the person knows.
pub struct Wanted {
    id: Id<Complaint>,
    text: RequestText,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, text) = (fields.id("id"), complaint::text(fields));
        Some(Self { id: id?, text: text? })
    }
}

/// What was done.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "LeakReported")]
pub struct Reported {
    /// The officer's case.
    case: Line,
    /// Whether an account was shut: somebody who came by the public door has none.
    shut: bool,
    /// How many tokens of integrators are void now.
    tokens: usize,
}

/// What reporting does, before it is done.
pub async fn show(State(app): State<App>, context: Ctx) -> Page {
    let id: Id<Complaint> = Id::v7(context.now, app.random());
    Page::new("leak", Report { form: Form::filled([("id", id.to_string())]) })
}

/// Shuts the account and opens the case. Sent twice it is one report.
pub async fn create(State(app): State<App>, Oneself(person): Oneself, input: Input) -> Result<Saved, Error> {
    let wanted: Wanted = input.parse_on(async |form| Ok(("leak", Report { form }))).await?;
    let counted = app.limits().of(&REPORTS, &[person.account().as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&counted)).await?;
    let text = complaint::seal(&app, person.subject(), &wanted.text).await?;
    let (zone, password) = (app.zone(), void());
    let unit = move |tx: &mut Tx| report(tx, &person, (wanted.id, &text), &zone, &password);
    let reported = app.db().write::<_, Error>(unit).await?;
    // Who had an account comes back by the codes to phone and mailbox.
    let next =
        if reported.shut { "/password-reset".to_owned() } else { format!("/me/complaints/{}", reported.case.id) };
    Ok(Saved::at(format!("{next}?done=leak-reported"), reported))
}

fn report(
    tx: &mut Tx,
    person: &Person,
    (id, text): (Id<Complaint>, &complaint::Sealed),
    zone: &TimeZone,
    password: &str,
) -> Result<Reported, Error> {
    let is_known = complaint::own(tx, person, id)?.is_some();
    let case = complaint::ask(tx, person, (id, Kind::Leak), text, zone)?;
    if is_known || !policy::holds(Control::LeakShuts) {
        return Ok(Reported { case, shut: false, tokens: 0 });
    }
    let tokens = token::revoke_made_by(tx, person)?;
    let shut = protect(tx, person.account(), password)?;
    if shut {
        letter::to_account(tx, person.account(), &Letter::new("letter-leak-reported"))?;
    }
    // Without the report's text.
    complaint::tell_at_once(tx, id, &Letter::new("letter-leak-case"))?;
    Ok(Reported { case, shut, tokens })
}
