//! Light or dark, as the reader chose: a cookie, nothing that is stored.

use crate::app::App;
use crate::web::{Error, Fields, Input, Parse, Saved, local_path};
use axum::extract::State;
use axum::response::IntoResponse;
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

/// Keeps the choice for a year, or forgets it.
pub async fn theme(State(app): State<App>, input: Input) -> Result<impl IntoResponse, Error> {
    let Theme { value, next } = input.parse()?;
    let cookies = app.cookies();
    let cookie = if value.is_empty() { cookies.clear("theme") } else { cookies.set("theme", value, Some(31_536_000)) };
    Ok(([(SET_COOKIE, cookie)], Saved::at(next, Chosen { theme: value })))
}
