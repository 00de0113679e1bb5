//! A second reviewer looks at a share of what the first accepted; what they differ on waits for a decision again.

use super::{CASE, accepted, demand, give, handed_in, pages, photo, refusal, second};
use crate::duties::halved;
use crate::people::Applicant;
use crate::world::{Browser, World};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// One where so many of a hundred approvals are drawn.
async fn drawing(share: u8) -> World {
    World::configured(|config| config.verification_sample = share).await
}

async fn accept(reviewer: &Browser, case: &str) {
    reviewer.post(&format!("{case}/claim"), json!({})).await.ok();
    reviewer.post(&format!("{case}/decision"), accepted()).await.ok();
}

async fn say(reviewer: &Browser, case: &str, opinion: Value) -> (u16, String) {
    let answer = reviewer.post(&format!("{case}/second-look"), opinion).await;
    let code = if answer.status.is_success() { String::new() } else { answer.code() };
    (answer.status.as_u16(), code)
}

async fn waiting(reviewer: &Browser) -> usize {
    let samples = reviewer.get("/desk/verification-samples").await.ok().json();
    samples["cases"].as_array().unwrap().len()
}

#[tokio::test]
async fn what_is_drawn_goes_to_another_reviewer_and_a_difference_re_opens_it() {
    let world = drawing(100).await;
    let (member, case) = handed_in(&world, "both").await;
    let (first, other) = (world.operator().await, second(&world).await);
    accept(&first, &case).await;
    assert_eq!((waiting(&first).await, waiting(&other).await), (1, 1));
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved", "it holds meanwhile");
    let own = first.post(&format!("{case}/claim"), json!({})).await;
    assert_eq!(refusal(&own), (409, "verification-own-decision".into()), "four eyes");
    assert!(first.page(&case).await.ok().text.contains("由另一名审核人员复核"));
    assert_eq!(say(&other, &case, json!({ "opinion": "agree" })).await, (409, "verification-not-claimed".into()));
    let shown = other.get(&case).await.ok().json()["case"].clone();
    let page = format!("{case}/pages/{}", pages(&shown, "licence")[0]["id"].as_str().unwrap());
    assert_eq!(other.get(&page).await.status, 409, "closed before it is taken up");
    other.post(&format!("{case}/claim"), json!({})).await.ok();
    other.get(&page).await.ok();
    let sheet = other.page(&case).await.ok().text;
    assert!(sheet.contains("复核意见") && sheet.contains("<img") && !sheet.contains('⟦'), "{sheet}");
    crate::account::refused(
        &other.post(&format!("{case}/second-look"), json!({ "opinion": "differ", "reason": "短" })).await,
        "reason",
        "reason",
    );
    let differ = json!({ "opinion": "differ", "reason": "营业执照已经过期" });
    assert_eq!(say(&other, &case, differ.clone()).await.0, 201);
    assert_eq!(say(&other, &case, differ).await, (409, "verification-not-sampled".into()), "once");
    assert_eq!(member.get("/session").await.json()["company"]["state"], "pending");
    assert_eq!(member.get("/tenders").await.code(), "company-pending");
    world.settle().await;
    assert!(world.messages().iter().any(|one| one.text.contains("营业执照已经过期")), "the company is told why");
    let again = first.post(&format!("{case}/claim"), json!({})).await;
    assert_eq!(refusal(&again), (409, "verification-own-decision".into()), "who accepted it does not decide again");
    let company = first.get(&case).await.ok().json()["case"]["company"].as_str().unwrap().to_owned();
    let aside = crate::company::decide(&first, &company, "approval", json!({})).await;
    assert_eq!(refusal(&aside), (409, "verification-own-decision".into()), "nor past the case");
    accept(&other, &case).await;
    assert_eq!(member.get("/session").await.json()["company"]["state"], "approved");
    assert_eq!(member.get(CASE).await.ok().json()["case"]["state"], "accepted");
}

#[tokio::test]
async fn one_second_reviewer_has_it_and_agreeing_closes_it() {
    let world = drawing(100).await;
    let (_, case) = handed_in(&world, "provider").await;
    let (first, other) = (world.operator().await, second(&world).await);
    let third = world.operator_of("13900139002", "third@operator.example").await;
    accept(&first, &case).await;
    let path = format!("{case}/claim");
    let claims = join_all([&other, &third].map(|reviewer| reviewer.post(&path, json!({})))).await;
    let mut codes: Vec<_> = claims.iter().map(|answer| answer.status.as_u16()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [201, 409]);
    let (has, has_not) = if claims[0].status == 201 { (&other, &third) } else { (&third, &other) };
    let agree = json!({ "opinion": "agree" });
    assert_eq!(say(has_not, &case, agree.clone()).await, (409, "verification-not-claimed".into()));
    has.post(&format!("{case}/release"), json!({})).await.ok();
    has.post(&format!("{case}/claim"), json!({})).await.ok();
    has.post(&format!("{case}/recusal"), json!({})).await.ok();
    assert_eq!(say(has, &case, agree.clone()).await, (409, "verification-tied".into()));
    has_not.post(&format!("{case}/claim"), json!({})).await.ok();
    assert_eq!(say(has_not, &case, agree).await.0, 201);
    assert_eq!(waiting(&first).await, 0);
}

#[tokio::test]
async fn nothing_is_drawn_at_none_and_a_share_at_half_by_a_key() {
    let world = drawing(0).await;
    let (_, case) = handed_in(&world, "provider").await;
    let reviewer = world.operator().await;
    accept(&reviewer, &case).await;
    assert_eq!(waiting(&reviewer).await, 0);
    let world = drawing(50).await;
    let reviewer = world.operator().await;
    let buyer = world.member("buyer").await;
    world.stay_signed_in(9_000).await;
    let (mut drawn, mut rounds) = (0, 0);
    while rounds < 12 {
        let case = demand::hand_in(&buyer).await;
        demand::accept(&reviewer, &case).await;
        drawn += waiting(&reviewer).await;
        rounds += 1;
        world.pass(SignedDuration::from_hours(24 * 366)).await;
        buyer.post(&format!("{}/renewal", demand::CASE), json!({})).await.ok();
        assert_eq!(waiting(&reviewer).await, 0, "of what is shown anew nobody says anything");
    }
    assert!((1..12).contains(&drawn), "{drawn} of {rounds}");
}

#[tokio::test]
async fn the_same_picture_in_another_companys_case_is_told() {
    let world = World::new().await;
    let (_, first) = handed_in(&world, "provider").await;
    let (_, second) = handed_in(&world, "provider").await;
    let alone = world.applicant(&Applicant::new("provider")).await;
    let mut other = photo();
    // Another picture: the last rows of it are cut off by another height.
    let picture = image::RgbImage::from_fn(600, 500, |x, y| image::Rgb([(x % 7) as u8 * 30, (y % 5) as u8 * 40, 90]));
    other.clear();
    image::DynamicImage::ImageRgb8(picture)
        .write_to(&mut std::io::Cursor::new(&mut other), image::ImageFormat::Png)
        .unwrap();
    for step in ["licence", "letter"] {
        give(&alone, step, &other).await.ok();
    }
    let third = alone.post(&format!("{CASE}/handing-in"), json!({})).await.ok().json();
    let third = format!("/desk/verifications/{}", third["id"].as_str().unwrap());
    let reviewer = world.operator().await;
    let copies = async |case: &str| reviewer.get(case).await.ok().json()["copies"].clone();
    let told = copies(&second).await;
    assert_eq!(told[0]["verification"], first.rsplit('/').next().unwrap(), "{told}");
    assert!(reviewer.page(&second).await.ok().text.contains("同一张图片出现在其他公司的认证里"));
    assert_eq!(copies(&third).await, json!([]), "twice in one's own case is no copy");
}

#[tokio::test]
async fn a_second_reviewer_whose_duty_was_taken_in_mid_action_says_nothing_more() {
    let world = drawing(100).await;
    let (_, case) = handed_in(&world, "provider").await;
    let (first, other) = (world.operator().await, second(&world).await);
    accept(&first, &case).await;
    other.post(&format!("{case}/claim"), json!({})).await.ok();
    let take = async || {
        let sql = "UPDATE account SET operator_duties = '' WHERE operator = 1";
        world.app.db().write::<_, kit::db::Error>(move |tx| tx.execute(sql, &[])).await.map(drop).unwrap();
    };
    let agree = json!({ "opinion": "agree" });
    let answer = halved(&world, "13900139001", &format!("{case}/second-look"), &agree, take).await;
    assert!(answer.contains("403 Forbidden") && answer.contains("operator-duty-reviewer-missing"), "{answer}");
    assert_eq!(world.count("SELECT count(*) FROM verification_sample WHERE decided_at IS NULL").await, 1);
}
