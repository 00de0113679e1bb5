//! Duties of the operator's people (职责): who runs the platform does not thereby see everything. Each route of theirs names
//! the one duty that it needs, and its handler takes the proof of it as an argument, as [`Buyer`] and [`Provider`] are.
//!
//! Who checks the others does nothing else: an [`Auditor`] holds no second duty. Nobody grants a duty to themselves.
//!
//! [`Buyer`]: super::actor::Buyer
//! [`Provider`]: super::actor::Provider

use super::actor::Actor;
use super::context::Context;
use super::error::Error;
use super::operator::Operator;
use super::who::Who;
use crate::app::App;
use axum::extract::FromRequestParts;
use http::request::Parts;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

/// A duty, its code, and the code of the error when it is missing; for each a proof that a handler takes.
macro_rules! duties {
    ($($(#[$about:meta])* $duty:ident $code:literal $missing:literal $word:literal),* $(,)?) => {
        /// A duty of the operator's people.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
        pub enum OperatorDuty {
            $($(#[$about])* #[serde(rename = $code)] $duty),*
        }

        impl OperatorDuty {
            /// All of them.
            pub const ALL: [Self; [$($code),*].len()] = [$(Self::$duty),*];

            /// As it is kept, and typed on the command line.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$duty => $code),* }
            }

            /// The code of the error when it is missing.
            pub const fn missing(self) -> &'static str {
                match self { $(Self::$duty => $missing),* }
            }

            /// The key of its name; with `-does` behind it, of what it is for.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$duty => $word),* }
            }
        }

        $(
            $(#[$about])*
            #[derive(Clone, Debug)]
            pub struct $duty(Operator);

            impl $duty {
                /// The actor in this duty, if they hold it.
                pub fn of(actor: &Actor) -> Option<Self> {
                    Who::Duty(OperatorDuty::$duty).admits(actor).ok()?;
                    if let Actor::Operator(operator) = actor { Some(Self(operator.clone().acting(OperatorDuty::$duty))) } else { None }
                }
            }

            impl Deref for $duty {
                type Target = Operator;
                fn deref(&self) -> &Operator {
                    &self.0
                }
            }

            impl FromRequestParts<App> for $duty {
                type Rejection = Error;
                async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
                    let context = parts.extensions.get::<Arc<Context>>();
                    let context = context.ok_or_else(|| Error::fault("a route outside the shell"))?;
                    Who::Duty(OperatorDuty::$duty).admits(&context.actor)?;
                    Self::of(&context.actor).ok_or_else(Error::not_found)
                }
            }
        )*
    };
}

duties! {
    /// 审核: decides on companies and what they hand in.
    Reviewer "reviewer" "operator-duty-reviewer-missing" "operator-duty-reviewer",
    /// 客服: answers who needs help.
    Support "support" "operator-duty-support-missing" "operator-duty-support",
    /// 风控: judges what looks like abuse.
    Risk "risk" "operator-duty-risk-missing" "operator-duty-risk",
    /// 安全: answers for the platform's security; reads the use log, on record.
    SecurityOfficer "security" "operator-duty-security-missing" "operator-duty-security",
    /// 个人信息保护: the personal information officer (PIPL 52).
    PrivacyOfficer "privacy" "operator-duty-privacy-missing" "operator-duty-privacy",
    /// 审计: from outside, for a time, reads reports and changes nothing.
    Auditor "auditor" "operator-duty-auditor-missing" "operator-duty-auditor",
    /// 发布: announces policies, agreements and rules.
    Publisher "publisher" "operator-duty-publisher-missing" "operator-duty-publisher",
    /// 管理: appoints the others and looks after the program's work.
    Administrator "administrator" "operator-duty-administrator-missing" "operator-duty-administrator",
}

/// The duties of one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OperatorDuties(u16);

/// What is no duty, or stands beside one that it checks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// No duty has this code.
    #[error(
        "`{0}` is no duty; the duties are reviewer, support, risk, security, privacy, auditor, publisher, administrator, or `all` but auditor"
    )]
    Unknown(String),
    /// Who checks the others does nothing else.
    #[error("an auditor holds no other duty: who checks the others does nothing that is checked")]
    Apart,
    /// An auditor's time has no end.
    #[error("an auditor's time has an end; say until when")]
    Endless,
}

impl OperatorDuties {
    /// None.
    pub const NONE: Self = Self(0);

    /// All that one person may hold together: everything but auditing.
    pub fn work() -> Self {
        OperatorDuty::ALL.into_iter().filter(|duty| *duty != OperatorDuty::Auditor).fold(Self::NONE, Self::with)
    }

    /// The same and this one.
    pub const fn with(self, duty: OperatorDuty) -> Self {
        Self(self.0 | 1 << duty as u16)
    }

    /// The same but this one.
    pub const fn without(self, duty: OperatorDuty) -> Self {
        Self(self.0 & !(1 << duty as u16))
    }

    /// Whether this is one of them.
    pub const fn has(self, duty: OperatorDuty) -> bool {
        self.0 & (1 << duty as u16) != 0
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// One by one.
    pub fn each(self) -> impl Iterator<Item = OperatorDuty> {
        OperatorDuty::ALL.into_iter().filter(move |duty| self.has(*duty))
    }

    /// As a row keeps them. What a row holds that is no duty counts for none (fail closed).
    pub fn kept(text: &str) -> Self {
        OperatorDuty::ALL
            .into_iter()
            .filter(|duty| text.split(' ').any(|code| code == duty.code()))
            .fold(Self::NONE, Self::with)
    }

    /// For a row.
    pub fn codes(self) -> String {
        self.each().map(OperatorDuty::code).collect::<Vec<_>>().join(" ")
    }

    /// Whether one person may hold them together, until then or without an end.
    ///
    /// # Errors
    /// [`Unfit::Apart`], [`Unfit::Endless`].
    pub fn fit(self, until: Option<Timestamp>) -> Result<Self, Unfit> {
        let audits = self.has(OperatorDuty::Auditor);
        if audits && self != Self::NONE.with(OperatorDuty::Auditor) {
            return Err(Unfit::Apart);
        }
        if audits && until.is_none() { Err(Unfit::Endless) } else { Ok(self) }
    }
}

impl FromStr for OperatorDuties {
    type Err = Unfit;

    /// Codes with commas or blanks between them; `all` are those of [`OperatorDuties::work`].
    fn from_str(text: &str) -> Result<Self, Unfit> {
        let mut codes = text.split([',', ' ']).filter(|code| !code.is_empty());
        codes.try_fold(Self::NONE, |duties, code| match code {
            "all" => Ok(Self(duties.0 | Self::work().0)),
            code => {
                let duty = OperatorDuty::ALL.into_iter().find(|duty| duty.code() == code);
                duty.map(|duty| duties.with(duty)).ok_or_else(|| Unfit::Unknown(code.to_owned()))
            }
        })
    }
}

impl Serialize for OperatorDuties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.each())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duties_are_read_kept_and_read_again() {
        let some: OperatorDuties = "reviewer, privacy".parse().unwrap();
        assert_eq!((some.codes().as_str(), some.has(OperatorDuty::Risk)), ("reviewer privacy", false));
        assert_eq!(OperatorDuties::kept(&some.codes()), some);
        assert_eq!(
            OperatorDuties::kept("reviewer emperor"),
            OperatorDuties::NONE.with(OperatorDuty::Reviewer),
            "what is unknown counts for none"
        );
        assert!("emperor".parse::<OperatorDuties>().is_err());
        assert_eq!("all".parse::<OperatorDuties>().unwrap(), OperatorDuties::work());
        assert!(!OperatorDuties::work().has(OperatorDuty::Auditor));
    }

    #[test]
    fn an_auditor_does_nothing_else_and_not_for_ever() {
        let end = Some(Timestamp::UNIX_EPOCH);
        let auditor = OperatorDuties::NONE.with(OperatorDuty::Auditor);
        assert_eq!(auditor.fit(end), Ok(auditor));
        assert_eq!(auditor.fit(None), Err(Unfit::Endless));
        for duty in OperatorDuty::ALL.into_iter().filter(|duty| *duty != OperatorDuty::Auditor) {
            assert_eq!(auditor.with(duty).fit(end), Err(Unfit::Apart));
        }
        assert_eq!(OperatorDuties::work().fit(None), Ok(OperatorDuties::work()));
    }
}
