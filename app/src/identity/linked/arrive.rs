//! Back from an issuer. Reading the address that it sends people to changes nothing; the page that it shows sends what came along,
//! from this site, and only then is the code redeemed.

use super::attempt::{self, Attempt, Way};
use super::begin::{counted, open, told};
use super::claims::Identity;
use super::issuer::Issuer;
use super::page::{Arrived, Back};
use super::{PLACE, PURPOSE};
use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::account::link::{self, Added, Arriving, Entered, IDENTITY, Link, New};
use crate::identity::account::{Account, set};
use crate::trust::consent::Works;
use crate::web::{At, Context, Ctx, Error, Fields, Input, Page, Parse, Person, Saved};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kit::db::{self, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use serde::Serialize;
use vault::LinkedIdentity;

/// What came along.
pub struct Brought {
    code: String,
    state: String,
    iss: Option<String>,
}

impl Parse for Brought {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let code = fields.like("code", "SplxlOBeZQQYbYS6WxSbIA").text("code", 1..=2000);
        let state = fields.like("state", "af0ifjsldkj").text("state", 1..=200);
        let iss = fields.optional_text("iss", 500);
        Some(Self { code: code?, state: state?, iss: iss? })
    }
}

/// Something happened to a link. Ids only.
#[derive(Serialize)]
pub struct Changed {
    /// Whose.
    pub account: Id<Account>,
    /// Which.
    pub link: Id<Link>,
    /// added, removed, confirmed.
    pub act: &'static str,
}

impl Fact for Changed {
    const KIND: &'static str = "account.link-changed";
}

/// Records what happened to a link, and writes to its person.
pub fn tell(tx: &mut Tx, person: Person, link: Id<Link>, act: &'static str, name: &str) -> Result<(), db::Error> {
    let scope = Scope { actor: Some(*person.subject().as_bytes()), ..Scope::default() };
    event::record(tx, scope, &Changed { account: person.account(), link, act })?;
    letter::to_account(tx, person.account(), &Letter::new(&format!("letter-link-{act}")).with("name", name))
}

/// The page that an issuer sends people back to.
pub async fn back(State(app): State<App>, context: Ctx, At(code): At<String>) -> Result<Page, Error> {
    let issuer = open(&app, &code, &context)?;
    let brought = |name| context.parameter(name).unwrap_or_default();
    let page = Back {
        issuer: code,
        name: issuer.config.name(context.locale).to_owned(),
        failed: context.parameter("error").is_some() || brought("code").is_empty(),
        code: brought("code"),
        state: brought("state"),
        iss: brought("iss"),
        signed_in: context.actor.person().is_some(),
    };
    Ok(Page::new("link-back", page))
}

/// Redeems the code: its person is signed in, or has linked an account.
pub async fn create(
    State(app): State<App>,
    context: Ctx,
    At(code): At<String>,
    input: Input,
) -> Result<Response, Error> {
    let brought: Brought = input.parse()?;
    let issuer = open(&app, &code, &context)?;
    counted(&app, &context).await?;
    let attempt = attempt::take(&app, &context, issuer, &brought.state).await?;
    let person = linking(&context, &attempt)?;
    let way = Way::of(&app, issuer, brought.state);
    let identity = issuer.redeem(&way, (&brought.code, brought.iss.as_deref()), context.now).await;
    let identity = identity.map_err(|trouble| told(issuer, trouble))?;
    match person {
        Some(person) => keep(&app, issuer, person, &identity).await,
        None => sign_in(&app, &context, issuer, identity, attempt.next).await,
    }
}

/// Who links: whoever began it, still signed in.
fn linking(context: &Context, attempt: &Attempt) -> Result<Option<Person>, Error> {
    let Some(account) = attempt.account else { return Ok(None) };
    let person = context.actor.person().copied().filter(|person| person.account() == account);
    person.map(Some).ok_or_else(Error::unauthenticated)
}

/// An identity as links are found by it and sealed: the issuer's name, a space, and what it calls the person.
pub fn sealed_text(issuer: &Issuer, subject: &str) -> Result<LinkedIdentity, Error> {
    format!("{} {subject}", issuer.config.issuer).parse().map_err(Error::fault)
}

/// What is kept of an issuer's name for a session.
pub fn called(app: &App, issuer: &Issuer, session: Option<&str>) -> Option<Vec<u8>> {
    let mark = |session: &str| app.mark("linked/session", &[issuer.config.code.as_bytes(), session.as_bytes()]);
    session.map(|session| mark(session).to_vec())
}

async fn keep(app: &App, issuer: &Issuer, person: Person, identity: &Identity) -> Result<Response, Error> {
    let id: Id<Link> = app.random().id();
    let text = sealed_text(issuer, &identity.subject)?;
    let new = New {
        id,
        issuer: issuer.config.code.clone(),
        index: app.accounts().identity_index(&text),
        identity: app.vault().seal(IDENTITY, person.subject(), id, &text).await?,
        order_mark: issuer.order_mark(&identity.subject),
    };
    let name = issuer.config.names[0].clone();
    let unit = move |tx: &mut Tx| {
        // The consent is compared in this unit: whoever has withdrawn it meanwhile links nothing.
        if Works::read(tx, PURPOSE, person.subject(), None)? != Works::On {
            return Err(Error::forbidden("no-consent"));
        }
        let added = link::add(tx, person.account(), &new)?;
        if let Added::Now(link) = added {
            tell(tx, person, link, "added", &name)?;
        }
        Ok(added)
    };
    match app.db().write::<_, Error>(unit).await? {
        Added::Now(link) | Added::Before(link) => {
            let arrived = Arrived { linked: Some(link), waits_for_second_factor: false, next: PLACE.to_owned() };
            Ok(Saved::at(format!("{PLACE}?done=link-added"), arrived).into_response())
        }
        Added::Taken => Err(Error::conflict("link-taken")),
        Added::Another => Err(Error::conflict("link-another")),
    }
}

async fn sign_in(
    app: &App,
    context: &Context,
    issuer: &Issuer,
    identity: Identity,
    next: String,
) -> Result<Response, Error> {
    let index = app.accounts().identity_index(&sealed_text(issuer, &identity.subject)?);
    let session = called(app, issuer, identity.session.as_deref());
    let order_mark = issuer.order_mark(&identity.subject);
    let is_on = |tx: &mut Tx, subject| Ok(Works::read(tx, PURPOSE, subject, None)? == Works::On);
    match link::enter(app, context, Arriving { index, session, order_mark, next, is_on }).await? {
        Entered::In(begun) => {
            let waits = begun.waits_for_second_factor;
            let arrived = Arrived { linked: None, waits_for_second_factor: waits, next: begun.next.clone() };
            Ok((set(&begun.cookies), Saved::at(begun.location(), arrived)).into_response())
        }
        Entered::Unknown => Err(Error::conflict("link-unknown")),
        Entered::Paused => Err(Error::conflict("link-paused")),
    }
}
