//! What a method of tendering asks for: data with its source, read from `profiles.toml`.

use super::circle::Circle;
use super::low_price::LowPrice;
use super::rounds::Rounds;
use crate::workday;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A method of tendering (招标方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TenderMethod")]
pub enum Method {
    /// 公开招标: anybody may bid.
    Open,
    /// 邀请招标: those may read and bid whom the buyer invites.
    Invited,
    /// 询价: a request for quotations.
    Quotation,
    /// 单一来源: one provider is named, with a reason that everybody reads.
    Direct,
    /// 竞争性磋商: the buyer negotiates with each who responds, then all give their final offers.
    Negotiated,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Open, Self::Invited, Self::Quotation, Self::Direct, Self::Negotiated];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invited => "invited",
            Self::Quotation => "quotation",
            Self::Direct => "direct",
            Self::Negotiated => "negotiated",
        }
    }

    /// The method that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code() == code)
    }

    /// What the method asks for.
    pub fn profile(self) -> &'static Profile {
        PROFILES.iter().find(|profile| profile.method == self).expect("every method has a profile")
    }
}

/// The numbers of a method.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TenderProfile")]
pub struct Profile {
    /// Of which method.
    pub method: Method,
    /// Fewer bids than this for a lot, and it fails (流标) without being opened.
    pub minimum_bids: usize,
    /// Days between publication and deadline, at least.
    pub minimum_bidding_days: i64,
    /// Questions end so many days before the deadline, at least.
    pub questions_end_days_before_deadline: i64,
    /// A material amendment leaves so many days until the deadline, at least.
    pub amendment_days_before_deadline: i64,
    /// The ciphertext of a bid that was committed to before the deadline may arrive for so many minutes after it.
    pub upload_grace_minutes: i64,
    /// A committee that evaluates has so many seats, at least.
    pub committee_least: i64,
    /// Where a committee evaluates, the price weighs so many points of 100, at least.
    pub price_weight_least: i64,
    /// At most one in so many seats is one of the buyer's own people.
    pub own_one_in: i64,
    /// A score that is further from the committee's mean than so many percent of it needs a reason.
    pub outlier_percent: i64,
    /// Candidates are published within so many days of the report.
    pub candidates_within_days: i64,
    /// So many candidates of a lot are published, at most.
    pub candidates_most: usize,
    /// Nothing is awarded for so many days after the publication, at least.
    pub standstill_days: i64,
    /// An objection is answered within so many days.
    pub objection_answer_days: i64,
    /// An answer can be appealed against for so many days.
    pub appeal_days: i64,
    /// An appeal is decided within so many days.
    pub appeal_decision_days: i64,
    /// Whom it is for: everybody, unless the data say otherwise.
    #[serde(default)]
    pub circle: Circle,
    /// When a price is abnormally low, and for how long its bidder is waited for.
    #[serde(default)]
    pub low_price: LowPrice,
    /// What an auction (竞价) after the opening may be like; none where the method has none.
    #[serde(default)]
    pub auction: Option<AuctionBounds>,
    /// What it asks for where the first offers are negotiated about; none where they are not.
    #[serde(default)]
    pub negotiation: Option<Rounds>,
    /// Where the numbers come from.
    pub source: String,
}

/// What a buyer may choose of an auction.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuctionBounds {
    /// It begins so many minutes after the opening, at least.
    pub lead_minutes: i64,
    /// The least step lies between so many thousandths of the lowest opened price …
    pub step_least: i64,
    /// … and so many.
    pub step_most: i64,
    /// In turns there are so many rounds.
    pub rounds: i64,
    /// A turn takes so many minutes, at most.
    pub turn_minutes_most: i64,
    /// An open one takes so many minutes, at most, however often its end is put off.
    pub minutes_most: i64,
}

impl Profile {
    /// The earliest deadline of a tender that is published at this instant.
    pub fn earliest_deadline(&self, published_at: Timestamp) -> Timestamp {
        shifted(published_at, self.minimum_bidding_days)
    }

    /// The earliest deadline that a material amendment of this instant may leave or set.
    pub fn earliest_after_amendment(&self, now: Timestamp) -> Timestamp {
        shifted(now, self.amendment_days_before_deadline)
    }

    /// The earliest end of questions of a tender that is published at this instant.
    pub fn earliest_questions_end(&self, published_at: Timestamp) -> Timestamp {
        workday::end_after(published_at, self.circle.notice_working_days, &BEIJING)
    }

    /// The latest end of questions for a deadline.
    pub fn latest_questions(&self, deadline: Timestamp) -> Timestamp {
        shifted(deadline, -self.questions_end_days_before_deadline)
    }
}

/// The end of the last of so many days, counted from the day after this one; a last day that is not worked moves to the next that is
/// (民法典 art. 201, 203): what is due then is in time before it.
pub fn days_after(at: Timestamp, days: i64, zone: &TimeZone) -> Timestamp {
    let last = at.to_zoned_datetime(zone.clone()).date().saturating_add(days.days());
    let next = workday::worked_from(last).saturating_add(1.day());
    zone.to_timestamp(next.to_datetime(Time::midnight())).unwrap_or(at)
}

/// The zone of the calendar that working days are counted in.
static BEIJING: TimeZone = TimeZone::fixed(jiff::tz::offset(8));

fn shifted(at: Timestamp, days: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(at)
}

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        profile: Vec<Profile>,
    }
    toml::from_str::<File>(include_str!("profiles.toml")).expect("profiles.toml is well formed").profile
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_has_a_profile_with_a_source() {
        for method in Method::ALL {
            let profile = method.profile();
            assert!(profile.minimum_bids > 0 && !profile.source.is_empty());
            assert_eq!(Method::from_code(method.code()), Some(method));
            assert!((0..=60).contains(&profile.upload_grace_minutes));
            let by_law = matches!(method, Method::Open | Method::Invited);
            assert!(!by_law || profile.upload_grace_minutes == 0, "招标投标法 art. 34");
            assert!(profile.standstill_days >= 3 && profile.candidates_most <= 3, "招标投标法实施条例 art. 54");
        }
    }

    #[test]
    fn days_are_counted_from_the_next_one_and_end_with_the_last() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let of = |text: &str| days_after(text.parse().unwrap(), 3, &zone).to_string();
        assert_eq!(of("2026-11-23T01:00:00Z"), "2026-11-26T16:00:00Z", "Monday morning, until Thursday midnight");
        assert_eq!(of("2026-11-23T15:59:59Z"), "2026-11-26T16:00:00Z");
        assert_eq!(of("2026-11-23T16:00:00Z"), "2026-11-27T16:00:00Z", "already Tuesday");
        assert_eq!(of("2026-11-26T01:00:00Z"), "2026-11-30T16:00:00Z", "a Sunday moves to Monday");
        assert_eq!(of("2026-09-29T01:00:00Z"), "2026-10-08T16:00:00Z", "a holiday moves to the end of all of them");
    }
}
