//! One line of a collection as a notice.

use super::category;
use super::category::Category;
use super::deadline::Moment;
use super::fields::Fields;
use super::kind::{self, Kind};
use super::money::Budget;
use crate::reach::region::Region;
use notices::{Field, Texts};
use serde_json::Value;

/// Bytes of a line, characters of a title.
const LONGEST_LINE: usize = 1 << 20;
const LONGEST_TITLE: usize = 500;

/// A notice as its source gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceNotice {
    /// Who published it: the name of the site, or its host.
    pub source: String,
    /// Its id there; with `source` unique.
    pub source_id: String,
    /// Its address there: http or https.
    pub url: String,
    /// Its title.
    pub title: String,
    /// What kind of notice it is.
    pub kind: Kind,
    /// The source's own word for its kind; empty if it has none.
    pub own_word: String,
    /// When it was published.
    pub published: Moment,
    /// Who buys.
    pub buyer: Option<String>,
    /// Who acts for the buyer.
    pub agent: Option<String>,
    /// The buyer's number of the project.
    pub project_no: Option<String>,
    /// Where.
    pub region: Option<&'static Region>,
    /// What for.
    pub category: &'static Category,
    /// What is bought.
    pub content: Option<String>,
    /// What is asked of those who take part.
    pub qualification: Option<String>,
    /// What they must have done before.
    pub performance: Option<String>,
    /// What it may cost.
    pub budget: Option<Budget>,
    /// Whether a program read it in the texts, the line having no field for it.
    pub budget_read: bool,
    /// The words of the budget.
    pub budget_words: Option<String>,
    /// Until when bids are taken. It may lie before the publication: sources make mistakes, and readers are told.
    pub deadline: Option<Moment>,
    /// Whether a program read it in the texts, the line having no field for it.
    pub deadline_read: bool,
    /// The words of the deadline: of the field, or of the page around it where a program read it there.
    pub deadline_words: Option<String>,
    /// From when and until when documents are handed out.
    pub sale: Option<(Option<Moment>, Moment)>,
    /// The words of these times.
    pub sale_words: Option<String>,
    /// Who won.
    pub winner: Option<String>,
    /// What could not be read, and why; the rest of the notice stands.
    pub remarks: Vec<Flaw>,
    /// How many fields the line has that nobody reads.
    pub unknown_fields: usize,
    /// SHA-256 over what the source says of the notice itself, without the collector's remarks.
    pub fingerprint: [u8; 32],
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flaw {
    /// The field, as the line calls it; empty for the line as a whole.
    pub field: &'static str,
    /// The rule that it breaks.
    pub rule: Rule,
}

/// The rules of a line. Texts of rule and way out: `import-rule-CODE`, `import-way-CODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// A line is a JSON object of at most 1 MiB.
    Object,
    /// The field must be there and not empty.
    Missing,
    /// The field is a text.
    Text,
    /// The text is too long.
    TooLong,
    /// The text contains U+0000.
    Nul,
    /// The address begins with http:// or https:// and names a host.
    Address,
    /// The date reads like 2026-08-21.
    Date,
    /// The sum is one amount, or a range, with its unit.
    Sum,
    /// The time reads like 2026-08-21 09:30.
    Time,
    /// The region is a province, city or area of China.
    Region,
}

impl Rule {
    /// All rules.
    pub const ALL: [Rule; 10] = [
        Rule::Object,
        Rule::Missing,
        Rule::Text,
        Rule::TooLong,
        Rule::Nul,
        Rule::Address,
        Rule::Date,
        Rule::Sum,
        Rule::Time,
        Rule::Region,
    ];

    /// Its stable code.
    pub fn code(self) -> &'static str {
        match self {
            Rule::Object => "object",
            Rule::Missing => "missing",
            Rule::Text => "text",
            Rule::TooLong => "too-long",
            Rule::Nul => "nul",
            Rule::Address => "address",
            Rule::Date => "date",
            Rule::Sum => "sum",
            Rule::Time => "time",
            Rule::Region => "region",
        }
    }
}

/// Reads one line.
///
/// # Errors
/// The first flaw in what a notice cannot do without: id, title, url, date.
pub fn read(line: &str) -> Result<SourceNotice, Flaw> {
    let whole = Flaw { field: "", rule: Rule::Object };
    let parsed = if line.len() > LONGEST_LINE { None } else { serde_json::from_str(line).ok() };
    let Some(Value::Object(fields)) = parsed else { return Err(whole) };
    let mut fields = Fields::of(fields);
    let source_id = fields.id()?;
    let title = fields.title(LONGEST_TITLE)?;
    let url = fields.address()?;
    let published = fields.published(&url)?;
    let (source, own_word) = (fields.source(&url), fields.own_word());
    let content = fields.prose("purchaseContent");
    let region = fields.region(&title);
    let notice = SourceNotice {
        kind: kind::decide(&title, url.as_str(), &own_word),
        category: category::classify(&title, content.as_deref().unwrap_or_default()),
        buyer: fields.word("agency").or_else(|| fields.word("operator")),
        agent: fields.word("agent"),
        project_no: fields.word("projectNo").or_else(|| fields.word("bidNo")),
        qualification: fields.prose("qualification"),
        performance: fields.prose("performance"),
        budget_words: fields.sum_words(),
        budget: fields.budget(),
        budget_read: false,
        deadline_read: false,
        deadline_words: fields.word("deadline"),
        deadline: fields.deadline(),
        sale_words: fields.word("saleTime"),
        sale: fields.sale(),
        winner: fields.word("winner"),
        unknown_fields: fields.unknown(),
        fingerprint: fields.fingerprint(),
        remarks: std::mem::take(&mut fields.remarks),
        url: url.into(),
        source,
        source_id,
        title,
        own_word,
        published,
        region,
        content,
    };
    Ok(notice.completed(fields.prose("deadlineEvidence")))
}

impl SourceNotice {
    /// With what its texts say where the line has no field for it. A field that could not be read stays unread: another
    /// place of the page is no better witness.
    fn completed(mut self, evidence: Option<String>) -> SourceNotice {
        let evidence = evidence.filter(|_| self.deadline_words.is_none());
        let reading = notices::read(&Texts { evidence: evidence.as_deref().unwrap_or_default(), ..self.texts() });
        if let Some(found) = reading.budgets.first().filter(|_| self.budget_words.is_none()) {
            (self.budget, self.budget_read) = (Some(found.value), true);
        }
        if let Some(found) = reading.deadline.filter(|_| self.deadline_words.is_none()) {
            (self.deadline, self.deadline_read) = (Some(found.value), true);
            self.deadline_words = evidence.filter(|_| found.spot.field == Field::Evidence);
        }
        self
    }

    fn texts(&self) -> Texts<'_> {
        Texts {
            title: &self.title,
            content: self.content.as_deref().unwrap_or_default(),
            qualification: self.qualification.as_deref().unwrap_or_default(),
            performance: self.performance.as_deref().unwrap_or_default(),
            evidence: "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::LONGEST_WORD;
    use super::*;
    use serde_json::json;

    fn line(change: impl FnOnce(&mut Value)) -> String {
        let mut line = json!({
            "id": "lanhe-1107", "operator": "岚河通信", "sourceName": "岚河采购网", "region": "江西",
            "title": "岚河通信赣江分公司2026年云平台设备维保服务采购项目（第二次）招标公告",
            "date": "2026-11-22", "createDate": "2026-11-22 09:20:05", "category": "招标公告", "noticeType": "招标公告",
            "projectNo": "LHZB-2026-1107", "purchaseContent": "： 本项目拟采购 云平台维保", "budget": "835.4万元",
            "saleTime": "2026年11月22日00时00分至2026年11月29日23时59分", "deadline": "2026年12月07日09时30分",
            "qualification": "独立法人", "performance": null, "url": "https://lanhe.example/notice?id=1107",
        });
        change(&mut line);
        line.to_string()
    }

    fn flaw(change: impl FnOnce(&mut Value)) -> (&'static str, Rule) {
        let flaw = read(&line(change)).expect_err("no notice");
        (flaw.field, flaw.rule)
    }

    #[test]
    fn a_line_becomes_a_notice() {
        let notice = read(&line(|_| {})).expect("a notice");
        assert_eq!((notice.source.as_str(), notice.source_id.as_str()), ("岚河采购网", "lanhe-1107"));
        assert_eq!((notice.kind, notice.own_word.as_str()), (Kind::Tender, "招标公告"));
        assert_eq!(notice.published.at.to_string(), "2026-11-22T01:20:05Z");
        assert_eq!(notice.budget.map(|budget| budget.minor), Some(835_400_000));
        assert_eq!(notice.deadline.map(|deadline| deadline.at.to_string()).as_deref(), Some("2026-12-07T01:30:00Z"));
        assert_eq!(notice.region.map(|region| region.code), Some("36"));
        assert_eq!(notice.content.as_deref(), Some("本项目拟采购云平台维保"));
        assert_eq!((notice.performance, notice.unknown_fields, notice.remarks.len()), (None, 0, 0));
    }

    #[test]
    fn the_fingerprint_is_of_the_notice_and_not_of_its_collector() {
        let print = |line: &str| read(line).expect("a notice").fingerprint;
        let same = line(|line| {
            line["deadlineStatus"] = json!("recognized");
            line["surprise"] = json!(1);
        });
        assert_eq!(print(&line(|_| {})), print(&same));
        assert_ne!(print(&line(|_| {})), print(&line(|line| line["budget"] = json!("835.5万元"))));
        assert_ne!(print(&line(|_| {})), print(&line(|line| line["performance"] = json!("三个项目"))));
    }

    #[test]
    fn what_a_notice_cannot_do_without_is_demanded() {
        for field in ["id", "title", "url", "date"] {
            assert_eq!(flaw(|line| line[field] = json!(" ")), (field, Rule::Missing));
            assert_eq!(flaw(|line| line[field] = json!(null)), (field, Rule::Missing));
            assert_eq!(flaw(|line| line[field] = json!(7)), (field, Rule::Text));
            assert_eq!(flaw(|line| line[field] = json!("a\0b")), (field, Rule::Nul));
            assert_eq!(flaw(|line| line[field] = json!("长".repeat(LONGEST_WORD + 1))), (field, Rule::TooLong));
        }
        assert_eq!(flaw(|line| line["date"] = json!("22. Nov")), ("date", Rule::Date));
        for url in ["javascript:alert(1)", "ftp://a.example/", "lanhe.example", "https://", "https://a:b@c.example/"] {
            assert_eq!(flaw(|line| line["url"] = json!(url)), ("url", Rule::Address), "{url}");
        }
        for text in ["", "[]", "7", "{", "{\"id\":1}}", "null"] {
            assert_eq!(read(text).expect_err("no notice").rule, Rule::Object, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_leaves_a_remark_and_its_words() {
        let notice = read(&line(|line| {
            line["budget"] = json!("149267.89407499.83元");
            line["deadline"] = json!("另行通知");
            line["qualification"] = json!(["a"]);
            line["region"] = json!("亚特兰蒂斯");
            line["surprise"] = json!(1);
        }))
        .expect("a notice all the same");
        let mut remarks: Vec<_> = notice.remarks.iter().map(|flaw| (flaw.field, flaw.rule)).collect();
        remarks.sort_unstable();
        assert_eq!(
            remarks,
            [("budget", Rule::Sum), ("deadline", Rule::Time), ("qualification", Rule::Text), ("region", Rule::Region)]
        );
        assert_eq!(notice.budget_words.as_deref(), Some("149267.89407499.83元"));
        assert_eq!((notice.deadline, notice.deadline_words.as_deref()), (None, Some("另行通知")));
        assert_eq!(notice.unknown_fields, 1);
    }

    #[test]
    fn texts_are_asked_where_a_line_has_no_field() {
        let without = |words: &str| {
            let line = line(|line| {
                (line["budget"], line["deadline"]) = (Value::Null, Value::Null);
                line["purchaseContent"] = json!(words);
                line["deadlineEvidence"] = json!("递交 5.1 投标截止时间为： 2026 年 12 月 7 日 9 时 0 0分 5.2");
            });
            read(&line).expect("a notice")
        };
        let notice = without("采购云平台维保，预算 30 万元（不含税）。");
        assert_eq!((notice.budget.map(|budget| budget.minor), notice.budget_read), (Some(30_000_000), true));
        assert_eq!(notice.deadline.map(|due| due.at.to_string()).as_deref(), Some("2026-12-07T01:00:00Z"));
        assert!(notice.deadline_read && notice.deadline_words.is_some_and(|words| words.contains("投标截止时间")));
        let notice = without("预算30万元；其余预算10万元。投标截止时间：2026年12月8日9时。");
        assert_eq!(
            (notice.budget, notice.budget_read, notice.deadline, notice.deadline_words),
            (None, false, None, None)
        );
        let unread = line(|line| {
            line["budget"] = json!("面议");
            line["purchaseContent"] = json!("预算30万元。");
        });
        assert_eq!(read(&unread).expect("a notice").budget, None, "its own field says something else");
    }

    #[test]
    fn the_government_site_is_read_with_care() {
        let line = json!({
            "id": "WT-1", "title": "侯马市教育体育局体育馆信息化升级项目废标公告", "phase": "招标公告", "province": "北京",
            "url": "http://www.ccgp.gov.cn/cggg/dfgg/fblbgg/202605/t20260525_26623590.htm", "budget": 105.5,
            "agency": "侯马市教育体育局", "agent": "某项目管理公司", "date": "2026-02-42", "isIT": true, "winner": null,
        });
        let notice = read(&line.to_string()).expect("a notice");
        assert_eq!((notice.source.as_str(), notice.kind), ("中国政府采购网", Kind::Result));
        assert_eq!(notice.budget.map(|budget| budget.minor), Some(105_500_000));
        assert_eq!(notice.budget_words.as_deref(), Some("105.5万元"));
        assert_eq!(notice.published.at.to_string(), "2026-05-24T16:00:00Z", "the address has the true date");
        assert_eq!(notice.remarks, [Flaw { field: "date", rule: Rule::Date }]);
        assert_eq!(notice.region.map(|region| region.code), Some("14"), "侯马 lies in Shanxi");
        assert_eq!(notice.buyer.as_deref(), Some("侯马市教育体育局"));
    }

    proptest::proptest! {
        #[test]
        fn no_line_upsets_it(text in "\\PC{0,80}") {
            let _ = read(&text);
            let _ = read(&line(|line| { line["budget"] = json!(text); line["deadline"] = json!(text); }));
        }
    }
}
