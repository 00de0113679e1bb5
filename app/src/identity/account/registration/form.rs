//! What registering asks, and nothing else (clause 2.3).

use super::super::code::Codes;
use super::super::password::Password;
use crate::identity::company::Application;
use crate::web::{Broken, Fields, Parse};
use policy::Control;
use vault::{Email, Phone};

/// For which company somebody registers.
#[derive(Clone)]
pub enum For {
    /// A new one, with this application.
    New(Application),
    /// The one that an invitation is from: the key of its link.
    Invited(String),
    /// One that was prepared, as its own person corrects it: the key of its link.
    Prepared(String, Application),
}

/// An application for an account on behalf of a company.
#[derive(Clone)]
pub struct Registration {
    pub company: For,
    pub phone: Phone,
    pub email: Email,
    pub password: Password,
    /// A guardian's permission, from who is not an adult.
    pub guardian: Option<String>,
    /// The version that was shown and agreed to.
    pub policy: String,
}

impl Parse for Registration {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let company = company(fields);
        fields.like("phone", "13800138000").like("email", "li@example.com").like("policy", policy::current().id);
        fields.like("password", "蓝鲸-4471-过江-Regen");
        let phone = fields.parse("phone", |text| text.parse::<Phone>().map_err(|_| "phone"));
        let email = fields.parse("email", |text| text.parse::<Email>().map_err(|_| "email"));
        let known = [
            company.as_ref().map_or("", For::name),
            email.as_ref().map_or("", |email| email.expose()),
            phone.as_ref().map_or("", |phone| phone.expose()),
        ];
        let password = fields.secret("password", |text| Password::choose(text, &known));
        let guardian = fields.optional_text("guardian", 100)?;
        // Who is an adult needs nobody's permission, and none is kept of them.
        let adult = match (fields.ticked("adult"), &guardian) {
            (true, _) => Some((true, None)),
            (false, Some(_)) => Some((true, guardian)),
            (false, None) => declared(fields, "adult", "adult-undeclared", Control::AdultDeclared).map(|is| (is, None)),
        };
        let policy = fields.text("policy", 1..=20);
        let agreed = declared(fields, "agree", "not-agreed", Control::ExplicitAgreement);
        let (adult, guardian) = adult?;
        (adult && agreed?).then_some(())?;
        let policy = policy?;
        Some(Self { company: company?, phone: phone?, email: email?, password: password?, guardian, policy })
    }
}

impl For {
    fn name(&self) -> &str {
        if let Self::New(company) | Self::Prepared(_, company) = self { &company.name } else { "" }
    }
}

/// Who comes by an invitation says nothing of the company.
fn company(fields: &mut Fields) -> Option<For> {
    let key = |text: &str| {
        if text.len() <= 100 { Ok(text.to_owned()) } else { Err(Broken::rule("too-long").with("most", 100_usize)) }
    };
    let prepared = fields.optional("prepared", key);
    match (fields.optional("invitation", key)?, prepared?) {
        (Some(key), _) => Some(For::Invited(key)),
        (None, Some(key)) => Application::parse(fields).map(|company| For::Prepared(key, company)),
        (None, None) => Application::parse(fields).map(For::New),
    }
}

/// A box that must be ticked by the person.
fn declared(fields: &mut Fields, field: &'static str, rule: &'static str, control: Control) -> Option<bool> {
    if fields.ticked(field) || !policy::holds(control) { Some(true) } else { fields.wrong(field, rule) }
}

/// The codes that came by short message and by mail.
pub struct Confirmation(pub Codes);

impl Parse for Confirmation {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Codes::parse(fields).map(Self)
    }
}
