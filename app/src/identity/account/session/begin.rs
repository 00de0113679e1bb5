//! A login session about to begin: its token, and where from and with what, sealed under the person's key.

use super::super::Account;
use super::super::device::Arrival;
use super::step;
use crate::app::App;
use crate::trust::cookies;
use crate::web::session::{self, IP, LoginSession, Token, USER_AGENT, Via};
use crate::web::{Context, Error, Person};
use kit::db::Tx;
use kit::id::Id;
use vault::{Subject, UserAgent};

/// What a unit needs to begin a session.
pub struct Beginning {
    session: session::New,
    /// The browser that it is with.
    arrival: Arrival,
    /// The session that this browser had before.
    before: Option<Person>,
    /// The browser's signal, to be noted for this person.
    signal: Option<Id<Subject>>,
}

impl Beginning {
    /// For the person who sent this request.
    pub async fn new(app: &App, context: &Context, account: Id<Account>, subject: Id<Subject>) -> Result<Self, Error> {
        let id = app.random().id();
        let ip = context.ip.to_string().parse().map_err(Error::fault)?;
        let user_agent: UserAgent = match context.user_agent.parse() {
            Ok(user_agent) => user_agent,
            Err(_) => "-".parse().map_err(Error::fault)?,
        };
        let session = session::New {
            id,
            account,
            token: Token::new(app.random()),
            ip: app.vault().seal(IP, subject, id, &ip).await?,
            user_agent: app.vault().seal(USER_AGENT, subject, id, &user_agent).await?,
            by_second: false,
        };
        let arrival = Arrival::new(app, context, account, id);
        Ok(Self {
            session,
            arrival,
            before: context.actor.person().copied(),
            signal: context.signals.then_some(subject),
        })
    }

    /// The same after the second factor was given.
    pub fn by_second(mut self) -> Self {
        self.session.by_second = true;
        self
    }

    /// The id of the session to be.
    pub fn id(&self) -> Id<LoginSession> {
        self.session.id
    }

    /// Whose it is.
    pub fn account(&self) -> Id<Account> {
        self.session.account
    }

    /// Lets it wait for the second factor, and ends the one before.
    pub fn wait(&self, tx: &mut Tx, via: Option<&Via>) -> Result<(), Error> {
        self.end_before(tx)?;
        Ok(step::wait(tx, self.session.id.cast(), self.session.account, &self.session.token, via)?)
    }

    fn end_before(&self, tx: &mut Tx) -> Result<(), Error> {
        if let Some(before) = self.before {
            session::end(tx, before.account(), before.session())?;
        }
        Ok(())
    }

    /// Begins it, and ends the one before.
    pub fn begin(&self, tx: &mut Tx) -> Result<(), Error> {
        self.begin_via(tx, None)
    }

    /// The same through a link.
    pub fn begin_via(&self, tx: &mut Tx, via: Option<&Via>) -> Result<(), Error> {
        self.end_before(tx)?;
        if let Some(subject) = self.signal {
            cookies::note(tx, subject)?;
        }
        let device = self.arrival.note(tx, self.session.account)?;
        Ok(session::begin(tx, &self.session, device, via)?)
    }

    /// What the browser keeps: the session's secret, and what it is known again by if it is new.
    pub fn cookies(&self, app: &App) -> Vec<String> {
        let life = Some(session::LIFE.as_secs());
        let session = app.cookies().set(app.cookies().session(), self.session.token.expose(), life);
        [Some(session.as_str()), self.arrival.cookie()].into_iter().flatten().map(str::to_owned).collect()
    }

    /// What it keeps while this waits for the second factor.
    pub fn waiting_cookie(&self, app: &App) -> String {
        app.cookies().set(app.cookies().session(), self.session.token.expose(), Some(step::LIFE.as_secs()))
    }
}
