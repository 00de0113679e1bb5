//! What a company says of itself, part by part: filed, kept in every version, reviewed anew where it was changed.

mod lists;
mod parts;
mod person;

use crate::people::credit_code;
use crate::table::stage::{Sent, Stage};
use crate::world::{Browser, World};
use kit::id::Id;
use serde_json::{Value, json};

/// A name that is nowhere else.
pub const NAME: &str = "司空望舒";

/// The forms that the table of route × actor sends as they stand here.
pub const FORMS: [&str; 6] = [
    "/company/identity",
    "/company/representative",
    "/company/addresses",
    "/company/permits",
    "/company/group",
    "/company/bank",
];

/// A form as somebody fills it in who has filed nothing yet.
pub fn form(path: &str) -> Value {
    match path {
        "/company/identity" => {
            json!({ "version": 0, "kind": "enterprise", "company": "衡川数维科技有限公司", "credit_code": credit_code(880_001),
            "nature": "private", "section": "I", "industry": "6513", "old_number": "", "buyer": true, "provider": true })
        }
        "/company/representative" => {
            json!({ "version": 0, "id": id(), "role": "legal-representative", "representative_name": NAME })
        }
        "/company/addresses" => {
            json!({ "version": 0, "registered_region": "33", "registered_line": "杭州市西湖区文三路 1 号", "postcode": "310000" })
        }
        "/company/permits" => {
            json!({ "version": 0, "statement": "exempt", "ground": "软件开发不属于须取得许可的事项" })
        }
        "/company/group" => json!({ "version": 0, "group": "衡川集团" }),
        "/company/bank" => {
            json!({ "version": 0, "bank": "某银行杭州西湖支行", "cnaps": "102331000016", "number": "1202020109900012345", "holder": "别人的公司" })
        }
        "/company/permits/documents" => {
            json!({ "id": id(), "document_kind": "permit", "document_name": "增值电信业务经营许可证",
            "document_number": "B1-20260001", "issuer": "工业和信息化部", "ends_on": "2027-03-31" })
        }
        "/company/group/relations" => json!({ "id": id(), "relation": "parent", "related_name": "衡川控股有限公司",
            "related_code": credit_code(880_002), "share": "60" }),
        other => panic!("there is no form at {other}"),
    }
}

/// What the table sends to the lists: something new, or the removal of what the owner has listed.
pub async fn listed(stage: &Stage, path: &str) -> Sent {
    let Some((list, _)) = path.split_once("/{id}") else { return Sent::with(path, form(path)) };
    let fields = form(list);
    stage.owner.post(list, fields.clone()).await.ok();
    Sent::to(path.replace("{id}", fields["id"].as_str().unwrap()))
}

pub fn id() -> String {
    // Ids of forms are made by the program's own random source; a test only needs a fresh one.
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let next = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let mut bytes = [0x42; 16];
    bytes[8..].copy_from_slice(&next.to_be_bytes());
    Id::<()>::from_bytes(bytes).to_string()
}

/// The part's page as data.
pub async fn part(browser: &Browser, part: &str) -> Value {
    browser.get(&format!("/company/{part}")).await.ok().json()
}

/// Where each part stands, as the company's page tells it.
pub async fn standing(browser: &Browser, part: &str) -> Value {
    let page = browser.get("/company").await.ok().json();
    let parts = page["parts"].as_array().unwrap();
    parts.iter().find(|one| one["part"] == part).unwrap()["standing"].clone()
}

pub fn fact<'a>(page: &'a Value, field: &str) -> &'a Value {
    page["facts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["field"] == field)
        .map_or(&Value::Null, |line| &line["value"]["value"])
}

/// The operator finds a part true, as whoever reviews companies does.
pub async fn review(world: &World, company: &Value, part: &str, version: i64) -> bool {
    let company = company["id"].as_str().unwrap().parse().unwrap();
    let part = app::identity::company::part::Part::of_code(part).unwrap();
    let unit = move |tx: &mut kit::db::Tx| app::identity::company::part::review(tx, company, part, version);
    world.app.db().write(unit).await.unwrap()
}

pub async fn known(browser: &Browser) -> Value {
    browser.get("/company").await.ok().json()["company"].clone()
}

/// The identity's form as it stands, with some of it changed.
pub async fn identity(browser: &Browser, changes: Value) -> Value {
    let page = part(browser, "identity").await;
    let known = known(browser).await;
    let mut fields = form("/company/identity");
    for (field, value) in [
        ("version", &page["version"]),
        ("company", &known["name"]),
        ("credit_code", &known["credit_code"]),
        ("buyer", &known["buyer"]),
        ("provider", &known["provider"]),
    ] {
        fields[field] = value.clone();
    }
    for (field, value) in changes.as_object().unwrap() {
        fields[field] = value.clone();
    }
    fields
}
