//! Our cookies: all strictly necessary, or a choice that the reader has just made.

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

    /// Name of the cookie that a visitor's forms belong to.
    pub fn form(self) -> &'static str {
        if self.secure { "__Host-form" } else { "form" }
    }

    /// A cookie that scripts cannot read and other sites' pages do not send; it lives until the browser is closed
    /// unless `seconds` says longer.
    pub fn set(self, name: &str, value: &str, seconds: Option<i64>) -> String {
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
    }

    /// Removes a cookie.
    pub fn clear(self, name: &str) -> String {
        self.set(name, "", Some(0))
    }
}
