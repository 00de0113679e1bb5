//! What is known of a request before its handler runs: who, in which language, wanting what, with which cookies.

use super::actor::Actor;
use super::assurance::{Demand, is_open_before, needs_second};
use super::bearer::{self, Bearer};
use super::board::Bulletins;
use super::calendar::Calendar;
use super::cookies::{COOKIES, Choice};
use super::error::Error;
use super::kept::Wanted;
use super::plain::hidden;
use super::renewal::Renewal;
use super::resumable::RESUMABLE;
use super::room::Badge;
use super::session::Token;
use super::signed_in::signed_in;
use super::text::Locale;
use super::way::local_path;
use crate::app::App;
use axum::extract::{ConnectInfo, FromRequestParts};
use http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE, HOST, REFERER, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use kit::id::Id;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// What a client wants to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Accept {
    /// A page.
    Html,
    /// Data.
    Json,
}

/// The id of a request, as the layer around the shell gave it.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(pub Id<vault::Request>);

impl RequestId {
    /// That layer's, or a new one where there is no such layer.
    pub(super) fn of(app: &App, request: &Parts) -> Self {
        request.extensions.get().copied().unwrap_or_else(|| Self(app.random().id()))
    }
}

/// A request, understood.
pub struct Context {
    /// Its id, in the log and on error pages.
    pub request: Id<vault::Request>,
    /// Who acts.
    pub actor: Actor,
    /// What waits for them, where a page is wanted: links of the frame, each with how much.
    pub badges: Vec<(Badge, i64)>,
    /// The token that it was made with, if it was made with one.
    pub bearer: Option<Bearer>,
    /// Why the token that came with it is not taken.
    pub(super) refused: Option<Error>,
    /// From when which version of the policy is in force.
    pub calendar: Arc<Calendar>,
    /// What the operator announces to everybody, where a page is wanted.
    pub bulletins: Bulletins,
    /// Whether who acts has to agree to the version in force first.
    pub renewal: Renewal,
    /// In which language.
    pub locale: Locale,
    /// The language was chosen just now, by `?lang=`, and is another than the reader's cookie says.
    pub locale_chosen: bool,
    /// What the reader has said about optional cookies.
    pub choice: Choice,
    /// Whether the browser sends `Sec-GPC: 1`.
    pub signals: bool,
    /// Optional cookies that came along although they were declined.
    pub(super) unwanted: Vec<&'static str>,
    /// `light`, `dark`, or empty to follow the system.
    pub theme: &'static str,
    /// Wanting what.
    pub accept: Accept,
    /// The path.
    pub path: String,
    /// The query, undecoded.
    pub query: String,
    /// When it was received.
    pub now: Timestamp,
    /// From where.
    pub ip: IpAddr,
    /// With what.
    pub user_agent: String,
    /// The secret that the form token is made of: the session's, or the `form` cookie's.
    form_secret: Option<String>,
    /// The method.
    pub method: Method,
    /// Our own origin, as this request names it: scheme, host, port.
    pub(super) origin: String,
    /// Who acts is of the operator, and has to register a second factor first.
    needs_second: bool,
    /// The secret of the browser's session cookie, whether or not it signs anybody in.
    pub token: Option<Token>,
    /// The page of ours that led here.
    referrer: String,
    /// What the browser is known again by, once somebody has signed in with it.
    pub device: Option<Token>,
    /// How a public page is wanted.
    pub(super) wanted: Wanted,
    /// `Sec-Purpose: prefetch`.
    is_prefetch: bool,
    /// What the cookie of a visit through the public door brought.
    pub visit: Option<Token>,
}

impl Context {
    /// Reads a request's head.
    ///
    /// # Errors
    /// 406, or 503 when the database cannot be asked who it is.
    pub(super) async fn read(app: &App, request: &Parts) -> Result<Self, Error> {
        let headers = &request.headers;
        let query = request.uri.query().unwrap_or("").to_owned();
        let chosen = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang");
        let chosen = chosen.and_then(|(_, tag)| Locale::of(&tag));
        let kept = cookie(headers, "lang").and_then(Locale::of);
        let locale = chosen.or(kept).unwrap_or_else(|| Locale::accepted(text(headers, ACCEPT_LANGUAGE.as_str())));
        let locale_chosen = chosen.is_some() && chosen != kept;
        // What speaks tus is a program, whoever has signed in.
        let is_program = headers.contains_key(AUTHORIZATION) || headers.contains_key(RESUMABLE);
        let token = cookie(headers, app.cookies().session()).and_then(Token::from_cookie);
        let visit = cookie(headers, app.cookies().visit()).and_then(Token::from_cookie);
        let wants_page = !is_program && accept(text(headers, ACCEPT.as_str())).is_ok_and(|it| it == Accept::Html);
        let (mut badges, mut bearer, mut refused) = (Vec::new(), None, None);
        let actor = match bearer::read(app, headers).await {
            Ok(Some((actor, with))) => {
                bearer = Some(with);
                actor
            }
            Ok(None) => {
                let (actor, waiting) = signed_in(app, (token.as_ref(), visit.as_ref()), wants_page).await?;
                badges = waiting;
                actor
            }
            Err(error) => {
                refused = Some(error);
                Actor::Visitor
            }
        };
        let form_secret = match (&actor, token.clone()) {
            (Actor::Visitor, _) => cookie(headers, app.cookies().form()).map(str::to_owned),
            (Actor::Guest(_), _) => visit.as_ref().map(|token| token.expose().to_owned()),
            (_, token) => token.map(|token| token.expose().to_owned()),
        };
        let now = app.clock().now();
        let (calendar, renewal) = renewal(app, &actor, now).await?;
        let signals = text(headers, "sec-gpc").trim() == "1";
        let choice = Choice::of(actor.person().and_then(|person| person.cookies), cookie(headers, "choice"), signals);
        let needs_second = needs_second(app, &actor);
        Ok(Self {
            needs_second,
            token,
            device: cookie(headers, app.cookies().device()).and_then(Token::from_cookie),
            choice,
            signals,
            unwanted: unwanted(headers, choice),
            calendar,
            bulletins: if wants_page { app.board().read(app).await.unwrap_or_default() } else { Bulletins::default() },
            renewal,
            request: RequestId::of(app, request).0,
            actor,
            badges,
            bearer,
            refused,
            locale,
            locale_chosen,
            theme: match cookie(headers, "theme") {
                Some("light") => "light",
                Some("dark") => "dark",
                _ => "",
            },
            accept: if is_program {
                program(text(headers, ACCEPT.as_str()))?
            } else {
                accept(text(headers, ACCEPT.as_str()))?
            },
            path: request.uri.path().to_owned(),
            query,
            now,
            ip: app.peer(headers, request.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())),
            user_agent: text(headers, USER_AGENT.as_str()).chars().filter(|c| !hidden(*c)).take(300).collect(),
            form_secret,
            method: request.method.clone(),
            referrer: referrer(headers, &origin(app, request)),
            origin: origin(app, request),
            wanted: Wanted::read(headers, !locale_chosen),
            is_prefetch: text(headers, "sec-purpose").contains("prefetch"),
            visit,
        })
    }
}

impl Context {
    /// A parameter of the query, decoded; the first of its name.
    pub fn parameter(&self, wanted: &str) -> Option<String> {
        let mut pairs = url::form_urlencoded::parse(self.query.as_bytes());
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    }

    /// Refuses to open personal data for a page that the browser only fetches in case it is wanted: nobody would have
    /// read it, and the record would say that somebody did.
    ///
    /// # Errors
    /// 403 `prefetch`.
    pub fn refuse_prefetch(&self) -> Result<(), Error> {
        if self.is_prefetch { Err(Error::forbidden("prefetch")) } else { Ok(()) }
    }

    /// Refuses who is less sure to be the person than a route asks for. A program's token was made with such a proof.
    ///
    /// # Errors
    /// 403 `second-factor-first`, `step-up`.
    pub(super) fn is_sure(&self, path: &str, demand: Demand) -> Result<(), Error> {
        let Some(person) = self.actor.person().filter(|_| self.bearer.is_none()) else { return Ok(()) };
        if self.needs_second && !is_open_before(path) {
            return Err(Error::forbidden("second-factor-first"));
        }
        person.assurance().meets(demand, &self.method, self.now)
    }

    /// The address, to come back to: a path of ours. What browsers would take for another site's (`//host`) is `/`.
    pub fn here(&self) -> String {
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        local_path(&format!("{}{query}", self.path)).unwrap_or_else(|_| "/".to_owned())
    }

    /// Where the reader is: the page itself, or the one of ours that an act was sent from.
    pub fn whence(&self) -> String {
        if self.method == Method::GET { self.here() } else { self.referrer.clone() }
    }

    /// The secret of form tokens that came with the request.
    pub(super) fn known_form_secret(&self) -> Option<&str> {
        self.form_secret.as_deref()
    }

    /// The secret that this reader's form tokens are made of, and the cookie that brings it along when it is new.
    pub fn form_secret(&self, app: &App) -> (String, Option<String>) {
        match &self.form_secret {
            Some(secret) => (secret.clone(), None),
            None => {
                let secret = hex::encode(app.random().bytes::<16>());
                let cookie = app.cookies().set(app.cookies().form(), &secret, None);
                (secret, Some(cookie))
            }
        }
    }
}

/// Handlers that need more than the actor take the whole context.
impl FromRequestParts<App> for Ctx {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        let context = parts.extensions.get::<Arc<Context>>().cloned();
        context.map(Self).ok_or_else(|| Error::fault("a route outside the shell"))
    }
}

/// The context, as a handler takes it.
pub struct Ctx(pub Arc<Context>);

impl std::ops::Deref for Ctx {
    type Target = Context;
    fn deref(&self) -> &Context {
        &self.0
    }
}

/// `:authority` with HTTP/2, and the target's own host with a proxy's form of HTTP/1, win over `Host` (RFC 9110, 7.2;
/// RFC 9113, 8.3.1): browsers send no `Host` with HTTP/2.
fn origin(app: &App, request: &Parts) -> String {
    let authority = request.uri.authority().map(|authority| authority.as_str());
    let host = authority.unwrap_or_else(|| text(&request.headers, HOST.as_str()));
    format!("{}://{host}", if app.is_secure() { "https" } else { "http" })
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// The value of a cookie. A name that is given twice counts as absent: which one is meant cannot be known.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(';'));
    let mut values = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(key, _)| *key == name);
    match (values.next(), values.next()) {
        (Some((_, value)), None) => Some(value),
        _ => None,
    }
}

/// The optional cookies that a browser has, when its reader has declined them.
fn unwanted(headers: &HeaderMap, choice: Choice) -> Vec<&'static str> {
    let optional = COOKIES.iter().filter(|one| choice == Choice::Declined && !one.is_necessary);
    optional.map(|one| one.name).filter(|name| cookie(headers, name).is_some()).collect()
}

/// A path of ours, from the header that a browser sends along; `/` when it says nothing that could be believed.
fn referrer(headers: &HeaderMap, own: &str) -> String {
    let path = text(headers, REFERER.as_str()).strip_prefix(own).map(local_path);
    path.and_then(Result::ok).unwrap_or_else(|| "/".to_owned())
}

/// The schedule of the policy, and whether who acts has to agree anew. A visitor reads on when the database is gone.
async fn renewal(app: &App, actor: &Actor, now: Timestamp) -> Result<(Arc<Calendar>, Renewal), Error> {
    let policies = app.policies();
    let calendar = policies.calendar(app).await;
    let Some(person) = actor.person() else { return Ok((calendar.unwrap_or_default(), Renewal::None)) };
    let calendar = calendar?;
    let renewal = Renewal::of(policies, &calendar, now, person.accepted());
    Ok((calendar, renewal))
}

/// What comes with a token is data, whatever else would do.
fn program(header: &str) -> Result<Accept, Error> {
    let takes = |range: &str| {
        let kind = range.split(';').next().unwrap_or("").trim();
        ["*/*", "application/*", "application/json", "application/problem+json"].contains(&kind)
    };
    let is_data = header.trim().is_empty() || header.to_ascii_lowercase().split(',').any(takes);
    if is_data { Ok(Accept::Json) } else { Err(Error::not_acceptable()) }
}

/// The better of our two representations; `*/*` and nothing at all mean a page.
fn accept(header: &str) -> Result<Accept, Error> {
    if header.trim().is_empty() {
        return Ok(Accept::Html);
    }
    let (mut html, mut json) = (0, 0);
    for range in header.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or("").to_ascii_lowercase();
        let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(1000, thousandths);
        match kind.as_str() {
            "text/html" | "application/xhtml+xml" => html = html.max(quality),
            // What is streamed is data, and so is what is said instead when it is refused.
            "application/json" | "application/problem+json" | "text/event-stream" => json = json.max(quality),
            "*/*" => html = html.max(quality.saturating_sub(1)),
            "text/*" => html = html.max(quality),
            "application/*" => json = json.max(quality),
            _ => {}
        }
    }
    match (html, json) {
        (0, 0) => Err(Error::not_acceptable()),
        (html, json) if json > html => Ok(Accept::Json),
        _ => Ok(Accept::Html),
    }
}

fn thousandths(quality: &str) -> u32 {
    quality.parse::<f32>().map_or(0, |q| (q.clamp(0.0, 1.0) * 1000.0) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_pages_and_a_program_gets_json() {
        assert_eq!(accept("text/html,application/xhtml+xml,*/*;q=0.8").unwrap(), Accept::Html);
        assert_eq!(accept("*/*").unwrap(), Accept::Html);
        assert_eq!(accept("application/json").unwrap(), Accept::Json);
        assert_eq!(accept("application/json;q=0.5, text/html;q=0.4").unwrap(), Accept::Json);
        assert_eq!(accept("image/png").unwrap_err().status.as_u16(), 406);
    }

    #[test]
    fn a_cookie_given_twice_is_none() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, "a=1; b=2; a=3".parse().unwrap());
        assert_eq!(cookie(&headers, "a"), None);
        assert_eq!(cookie(&headers, "b"), Some("2"));
    }
}
