//! An objection that is upheld where awards are approved: nothing that was typed is lost, and what its company said goes with it.

use super::{WORDS, call, evidence, own, published, review};
use crate::approval::{Firm, give, set, state};
use crate::people::PASSWORD;
use crate::sourcing::{id, text};
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use serde_json::json;

/// What the applicant says against the review.
const OBJECTION: &str = "证书在附件第二页。";

/// What the buyer answers.
const ANSWER: &str = "证书有效，予以入库。";

/// A company that has refused an application to its pool, and has its awards approved since; who applied; where their objection is.
async fn objected(world: &World) -> (Firm, Browser, String) {
    let firm = Firm::new(world).await;
    let applicant = world.member("provider").await;
    let (page, list) = published(world, &firm.asker, call(world, "standing")).await;
    evidence(&applicant, &list, WORDS).await.ok();
    let place = own(&applicant, &page).await;
    review(&firm.asker, &place, &["1"], "没有资质证书。").await.ok();
    set(&firm.owner, "award", &[("", &["colleague"])]).await.ok();
    let object = json!({"id": id(), "text": OBJECTION});
    applicant.post(&format!("{place}/objection"), object.clone()).await.ok();
    world.stay_signed_in(30).await;
    (firm, applicant, format!("/qualified-objections/{}", text(&object, "id")))
}

#[tokio::test]
async fn an_answer_that_is_refused_is_not_typed_twice() {
    let world = World::new().await;
    let (Firm { asker, second, .. }, _, objection) = objected(&world).await;
    let (answering, asking) = (format!("{objection}/answer"), format!("{objection}/approval"));
    let typed = |outcome: &'static str| [("outcome", outcome), ("answer", ANSWER)];
    let keeps = |page: &Answer, status: u16, rule: &str| {
        let is_kept = page.text.contains(&format!("{ANSWER}</textarea>"));
        page.status == status && is_kept && page.text.contains(rule) && !page.text.contains('⟦')
    };
    let page = asker.submit(&answering, &[("answer", ANSWER)]).await;
    assert!(keeps(&page, 422, "不能为空，请填写"), "{}", page.text);
    let page = asker.submit(&answering, &typed("upheld")).await;
    assert!(keeps(&page, 403, "要先审批") && page.text.contains("value=\"upheld\" checked"), "{}", page.text);
    let page = asker.submit(&asking, &typed("rejected")).await;
    assert!(keeps(&page, 409, "不需要审批"), "{}", page.text);
    let upheld = json!({"outcome": "upheld", "answer": ANSWER});
    let asked = asker.post(&asking, upheld.clone()).await.ok().json();
    let page = asker.submit(&answering, &typed("upheld")).await;
    assert!(keeps(&page, 403, "还在等待审批"), "{}", page.text);
    give(&second, &format!("/company/approvals/{}", text(&asked, "id")), "colleague").await.ok();
    asker.post(&answering, upheld).await.ok();
}

#[tokio::test]
async fn what_an_objection_says_goes_with_its_company_from_what_was_approved() {
    let world = World::new().await;
    let (Firm { asker, second, .. }, applicant, objection) = objected(&world).await;
    let upheld = json!({"outcome": "upheld", "answer": ANSWER});
    let asked = asker.post(&format!("{objection}/approval"), upheld.clone()).await.ok().json();
    let request = format!("/company/approvals/{}", text(&asked, "id"));
    assert!(second.page(&request).await.ok().text.contains(OBJECTION), "who decides reads it");
    give(&second, &request, "colleague").await.ok();
    asker.post(&format!("{objection}/answer"), upheld).await.ok();
    applicant.post("/company/closing", json!({"id": id(), "password": PASSWORD})).await.ok();
    world.pass(SignedDuration::from_hours(24 * 7 + 1)).await;
    assert_eq!(world.count("SELECT count(*) FROM qualified_objection").await, 0);
    let kept = "SELECT count(*) FROM approval_request WHERE content LIKE '%证书在附件第二页%'";
    assert_eq!(world.count(kept).await, 0, "it stands in no row");
    let left = second.page(&request).await.ok().text;
    assert!(left.contains("已随写下它的公司关闭而删除") && left.contains(ANSWER) && !left.contains('⟦'), "{left}");
    assert_eq!(state(&second, &request).await, "done");
}
