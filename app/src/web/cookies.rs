//! Our cookies: each stands in [`COOKIES`], and nothing else is ever set. The necessary ones are a condition of use, the
//! optional ones the reader's choice (clause 2.7).

use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// A cookie that the program may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Cookie")]
pub struct Cookie {
    /// Its name; over TLS with `__Host-` before it for those that guard something.
    pub name: &'static str,
    /// Whether the site cannot work without it.
    pub is_necessary: bool,
    /// For how many seconds a browser keeps it at most; none: until it is closed.
    pub seconds: Option<i64>,
}

/// A year.
const YEAR: i64 = 31_536_000;

/// Every cookie there is. `lang` and `theme` are set when the reader presses the switch, until the browser is closed; for a
/// year once they have allowed that.
pub const COOKIES: [Cookie; 7] = [
    Cookie { name: "session", is_necessary: true, seconds: Some(super::session::LIFE.as_secs()) },
    Cookie { name: "form", is_necessary: true, seconds: None },
    Cookie { name: "visit", is_necessary: true, seconds: Some(super::visit::LIFE.as_secs()) },
    Cookie { name: "device", is_necessary: true, seconds: Some(YEAR) },
    Cookie { name: "choice", is_necessary: true, seconds: Some(YEAR) },
    Cookie { name: "lang", is_necessary: false, seconds: Some(YEAR) },
    Cookie { name: "theme", is_necessary: false, seconds: Some(YEAR) },
];

/// What the reader has said about optional cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "CookieChoice")]
pub enum Choice {
    /// Nothing: what they press is kept until the browser is closed.
    Open,
    /// They may be kept.
    Allowed,
    /// None is set, and those that are there are removed.
    Declined,
}

impl Choice {
    /// What holds: what the member has said anywhere, what was said in this browser, or else what the browser signals.
    pub(super) fn of(member: Option<bool>, cookie: Option<&str>, signals: bool) -> Self {
        let said = match (member, cookie) {
            (Some(true), _) | (None, Some("all")) => Some(Self::Allowed),
            (Some(false), _) | (None, Some("none")) => Some(Self::Declined),
            _ => None,
        };
        let honoured = signals && policy::holds(Control::SignalHonoured);
        said.unwrap_or(if honoured { Self::Declined } else { Self::Open })
    }

    /// As the cookie `choice` has it.
    pub fn code(self) -> &'static str {
        if self == Self::Allowed { "all" } else { "none" }
    }
}

/// Names and attributes, by whether the site is reached over TLS.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    secure: bool,
}

impl Cookies {
    /// Cookies of a site over TLS (`__Host-`, `Secure`), or over plain HTTP on loopback.
    pub fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// Name of the login session's cookie.
    pub fn session(self) -> &'static str {
        if self.secure { "__Host-session" } else { "session" }
    }

    /// Name of the cookie of a visit through the public door.
    pub fn visit(self) -> &'static str {
        if self.secure { "__Host-visit" } else { "visit" }
    }

    /// Name of the cookie that a visitor's forms belong to.
    pub fn form(self) -> &'static str {
        if self.secure { "__Host-form" } else { "form" }
    }

    /// Name of the cookie by which a browser that somebody has signed in with is known again.
    pub fn device(self) -> &'static str {
        if self.secure { "__Host-device" } else { "device" }
    }

    /// A cookie that scripts cannot read and other sites' pages do not send; it lives until the browser is closed
    /// unless `seconds` says longer.
    pub fn set(self, name: &str, value: &str, seconds: Option<i64>) -> String {
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
    }

    /// An optional cookie, as far as the reader's choice goes.
    pub fn optional(self, choice: Choice, name: &str, value: &str) -> Option<String> {
        match choice {
            Choice::Allowed => Some(self.set(name, value, Some(YEAR))),
            Choice::Open => Some(self.set(name, value, None)),
            Choice::Declined if policy::holds(Control::OptionalCookies) => None,
            Choice::Declined => Some(self.set(name, value, Some(YEAR))),
        }
    }

    /// The record of the choice itself: without it the reader would be asked again and again.
    pub fn choice(self, choice: Choice) -> String {
        self.set("choice", choice.code(), Some(YEAR))
    }

    /// Removes a cookie.
    pub fn clear(self, name: &str) -> String {
        self.set(name, "", Some(0))
    }
}

#[cfg(test)]
mod tests {
    use super::Choice;

    #[test]
    fn what_a_person_has_said_wins_over_what_their_browser_signals() {
        assert_eq!(Choice::of(None, None, false), Choice::Open);
        assert_eq!(Choice::of(None, None, true), Choice::Declined);
        assert_eq!(Choice::of(None, Some("all"), true), Choice::Allowed);
        assert_eq!(Choice::of(Some(false), Some("all"), false), Choice::Declined, "a member's holds everywhere");
        assert_eq!(Choice::of(None, Some("?"), false), Choice::Open);
    }
}
