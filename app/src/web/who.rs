//! Who may use a route: declared with the route, checked before its handler runs. The handler's argument proves it again.

use super::actor::{Actor, Member};
use super::error::Error;
use super::level::Level;
use super::operator_duty::OperatorDuty;
use crate::identity::people::Duty;
use http::StatusCode;
use policy::Control;
use serde::Serialize;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// Anybody, signed in or not.
    Anyone,
    /// Anybody about their own data: who is signed in, and who came through the public door.
    Oneself,
    /// Who came through the public door, and nobody else.
    Guest,
    /// Anybody who is signed in.
    Person,
    /// A member of a company in any state, whatever their duties.
    Member,
    /// A member with a duty beside reading.
    Agent,
    /// A member who writes to other companies in its name.
    Correspondent,
    /// An owner of a company in any state.
    Owner,
    /// An owner, or the contact for personal information.
    DataContact,
    /// A member of an approved buyer.
    Buyer,
    /// One who prepares its tenders.
    Preparer,
    /// One who publishes and awards them.
    Purchaser,
    /// A member of an approved provider.
    Provider,
    /// An owner of it, who says what is public of it.
    Presenter,
    /// One who asks and bids for it.
    Bidder,
    /// A person of the operator, whatever their duties.
    Operator,
    /// A person of the operator who has this duty.
    #[serde(untagged)]
    Duty(OperatorDuty),
}

/// A rule about duties: any of these, else this code.
struct Needs {
    any: &'static [Duty],
    code: &'static str,
}

impl Who {
    /// Refuses who may not.
    ///
    /// # Errors
    /// 401 for a visitor, 403 for a member without the right, 404 for what is the operator's alone, 403 for a person of the
    /// operator without the duty.
    pub fn admits(self, actor: &Actor) -> Result<(), Error> {
        match (self, actor) {
            _ if !policy::holds(Control::OneWayIn) => Ok(()),
            (Self::Anyone, _) | (Self::Operator, Actor::Operator(_)) => Ok(()),
            (Self::Oneself | Self::Guest, Actor::Guest(_)) => Ok(()),
            (_, Actor::Visitor | Actor::Guest(_)) => Err(Error::unauthenticated()),
            (Self::Oneself | Self::Person, _) => Ok(()),
            (Self::Duty(_), Actor::Operator(_)) if !policy::holds(Control::OperatorDutiesApart) => Ok(()),
            (Self::Duty(duty), Actor::Operator(operator)) if operator.duties.has(duty) => Ok(()),
            (Self::Duty(duty), Actor::Operator(_)) => Err(Error::forbidden(duty.missing())),
            (Self::Guest | Self::Operator | Self::Duty(_), _) => Err(Error::not_found()),
            (_, Actor::Operator(_)) => Err(Error::forbidden("members-only")),
            (_, Actor::Person(_)) => Err(Error::forbidden("no-company")),
            (_, Actor::Member(member)) => self.admits_member(member),
        }
    }

    fn admits_member(self, member: &Member) -> Result<(), Error> {
        match self.side() {
            Some("buyer") if !member.is_buyer => return Err(Error::forbidden("buyers-only")),
            Some("provider") if !member.is_provider => return Err(Error::forbidden("providers-only")),
            // What goes on goes on; what is new asks for more (`web::needed`).
            Some(_) => member.reaches(Level::Overdue)?,
            None => {}
        }
        match self.needs() {
            Some(needs) if policy::holds(Control::DutiesEnforced) && !member.duties.has_any(needs.any) => {
                Err(Error::forbidden(needs.code))
            }
            _ => Ok(()),
        }
    }

    /// The side that the company has to be on, approved.
    fn side(self) -> Option<&'static str> {
        match self {
            Self::Buyer | Self::Preparer | Self::Purchaser => Some("buyer"),
            Self::Provider | Self::Presenter | Self::Bidder => Some("provider"),
            _ => None,
        }
    }

    fn needs(self) -> Option<Needs> {
        let (any, code): (&[Duty], _) = match self {
            Self::Agent => (&Duty::ACTING, "duty-any"),
            Self::Correspondent => (&Duty::CORRESPONDING, "duty-correspondent"),
            Self::Owner | Self::Presenter => (&[Duty::Owner], "duty-owner"),
            Self::DataContact => (&[Duty::Owner, Duty::PersonalInformation], "duty-personal-information"),
            Self::Preparer => (&Duty::PREPARING, "duty-preparer"),
            Self::Purchaser => (&[Duty::Buyer], "duty-buyer"),
            Self::Bidder => (&[Duty::Bidder], "duty-bidder"),
            _ => return None,
        };
        Some(Needs { any, code })
    }

    /// The duties of which one is needed, where it is noted in whose name it was done. Of who asks and bids nothing is: before
    /// the opening such a row, beside that of the question or the bid, would tell whose it is.
    pub(super) fn noted(self) -> &'static [Duty] {
        if self == Self::Bidder { &[] } else { self.needs().map_or(&[], |needs| needs.any) }
    }

    /// How [`Who::admits`] refuses, for the description of the API: statuses with their codes. What an act's own unit
    /// refuses a member for ([`Member::still`]) is among them.
    pub fn refusals(self) -> Vec<(StatusCode, Vec<&'static str>)> {
        let nobody = (StatusCode::UNAUTHORIZED, vec!["unauthenticated"]);
        let mut forbidden = match self {
            Self::Anyone => return Vec::new(),
            Self::Oneself | Self::Person => return vec![nobody],
            Self::Guest | Self::Operator => return vec![nobody, (StatusCode::NOT_FOUND, vec!["not-found"])],
            Self::Duty(duty) => {
                let hidden = (StatusCode::NOT_FOUND, vec!["not-found"]);
                return vec![nobody, hidden, (StatusCode::FORBIDDEN, vec![duty.missing()])];
            }
            _ => vec!["members-only", "no-company", "duties-changed"],
        };
        match self.side() {
            Some("buyer") => forbidden.extend(["buyers-only", "company-pending", "company-refused"]),
            Some(_) => forbidden.extend(["providers-only", "company-pending", "company-refused"]),
            None => {}
        }
        forbidden.extend(self.needs().map(|needs| needs.code));
        vec![nobody, (StatusCode::FORBIDDEN, forbidden)]
    }
}
