//! What registering asks.

use super::kind::KINDS;
use super::{Delivery, Webhook};
use crate::web::{Fields, Parse};
use kit::id::Id;
use url::Url;

/// A webhook about to be registered.
#[derive(Clone)]
pub struct New {
    /// The row to be made.
    pub id: Id<Webhook>,
    /// Where requests go.
    pub url: Url,
    /// What of: one kind at least.
    pub kinds: Vec<&'static str>,
}

impl Parse for New {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let id = fields.id("id");
        fields.like("url", "https://erp.example.com/ziyun");
        let url = fields.parse("url", target);
        let given = fields.several("kinds", &["tender.opened"]);
        let kinds: Vec<_> = KINDS.into_iter().filter(|kind| given.iter().any(|one| one == kind)).collect();
        if kinds.is_empty() || !given.iter().all(|one| KINDS.contains(&one.as_str())) {
            fields.wrong::<()>("kinds", "choice")?;
        }
        Some(Self { id: id?, url: url?, kinds })
    }
}

/// An address over TLS, which holds no password and no fragment. Whether a request may go there is looked at each time.
fn target(text: &str) -> Result<Url, &'static str> {
    let url: Url = text.parse().map_err(|_| "webhook-url")?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let is_right = matches!(url.scheme(), "https" | "http") && url.host().is_some() && text.len() <= 500;
    if is_plain && is_right { Ok(url) } else { Err("webhook-url") }
}

/// From which delivery on is sent again.
pub struct From {
    pub delivery: Id<Delivery>,
}

impl Parse for From {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Some(Self { delivery: fields.id("from")? })
    }
}
