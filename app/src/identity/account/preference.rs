//! Light or dark, as the reader chose: a cookie, nothing that is stored.

use crate::app::App;
use crate::web::{Ctx, Error, Fields, Input, Parse, Saved, local_path};
use axum::extract::State;
use axum::response::{AppendHeaders, IntoResponse};
use http::header::SET_COOKIE;
use schemars::JsonSchema;
use serde::Serialize;

pub struct Theme {
    /// Empty to follow the system.
    value: &'static str,
    next: String,
}

impl Parse for Theme {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let value = fields.one_of("theme", ["light", "dark", "system"]).parse("theme", |text| match text {
            "light" => Ok("light"),
            "dark" => Ok("dark"),
            "system" => Ok(""),
            _ => Err("choice"),
        });
        let next = fields.like("next", "/").optional("next", local_path);
        Some(Self { value: value?, next: next?.unwrap_or_else(|| "/".to_owned()) })
    }
}

/// The choice.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Theme")]
pub struct Chosen {
    /// Empty to follow the system.
    theme: &'static str,
}

/// Keeps the choice as long as the reader allows optional cookies, or forgets it.
pub async fn theme(State(app): State<App>, context: Ctx, input: Input) -> Result<impl IntoResponse, Error> {
    let Theme { value, next } = input.parse()?;
    let cookies = app.cookies();
    let cookie = match value {
        "" => Some(cookies.clear("theme")),
        value => cookies.optional(context.choice, "theme", value),
    };
    let (at, theme) = if cookie.is_some() { (next, value) } else { ("/cookies?done=theme-not-kept".to_owned(), "") };
    Ok((AppendHeaders(cookie.map(|cookie| (SET_COOKIE, cookie))), Saved::at(at, Chosen { theme })))
}
