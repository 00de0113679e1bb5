//! What everybody does: register with codes, sign in, and, for the operator, approve.

use super::cast::{self, Role};
use super::client::{Answer, Client, Failed, text};
use super::kept::Account;
use super::mailbox::code_in;
use kit::mail::outbox::{self, Channel};
use std::path::Path;
use std::time::Duration;

/// How often, and with which pause, work in the background is waited for: a minute, for a machine that has other things to do.
pub(super) const LOOKS: u32 = 1200;
pub(super) const PAUSE: Duration = Duration::from_millis(50);

/// Somebody with a browser.
#[derive(Clone)]
pub(super) struct Person {
    /// Who.
    pub account: Account,
    /// The browser.
    pub client: Client,
}

impl Person {
    /// Nobody has signed in yet.
    pub fn new(account: Account, root: &str) -> Result<Self, Failed> {
        Ok(Self { account, client: Client::new(root)? })
    }

    /// The company's name.
    pub fn company(&self) -> &str {
        self.account.company.as_deref().unwrap_or("")
    }

    /// Hands in the application. Answers the registration's path.
    pub async fn apply(&self) -> Result<String, Failed> {
        let (company, code) = cast::by_email(&self.account.email)
            .and_then(|player| player.company)
            .ok_or_else(|| Failed::because("no company"))?;
        let side = if self.account.role == Role::Buyer { "buyer" } else { "provider" };
        let fields = [
            ("company", company),
            ("credit_code", code),
            (side, "1"),
            ("phone", &self.account.phone),
            ("email", &self.account.email),
            ("password", &self.account.password),
            ("adult", "1"),
            ("policy", policy::current().id),
            ("agree", "1"),
        ];
        let created = self.client.post("/registrations", &fields).await?.ok()?;
        Ok(format!("/registrations/{}", text(&created, "/id")?))
    }

    /// Types both codes.
    pub async fn confirm(&self, registration: &str, phone: &str, email: &str) -> Result<Answer, Failed> {
        let fields = [("phone_code", phone), ("email_code", email)];
        self.client.post(&format!("{registration}/confirmation"), &fields).await
    }

    /// The codes that came by short message and by mail; waits until they are there.
    pub async fn codes(&self, outbox: &Path) -> Result<(String, String), Failed> {
        for _ in 0..LOOKS {
            let messages = outbox::list(outbox, 200)?;
            let code = |channel: Channel, to: &str| {
                let own = messages.iter().find(|one| one.channel == channel && one.to.ends_with(to));
                own.and_then(|message| code_in(&message.text))
            };
            let codes = (code(Channel::Sms, &self.account.phone), code(Channel::Mail, &self.account.email));
            if let (Some(phone), Some(email)) = codes {
                return Ok((phone, email));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Failed::because(format!("no code came for {}", self.account.email)))
    }

    /// From the application to the login session.
    pub async fn register(&self, outbox: &Path) -> Result<(), Failed> {
        let registration = self.apply().await?;
        let (phone, email) = self.codes(outbox).await?;
        self.confirm(&registration, &phone, &email).await?.ok()?;
        Ok(())
    }

    /// Signs in.
    pub async fn sign_in(&self) -> Result<(), Failed> {
        let fields = [("account", self.account.email.as_str()), ("password", &self.account.password)];
        self.client.post("/session", &fields).await?.ok()?;
        Ok(())
    }

    /// Signs in unless the session still lasts.
    pub async fn be_signed_in(&self) -> Result<(), Failed> {
        let session = self.client.get("/session").await?.ok()?;
        if session["signed_in"] == true { Ok(()) } else { self.sign_in().await }
    }

    /// The operator approves every company that waits. Answers their names.
    pub async fn approve_all(&self) -> Result<Vec<String>, Failed> {
        let queue = self.client.get("/operator/companies").await?.ok()?;
        let mut names = Vec::new();
        for company in queue["companies"].as_array().into_iter().flatten() {
            let id = text(company, "/id")?;
            let version = company["version"].to_string();
            let path = format!("/operator/companies/{id}/approval");
            self.client.post(&path, &[("version", version.as_str())]).await?.ok()?;
            names.push(text(company, "/name")?);
        }
        Ok(names)
    }
}
