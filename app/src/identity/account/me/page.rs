//! What a person sees of their own data, each with the reason why it may be shown.

use super::super::device::link;
use super::super::store;
use super::centre;
use crate::app::App;
use crate::trust::policy::Receipt;
use crate::web::session::{self, Listed, LoginSession};
use crate::web::text::Words;
use crate::web::{Context, Error, Form, Instant, Locale, Person, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db;
use kit::id::Id;
use policy::purpose;
use schemars::JsonSchema;
use serde::Serialize;
use vault::Grant;

#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/account/me/me.html")]
pub struct Me {
    /// What there is to see and to decide, and how it stands.
    centre: Vec<centre::Line>,
    phone: String,
    email: String,
    sessions: Vec<Line>,
    agreements: Vec<Receipt>,
    /// Purpose of phone and e-mail, in the reader's language, as the policy has it.
    #[serde(skip)]
    purpose: &'static str,
    form: Form,
}

/// A login session.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "LoginSession")]
struct Line {
    id: Id<LoginSession>,
    /// The one that reads this.
    is_current: bool,
    ip: String,
    browser: String,
    /// Since when this browser has been known.
    #[schemars(with = "Option<Instant>")]
    known_since: Option<Timestamp>,
    /// Where its person says that it was not them.
    denial: String,
    #[schemars(with = "Instant")]
    created_at: Timestamp,
    #[schemars(with = "Instant")]
    expires_at: Timestamp,
}

impl Line {
    fn known(&self) -> Option<(&'static str, &'static str)> {
        super::browser::known(&self.browser)
    }
}

impl Me {
    /// Reads, then opens: phone and e-mail for the purpose `account`, the sessions for `security`.
    pub async fn read(app: &App, context: &Context, person: Person, form: Form) -> Result<Self, Error> {
        let program = app.clone();
        let read = app.db().read::<_, db::Error>(move |tx| {
            let stands = centre::ask(tx, &program, &person, |_| true)?;
            let contact = store::contact(tx, person.account())?.ok_or(db::Error::Missing)?;
            Ok((stands, contact, session::list(tx, &person)?, Receipt::all(tx, &person)?))
        });
        let (stands, contact, sessions, agreements) = read.await?;
        let grant = Grant::<purpose::Account, _>::new(&person, context.request);
        let (phone, email) = app.vault().open_both(&grant, &contact.phone, &contact.email).await?;
        Ok(Self {
            centre: centre::told(stands, &Words::new(app.catalogue(), context.locale)),
            phone: phone.disclose(),
            email: email.disclose(),
            sessions: lines(app, context, person, sessions).await?,
            agreements,
            purpose: purpose_words("account", context.locale),
            form,
        })
    }
}

async fn lines(app: &App, context: &Context, person: Person, listed: Vec<Listed>) -> Result<Vec<Line>, Error> {
    let grant = Grant::<purpose::Security, _>::new(&person, context.request);
    let ips: Vec<_> = listed.iter().map(|session| session.ip.clone()).collect();
    let agents: Vec<_> = listed.iter().map(|session| session.user_agent.clone()).collect();
    let ips = app.vault().open_many(&grant, &ips).await?;
    let agents = app.vault().open_many(&grant, &agents).await?;
    let lines = listed.into_iter().zip(ips.into_iter().zip(agents)).map(|(session, (ip, agent))| Line {
        id: session.id,
        is_current: session.id == person.session(),
        ip: ip.disclose(),
        browser: agent.disclose(),
        known_since: session.known_since,
        denial: link::path(app, session.id),
        created_at: session.created_at,
        expires_at: session.expires_at,
    });
    Ok(lines.collect())
}

fn purpose_words(id: &str, locale: Locale) -> &'static str {
    policy::purpose_named(id).map_or("", |purpose| match locale {
        Locale::Zh => purpose.zh,
        Locale::En => purpose.en,
    })
}
