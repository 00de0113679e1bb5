//! The one error of the web: a status, a stable code, and where the reader is shown it.
//!
//! The code is the key of a text (`error-<code>`); the cause is logged and never shown. A refused form carries the
//! page that shows it again with what was typed.

use super::form::{Broken, Form};
use super::level::Level;
use super::text::Arg;
use super::view::{Title, Unrendered, View};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kit::db;
use policy::Control;
use std::sync::Arc;

/// What went wrong, for a person and for an integrator.
#[derive(Clone)]
pub struct Error {
    /// The HTTP status.
    pub status: StatusCode,
    /// Stable code: `deadline-passed`, `csrf`, `busy` …
    pub code: &'static str,
    /// Values inside the code's text.
    pub args: Vec<(&'static str, Arg)>,
    /// The refused form with its field errors.
    pub form: Option<Arc<Form>>,
    /// The page that shows the refused form again.
    pub page: Option<Arc<Unrendered>>,
    /// After how many seconds it may be tried again: `Retry-After`.
    pub(super) again: Option<i64>,
    /// The level that was missing.
    pub(super) level: Option<Level>,
    /// Where what was missing is had.
    pub(super) way: Option<&'static str>,
    /// For the log only.
    cause: Option<String>,
}

impl Error {
    fn new(status: StatusCode, code: &'static str) -> Self {
        Self {
            status,
            code,
            args: Vec::new(),
            form: None,
            page: None,
            again: None,
            level: None,
            way: None,
            cause: None,
        }
    }

    /// This status with this code, where no other of these says it.
    pub fn of(status: StatusCode, code: &'static str) -> Self {
        Self::new(status, code)
    }

    /// 400: the request cannot be understood.
    pub fn malformed(code: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code)
    }

    /// 401: nobody is signed in. A browser is led to the sign-in page.
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated")
    }

    /// 401: the token is none of ours, has expired, or was revoked.
    pub fn token_invalid() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "token-invalid")
    }

    /// 422: another request came under this idempotency key.
    pub fn mismatch() -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-mismatch")
    }

    /// 403: signed in, but a duty, level or approval is missing.
    pub fn forbidden(code: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code)
    }

    /// The same, because this level is missing: the answer names it, and the way there.
    pub fn below(self, level: Level) -> Self {
        if !policy::holds(Control::WayTold) {
            return self;
        }
        Self { level: Some(level), ..self }.leading_to(level.way())
    }

    /// The same, because what is had there is missing.
    pub fn leading_to(self, way: &'static str) -> Self {
        Self { way: Some(way), ..self }
    }

    /// 404: not there, or not yours.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// 409: the state does not allow it (any more).
    pub fn conflict(code: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code)
    }

    /// 408: the body did not come in time.
    pub fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "too-slow")
    }

    /// 412: somebody else changed it meanwhile.
    pub fn stale() -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, "stale")
    }

    /// The same with the form that was sent on what somebody else has changed meanwhile, so that its page shows both: what was typed, with
    /// this said at one of its fields, and what it is about as it is now. Other errors stay as they are.
    pub fn typed(self, form: Form, field: &str) -> Self {
        self.keeping(&["stale"], form, field)
    }

    /// The same with the form that was sent, where it was refused with one of these codes, so that its page shows what was typed, with the
    /// code's rule at one of its fields. Other errors stay as they are.
    pub fn keeping(mut self, codes: &[&str], mut form: Form, field: &str) -> Self {
        if codes.contains(&self.code) {
            form.note(field, Broken::rule(self.code));
            self.form = Some(Arc::new(form));
        }
        self
    }

    /// 413: larger than allowed.
    pub fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
    }

    /// 415: a body of a kind that is not read here.
    pub fn unsupported() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type")
    }

    /// 406: no representation that the client accepts.
    pub fn not_acceptable() -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable")
    }

    /// 405: another method.
    pub fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
    }

    /// 422: read, understood and refused, field by field.
    pub fn invalid(form: Form) -> Self {
        Self { form: Some(Arc::new(form)), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid") }
    }

    /// 429: too many tries; `seconds` until the next.
    pub fn limited(seconds: i64) -> Self {
        Self { again: Some(seconds), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "limited").with("seconds", seconds) }
    }

    /// 500: a fault of the program.
    pub fn fault(cause: impl std::fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "fault") }
    }

    /// 503: try again later.
    pub fn busy(cause: impl std::fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy") }
    }

    /// 503: something outside did not take it.
    pub fn unavailable(code: &'static str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code)
    }

    /// 503: the version of the policy that it depends on is not one of this process's; another of the installation has it.
    pub fn policy_unknown_here() -> Self {
        Self { again: Some(10), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "policy-unknown-here") }
    }

    /// The same with a value for its text.
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// The same, shown on the page of the form that was refused. Other errors stay as they are.
    pub fn on<V: View>(mut self, title: impl Into<Title>, page: impl FnOnce(Form) -> V) -> Self {
        if let Some(form) = &self.form {
            let view = Arc::new(page((**form).clone()));
            self.page = Some(Arc::new(Unrendered::new(title.into(), view)));
        }
        self
    }

    /// The same where making the page has to ask first. What is no refused form stays as it is; what making the page meets
    /// takes its place.
    pub async fn on_page<N: Into<Title>, V: View>(self, page: impl AsyncFnOnce(Form) -> Result<(N, V), Self>) -> Self {
        let Some(form) = &self.form else { return self };
        match page((**form).clone()).await {
            Ok((title, view)) => self.on(title, |_| view),
            Err(error) => error,
        }
    }

    /// Logs the cause, once, where the response is made.
    pub fn log(&self, request: &str) {
        if let Some(cause) = &self.cause {
            tracing::error!(request, code = self.code, cause, "a request failed");
        }
    }
}

impl std::fmt::Debug for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {:?}", self.status.as_u16(), self.code, self.cause)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.code)?;
        self.cause.as_ref().map_or(Ok(()), |cause| write!(f, ": {cause}"))
    }
}

impl std::error::Error for Error {}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        let code = match &error {
            db::Error::OutcomeUnknown(_) => "outcome-unknown",
            error if error.is_passing() => "busy",
            _ => return Self::fault(error),
        };
        Self { cause: Some(error.to_string()), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, code) }
    }
}

impl From<vault::Error> for Error {
    fn from(error: vault::Error) -> Self {
        match error {
            vault::Error::Db(error) => error.into(),
            vault::Error::Refused(why) if !why.is_empty() && why.iter().all(|one| one.is_about_consent()) => {
                Self::forbidden("no-consent")
            }
            vault::Error::Refused(why) if why.iter().any(|one| matches!(one, vault::Refusal::UnknownVersion(_))) => {
                Self::policy_unknown_here()
            }
            vault::Error::Refused(why) if why.iter().any(|one| matches!(one, vault::Refusal::NotAccepted(_))) => {
                Self::forbidden("policy-not-accepted")
            }
            vault::Error::Replayed => Self::conflict("consent-answered"),
            vault::Error::OtherVersion => Self::conflict("consent-other-text"),
            vault::Error::OutOfTurn => Self::conflict("consent-stands"),
            vault::Error::Forged => Self::not_found(),
            error => Self::fault(error),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
