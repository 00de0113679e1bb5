//! Switching a kind's mails off by the link at the end of one, without signing in.
//!
//! The link carries a key that only the program can have made. Reading it changes nothing, since mail scanners read every
//! link; the button, or a mail provider's one-click POST (RFC 8058), switches them off.

use super::channel::Channel;
use super::kind::Kind;
use super::reader::Reader;
use super::{choice, tell};
use crate::app::App;
use crate::web::{At, Error, Fields, Input, Page, Parse, Saved, filters};
use askama::Template;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit::db::{self, Tx};
use schemars::JsonSchema;
use serde::Serialize;
use subtle::ConstantTimeEq;

/// The key of a link: whose, which kind, and half a keyed hash of both (128 bits).
pub struct Key {
    reader: Reader,
    kind: &'static Kind,
    mark: [u8; 16],
}

impl Key {
    /// The key of a reader's mails of a kind.
    pub fn of(app: &App, reader: Reader, kind: &'static Kind) -> Self {
        let whole = app.mark("inbox/leave", &[reader.as_bytes(), kind.code.as_bytes()]);
        let mut mark = [0; 16];
        mark.copy_from_slice(&whole[..16]);
        Self { reader, kind, mark }
    }

    fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode([&self.reader.as_bytes()[..], &self.mark, self.kind.code.as_bytes()].concat())
    }

    /// Where it leads.
    pub fn path(&self) -> String {
        format!("/notifications/{}/off", self.text())
    }

    /// Reads one.
    ///
    /// # Errors
    /// 404 for a key that is none of ours.
    fn read(app: &App, text: &str) -> Result<Self, Error> {
        Self::try_read(app, text).ok_or_else(Error::not_found)
    }

    fn try_read(app: &App, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (reader, rest) = bytes.split_first_chunk::<32>()?;
        let (mark, code) = rest.split_first_chunk::<16>()?;
        let kind = Kind::of(std::str::from_utf8(code).ok()?).filter(|kind| kind.is_free(Channel::Mail))?;
        let right = Self::of(app, Reader::from_bytes(*reader), kind);
        bool::from(right.mark.ct_eq(mark)).then_some(right)
    }
}

/// What comes with the POST: nothing from our page, one field from a mail provider.
pub struct OneClick;

impl Parse for OneClick {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.optional_text("List-Unsubscribe", 20)?;
        Some(Self)
    }
}

/// What switching a kind's mails off means. It tells nothing of the reader: whoever has the link may see it.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "InboxLeave")]
#[template(path = "reach/inbox/leave.html")]
pub struct Leave {
    #[serde(skip)]
    key: String,
    /// The kind of notification.
    kind: &'static str,
    /// Whether such mails are sent now.
    is_on: bool,
}

impl Leave {
    fn name(&self) -> String {
        format!("inbox-kind-{}", self.kind)
    }
}

/// Whether such mails are sent from now on.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InboxLeft")]
pub struct Left {
    is_on: bool,
}

pub async fn show(State(app): State<App>, At(key): At<String>) -> Result<Page, Error> {
    let Key { reader, kind, .. } = Key::read(&app, &key)?;
    let ways = app.db().read::<_, db::Error>(move |tx| choice::ways(tx, reader, kind)).await?;
    Ok(Page::new("inbox-leave", Leave { key, kind: kind.code, is_on: ways.contains(&Channel::Mail) }))
}

pub async fn end(State(app): State<App>, At(key): At<String>, input: Input) -> Result<Saved, Error> {
    let OneClick = input.parse()?;
    let Key { reader, kind, .. } = Key::read(&app, &key)?;
    let unit = move |tx: &mut Tx| {
        choice::set(tx, reader, kind, Channel::Mail, false)?;
        tell::changed(tx, reader)
    };
    app.db().write::<_, db::Error>(unit).await?;
    Ok(Saved::at(format!("/notifications/{key}/off?done=inbox-left"), Left { is_on: false }))
}
