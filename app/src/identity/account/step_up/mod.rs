//! Proving anew who one is, in a login session that is under way: before a change of credentials, and for who has a second
//! factor before a binding act ([`crate::web::Demand`]).
//!
//! By the second factor where there is one, else by the password. The session goes on under another secret.

use super::factor::{Claim, Typed};
use super::password::Password;
use super::store::own;
use super::{Account, again};
use crate::app::App;
use crate::web::session::{self, LoginSession, Token};
use crate::web::{Context, Ctx, Error, Fields, Form, Input, Page, Parse, Person, Saved, filters, local_path};
use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use http::header::SET_COOKIE;
use kit::db::Tx;
use kit::event::{self, Fact};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;
use zeroize::Zeroizing;

/// Where the proof is typed.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "StepUp")]
#[template(path = "identity/account/step_up/step_up.html")]
pub struct StepUp {
    /// Whether the second factor is asked for, and not the password.
    pub by_second: bool,
    form: Form,
}

/// The proof, and where the person was going.
pub struct Wanted {
    proof: Zeroizing<String>,
    next: String,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.like("proof", "012345");
        let proof = fields.secret("proof", |text| Ok::<_, &str>(Zeroizing::new(text)));
        let next = fields.like("next", "/me").optional("next", local_path);
        Some(Self { proof: proof?, next: next?.unwrap_or_else(|| "/me".to_owned()) })
    }
}

/// The login session is proved.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "SteppedUp")]
pub struct Proved {
    /// Whether by the second factor.
    by_second: bool,
    /// Where the person was going.
    next: String,
}

/// A person proved anew who they are.
#[derive(Serialize)]
struct StepTaken {
    account: Id<Account>,
    session: Id<LoginSession>,
    by_second: bool,
}

impl Fact for StepTaken {
    const KIND: &'static str = "account.stepped-up";
}

/// Asks for it; `next` is where the reader wanted to go.
pub async fn show(context: Ctx, person: Person) -> Page {
    let next = context.parameter("next").and_then(|path| local_path(&path).ok()).unwrap_or_default();
    let form = Form::filled([("next", next)]);
    Page::new("step-up", StepUp { by_second: person.assurance().has_second, form })
}

/// Compares it.
pub async fn create(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    input: Input,
) -> Result<impl IntoResponse, Error> {
    let by_second = person.assurance().has_second;
    let proved = match input.parse_with_form() {
        Ok((wanted, form)) => prove(&app, &context, person, &wanted, form).await.map(|cookie| (cookie, wanted.next)),
        Err(refused) => Err(refused),
    };
    let (cookie, next) = proved.map_err(|refused| refused.on("step-up", |form| StepUp { by_second, form }))?;
    Ok(([(SET_COOKIE, cookie)], Saved::at(next.clone(), Proved { by_second, next })))
}

/// Answers the cookie of the session's new secret.
async fn prove(app: &App, context: &Context, person: Person, wanted: &Wanted, form: Form) -> Result<String, Error> {
    let owner = (person.account(), person.subject());
    let claim = if person.assurance().has_second {
        let typed = Typed::parse(&wanted.proof).map_err(|rule| form.clone().refuse("proof", rule))?;
        Some(Claim::of(app, context, owner, &typed).await?)
    } else {
        let typed = Password::typed(wanted.proof.to_string()).map_err(|rule| form.clone().refuse("proof", rule))?;
        if !again::knows_password(app, person, &typed).await? {
            return Err(form.refuse("proof", "current-password"));
        }
        None
    };
    let token = Token::new(app.random());
    let cookie = app.cookies().set(app.cookies().session(), token.expose(), Some(session::LIFE.as_secs()));
    let is_right = app.db().write::<_, Error>(move |tx| take(tx, person, claim.as_ref(), &token)).await?;
    if is_right { Ok(cookie) } else { Err(form.refuse("proof", "factor-wrong")) }
}

/// One unit: the code is used up, and the session is proved. A wrong one counts, so that outcome commits too.
fn take(tx: &mut Tx, person: Person, claim: Option<&Claim>, token: &Token) -> Result<bool, Error> {
    if let Some(claim) = claim
        && !claim.take(tx)?
    {
        return Ok(false);
    }
    if !session::prove(tx, &person, claim.is_some(), token)? {
        return Err(Error::unauthenticated());
    }
    let fact = StepTaken { account: person.account(), session: person.session(), by_second: claim.is_some() };
    event::record(tx, own(person.subject()), &fact)?;
    Ok(true)
}
