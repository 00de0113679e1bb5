//! Public pages of providers, and the list of them.

mod file;
mod list;
mod own;
mod public;

use crate::people::{Applicant, coded};
use crate::world::{Browser, World};
use serde_json::{Value, json};

/// What a provider chooses to show.
pub fn profile(version: i64) -> Value {
    json!({ "version": version, "about": "二十年工业软件交付经验。", "services": ["it-software", "security-network"],
        "regions": ["33", "31"], "price": "fixed", "references": "某车间能耗监测平台（2025）\n某园区安防改造（2024）",
        "channel": "https://www.hengchuan.example/" })
}

/// The id of a member's company, which is the provider's.
pub async fn id(browser: &Browser) -> String {
    browser.get("/company").await.ok().json()["company"]["id"].as_str().unwrap().to_owned()
}

/// The address of a member's public page.
pub async fn address(browser: &Browser) -> String {
    format!("/providers/{}", id(browser).await)
}

/// A member of an approved sole operator.
pub async fn sole(world: &World, number: u64) -> Browser {
    let who = Applicant { credit_code: coded("92330106", number), ..Applicant::new("provider") };
    let browser = world.applicant(&who).await;
    let company = id(&browser).await;
    crate::company::decide(&world.operator().await, &company, "approval", json!({})).await.ok();
    world.settle().await;
    browser
}

/// The operator finds the newest version of a part true, as whoever reviews companies does.
pub async fn review(world: &World, browser: &Browser, part: &str, version: i64) {
    let company = id(browser).await.parse().unwrap();
    let part = app::identity::company::part::Part::of_code(part).unwrap();
    let unit = move |tx: &mut kit::db::Tx| app::identity::company::part::review(tx, company, part, version);
    assert!(world.app.db().write(unit).await.unwrap());
    world.settle().await;
}
