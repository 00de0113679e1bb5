//! What the companies of the demo say of themselves: one has filled in everything, one a little, one nothing that the law does
//! not ask. All of it is invented.

use super::client::Failed;
use super::person::Person;
use super::trade::Ids;
use serde_json::{Value, json};

impl Person {
    /// Before the operator looks at it: the parts of the company's facts.
    pub async fn describe(&self, ids: &Ids<'_>) -> Result<(), Failed> {
        for (path, fields) in facts(self.company(), ids) {
            self.client.send(path, &fields).await?.ok()?;
        }
        Ok(())
    }

    /// Once the company is approved: what it chooses to show on its public page.
    pub async fn introduce(&self) -> Result<(), Failed> {
        match profile(self.company()) {
            Some(fields) => self.client.send("/company/profile", &fields).await?.ok().map(drop),
            None => Ok(()),
        }
    }

    /// Registers a webhook, and lets it rest: nobody is at its address.
    pub async fn connect(&self, ids: &Ids<'_>) -> Result<(), Failed> {
        let id = ids.next();
        let kinds = ["tender.published", "question.asked", "tender.opened", "tender.failed", "tender.awarded"];
        let fields = json!({ "id": id, "url": "https://erp.lanzhi.example/ziyun", "kinds": kinds });
        self.client.send("/company/webhooks", &fields).await?.ok()?;
        self.client.send(&format!("/company/webhooks/{id}/off"), &json!({})).await?.ok().map(drop)
    }
}

fn facts(company: &str, ids: &Ids<'_>) -> Vec<(&'static str, Value)> {
    match company {
        "栖木软件技术有限公司" => vec![
            (
                "/company/identity",
                json!({ "version": 1, "kind": "enterprise", "company": company, "credit_code": "91320508MA2TH3BJ3K",
                    "nature": "private", "section": "I", "industry": "6513", "provider": "1" }),
            ),
            (
                "/company/representative",
                json!({ "version": 0, "id": ids.next(), "role": "legal-representative", "representative_name": "陆栖桐" }),
            ),
            (
                "/company/addresses",
                json!({ "version": 0, "registered_region": "3205", "registered_line": "姑苏区平江路 88 号 3 层", "postcode": "215000" }),
            ),
            ("/company/permits", json!({ "version": 0, "statement": "permits" })),
            (
                "/company/permits/documents",
                json!({ "id": ids.next(), "document_kind": "permit", "document_name": "增值电信业务经营许可证",
                    "document_number": "苏B2-20990001", "issuer": "江苏省通信管理局", "ends_on": "2031-06-30" }),
            ),
            (
                "/company/permits/documents",
                json!({ "id": ids.next(), "document_kind": "certificate", "document_name": "信息技术服务标准符合性证书",
                    "document_number": "ITSS-YW-3-990001", "issuer": "示范评估机构", "ends_on": "2029-12-31" }),
            ),
            ("/company/group", json!({ "version": 0, "group": "栖木集团" })),
            (
                "/company/bank",
                json!({ "version": 0, "bank": "示范银行苏州平江支行", "cnaps": "102305000012", "number": "1102026009000123456", "holder": company }),
            ),
        ],
        "青砚信息技术有限公司" => vec![(
            "/company/representative",
            json!({ "version": 0, "id": ids.next(), "role": "legal-representative", "representative_name": "沈青砚" }),
        )],
        "远岫数据服务有限公司" => vec![(
            "/company/permits",
            json!({ "version": 0, "statement": "exempt", "ground": "数据加工和治理服务不属于法律、行政法规规定须取得许可的事项。" }),
        )],
        _ => Vec::new(),
    }
}

fn profile(company: &str) -> Option<Value> {
    Some(match company {
        "栖木软件技术有限公司" => json!({
            "version": 0,
            "about": "栖木为制造企业开发和运维生产管理、能耗监测与质量追溯系统。团队六十余人，其中四十人常年驻场。\n\n交付方式：先用两周做出可以在一条产线试用的版本，再分批扩展到全厂；源代码与部署文档随项目移交。",
            "services": ["it-software", "it-platform", "it-ops", "it-integration"],
            "regions": ["31", "32", "33"],
            "price": "fixed",
            "references": "某汽车零部件厂质量追溯系统，覆盖 4 条产线（2025）\n某食品集团能耗监测平台，接入表计 1,200 块（2024）\n某园区设备运维平台，连续运行 26 个月（2023）",
            "channel": "https://www.qimu.example/",
        }),
        "远岫数据服务有限公司" => json!({
            "version": 0,
            "about": "档案与工艺文件的扫描、识别、校对和建库。",
            "services": ["it-data"],
            "regions": ["31"],
            "price": "usage",
            "channel": "service@yuanxiu.example",
        }),
        _ => return None,
    })
}
