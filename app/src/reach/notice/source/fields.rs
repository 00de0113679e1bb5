//! The fields of a line, each by its own rule.

use super::deadline::{self, BEIJING, Moment, Precision};
use super::line::{Flaw, Rule};
use super::money::{self, BareFigure, Budget};
use super::text;
use crate::reach::region::{self, Region};
use aws_lc_rs::digest::{Context, SHA256};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};
use url::Url;

/// Characters of an id, address or name, and of a longer text.
pub(super) const LONGEST_WORD: usize = 2_000;
const LONGEST_TEXT: usize = 50_000;

/// The government procurement site, whose collections name no source.
const CCGP: (&str, &str) = ("ccgp.gov.cn", "中国政府采购网");

/// Fields that say something of the notice.
const READ: [&str; 23] = [
    "id",
    "operator",
    "sourceName",
    "title",
    "region",
    "date",
    "createDate",
    "category",
    "noticeType",
    "projectNo",
    "bidNo",
    "purchaseContent",
    "budget",
    "saleTime",
    "qualification",
    "performance",
    "deadline",
    "url",
    "province",
    "phase",
    "agency",
    "agent",
    "winner",
];

/// What the collector made of it, which may be made anew any day.
const PASSED_OVER: [&str; 7] =
    ["deadlineStatus", "deadlineEvidence", "deadlineSource", "industry", "itType", "isIT", "isMinistry"];

/// The fields of a line, read one by one, and what could not be read so far.
pub(super) struct Fields {
    fields: Map<String, Value>,
    pub remarks: Vec<Flaw>,
}

impl Fields {
    pub fn of(fields: Map<String, Value>) -> Fields {
        Fields { fields, remarks: Vec::new() }
    }

    pub fn id(&self) -> Result<String, Flaw> {
        self.required("id", LONGEST_WORD)
    }

    pub fn title(&self, longest: usize) -> Result<String, Flaw> {
        self.required("title", longest)
    }

    fn required(&self, field: &'static str, longest: usize) -> Result<String, Flaw> {
        let found = self.text(field, longest)?.map(|found| text::line(&found)).filter(|found| !found.is_empty());
        found.ok_or(Flaw { field, rule: Rule::Missing })
    }

    pub fn address(&self) -> Result<Url, Flaw> {
        let words = self.required("url", LONGEST_WORD)?;
        let url = Url::parse(&words).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let whole = |url: &Url| url.host_str().is_some() && url.username().is_empty() && url.password().is_none();
        url.filter(whole).ok_or(Flaw { field: "url", rule: Rule::Address })
    }

    /// The hour comes from `createDate` where that agrees. Dates of collections of the government procurement site are
    /// often wrong; the addresses of its pages carry the true ones.
    pub fn published(&mut self, url: &Url) -> Result<Moment, Flaw> {
        let stated = deadline::date(&self.required("date", LONGEST_WORD)?);
        let unread = Flaw { field: "date", rule: Rule::Date };
        if let Some(date) = date_in_address(url) {
            self.remarks.extend(stated.is_none().then_some(unread));
            return Ok(midnight(date));
        }
        let date = stated.ok_or(unread)?;
        let hour = self.word("createDate").and_then(|words| deadline::parse(&words));
        let same_day =
            |moment: &Moment| moment.precision == Precision::Time && BEIJING.to_datetime(moment.at).date() == date;
        Ok(hour.filter(same_day).unwrap_or_else(|| midnight(date)))
    }

    pub fn source(&mut self, url: &Url) -> String {
        let host = url.host_str().unwrap_or_default();
        let site = if host.ends_with(CCGP.0) { CCGP.1 } else { host };
        self.word("sourceName").unwrap_or_else(|| site.to_owned())
    }

    /// Numbers are the source's keys and no words.
    pub fn own_word(&mut self) -> String {
        let mut words = ["category", "noticeType", "phase"].into_iter().filter_map(|field| self.word(field));
        words.find(|word| !word.chars().all(|sign| sign.is_ascii_digit())).unwrap_or_default()
    }

    /// A place that the title names outweighs the province that a collection of the government procurement site gives,
    /// which is often the buyer's agent's or none.
    pub fn region(&mut self, title: &str) -> Option<&'static Region> {
        if let Some(words) = self.word("region") {
            let region = region::by_name(&words);
            if region.is_none() {
                self.remarks.push(Flaw { field: "region", rule: Rule::Region });
            }
            return region;
        }
        let stated = self.word("province").and_then(|words| region::by_name(&words));
        region::mentioned(title).map(Region::province).or(stated)
    }

    pub fn prose(&mut self, field: &'static str) -> Option<String> {
        let words = self.optional(field, LONGEST_TEXT)?;
        Some(text::prose(&words)).filter(|words| !words.is_empty())
    }

    pub fn word(&mut self, field: &'static str) -> Option<String> {
        let words = self.optional(field, LONGEST_WORD)?;
        Some(text::line(&words)).filter(|words| !words.is_empty())
    }

    pub fn sum_words(&mut self) -> Option<String> {
        match self.fields.get("budget") {
            Some(Value::Number(figure)) => Some(format!("{figure}万元")),
            _ => self.word("budget"),
        }
    }

    /// Bare figures of the government procurement collection are 万元; elsewhere a sum has its unit.
    pub fn budget(&mut self) -> Option<Budget> {
        let words = self.sum_words()?;
        let bare = if self.fields.contains_key("phase") { BareFigure::TenThousands } else { BareFigure::Unknown };
        let budget = money::parse(&words, bare);
        self.remark(budget, "budget", Rule::Sum)
    }

    pub fn deadline(&mut self) -> Option<Moment> {
        let words = self.word("deadline")?;
        self.remark(deadline::parse(&words), "deadline", Rule::Time)
    }

    pub fn sale(&mut self) -> Option<(Option<Moment>, Moment)> {
        let words = self.word("saleTime")?;
        self.remark(deadline::span(&words), "saleTime", Rule::Time)
    }

    pub fn unknown(&self) -> usize {
        let known = |key: &str| READ.contains(&key) || PASSED_OVER.contains(&key);
        self.fields.keys().filter(|key| !known(key)).count()
    }

    pub fn fingerprint(&self) -> [u8; 32] {
        let mut context = Context::new(&SHA256);
        for (field, value) in READ.iter().filter_map(|field| Some((field, self.fields.get(*field)?))) {
            if !value.is_null() {
                context.update(format!("{field}\n{value}\n").as_bytes());
            }
        }
        context.finish().as_ref().try_into().expect("SHA-256 has 32 bytes")
    }

    fn remark<T>(&mut self, found: Option<T>, field: &'static str, rule: Rule) -> Option<T> {
        if found.is_none() {
            self.remarks.push(Flaw { field, rule });
        }
        found
    }

    fn optional(&mut self, field: &'static str, longest: usize) -> Option<String> {
        self.text(field, longest).unwrap_or_else(|flaw| {
            if !self.remarks.contains(&flaw) {
                self.remarks.push(flaw);
            }
            None
        })
    }

    fn text(&self, field: &'static str, longest: usize) -> Result<Option<String>, Flaw> {
        match self.fields.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.contains('\0') => Err(Flaw { field, rule: Rule::Nul }),
            Some(Value::String(text)) if text.chars().count() > longest => Err(Flaw { field, rule: Rule::TooLong }),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Flaw { field, rule: Rule::Text }),
        }
    }
}

/// …/202605/t20260525_26623590.htm
fn date_in_address(url: &Url) -> Option<Date> {
    if !url.host_str()?.ends_with(CCGP.0) {
        return None;
    }
    let digits = url.path_segments()?.next_back()?.strip_prefix('t')?.get(..8)?;
    let part = |from: usize, to: usize| digits.get(from..to);
    deadline::date(&format!("{}-{}-{}", part(0, 4)?, part(4, 6)?, part(6, 8)?))
}

fn midnight(date: Date) -> Moment {
    let at = BEIJING.to_timestamp(date.at(0, 0, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH);
    Moment { at, precision: Precision::DateOnly, range: false }
}
