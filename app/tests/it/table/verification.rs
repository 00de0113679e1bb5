//! Requests about verification cases: the pending company's own, and others that are handed in for each cell.

use super::line::Line;
use super::stage::{Sent, Stage, company, decide};
use crate::people::Applicant;
use crate::verification::{accepted, give, hand_in, pages, photo, second};
use serde_json::json;

/// Valid input, if the line is of this room.
pub async fn request(stage: &mut Stage, line: &Line) -> Option<Sent> {
    let path = line.path;
    Some(match path {
        "/company/verification/{kind}/steps/{step}" => {
            let path = path.replace("{kind}", "company").replace("{step}", "licence");
            Sent { file: Some("pages"), ..Sent::to(path) }
        }
        "/company/verification/{kind}/appeal" => appealed(stage, path.replace("{kind}", "company")).await,
        "/company/verification/company/recheck" => Sent::with(path, json!({ "recheck": "unchanged" })),
        "/company/verification/{kind}/attestation" => {
            Sent::with(path.replace("{kind}", "company"), json!({ "id": crate::sourcing::id() }))
        }
        path if path.starts_with("/company/verification/{kind}") => Sent::to(path.replace("{kind}", "company")),
        "/me/verification-pages/{id}" => Sent::to(path.replace("{id}", &own_page(stage).await)),
        "/operator/companies/{id}/verification" => {
            let owner = company(&stage.owner).await;
            Sent::to(path.replace("{id}", &owner))
        }
        path if path.starts_with("/desk/verifications/{id}") => of_case(stage, path, line.state == "claimed").await,
        _ => return None,
    })
}

/// An appeal of the refused company's, which has appealed before and was refused by another reviewer.
async fn appealed(stage: &mut Stage, path: String) -> Sent {
    let fields = json!({ "appeal": "名称变更已经登记，请再看一次。" });
    let member = stage.world.again_as(&stage.phones["refused"]).await;
    if member.post(&path, fields.clone()).await.status == 201 {
        decide(&second(&stage.world).await, &stage.refused, "refusal").await;
    }
    Sent::with(path, fields)
}

/// A page that the pending company's member has handed in.
async fn own_page(stage: &mut Stage) -> String {
    let member = stage.world.again_as(&stage.phones["pending"]).await;
    let case = give(&member, "letter", &photo()).await.ok().json();
    pages(&case, "letter")[0]["id"].as_str().expect("an id").to_owned()
}

/// Another company's case that waits, or that the operator has claimed.
async fn of_case(stage: &mut Stage, path: &str, claimed: bool) -> Sent {
    let (address, who) = (stage.address(), Applicant::new("provider"));
    let member = stage.world.visitor_from(&address);
    let begun = member.post("/registrations", who.form()).await.ok();
    let codes = stage.world.codes(&who).await;
    member.post(&format!("{}/confirmation", begun.header("location")), codes).await.ok();
    let case = hand_in(&member).await;
    if claimed {
        stage.operator.post(&format!("{case}/claim"), json!({})).await.ok();
    }
    let mut path = path.replace("/desk/verifications/{id}", &case);
    if path.ends_with("/{page}") {
        let shown = stage.operator.get(&case).await.ok().json()["case"].clone();
        path = path.replace("{page}", pages(&shown, "licence")[0]["id"].as_str().expect("an id"));
    }
    let fields = match path.rsplit('/').next() {
        Some("decision") => accepted(),
        Some("second-look") => json!({ "opinion": "agree" }),
        Some("recheck") => json!({ "outcome": "same", "recheck_checks": ["register", "operating"] }),
        Some("refusal") => json!({ "reason": "冒用他人名义登记" }),
        _ => json!({}),
    };
    Sent::with(path, fields)
}
