//! What inviting, granting and accepting ask.

use crate::identity::account::Password;
use crate::web::{Fields, OperatorDuties, OperatorDuty, Parse, Unfit};
use jiff::civil::Date;
use kit::id::Id;
use policy::Control;
use vault::{Email, Phone};

use super::store::Invitation;

/// An invitation about to be made.
#[derive(Clone)]
pub struct Wanted {
    /// Made with the form: sent twice, it is one.
    pub id: Id<Invitation>,
    /// What the post is called; no person's name.
    pub title: String,
    /// At least one.
    pub duties: OperatorDuties,
    /// The last day; an auditor has one.
    pub until: Option<Date>,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, title) = (fields.id("id"), fields.name("title", 2..=30));
        let duties = ticked(fields);
        let until = fields.optional("until", |text| text.parse::<Date>().map_err(|_| "operators-day"))?;
        // Whether the day lies ahead is asked where the clock is.
        let end = until.map(|_| jiff::Timestamp::MAX);
        let duties = match duties.map(|duties| duties.fit(end)) {
            None => None,
            Some(Ok(duties)) => Some(duties),
            Some(Err(Unfit::Endless)) => fields.wrong("until", "operators-endless"),
            Some(Err(_)) => fields.wrong("duty", "operators-apart"),
        };
        Some(Self { id: id?, title: title?, duties: duties?, until })
    }
}

/// The boxes that are ticked: one at least.
fn ticked(fields: &mut Fields) -> Option<OperatorDuties> {
    let codes = fields.several("duty", &["reviewer", "support"]);
    let known: Option<Vec<_>> =
        codes.iter().map(|code| OperatorDuty::ALL.into_iter().find(|duty| duty.code() == code)).collect();
    match known {
        Some(known) if !known.is_empty() => Some(known.into_iter().fold(OperatorDuties::NONE, OperatorDuties::with)),
        Some(_) => fields.wrong("duty", "operators-none"),
        None => fields.wrong("duty", "operators-duty"),
    }
}

/// One duty.
pub struct One(pub OperatorDuty);

impl Parse for One {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let known = |text: &str| OperatorDuty::ALL.into_iter().find(|duty| duty.code() == text).ok_or("operators-duty");
        fields.one_of("duty", OperatorDuty::ALL.map(OperatorDuty::code)).parse("duty", known).map(Self)
    }
}

/// What the invited person brings.
#[derive(Clone)]
pub struct Accepted {
    /// To sign in with, and where codes go.
    pub phone: Phone,
    /// The other name.
    pub email: Email,
    /// Chosen by the person alone.
    pub password: Password,
    /// The version that was shown and agreed to.
    pub policy: String,
}

impl Parse for Accepted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.like("phone", "13800138000").like("email", "li@example.com").like("policy", policy::current().id);
        fields.like("password", "蓝鲸-4471-过江-Regen");
        let phone = fields.parse("phone", |text| text.parse::<Phone>().map_err(|_| "phone"));
        let email = fields.parse("email", |text| text.parse::<Email>().map_err(|_| "email"));
        let known =
            [email.as_ref().map_or("", |email| email.expose()), phone.as_ref().map_or("", |phone| phone.expose())];
        let password = fields.secret("password", |text| Password::choose(text, &known));
        let policy = fields.text("policy", 1..=20);
        let agreed = fields.ticked("agree") || !policy::holds(Control::ExplicitAgreement);
        let agreed = if agreed { Some(()) } else { fields.wrong("agree", "not-agreed") };
        agreed?;
        Some(Self { phone: phone?, email: email?, password: password?, policy: policy? })
    }
}
