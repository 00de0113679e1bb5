//! The shell around every handler: understand the request, check it, run it, render what came out.

use super::actor::Actor;
use super::body::Patience;
use super::context::{Accept, Context, RequestId};
use super::csrf;
use super::error::Error;
use super::frame::{Frame, Trouble};
use super::idempotency::{Begun, Key};
use super::input::{Files, Input, Waiting};
use super::kept::{Keep, shown};
use super::resumable;
use super::scene::Scene;
use super::text::Words;
use super::view::{Background, InAddress, Title, Unrendered};
use crate::app::App;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::FutureExt;
use http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, LOCATION, RETRY_AFTER, SET_COOKIE, VARY, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use policy::Control;
use serde_json::json;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};

/// The layer around the rooms: whatever was understood and answered is noted in the use log.
pub async fn shell(State(app): State<App>, request: Request, next: Next) -> Response {
    let (response, context) = answer(&app, request, next).await;
    if let Some(context) = context.filter(|_| response.extensions().get::<Background>().is_none()) {
        app.uses().note(&context, response.status());
    }
    response
}

/// The same without the use log: what the log costs is measured against it (`bench`). The program serves nothing by it.
pub async fn unlogged(State(app): State<App>, request: Request, next: Next) -> Response {
    answer(&app, request, next).await.0
}

async fn answer(app: &App, request: Request, next: Next) -> (Response, Option<Arc<Context>>) {
    let (parts, body) = request.into_parts();
    let resumes = resumable::is_asked(app, &parts.extensions);
    if resumes && parts.method == Method::OPTIONS {
        return (resumable::spoken(app), None);
    }
    let id = RequestId::of(app, &parts);
    let context = match Context::read(app, &parts).await {
        Ok(context) => Arc::new(context),
        Err(error) => return (fault(&error, id), None),
    };
    let mut response = match prepare(app, &context, Request::from_parts(parts, body)).await {
        Ok(request) => once(app, &context, request, next).await,
        Err(error) => render(app, &context, error.into_response()),
    };
    let keeps_language = response.extensions_mut().remove::<InAddress>().is_none();
    sign(app, &context, response.headers_mut(), keeps_language);
    if resumes {
        resumable::sign(response.headers_mut());
    }
    response.extensions_mut().insert(context.actor.kind());
    (response, Some(context))
}

/// Runs the handler, unless the same act has been done before under the same key: then it is answered as it was.
async fn once(app: &App, context: &Context, request: Request, next: Next) -> Response {
    let key = match Key::of(app, context, &request) {
        Ok(Some(key)) => key,
        Ok(None) => return render(app, context, run(app, request, next).await),
        Err(error) => return render(app, context, error.into_response()),
    };
    match key.begin(app).await {
        Ok(Begun::First) => key.keep(app, render(app, context, run(app, request, next).await)).await,
        Ok(Begun::Again(kept)) => kept.into_response(),
        Err(error) => render(app, context, error.into_response()),
    }
}

async fn run(app: &App, request: Request, next: Next) -> Response {
    AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
        app.figures().panicked();
        Error::fault("the handler panicked").into_response()
    })
}

/// Puts the context, and a POST's checked body, into the request.
async fn prepare(app: &App, context: &Arc<Context>, request: Request) -> Result<Request, Error> {
    let mut request = resumable::as_meant(app, request)?;
    request.extensions_mut().insert(context.clone());
    if let Some(refused) = &context.refused {
        return Err(refused.clone());
    }
    let carries = resumable::is_asked(app, request.extensions());
    match *request.method() {
        Method::GET | Method::HEAD => return Ok(request),
        Method::POST => {}
        Method::PATCH | Method::DELETE if carries => {}
        _ => return Err(Error::method()),
    }
    // A browser sends no token by itself, so that another site's page cannot make it act with one; and what the address
    // alone is the right to, a cookie is not.
    let by_address = request.extensions().get::<MatchedPath>().is_some_and(|path| app.is_by_address(path.as_str()));
    let needs_no_cookie = context.bearer.is_some() || by_address;
    if !needs_no_cookie {
        csrf::same_site(&context.origin, request.headers())?;
    }
    let header = request.headers().get("x-csrf-token").and_then(|value| value.to_str().ok()).map(str::to_owned);
    if *request.method() != Method::POST {
        // Its body is its handler's, who takes it piece by piece.
        if !needs_no_cookie {
            app.form_tokens().check(context, header.as_deref())?;
        }
        return Ok(request);
    }
    let patience = Patience(app.config().request_timeout);
    let (parts, body) = request.into_parts();
    let (mut bare, mut empty) = (Request::new(body), Request::new(Body::empty()));
    (*bare.headers_mut(), *empty.method_mut()) = (parts.headers.clone(), Method::POST);
    let files = Files::of(context.actor.person().is_some(), by_address);
    let input = Input::read(bare, files, app.zone(), patience).await?;
    if !needs_no_cookie {
        app.form_tokens().check(context, header.as_deref().or(input.token()))?;
    }
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(Waiting(Arc::new(Mutex::new(Some(input)))));
    Ok(request)
}

/// Turns what the handler returned into bytes.
fn render(app: &App, context: &Context, mut response: Response) -> Response {
    if let Some(error) = response.extensions_mut().remove::<Error>() {
        error.log(&context.request.to_string());
        return refuse(app, context, &error);
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        return refuse(app, context, &Error::method());
    }
    let Some(content) = response.extensions_mut().remove::<Unrendered>() else { return response };
    let keep = response.extensions_mut().remove::<Keep>();
    let status = response.status();
    let rendered = match (context.accept, &content.location) {
        (Accept::Html, Some(location)) => Ok(see_other(location)),
        (Accept::Html, None) => page(app, context, response.headers(), status, &content),
        (Accept::Json, _) => data(status, &content),
    };
    let mut rendered = match rendered {
        Ok(rendered) => rendered,
        Err(error) => {
            error.log(&context.request.to_string());
            return refuse(app, context, &error);
        }
    };
    for cookie in response.headers().get_all(SET_COOKIE) {
        rendered.headers_mut().append(SET_COOKIE, cookie.clone());
    }
    if content.public && context.actor.oneself().is_none() {
        return shown(app, context, keep, rendered);
    }
    rendered.map(Body::from)
}

fn see_other(location: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

fn data(status: StatusCode, content: &Unrendered) -> Result<Response<Bytes>, Error> {
    let body = content.view.json().map_err(Error::fault)?;
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(location) = content.location.as_deref().and_then(|location| HeaderValue::from_str(location).ok()) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// The session's secret as this answer leaves it, where it gives it another: forms of the old one would be refused.
fn renewed(app: &App, answer: &HeaderMap) -> Option<String> {
    let value = |cookie: &str| {
        let value = cookie.strip_prefix(app.cookies().session())?.strip_prefix('=')?.split(';').next()?;
        (!value.is_empty()).then(|| value.to_owned())
    };
    answer.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok()).find_map(value)
}

fn page(
    app: &App,
    context: &Context,
    answer: &HeaderMap,
    status: StatusCode,
    content: &Unrendered,
) -> Result<Response<Bytes>, Error> {
    let words = Words::new(app.catalogue(), context.locale);
    let title = match &content.title {
        Title::Key(key) => words.text(key, &[]),
        Title::With(key, args) => words.text(key, args),
        Title::Own(text) => text.clone(),
    };
    let (secret, cookie) = renewed(app, answer).map_or_else(|| context.form_secret(app), |secret| (secret, None));
    let scene = Scene::new(words, app.zone(), context.now, app.form_tokens().of(&secret));
    let inner = content.view.html(&scene).map_err(Error::fault)?;
    let html = Frame::new(app, context, &scene, title, inner).fed(content.feed.clone()).html(&scene)?;
    let mut response = Response::new(Bytes::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(context.locale.tag()));
    let needs_cookie = scene.token_used() || !policy::holds(Control::PublicWithoutCookie);
    if let (Some(cookie), true) = (cookie, needs_cookie) {
        headers.append(SET_COOKIE, HeaderValue::from_str(&cookie).map_err(Error::fault)?);
    }
    Ok(response)
}

/// An error as its reader is shown it, and when it may be tried again.
fn refuse(app: &App, context: &Context, error: &Error) -> Response {
    let mut response = told(app, context, error);
    if let Some(seconds) = error.again {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    }
    response
}

/// An error as problem+json, as the form that was refused, as the way to sign in, or as a page of its own.
fn told(app: &App, context: &Context, error: &Error) -> Response {
    let words = Words::new(app.catalogue(), context.locale);
    if context.accept == Accept::Json {
        return problem(context, error, &words);
    }
    if error.status == StatusCode::UNAUTHORIZED && context.method == Method::GET {
        // A guest has nothing to sign in with, and one page to go back to.
        if let Actor::Guest(_) = context.actor {
            return see_other("/privacy/door/visit").map(Body::from);
        }
        return see_other(&format!("/session/new?next={}", escaped(&context.here()))).map(Body::from);
    }
    if error.code == "policy-renewal" && context.method == Method::GET {
        return see_other(&format!("/policy/renewal?next={}", escaped(&context.here()))).map(Body::from);
    }
    let is_led = error.status == StatusCode::FORBIDDEN && context.method == Method::GET;
    if let Some(way) = led_to(context, error).filter(|_| is_led) {
        return see_other(&way).map(Body::from);
    }
    let own = Unrendered::new(Title::With("error-title", vec![]), Arc::new(Trouble::new(error, &words, context)));
    let content = error.page.as_deref().unwrap_or(&own);
    page(app, context, &HeaderMap::new(), error.status, content).map_or_else(
        |failed| {
            failed.log(&context.request.to_string());
            fault(error, RequestId(context.request))
        },
        |page| page.map(Body::from),
    )
}

/// Where a reader meets what a page asks of them, if that is elsewhere.
pub(super) fn led_to(context: &Context, error: &Error) -> Option<String> {
    match error.code {
        "step-up" => Some(format!("/me/step-up?next={}", escaped(&context.whence()))),
        "second-factor-first" => Some("/me/security".to_owned()),
        "sign-in-step-over" => Some("/session/new".to_owned()),
        _ => None,
    }
}

/// As a value in a query.
fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn problem(context: &Context, error: &Error, words: &Words) -> Response {
    let problems = error.form.as_ref().map_or(&[][..], |form| form.problems());
    let errors: Vec<_> = problems
        .iter()
        .map(|problem| json!({"field": problem.field, "code": problem.code, "message": problem.told(words)}))
        .collect();
    let key = format!("error-{}", error.code);
    let mut body = json!({
        "type": format!("/errors#{}", error.code),
        "status": error.status.as_u16(),
        "code": error.code,
        "title": words.text(&key, &error.args),
        "request": context.request,
    });
    if !errors.is_empty() {
        body["errors"] = json!(errors);
    }
    if let Some(level) = error.level {
        body["level"] = json!(level);
    }
    if let Some(way) = error.way {
        body["way"] = json!(way);
    }
    let mut response = (error.status, body.to_string()).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if error.status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// When not even the request can be understood, the database is gone, or the shell itself failed.
pub fn fault(error: &Error, id: RequestId) -> Response {
    error.log(&id.0.to_string());
    let body = json!({
        "type": format!("/errors#{}", error.code),
        "status": error.status.as_u16(),
        "code": error.code,
        "request": id.0,
    });
    let mut response = (error.status, body.to_string()).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// What the answer depends on, which request it is for, the language that was chosen just now, and what was declined.
fn sign(app: &App, context: &Context, headers: &mut HeaderMap, keeps_language: bool) {
    headers.append(VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization, Cookie"));
    if let Ok(id) = HeaderValue::from_str(&context.request.to_string()) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    let chosen = (context.locale_chosen && keeps_language)
        .then(|| app.cookies().optional(context.choice, "lang", context.locale.tag()));
    let removed = context.unwanted.iter().map(|name| app.cookies().clear(name));
    for cookie in chosen.flatten().into_iter().chain(removed) {
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(SET_COOKIE, cookie);
        }
        // No cache may hand one reader's cookie to the next.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.remove(ETAG);
    }
}
