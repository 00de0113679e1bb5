//! A provider's document library in the demo: papers without an end, one that was renewed, one that ends soon, one that has ended.

use super::client::{Answer, Failed, text};
use super::person::Person;
use super::trade::Ids;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A document as its company has it.
#[derive(Clone, Copy)]
pub(super) struct Paper {
    pub kind: &'static str,
    pub name: &'static str,
    pub number: &'static str,
    pub issuer: &'static str,
    /// Its last day, so many days from now; none where it has no end.
    pub days: Option<i64>,
}

impl Paper {
    /// The last day as a form has it.
    fn ends_on(&self, now: Timestamp) -> String {
        let at = self.days.map(|days| now + SignedDuration::from_hours(24 * days));
        at.map(|at| at.to_zoned_datetime(TimeZone::UTC).date().to_string()).unwrap_or_default()
    }

    fn file(&self) -> (&'static str, &'static str, Vec<u8>) {
        let text = format!("{}\n{}\n{}\n\n示例文件，不是任何人的证书。\n", self.name, self.number, self.issuer);
        ("file", "资料扫描件.txt", text.into_bytes())
    }
}

/// A certificate that a tender asks for.
pub(super) const QUALITY: Paper = Paper {
    kind: "certificate",
    name: "质量管理体系认证证书",
    number: "示-Q-2099001",
    issuer: "示范认证中心",
    days: Some(18),
};

/// The same after it was renewed.
pub(super) const RENEWED: Paper = Paper { number: "示-Q-2099001-2", days: Some(1100), ..QUALITY };

/// What a provider keeps beside it.
const OTHERS: [Paper; 4] = [
    Paper { kind: "licence", name: "营业执照", number: "91320508MA2TH3BJ3K", issuer: "", days: None },
    Paper {
        kind: "certificate",
        name: "信息安全管理体系认证证书",
        number: "示-IS-2099007",
        issuer: "示范认证中心",
        days: Some(20),
    },
    Paper {
        kind: "reference",
        name: "某食品集团能耗监测平台合同与验收单",
        number: "HT-2024-016",
        issuer: "",
        days: None,
    },
    Paper {
        kind: "financial",
        name: "上年度财务审计报告",
        number: "示审字第 12 号",
        issuer: "示范会计师事务所",
        days: Some(-3),
    },
];

/// Keeps all of it. `now`: when the story ends, by which one has ended and another ends soon.
pub(super) async fn fill(provider: &Person, now: Timestamp, ids: &Ids<'_>) -> Result<(), Failed> {
    for paper in &OTHERS {
        provider.keep(paper, now, ids).await?.ok()?;
    }
    let kept = provider.keep(&QUALITY, now, ids).await?.ok()?;
    provider.renew(&text(&kept, "/id")?, &RENEWED, now, ids).await?.ok()?;
    Ok(())
}

impl Person {
    /// Keeps a document in the company's library.
    pub async fn keep(&self, paper: &Paper, now: Timestamp, ids: &Ids<'_>) -> Result<Answer, Failed> {
        let (id, ends_on) = (ids.next(), paper.ends_on(now));
        let fields = [
            ("id", id.as_str()),
            ("kind", paper.kind),
            ("name", paper.name),
            ("number", paper.number),
            ("issuer", paper.issuer),
            ("ends_on", &ends_on),
        ];
        self.client.upload("/company/library", &fields, paper.file()).await
    }

    /// Puts the second edition of a document in its place.
    pub async fn renew(&self, document: &str, paper: &Paper, now: Timestamp, ids: &Ids<'_>) -> Result<Answer, Failed> {
        let (id, ends_on) = (ids.next(), paper.ends_on(now));
        let fields = [
            ("id", id.as_str()),
            ("version", "1"),
            ("name", paper.name),
            ("number", paper.number),
            ("issuer", paper.issuer),
            ("ends_on", &ends_on),
        ];
        self.client.upload(&format!("/company/library/{document}/editions"), &fields, paper.file()).await
    }

    /// What the library has of this name, as a bid takes it.
    pub async fn kept(&self, name: &str) -> Result<String, Failed> {
        let library = self.client.get("/company/library").await?.ok()?;
        let mut documents = library["documents"].as_array().into_iter().flatten();
        let one = documents.find(|one| one["name"] == name).ok_or_else(|| Failed::because(format!("no {name}")))?;
        text(one, "/file")
    }
}
