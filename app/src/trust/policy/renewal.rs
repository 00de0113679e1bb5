//! Agreeing anew: the version in force permits more than this person has accepted. The page explains what changed; until they
//! agree, their data are used as before, and what is not always open waits.

use super::agreement::{Agreement, Channel, Receipt};
use super::archive::Change;
use super::page::Shown;
use crate::app::App;
use crate::web::{Calendar, filters, local_path};
use crate::web::{Context, Ctx, Error, Fields, Form, Input, Locale, Page, Parse, Person, Renewal, Saved};
use askama::Template;
use axum::extract::State;
use kit::db::Tx;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// A yes to the text that the page has shown.
pub struct Yes {
    version: String,
    text_sha256: String,
    language: Locale,
    next: String,
}

impl Parse for Yes {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, text_sha256) = (fields.text("policy", 1..=20), fields.text("text_sha256", 64..=64));
        let language = fields.one_of("language", ["zh-CN", "en"]);
        let language = language.parse("language", |tag| Locale::of(tag).ok_or("choice"));
        let next = fields.like("next", "/").optional("next", local_path);
        let ticked = fields.ticked("agree") || !policy::holds(Control::ExplicitAgreement);
        let agreed = if ticked { Some(()) } else { fields.wrong("agree", "not-agreed") };
        agreed?;
        Some(Self {
            version: version?,
            text_sha256: text_sha256?,
            language: language?,
            next: next?.unwrap_or_else(|| "/".to_owned()),
        })
    }
}

/// What has changed, and the whole text that is agreed to.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "trust/policy/renewal.html")]
#[schemars(rename = "PolicyRenewal")]
pub struct RenewalPage {
    /// Whether anything waits for the agreement.
    is_due: bool,
    #[serde(flatten)]
    policy: Shown,
    /// Against the version that this person has accepted; none if they have accepted none.
    change: Option<Change>,
    #[serde(skip)]
    next: String,
    form: Form,
}

impl RenewalPage {
    fn new(app: &App, context: &Context, person: Person, form: Form) -> Result<Self, Error> {
        let version = app.policies().in_force(&context.calendar, context.now)?;
        let before = app.policies().versions().named(person.accepted().id()).filter(|before| before.id < version.id);
        let next = context.parameter("next").and_then(|next| local_path(&next).ok());
        Ok(Self {
            is_due: context.renewal == Renewal::Due,
            policy: Shown::of(app, version, context),
            change: before.map(|before| Change::new(app, context, before, version)),
            next: next.unwrap_or_else(|| "/".to_owned()),
            form,
        })
    }

    /// The same with what was typed.
    fn with(self, form: Form) -> Self {
        let next = local_path(form.value("next")).unwrap_or_else(|_| "/".to_owned());
        Self { next, form, ..self }
    }
}

/// What is asked anew, and why.
pub async fn show(State(app): State<App>, context: Ctx, person: Person) -> Result<Page, Error> {
    Ok(Page::new("policy-renewal", RenewalPage::new(&app, &context, person, Form::default())?))
}

/// Agrees, with a receipt.
pub async fn agree(State(app): State<App>, context: Ctx, person: Person, input: Input) -> Result<Saved, Error> {
    let page = RenewalPage::new(&app, &context, person, Form::default())?;
    let yes: Yes = input.parse().map_err(|refused| refused.on("policy-renewal", |form| page.with(form)))?;
    let version =
        app.policies().versions().named(&yes.version).ok_or_else(|| Error::conflict("policy-not-in-force"))?;
    let text_hash = version.text(yes.language.tag()).shown_sha256(&app.config().privacy_contact);
    if hex::encode(text_hash) != yes.text_sha256 {
        return Err(Error::conflict("policy-other-text"));
    }
    let (version, channel) = (version.id.to_owned(), Channel::of(context.accept));
    let agreement = Agreement { version, text_hash, channel, language: yes.language };
    let receipt = app.db().write(move |tx| renew(tx, person, &agreement)).await?;
    Ok(Saved::at(yes.next, receipt))
}

/// The version must be the one in force in this unit. Who has accepted it, or a newer one, has agreed already: sent twice, it
/// is one.
fn renew(tx: &mut Tx, person: Person, agreement: &Agreement) -> Result<Receipt, Error> {
    let (calendar, now) = (Calendar::read(tx)?, tx.now());
    if calendar.in_force(now).is_none_or(|line| line.version != agreement.version) {
        return Err(Error::conflict("policy-not-in-force"));
    }
    let before = vault::accepted(tx, person.subject())?;
    if before.is_none_or(|before| before < agreement.version) {
        agreement.record(tx, person.account(), person.subject(), now)?;
    }
    let all = Receipt::all(tx, &person)?;
    all.into_iter().find(|one| one.version == agreement.version).ok_or_else(Error::not_found)
}
