//! An agreement: which version, when, where, in which language, and the hash of the text as it was shown.

use crate::app::App;
use crate::web::{Accept, Error, Instant, Locale, Person};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Fact, Scope};
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;
use vault::Subject;

/// Where somebody agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// A form on a page.
    WebHtml,
    /// The same address, by a program.
    WebJson,
    /// Declared by who makes an operator's account.
    CommandLine,
}

impl Channel {
    /// The channel of a request.
    pub fn of(accept: Accept) -> Self {
        match accept {
            Accept::Html => Self::WebHtml,
            Accept::Json => Self::WebJson,
        }
    }

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::WebHtml => "web-html",
            Self::WebJson => "web-json",
            Self::CommandLine => "command-line",
        }
    }

    /// The key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::WebHtml => "policy-channel-web-html",
            Self::WebJson => "policy-channel-web-json",
            Self::CommandLine => "policy-channel-command-line",
        }
    }

    /// The channel that a stored code means.
    pub fn from_code(code: &str) -> Self {
        match code {
            "web-html" => Self::WebHtml,
            "web-json" => Self::WebJson,
            _ => Self::CommandLine,
        }
    }
}

/// What is agreed to.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// The version's id.
    pub version: String,
    /// SHA-256 of the text as shown, the contact filled in.
    pub text_hash: [u8; 32],
    /// Where.
    pub channel: Channel,
    /// In which language.
    pub language: Locale,
}

/// Somebody agreed. The same is in the table; the event puts it among all that happened.
#[derive(Serialize)]
struct Agreed<'a> {
    account: Id<()>,
    version: &'a str,
    channel: Channel,
    language: Locale,
    text_sha256: String,
}

impl Fact for Agreed<'_> {
    const KIND: &'static str = "policy.agreed";
}

impl Agreement {
    /// To the version in force, as this reader is shown it.
    ///
    /// # Errors
    /// 503 when the schedule cannot be read, or this process does not have the version.
    pub async fn now(app: &App, language: Locale, channel: Channel) -> Result<Self, Error> {
        let calendar = app.policies().calendar(app).await?;
        let version = app.policies().in_force(&calendar, app.clock().now())?;
        let text_hash = version.text(language.tag()).shown_sha256(&app.config().privacy_contact);
        Ok(Self { version: version.id.to_owned(), text_hash, channel, language })
    }

    /// Keeps it for good, with the event. `at`: when the box was ticked.
    ///
    /// # Errors
    /// 503 when the database cannot take it.
    pub fn record<A>(&self, tx: &mut Tx, account: Id<A>, subject: Id<Subject>, at: Timestamp) -> Result<(), Error> {
        if !policy::holds(Control::AgreementOnRecord) {
            return Ok(());
        }
        vault::accept(tx, subject, &self.version)?;
        let id = tx.id::<Self>();
        tx.execute(
            "INSERT INTO agreement (id, subject, account, version, language, channel, text_hash, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![id, subject, account, &self.version, self.language.tag(), self.channel.code(), &self.text_hash, at],
        )?;
        let scope = Scope { actor: Some(*subject.as_bytes()), ..Scope::default() };
        let (version, channel, language) = (self.version.as_str(), self.channel, self.language);
        let text_sha256 = hex::encode(self.text_hash);
        event::record(tx, scope, &Agreed { account: account.cast(), version, channel, language, text_sha256 })?;
        Ok(())
    }
}

/// An agreement as its own person reads it back.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Agreement")]
pub struct Receipt {
    /// Its id.
    pub id: Id<Agreement>,
    /// To which version.
    pub version: String,
    /// When.
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    /// Where.
    pub channel: Channel,
    /// In which language.
    pub language: String,
    /// SHA-256 of the text as it was shown.
    pub text_sha256: String,
}

impl Receipt {
    /// All of a person's, the newest first.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn all(tx: &mut Tx, person: &Person) -> Result<Vec<Self>, db::Error> {
        Self::of(tx, person.subject())
    }

    /// The same for a job that acts for the person.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn of(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<Self>, db::Error> {
        tx.all(
            "SELECT id, version, at, channel, language, text_hash FROM agreement WHERE subject = $1 \
             ORDER BY at DESC, id DESC",
            values![subject],
            |row| {
                Ok(Self {
                    id: row.next()?,
                    version: row.next()?,
                    at: row.next()?,
                    channel: Channel::from_code(&row.next::<String>()?),
                    language: row.next()?,
                    text_sha256: hex::encode(row.next::<[u8; 32]>()?),
                })
            },
        )
    }
}
