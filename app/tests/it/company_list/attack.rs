//! Other duties, other administrators, forged links, other people's mailboxes, races.

use super::{PREPARED, confirm, csv, fates, form, hand_in, link, list, prepared, row, whys};
use crate::operator_duty::holder;
use crate::people::Applicant;
use crate::sourcing::{id, text};
use crate::world::World;
use app::web::OperatorDuty;
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn anothers_list_is_not_there_and_without_the_duty_there_is_none() {
    let world = World::new().await;
    let (one, other) = (world.operator().await, holder(&world, OperatorDuty::Administrator).await);
    let (reviewer, member) = (holder(&world, OperatorDuty::Reviewer).await, world.member("both").await);
    let list = list(&one, &[row(&Applicant::new("both"))]).await;
    for path in [list.clone(), format!("{list}/problems.xlsx")] {
        assert_eq!(other.get(&path).await.status, 404, "{path}");
        assert_eq!(reviewer.get(&path).await.code(), "operator-duty-administrator-missing", "{path}");
        assert_eq!(member.get(&path).await.status, 404, "{path}");
    }
    for act in ["confirmation", "stop", "removal"] {
        let path = format!("{list}/{act}");
        assert_eq!(other.post(&path, json!({})).await.status, 404, "{path}");
        assert_eq!(reviewer.post(&path, json!({})).await.code(), "operator-duty-administrator-missing", "{path}");
    }
    let taken = list.rsplit('/').next().unwrap();
    assert_eq!(hand_in(&other, taken, "a.csv", &csv(&[row(&Applicant::new("both"))])).await.status, 404);
    world.settle().await;
    assert_eq!(world.count("SELECT count(*) FROM company_import").await, 1);
    assert_eq!(world.count(PREPARED).await, 0);
}

#[tokio::test]
async fn a_list_without_a_source_or_with_addresses_that_nobody_published_is_refused() {
    let world = World::new().await;
    let operator = world.operator().await;
    let (content, id) = (csv(&[row(&Applicant::new("both"))]), id());
    let sent = |fields: Vec<(&'static str, &'static str)>| {
        let (operator, content, id) = (&operator, &content, id.as_str());
        async move {
            let fields: Vec<_> = fields.into_iter().chain([("id", id)]).collect();
            operator.upload("/desk/company-lists", &fields, &[("sheet", "a.csv", content.as_slice())]).await
        }
    };
    let unsaid = sent(vec![("source", "公示系统年报")]).await.json();
    assert_eq!(unsaid["errors"][0]["code"], "addresses-not-published", "{unsaid}");
    let nowhere = sent(vec![("published", "1")]).await.json();
    assert_eq!(nowhere["errors"][0]["field"], "source", "{nowhere}");
    let columns = hand_in(&operator, &id, "a.csv", "公司名称,联系邮箱\r\n甲,a@b.example\r\n".as_bytes()).await.json();
    assert_eq!(columns["errors"][0]["code"], "company-sheet-columns", "{columns}");
    assert_eq!(world.count("SELECT count(*) FROM company_import").await, 0);
}

#[tokio::test]
async fn a_link_is_of_no_use_in_other_hands_for_other_companies_or_forged() {
    let world = World::new().await;
    let operator = world.operator().await;
    let (who, stranger) = (Applicant::new("both"), Applicant::new("both"));
    let link = prepared(&world, &operator, &who).await;
    let visitor = world.visitor();
    let handed_on = Applicant { credit_code: who.credit_code.clone(), ..stranger.clone() };
    let refused = visitor.post("/registrations", form(&handed_on, &link)).await.json();
    assert_eq!(refused["errors"][0]["code"], "invitation-other-email", "{refused}");
    let elsewhere = Applicant { credit_code: stranger.credit_code.clone(), ..who.clone() };
    let refused = visitor.post("/registrations", form(&elsewhere, &link)).await.json();
    assert_eq!(refused["errors"][0]["code"], "prepared-other-code", "{refused}");
    let (last, rest) = (link.chars().last().unwrap(), &link[..link.len() - 1]);
    let forged = format!("{rest}{}", if last == 'A' { 'B' } else { 'A' });
    let of_colleague = link.replace("/prepared/", "/invitations/");
    assert_eq!(visitor.get(&of_colleague).await.status, 404, "a key is made for one thing");
    assert_eq!(visitor.get(&forged).await.status, 404);
    assert_eq!(visitor.submit(&format!("{forged}/refusal"), &[]).await.status, 404);
    assert_eq!(world.count(PREPARED).await, 1);
}

#[tokio::test]
async fn two_words_at_once_are_one_and_the_company_registers_without_the_list_as_well() {
    let world = World::new().await;
    let operator = world.operator().await;
    let who = Applicant::new("both");
    let (same, content) = (id(), csv(&[row(&who)]));
    let sent = join_all((0..3).map(|_| hand_in(&operator, &same, "a.csv", &content))).await;
    assert!(sent.into_iter().all(|answer| text(&answer.ok().json(), "id") == same));
    let (path, token) = (format!("/desk/company-lists/{same}/confirmation"), operator.token().await);
    let nothing = json!({});
    for answer in join_all((0..4).map(|_| operator.post_with(&token, &path, &nothing))).await {
        answer.ok();
    }
    world.settle().await;
    assert_eq!(world.count(PREPARED).await, 1);
    let link = link(&world, &who.email);
    // Its own people register it meanwhile, with another mailbox.
    let own = Applicant { credit_code: who.credit_code.clone(), ..Applicant::new("both") };
    world.applicant(&own).await;
    assert_eq!(world.count(PREPARED).await, 0, "what was prepared is overtaken");
    assert_eq!(world.visitor().post("/registrations", form(&who, &link)).await.code(), "prepared-over");
    let again = list(&operator, &[row(&who)]).await;
    assert_eq!(whys(&operator.get(&again).await.ok().json()), ["credit-code-taken"]);
}

#[tokio::test]
async fn each_row_is_judged_again_when_its_turn_comes_and_the_list_ends_with_the_duty() {
    let world = World::new().await;
    let (operator, other) = (world.operator().await, holder(&world, OperatorDuty::Administrator).await);
    let (one, two) = (Applicant::new("both"), Applicant::new("both"));
    let rows = [row(&one), row(&two)];
    let first = list(&operator, &rows).await;
    assert_eq!(fates(&operator.get(&first).await.ok().json()), ["invite", "invite"]);
    prepared(&world, &other, &two).await;
    world.applicant(&Applicant { credit_code: one.credit_code.clone(), ..Applicant::new("both") }).await;
    confirm(&world, &operator, &first).await;
    let page = operator.get(&first).await.ok().json();
    assert_eq!(fates(&page), ["refused", "same"], "{page}");
    let ending = list(&other, &[row(&Applicant::new("both"))]).await;
    other.post(&format!("{ending}/confirmation"), json!({})).await.ok();
    let lose = "UPDATE account SET operator_until = 1 WHERE id = (SELECT operator FROM company_import WHERE state = 'running')";
    world.app.db().write::<_, kit::db::Error>(move |tx| tx.execute(lose, &[])).await.unwrap();
    world.pass(SignedDuration::from_mins(1)).await;
    let halted = "SELECT count(*) FROM company_import WHERE state = 'halted' AND reason = 'administrator-gone'";
    assert_eq!((world.count(halted).await, world.count(PREPARED).await), (1, 1));
}
