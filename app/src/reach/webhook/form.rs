//! What registering, trying and sending again ask.

use super::kind::{self, KINDS};
use super::{Delivery, Webhook};
use crate::web::{Fields, Parse};
use kit::id::Id;
use kit::outgoing::Reach;
use url::{Host, Url};

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
        let kinds: Vec<_> =
            KINDS.iter().map(|kind| kind.code).filter(|code| given.iter().any(|one| one == code)).collect();
        if kinds.is_empty() || given.iter().any(|one| kind::of_code(one).is_none()) {
            fields.wrong::<()>("kinds", "webhook-kinds");
        }
        Some(Self { id: id?, url: url?, kinds })
    }
}

impl New {
    /// Refuses what can be seen to be no target at once: an address that others on the way could read, or one of a machine
    /// inside. Where a name leads is looked at whenever a request is sent.
    ///
    /// # Errors
    /// The rule that is broken: `webhook-url`, `webhook-inside`.
    pub fn check(&self, reach: Reach) -> Result<(), &'static str> {
        if reach == Reach::Anywhere {
            return Ok(());
        }
        if self.url.scheme() != "https" {
            return Err("webhook-url");
        }
        let is_inside = match self.url.host() {
            Some(Host::Ipv4(ip)) => !reach.admits(ip.into()),
            Some(Host::Ipv6(ip)) => !reach.admits(ip.into()),
            Some(Host::Domain(name)) => is_inside(name),
            None => true,
        };
        if is_inside { Err("webhook-inside") } else { Ok(()) }
    }
}

/// Names that mean this machine or its network wherever they are asked for (RFC 6761, RFC 6762, RFC 9476), and such without a
/// dot, which a resolver would complete with a domain of ours.
fn is_inside(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let last = name.rsplit('.').next().unwrap_or(name);
    !name.contains('.') || ["localhost", "local", "internal", "alt"].contains(&last)
}

/// An address over HTTP, which holds no password and no fragment.
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
