//! A new password, by who knows the old one.

use super::super::password::Password;
use super::super::store::{self, PasswordChanged, own};
use crate::app::App;
use crate::web::limit::{self, Limit};
use crate::web::session::{self, Token};
use crate::web::{Context, Error, Fields, Form, Parse, Person};
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::event;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// Wrong old passwords: a session left open must not be a place for guessing.
static TRIES: Limit = Limit { name: "password-change", burst: 5, every: SignedDuration::from_mins(5) };

/// The old and the new one.
pub struct Wanted {
    current: Password,
    password: String,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let current = fields.secret("current", Password::typed);
        let password = fields.secret("password", Ok::<_, &str>);
        Some(Self { current: current?, password: password? })
    }
}

/// What came of it.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "PasswordChanged")]
pub struct Changed {
    /// How many other login sessions ended.
    ended: u64,
    /// The new secret of the session that goes on.
    #[serde(skip)]
    pub cookie: String,
}

/// Compares the old one, stores the new one, ends all other sessions, gives this one another secret, writes to the person.
pub async fn change(
    app: &App,
    context: &Context,
    person: Person,
    wanted: Wanted,
    form: Form,
) -> Result<Changed, Error> {
    let tries = app.limits().of(&TRIES, &[person.account().as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&tries)).await?;
    let known = context.actor.member().map_or("", |member| member.company_name.as_str());
    let password = match Password::choose(wanted.password, &[known]) {
        Ok(password) => password,
        Err(rule) => return Err(form.refuse("password", rule)),
    };
    let hash = app.db().read::<_, db::Error>(move |tx| store::own_password(tx, person.account())).await?;
    if !wanted.current.matches(app, Some(hash)).await? {
        return Err(form.refuse("current", "current-password"));
    }
    let (hash, token) = (password.hash(app).await?, Token::new(app.random()));
    let cookie = app.cookies().set(app.cookies().session(), token.expose(), Some(session::LIFE.as_secs()));
    let unit = move |tx: &mut Tx| {
        limit::forget(tx, &tries)?;
        store::set_password(tx, person.account(), &hash)?;
        let ended = if policy::holds(Control::PasswordEndsSessions) {
            session::end_others(tx, person.account(), person.session())?
        } else {
            0
        };
        session::renew(tx, &person, &token)?;
        event::record(tx, own(person.subject()), &PasswordChanged { account: person.account(), reset: false })?;
        Ok(Changed { ended, cookie: cookie.clone() })
    };
    Ok(app.db().write::<_, db::Error>(unit).await?)
}
