//! A release as a notice. What a notice cannot do without must be right; what else cannot be read leaves a remark behind.

use super::super::json::Node;
use super::content;
use super::personal;
use super::spread::Package;
use super::{Flaw, Rule};
use crate::reach::notice::source::category;
use crate::reach::notice::source::deadline::BEIJING;
use crate::reach::notice::{Budget, Moment, Notice, Origin, Precision, Tax};
use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use kit::id::Id;

/// Characters of an id or name, of a title, and of a text.
const LONGEST_WORD: usize = 500;
const LONGEST_TITLE: usize = 500;
const LONGEST_TEXT: usize = 50_000;

/// A notice out of a release.
pub struct Found {
    /// The notice.
    pub notice: Notice,
    /// What could not be read, and why; the rest of it stands.
    pub remarks: Vec<Flaw>,
    /// How many personal things were dropped.
    pub personal: usize,
}

/// Reads a release.
///
/// # Errors
/// The first flaw in what a notice cannot do without: ocid, id, date, a title.
pub fn notice(release: &Node, package: &Package) -> Result<Found, Flaw> {
    let mut release = release.clone();
    let personal = personal::drop_from(&mut release);
    let mut reading = Reading { release: &release, remarks: Vec::new() };
    let ocid = reading.required("ocid")?;
    let tags = content::tags(&release);
    let published = reading.published(package)?;
    // A compiled release of some publishers has no id of its own.
    let id = match reading.required("id") {
        Err(flaw) if flaw.rule == Rule::Missing && tags.iter().any(|tag| tag == "compiled") => published.at.to_string(),
        id => id?,
    };
    let title = reading.title()?;
    let text = reading.cut("tender/description", content::told(&release), LONGEST_TEXT);
    let awarded = content::awarded(&release);
    let winner = reading.cut("awards", awarded.winners.join("；"), LONGEST_TEXT);
    let address = content::address(&release).or_else(|| package.uri.clone());
    // One text for both, so that what is one row for the database has one id.
    let source_id = format!("{ocid} {id}");
    let name = format!("ocds\n{source_id}");
    let origin = Origin::External {
        source: source(package, &ocid),
        source_id,
        url: address.filter(|address| content::is_address(address)),
        fingerprint: fingerprint(&release),
    };
    let notice = Notice {
        buyer: content::buyer(&release).map(|name| reading.cut("buyer", name, LONGEST_WORD)),
        project_no: Some(reading.cut("tender/id", content::number(&release).unwrap_or(ocid), LONGEST_WORD)),
        category: category::classify(&title, &text),
        budget: reading.budget(),
        budget_words: content::sum(release.at("tender/value")),
        deadline: reading.deadline(),
        deadline_words: release.at("tender/tenderPeriod/endDate").and_then(Node::text).map(clean),
        qualification: release
            .at("tender/eligibilityCriteria")
            .and_then(Node::text)
            .map(clean)
            .filter(|text| !text.is_empty()),
        content: Some(text).filter(|text| !text.is_empty()),
        winner: Some(winner).filter(|names| !names.is_empty()),
        award: awarded.fen,
        published,
        ..Notice::own(
            Id::named(name.as_bytes()),
            content::kind(&release, &tags),
            &tags.join(", "),
            &title,
            published.at,
            origin,
        )
    };
    Ok(Found { notice, remarks: reading.remarks, personal })
}

/// Who is named as the source: the publisher, or the prefix of the ocid, which is the publisher's own.
fn source(package: &Package, ocid: &str) -> String {
    let prefix = || ocid.splitn(3, '-').take(2).collect::<Vec<_>>().join("-");
    let name = package.publisher.as_deref().map(|name| clean(name.to_owned())).filter(|name| !name.is_empty());
    name.map_or_else(prefix, |name| name.chars().take(LONGEST_WORD).collect())
}

/// Over what the release says, without what was personal in it.
fn fingerprint(release: &Node) -> [u8; 32] {
    let text = serde_json::to_vec(release).unwrap_or_default();
    digest(&SHA256, &text).as_ref().try_into().expect("SHA-256 has 32 bytes")
}

/// One line, without U+0000, which no database takes.
pub fn clean(text: String) -> String {
    text.replace('\0', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Reading<'a> {
    release: &'a Node,
    remarks: Vec<Flaw>,
}

impl Reading<'_> {
    fn required(&self, field: &'static str) -> Result<String, Flaw> {
        let value = self.release.get(field).ok_or(Flaw { field, rule: Rule::Missing })?;
        let text = value.text().or_else(|| value.number().map(str::to_owned));
        let text = text.filter(|text| !text.contains('\0')).ok_or(Flaw { field, rule: Rule::Text })?;
        let text = text.trim().to_owned();
        let rule = match text.chars().count() {
            0 => Rule::Missing,
            1..=LONGEST_WORD => return Ok(text),
            _ => Rule::TooLong,
        };
        Err(Flaw { field, rule })
    }

    fn title(&mut self) -> Result<String, Flaw> {
        let found = content::title(self.release).ok_or(Flaw { field: "tender/title", rule: Rule::Missing })?;
        Ok(self.cut("tender/title", found, LONGEST_TITLE))
    }

    /// The text, or its beginning with a remark.
    fn cut(&mut self, field: &'static str, text: String, longest: usize) -> String {
        match text.char_indices().nth(longest) {
            None => text,
            Some((end, _)) => {
                self.remarks.push(Flaw { field, rule: Rule::TooLong });
                text[..end].to_owned()
            }
        }
    }

    /// The release's date, or the package's.
    fn published(&mut self, package: &Package) -> Result<Moment, Flaw> {
        let own = self.release.get("date").and_then(Node::text).filter(|text| !text.trim().is_empty());
        let (moment, is_own) = match own.as_deref().and_then(|text| moment(text, (0, 0, 0))) {
            Some(read) => (Some(read), true),
            None => (package.published.as_deref().and_then(|text| moment(text, (0, 0, 0))), false),
        };
        let rule = if own.is_some() { Rule::Date } else { Rule::Missing };
        let (moment, is_exact) = moment.ok_or(Flaw { field: "date", rule })?;
        if !is_own || !is_exact {
            self.remarks.push(Flaw { field: "date", rule });
        }
        Ok(moment)
    }

    fn deadline(&mut self) -> Option<Moment> {
        let text = self.release.at("tender/tenderPeriod/endDate")?.text().filter(|text| !text.trim().is_empty())?;
        let read = moment(&text, (23, 59, 59));
        if !read.is_some_and(|(_, is_exact)| is_exact) {
            self.remarks.push(Flaw { field: "tender/tenderPeriod/endDate", rule: Rule::Date });
        }
        read.map(|(moment, _)| moment)
    }

    /// The budget, where it is of a currency that notices know; its words stand beside it.
    fn budget(&mut self) -> Option<Budget> {
        let value = self.release.at("tender/value")?;
        let amount = value.get("amount")?;
        let minor = amount.number().and_then(content::minor).filter(|minor| *minor >= 0);
        if minor.is_none() {
            self.remarks.push(Flaw { field: "tender/value/amount", rule: Rule::Amount });
        }
        let currency = value.get("currency")?.text()?;
        let currency = Budget::CURRENCIES.into_iter().find(|known| *known == currency)?;
        // Publishers write 0 for what they do not know.
        let minor = minor.filter(|minor| *minor > 0)?;
        Some(Budget { minor, currency, tax: Tax::Unstated, range: false })
    }
}

/// A time by RFC 3339, or the day alone of one without a zone, which would be a guess; and whether it was whole.
fn moment(text: &str, otherwise: (i8, i8, i8)) -> Option<(Moment, bool)> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some((Moment { at, precision: Precision::Time, range: false }, true));
    }
    let date = text
        .parse::<DateTime>()
        .map(DateTime::date)
        .or_else(|_| text.get(..10).unwrap_or(text).parse::<Date>())
        .ok()?;
    let (hour, minute, second) = otherwise;
    let at = BEIJING.to_timestamp(date.at(hour, minute, second, 0)).ok()?;
    Some((Moment { at, precision: Precision::DateOnly, range: false }, text.len() == 10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reach::notice::Kind;
    use serde_json::{Value, json};

    fn read(change: impl FnOnce(&mut Value)) -> Result<Found, Flaw> {
        let mut release = json!({
            "ocid": "ocds-b5fd17-1", "id": "r-1", "date": "2026-11-20T09:00:00+08:00", "tag": ["tender"],
            "buyer": {"name": "Met Office"}, "parties": [{"name": "Met Office", "contactPoint": {"email": "a@b.example"}}],
            "tender": {"id": "T-1", "title": " A  ship ", "description": "For  the sea", "value": {"amount": 1000.005, "currency": "USD"},
                "tenderPeriod": {"endDate": "2026-12-01T00:00:00Z"}},
        });
        change(&mut release);
        let node = Node::read(&release.to_string()).expect("JSON");
        notice(&node, &Package { publisher: Some("P".to_owned()), ..Package::default() })
    }

    #[test]
    fn a_release_becomes_a_notice() {
        let found = read(|_| {}).unwrap_or_else(|flaw| panic!("{flaw:?}"));
        let notice = &found.notice;
        assert_eq!((notice.title.as_str(), notice.kind, found.personal), ("A ship", Kind::Tender, 1));
        assert_eq!((notice.buyer.as_deref(), notice.project_no.as_deref()), (Some("Met Office"), Some("T-1")));
        assert_eq!(notice.budget.map(|budget| (budget.minor, budget.currency)), Some((100_001, "USD")));
        assert_eq!(notice.deadline.map(|deadline| deadline.at.to_string()).as_deref(), Some("2026-12-01T00:00:00Z"));
        assert_eq!(notice.id.to_string(), "c9323546-a964-8561-84e2-2c530c928778", "the same for ever");
    }

    #[test]
    fn what_a_notice_cannot_do_without_is_demanded() {
        let flaw = |change: &dyn Fn(&mut Value)| {
            let flaw = read(change).map(|_| ()).expect_err("no notice");
            (flaw.field, flaw.rule)
        };
        for field in ["ocid", "id"] {
            assert_eq!(flaw(&|release| release[field] = json!(" ")), (field, Rule::Missing));
            assert_eq!(flaw(&|release| release[field] = json!({})), (field, Rule::Text));
            assert_eq!(flaw(&|release| release[field] = json!("a\0b")), (field, Rule::Text));
            assert_eq!(flaw(&|release| release[field] = json!("x".repeat(501))), (field, Rule::TooLong));
        }
        assert_eq!(flaw(&|release| release["date"] = json!(null)), ("date", Rule::Missing));
        assert_eq!(flaw(&|release| release["date"] = json!("soon")), ("date", Rule::Date));
        assert_eq!(flaw(&|release| release["tender"] = json!(7)), ("tender/title", Rule::Missing));
    }

    #[test]
    fn what_else_cannot_be_read_leaves_a_remark() {
        let found = read(|release| {
            release["date"] = json!("2026-11-20T09:00:00");
            release["tender"]["value"]["amount"] = json!("much");
            release["tender"]["title"] = json!("x".repeat(501));
            release["tender"]["tenderPeriod"]["endDate"] = json!("2026-12-01T09:00:00");
        });
        let found = found.unwrap_or_else(|flaw| panic!("{flaw:?}"));
        let mut fields: Vec<_> = found.remarks.iter().map(|flaw| flaw.field).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["date", "tender/tenderPeriod/endDate", "tender/title", "tender/value/amount"]);
        let deadline = found.notice.deadline.expect("the day");
        assert_eq!(
            (deadline.precision, deadline.at.to_string().as_str()),
            (Precision::DateOnly, "2026-12-01T15:59:59Z")
        );
    }

    proptest::proptest! {
        #[test]
        fn no_release_upsets_it(text in "\\PC{0,40}") {
            let _ = read(|release| {
                release["date"] = json!(text);
                release["tag"] = json!(text);
                release["awards"] = json!([text, {"title": text, "value": text, "suppliers": [text]}]);
                release["tender"]["items"] = json!([{"description": text, "unit": text}]);
            });
        }
    }
}
