//! How sure it is that a login session's person is the one who acts, and which acts ask for a fresh proof of it (clause 7.2).
//!
//! A route declares what it asks ([`Demand`], by [`Op::credentials`](super::Op::credentials) and its neighbours); the shell
//! compares it before the handler runs. A browser that cannot meet it is led to where the proof is given, and back.

use super::actor::Actor;
use super::error::Error;
use super::routes::Row;
use crate::app::App;
use crate::config::SecondFactor;
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use policy::Control;
use serde::Serialize;

/// How old a proof may be for a change of credentials, and where the page of a binding act begins.
const FRESH: SignedDuration = SignedDuration::from_mins(15);
/// How old it may be when a binding act is sent: its page has asked, and filling it in takes a while.
const LASTING: SignedDuration = SignedDuration::from_mins(60);
/// By how much the clocks of two processes may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(-1);

/// What a route asks of the login session, beyond who acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Demand {
    /// Nothing.
    #[default]
    Nothing,
    /// A binding act: the second factor within the last hour, of who has one.
    Binding,
    /// A change whose form asks for the password itself: the second factor within a quarter of an hour, of who has one.
    WithPassword,
    /// A change of credentials, or a copy of one's data: a proof within a quarter of an hour, by the second factor of who
    /// has one and by the password of who has none.
    Credentials,
}

/// What is known of a login session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assurance {
    /// Whether the second factor was given in it.
    pub by_second: bool,
    /// When its person proved last who they are.
    pub proven_at: Timestamp,
    /// Whether the person has a second factor.
    pub has_second: bool,
}

impl Assurance {
    /// Whether a proof is fresh enough for a change of credentials.
    pub fn is_fresh(self, now: Timestamp) -> bool {
        self.meets(Demand::Credentials, &Method::POST, now).is_ok()
    }

    /// Refuses what asks for more than this session has.
    ///
    /// # Errors
    /// 403 `step-up`.
    pub fn meets(self, demand: Demand, method: &Method, now: Timestamp) -> Result<(), Error> {
        let most = if demand == Demand::Binding && method == Method::POST { LASTING } else { FRESH };
        let age = now.duration_since(self.proven_at);
        let is_proven = (SKEW..=most).contains(&age) && (self.by_second || !self.has_second);
        let is_asked = match demand {
            Demand::Nothing => false,
            Demand::Binding | Demand::WithPassword => self.has_second,
            Demand::Credentials => true,
        };
        if is_asked && !is_proven && policy::holds(Control::StepUp) { Err(Error::forbidden("step-up")) } else { Ok(()) }
    }
}

/// Whether a person of the operator has no second factor although one is required of them.
pub(super) fn needs_second(app: &App, actor: &Actor) -> bool {
    let is_required = app.config().operator_second_factor == SecondFactor::Required;
    let lacks = matches!(actor, Actor::Operator(operator) if !operator.assurance().has_second);
    is_required && lacks && policy::holds(Control::OperatorSecondFactor)
}

/// What is open to a person of the operator who has no second factor yet, where one is required: registering one, and
/// what everybody may do with their own data.
pub(super) fn is_open_before(path: &str) -> bool {
    let opens = ["/me/security", "/me/step-up", "/me/password", "/preferences"];
    let lies_in = |open: &&str| path.strip_prefix(*open).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    super::is_always_open(path) || opens.iter().any(lies_in)
}

/// How the shell refuses for these reasons, for the description of the API.
pub(super) fn refusals(row: &Row) -> impl Iterator<Item = (StatusCode, &'static str)> {
    let step_up = (row.op.demand != Demand::Nothing).then_some("step-up");
    let first = (!is_open_before(row.path)).then_some("second-factor-first");
    step_up.into_iter().chain(first).map(|code| (StatusCode::FORBIDDEN, code))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn session(has_second: bool, by_second: bool, minutes: i64) -> Assurance {
        let proven_at = Timestamp::from_second(NOW - minutes * 60).unwrap();
        Assurance { by_second, proven_at, has_second }
    }

    fn may(session: Assurance, demand: Demand, method: &Method) -> bool {
        session.meets(demand, method, Timestamp::from_second(NOW).unwrap()).is_ok()
    }

    #[test]
    fn who_has_no_second_factor_proves_by_password_and_only_for_credentials() {
        let (new, old) = (session(false, false, 14), session(false, false, 16));
        assert!(may(new, Demand::Credentials, &Method::POST) && !may(old, Demand::Credentials, &Method::POST));
        assert!(may(old, Demand::Binding, &Method::POST) && may(old, Demand::WithPassword, &Method::POST));
    }

    #[test]
    fn who_has_one_proves_by_it() {
        let low = session(true, false, 0);
        for demand in [Demand::Binding, Demand::WithPassword, Demand::Credentials] {
            assert!(!may(low, demand, &Method::POST), "{demand:?}");
            assert!(may(session(true, true, 0), demand, &Method::POST), "{demand:?}");
        }
        assert!(may(low, Demand::Nothing, &Method::POST));
    }

    #[test]
    fn the_page_of_a_binding_act_asks_before_the_act_would_refuse() {
        let used = session(true, true, 30);
        assert!(!may(used, Demand::Binding, &Method::GET) && may(used, Demand::Binding, &Method::POST));
        assert!(!may(session(true, true, 61), Demand::Binding, &Method::POST));
        assert!(!may(used, Demand::WithPassword, &Method::POST));
    }

    #[test]
    fn a_proof_of_the_future_is_none() {
        assert!(may(session(true, true, -1), Demand::Credentials, &Method::POST), "two processes' clocks differ");
        assert!(!may(session(true, true, -2), Demand::Credentials, &Method::POST), "the clock was moved back");
    }
}
