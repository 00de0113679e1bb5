//! `GET /demo/mailbox`: the mails and short messages that would have left the house, from the outbox folder.

use crate::app::App;
use crate::web::{Ctx, Error, Page, filters};
use askama::Template;
use axum::extract::State;
use kit::mail::outbox::{self, Channel, Delivered};
use schemars::JsonSchema;
use serde::Serialize;

/// How many messages are listed.
const SHOWN: usize = 200;

#[derive(Template, Serialize, JsonSchema)]
#[template(path = "demo/mailbox.html")]
#[schemars(rename = "DemoMailbox")]
pub struct Mailbox {
    messages: Vec<Message>,
    /// The one that is open.
    #[serde(skip)]
    open: Option<Message>,
}

#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "DemoMessage")]
pub struct Message {
    #[serde(flatten)]
    delivered: Delivered,
    /// The digits, where it carries a code.
    code: Option<String>,
}

/// The newest messages; `?open=ID` shows one, otherwise the newest.
pub async fn show(State(app): State<App>, context: Ctx) -> Result<Page, Error> {
    let folder = app.config().outbox_dir.clone();
    let listed = tokio::task::spawn_blocking(move || outbox::list(&folder, SHOWN)).await.map_err(Error::fault)?;
    let messages: Vec<_> = listed.map_err(Error::busy)?.into_iter().map(Message::new).collect();
    let wanted = url::form_urlencoded::parse(context.query.as_bytes()).find(|(name, _)| name == "open");
    let open = match &wanted {
        Some((_, id)) => messages.iter().find(|message| message.delivered.id == *id),
        None => messages.first(),
    };
    Ok(Page::new("demo-mailbox", Mailbox { open: open.cloned(), messages }))
}

impl Message {
    fn new(delivered: Delivered) -> Self {
        Self { code: code_in(&delivered.text), delivered }
    }

    fn is_mail(&self) -> bool {
        self.delivered.channel == Channel::Mail
    }

    fn first_line(&self) -> &str {
        self.delivered.text.lines().next().unwrap_or("")
    }
}

/// The first six or ten digits that stand alone: not in the id of a link.
pub(super) fn code_in(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let is_code = |word: &&str| [6, 10].contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    words.find(is_code).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::code_in;

    #[test]
    fn a_code_is_six_or_ten_digits_that_stand_alone() {
        assert_eq!(code_in("验证码 012345，10 分钟内有效").as_deref(), Some("012345"));
        assert_eq!(code_in("验证码 0123456789，10 分钟内有效").as_deref(), Some("0123456789"));
        assert_eq!(code_in("电话 13800138000，编号 1234567"), None);
        assert_eq!(code_in("查看：http://127.0.0.1/tenders/01a205ea-c190-794b-bc97-a37b123456a8/x123456-"), None);
    }
}
