//! The list, and the form.

use crate::web::{COOKIES, Choice, Cookie, Ctx, Page, filters};
use askama::Template;
use schemars::JsonSchema;
use serde::Serialize;

/// Every cookie, and what this reader has said.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/cookies/list.html")]
#[schemars(rename = "CookieList")]
pub struct List {
    cookies: Vec<Cookie>,
    choice: Choice,
    /// Whether this browser sends `Sec-GPC: 1`.
    signals: bool,
    /// Whether the choice is kept for a member, and not in this browser alone.
    is_member: bool,
}

/// The page.
pub async fn show(context: Ctx) -> Page {
    let is_member = context.actor.person().is_some();
    let (choice, signals) = (context.choice, context.signals);
    Page::new("cookies", List { cookies: COOKIES.to_vec(), choice, signals, is_member })
}
