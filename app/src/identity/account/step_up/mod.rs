//! Proving anew who one is, in a login session that is under way: before a change of credentials, and for who has a second
//! factor before a binding act ([`crate::web::Demand`]).
//!
//! By the second factor where there is one (a passkey: [`passkey`](super::passkey)), else by the password. The session goes on
//! under another secret.

use super::factor::{Claim, Typed};
use super::password::Password;
use super::store::own;
use super::{Account, again, passkey};
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
    /// On whose pages a passkey of this person can be used instead; none when they have none.
    passkey_origin: Option<String>,
    form: Form,
}

impl StepUp {
    /// For this person.
    pub async fn read(app: &App, person: Person, form: Form) -> Result<Self, Error> {
        let passkey_origin = passkey::offered(app, person.account()).await?;
        Ok(Self { by_second: person.assurance().has_second, passkey_origin, form })
    }
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
    pub by_second: bool,
    /// Where the person was going.
    pub next: String,
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
pub async fn show(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    let next = context.parameter("next").and_then(|path| local_path(&path).ok()).unwrap_or_default();
    let form = Form::filled([("next", next)]);
    Ok(Page::new("step-up", StepUp::read(&app, person, form).await?))
}

/// Compares it.
pub async fn create(
    State(app): State<App>,
    context: Ctx,
    person: Person,
    input: Input,
) -> Result<impl IntoResponse, Error> {
    let by_second = person.assurance().has_second;
    let page = async |form: Form| Ok(("step-up", StepUp::read(&app, person, form).await?));
    let act = async |wanted: Wanted, form: Form| {
        let cookie = prove(&app, &context, person, &wanted, form).await?;
        Ok((cookie, wanted.next))
    };
    let (cookie, next) = input.act_on(page, act).await?;
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
    hold(app, person, claim).await?.ok_or_else(|| form.refuse("proof", "factor-wrong"))
}

/// Takes the proof: of the second factor, or of the password, which was compared already. Answers the cookie of the session's new
/// secret; none when the second factor was wrong.
///
/// # Errors
/// 401 when the session has ended meanwhile; 503.
pub async fn hold(app: &App, person: Person, claim: Option<Claim>) -> Result<Option<String>, Error> {
    let token = Token::new(app.random());
    let cookie = app.cookies().set(app.cookies().session(), token.expose(), Some(session::LIFE.as_secs()));
    let is_right = app.db().write::<_, Error>(move |tx| take(tx, person, claim.as_ref(), &token)).await?;
    Ok(is_right.then_some(cookie))
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
