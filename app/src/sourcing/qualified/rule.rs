//! What a qualified list may do and when, and who is on it: pure rules, no I/O.

use crate::sourcing::amendment::answering::{self, Affecting};
use crate::sourcing::regime::Regime;
use crate::web::Broken;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;

/// Fewer qualified than this, and the call has failed (招标投标法实施条例 art. 19).
pub const MINIMUM: usize = 3;

/// No qualification and no term lasts longer, in days (政府采购框架协议采购方式管理暂行办法 art. 15: services, two years; a model for ours).
pub const MOST_DAYS: i64 = 730;

/// A result can be objected to for so many days, and an objection is answered in so many (招标投标法实施条例 art. 22, of the documents; for
/// results the house's own rule).
pub const OBJECTION_DAYS: i64 = 3;

/// Questions about a call with a deadline are taken until so many days before it (art. 22, of objections to the documents).
pub const QUESTION_DAYS: i64 = 2;

/// An answer that may affect applications leaves so many days before their deadline, or moves it on (art. 21).
pub const ANSWER_DAYS: i64 = 3;

/// What a list is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "QualifiedKind")]
pub enum Kind {
    /// 资格预审: before one tender.
    Single,
    /// 框架协议入围: a pool that is concluded once, for a term.
    Framework,
    /// 供应商库: a pool that takes applications as long as it lasts.
    Standing,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Single, Self::Framework, Self::Standing];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Framework => "framework",
            Self::Standing => "standing",
        }
    }

    /// The kind that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("qualified-kind-{}", self.code())
    }

    /// Whether it serves many orders, and its members are public.
    pub fn is_pool(self) -> bool {
        self != Self::Single
    }

    /// Whether applications stay closed until a deadline, and are decided on together.
    pub fn has_deadline(self) -> bool {
        self != Self::Standing
    }

    /// What a notice of the call is called.
    pub fn notice_zh(self) -> &'static str {
        match self {
            Self::Single => "资格预审公告",
            Self::Framework => "框架协议征集公告",
            Self::Standing => "供应商入库公告",
        }
    }
}

/// Where a list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "QualifiedState")]
pub enum State {
    /// 草稿: its buyer's own.
    Draft,
    /// 征集中: applications are taken, or reviewed after their deadline.
    Published,
    /// 已有结果: it can be used.
    Concluded,
    /// 失败: too few have applied, or qualified.
    Failed,
    /// 已结束: its term is over, or its buyer has ended it.
    Ended,
}

impl State {
    /// All of them, in the order of a list's life.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Published, Self::Concluded, Self::Failed, Self::Ended];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Concluded => "concluded",
            Self::Failed => "failed",
            Self::Ended => "ended",
        }
    }

    /// The state that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// How an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "QualifiedApplicationState")]
pub enum Standing {
    /// 已提交.
    Submitted,
    /// 已撤回.
    Withdrawn,
    /// 合格: on the list.
    Qualified,
    /// 不合格.
    Unqualified,
    /// 合格未入围: others had more points, and the list has a greatest number.
    Unplaced,
    /// 暂停: on the list, and not asked while it lasts.
    Suspended,
    /// 已退出.
    Left,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Submitted,
        Self::Withdrawn,
        Self::Qualified,
        Self::Unqualified,
        Self::Unplaced,
        Self::Suspended,
        Self::Left,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Withdrawn => "withdrawn",
            Self::Qualified => "qualified",
            Self::Unqualified => "unqualified",
            Self::Unplaced => "unplaced",
            Self::Suspended => "suspended",
            Self::Left => "left",
        }
    }

    /// The standing that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.code() == code)
    }

    /// Whether its company may object to it.
    pub fn is_against(self) -> bool {
        matches!(self, Self::Unqualified | Self::Unplaced | Self::Suspended)
    }

    /// Whether its company may apply to a list of this kind once more, which still takes applications.
    pub fn may_apply_again(self, kind: Kind) -> bool {
        match self {
            Self::Submitted | Self::Withdrawn => true,
            Self::Unqualified | Self::Left => kind == Kind::Standing,
            Self::Qualified | Self::Unplaced | Self::Suspended => false,
        }
    }
}

/// The times of a list, as far as time does something to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Where it stands.
    pub state: State,
    /// The deadline of applications.
    pub applications_until: Option<Timestamp>,
    /// Whether that was noted.
    pub applications_closed: bool,
    /// When it is over.
    pub valid_until: Option<Timestamp>,
}

/// Something that time does to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Applications are no longer taken; the review begins.
    ApplicationsEnd,
    /// Its term is over.
    TermEnd,
}

/// Every timed event that is still to come, earliest first. There are no other timers.
pub fn timeline(times: Times) -> impl Iterator<Item = (Timestamp, Due)> {
    let takes = times.state == State::Published && !times.applications_closed;
    let deadline = times.applications_until.filter(|_| takes).map(|at| (at, Due::ApplicationsEnd));
    let lasts = matches!(times.state, State::Published | State::Concluded);
    let end = times.valid_until.filter(|_| lasts).map(|at| (at, Due::TermEnd));
    deadline.into_iter().chain(end)
}

/// What time does to a list next, if its hour has come at this instant.
pub fn come(times: Times, now: Timestamp) -> Option<Due> {
    timeline(times).next().filter(|(at, _)| *at <= now).map(|(_, what)| what)
}

/// The earliest deadline of a call that is published at this instant.
pub fn earliest_deadline(regime: Regime, now: Timestamp) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(24 * regime.rules().application_days)).unwrap_or(now)
}

/// Until when questions are taken about a call with this deadline; none where they are as long as applications are.
pub fn questions_until(applications_until: Option<Timestamp>) -> Option<Timestamp> {
    applications_until.map(|until| until.checked_sub(SignedDuration::from_hours(24 * QUESTION_DAYS)).unwrap_or(until))
}

/// The deadline of applications that an answer of this instant sets; none where it leaves the one that stands, or where there is none.
///
/// # Errors
/// The rule that it breaks.
pub fn answered(
    applications_until: Option<Timestamp>,
    given: Affecting,
    now: Timestamp,
) -> Result<Option<Timestamp>, Broken> {
    let Some(until) = applications_until else {
        return if given.deadline.is_some() { Err(Broken::rule("answer-affects-nothing")) } else { Ok(None) };
    };
    let earliest = now.checked_add(SignedDuration::from_hours(24 * ANSWER_DAYS)).unwrap_or(now);
    answering::moved((now < until).then_some((until, earliest)), given, until)
}

/// An application as it was reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reviewed<T> {
    /// Which.
    pub id: T,
    /// Whether it meets every requirement.
    pub meets: bool,
    /// Its points, where a greatest number was published.
    pub points: i64,
}

/// How each application stands once the list is concluded. Where a greatest number was published, those with the most points are on the list;
/// all who have as many as the last of them are, too.
pub fn placed<T: Copy>(reviewed: &[Reviewed<T>], most: Option<usize>) -> Vec<(T, Standing)> {
    let mut points: Vec<_> = reviewed.iter().filter(|one| one.meets).map(|one| one.points).collect();
    points.sort_unstable_by(|one, other| other.cmp(one));
    let last = most.and_then(|most| points.get(most.saturating_sub(1)).copied());
    let standing = |one: &Reviewed<T>| match last {
        _ if !one.meets => Standing::Unqualified,
        Some(last) if one.points < last => Standing::Unplaced,
        _ => Standing::Qualified,
    };
    reviewed.iter().map(|one| (one.id, standing(one))).collect()
}
