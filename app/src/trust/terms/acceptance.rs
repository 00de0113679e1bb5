//! A company accepts an edition through one of its owners, by an explicit act.

use super::calendar::Calendar;
use super::page::Show;
use crate::app::App;
use crate::trust::policy::Channel;
use crate::web::{At, Ctx, Error, Fields, Input, Instant, Locale, Member, Owner, Parse, Saved};
use axum::extract::State;
use jiff::Timestamp;
use kit::db::{self, Row, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use policy::Terms;
use schemars::JsonSchema;
use serde::Serialize;

/// A company's acceptance of an edition.
pub struct Acceptance;

/// A yes to the text that the page has shown.
pub struct Yes {
    edition: String,
    text_sha256: String,
    language: Locale,
}

impl Parse for Yes {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (edition, text_sha256) = (fields.text("edition", 1..=20), fields.text("text_sha256", 64..=64));
        let language = fields.one_of("language", ["zh-CN", "en"]);
        let language = language.parse("language", |tag| Locale::of(tag).ok_or("choice"));
        let agreed = if fields.ticked("agree") { Some(()) } else { fields.wrong("agree", "not-agreed") };
        agreed?;
        Some(Self { edition: edition?, text_sha256: text_sha256?, language: language? })
    }
}

/// An acceptance as the company's own people read it back.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "TermsAcceptance")]
pub struct Accepted {
    /// Its id.
    pub id: Id<Acceptance>,
    /// Of which agreement.
    pub terms: String,
    /// Of which edition.
    pub edition: String,
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

/// A company accepted. The same is in the table; the event puts it among all that happened.
#[derive(Serialize)]
struct Fresh<'a> {
    terms: &'a str,
    edition: &'a str,
    channel: Channel,
    text_sha256: &'a str,
}

impl Fact for Fresh<'_> {
    const KIND: &'static str = "terms.accepted";
}

impl Accepted {
    /// All of a company's, the newest first.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn all(tx: &mut Tx, member: &Member) -> Result<Vec<Self>, db::Error> {
        tx.all(
            "SELECT id, terms, edition, at, channel, language, text_hash FROM terms_acceptance WHERE company = $1 \
             ORDER BY at DESC, id DESC",
            values![member.company],
            row,
        )
    }

    /// A company's of one edition.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn of(tx: &mut Tx, member: &Member, terms: &str, edition: &str) -> Result<Option<Self>, db::Error> {
        tx.first(
            "SELECT id, terms, edition, at, channel, language, text_hash FROM terms_acceptance \
             WHERE company = $1 AND terms = $2 AND edition = $3",
            values![member.company, terms, edition],
            row,
        )
    }
}

fn row(row: &mut Row<'_>) -> Result<Accepted, db::Error> {
    Ok(Accepted {
        id: row.next()?,
        terms: row.next()?,
        edition: row.next()?,
        at: row.next()?,
        channel: Channel::from_code(&row.next::<String>()?),
        language: row.next()?,
        text_sha256: hex::encode(row.next::<[u8; 32]>()?),
    })
}

/// Accepts for the owner's company.
pub async fn accept(
    State(app): State<App>,
    context: Ctx,
    owner: Owner,
    At(id): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("terms", Show::current(&app, &context, &id, form).await?));
    let yes: Yes = input.parse_on(again).await?;
    let terms = policy::terms(&id).ok_or_else(Error::not_found)?;
    let edition = terms.edition(&yes.edition).ok_or_else(|| Error::conflict("terms-edition-not-current"))?;
    let hash = edition.text(yes.language.tag()).shown_sha256(&app.config().privacy_contact);
    if hex::encode(hash) != yes.text_sha256 {
        return Err(Error::conflict("terms-other-text"));
    }
    let channel = Channel::of(context.accept);
    let accepted = app.db().write(move |tx| record(tx, &owner, terms, &yes, hash, channel)).await?;
    Ok(Saved::at("/company/agreements?done=terms-accepted", accepted))
}

/// The edition must be the one in force in this unit. Sent twice, it is one.
fn record(
    tx: &mut Tx,
    member: &Owner,
    terms: &Terms,
    yes: &Yes,
    hash: [u8; 32],
    channel: Channel,
) -> Result<Accepted, Error> {
    member.still(tx)?;
    let now = tx.now();
    if Calendar::read(tx, terms.id)?.in_force(now).is_none_or(|line| line.edition != yes.edition) {
        return Err(Error::conflict("terms-edition-not-current"));
    }
    let id = tx.id::<Acceptance>();
    let (language, code) = (yes.language.tag(), channel.code());
    let inserted = tx.execute(
        "INSERT INTO terms_acceptance (id, company, subject, terms, edition, language, channel, text_hash, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (company, terms, edition) DO NOTHING",
        values![id, member.company, member.subject(), terms.id, &yes.edition, language, code, &hash, now],
    )?;
    if inserted == 1 {
        let fresh = Fresh { terms: terms.id, edition: &yes.edition, channel, text_sha256: &yes.text_sha256 };
        event::record(tx, member.scope(), &fresh)?;
    }
    Accepted::of(tx, member, terms.id, &yes.edition)?.ok_or_else(Error::not_found)
}
