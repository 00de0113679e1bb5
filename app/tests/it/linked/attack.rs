//! Who would finish another's sign-in, link into another's account, or take another's answer for theirs.

use super::issuer::Return;
use super::{LINKS, arrive, enter, go, link, linked, links, subject, two, world};
use crate::consent::give;
use crate::people::Applicant;
use crate::verification::refusal;
use crate::world::sabotaged;
use jiff::SignedDuration;
use vault::Standing;

const OVER: (u16, &str) = (409, "link-attempt-over");

#[tokio::test]
async fn what_another_browser_began_is_finished_in_no_other() {
    sabotaged();
    let (world, issuer) = world().await;
    linked(&world, &issuer, "attacker").await;
    // The attacker goes, signs in as themselves there, and has the victim's browser come back (login CSRF).
    let attacker = world.visitor();
    let back = issuer.admits(&go(&attacker, "/session/linked/lanhe").await, "attacker");
    let victim = world.visitor();
    victim.page("/").await.ok();
    let refused = arrive(&victim, "lanhe", &back).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), OVER);
    assert_eq!(victim.get("/session").await.json()["signed_in"], false);
    // The same with a link: the attacker's identity would sign in to the victim's account for ever.
    let (_, me) = linked(&world, &issuer, "u-1").await;
    let mallory = world.applicant(&Applicant::new("both")).await;
    give(&mallory, "linked-sign-in").await.ok();
    let back = issuer.admits(&go(&mallory, "/me/link/lanhe").await, "mallory");
    let refused = arrive(&me, "lanhe", &back).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), OVER);
    assert_eq!(links(&me).await.len(), 1);
    assert!(issuer.redeemed().len() == 2, "no code of another's is redeemed");
}

#[tokio::test]
async fn a_return_counts_once_and_not_for_long() {
    let (world, issuer) = world().await;
    linked(&world, &issuer, "u-1").await;
    let browser = world.visitor();
    let back = issuer.admits(&go(&browser, "/session/linked/lanhe").await, "u-1");
    let (one, two) = tokio::join!(arrive(&browser, "lanhe", &back), arrive(&browser, "lanhe", &back));
    let mut both = [one.status.as_u16(), two.status.as_u16()];
    both.sort_unstable();
    assert!(both[0] == 201 && both[1] >= 400, "{both:?}");
    // The state once more, and the code once more under a new state.
    let browser = world.visitor();
    let first = issuer.admits(&go(&browser, "/session/linked/lanhe").await, "u-1");
    arrive(&browser, "lanhe", &first).await.ok();
    let again = world.visitor();
    let next = issuer.admits(&go(&again, "/session/linked/lanhe").await, "u-1");
    let stolen = Return { code: first.code.clone(), ..next };
    assert_eq!(refusal(&arrive(&again, "lanhe", &stolen).await), (409, "link-refused".into()), "the issuer knows it");
    assert_eq!(refusal(&arrive(&again, "lanhe", &stolen).await), (OVER.0, OVER.1.into()), "and the state is gone");
    let late = world.visitor();
    let back = issuer.admits(&go(&late, "/session/linked/lanhe").await, "u-1");
    world.pass(SignedDuration::from_mins(10)).await;
    assert_eq!(refusal(&arrive(&late, "lanhe", &back).await), (OVER.0, OVER.1.into()));
    assert_eq!(world.count("SELECT count(*) FROM link_attempt").await, 0, "swept");
}

#[tokio::test]
async fn one_issuers_answer_is_not_taken_to_another() {
    let (world, [lanhe, other]) = two().await;
    linked(&world, &lanhe, "u-1").await;
    // The honest issuer's code, brought to the path of the lying one, and with its name.
    let browser = world.visitor();
    let back = lanhe.admits(&go(&browser, "/session/linked/lanhe").await, "u-1");
    assert_eq!(refusal(&arrive(&browser, "other", &back).await), (OVER.0, OVER.1.into()), "it was begun with another");
    let named = Return { iss: other.root().to_owned(), ..back.clone() };
    assert_eq!(refusal(&arrive(&browser, "lanhe", &named).await), (409, "link-refused".into()));
    assert!(other.redeemed().is_empty() && lanhe.redeemed().len() == 1, "no code went to the wrong one");
    // An issuer that promises to say its name, and does not.
    let back = lanhe.admits(&go(&browser, "/session/linked/lanhe").await, "u-1");
    let fields = serde_json::json!({ "code": back.code, "state": back.state });
    assert_eq!(refusal(&browser.post("/session/linked/lanhe/return", fields).await), (409, "link-refused".into()));
    // What two issuers call the same is not the same person.
    let back = other.admits(&go(&browser, "/session/linked/other").await, "u-1");
    assert_eq!(refusal(&arrive(&browser, "other", &back).await), (409, "link-unknown".into()));
}

#[tokio::test]
async fn an_identity_is_of_one_account_and_an_account_has_one_with_each_issuer() {
    let (world, issuer) = world().await;
    let (_, me) = linked(&world, &issuer, "u-1").await;
    let you = world.applicant(&Applicant::new("both")).await;
    give(&you, "linked-sign-in").await.ok();
    assert_eq!(refusal(&link(&you, &issuer, "u-1").await), (409, "link-taken".into()));
    assert_eq!(refusal(&link(&me, &issuer, "u-2").await), (409, "link-another".into()));
    link(&me, &issuer, "u-1").await.ok();
    assert_eq!(world.count(LINKS).await, 1, "linked twice it is one link");
    // Two at the same time: one of them has it.
    let they = world.applicant(&Applicant::new("both")).await;
    give(&they, "linked-sign-in").await.ok();
    let backs = [
        issuer.admits(&go(&you, "/me/link/lanhe").await, "u-3"),
        issuer.admits(&go(&they, "/me/link/lanhe").await, "u-3"),
    ];
    let (one, two) = tokio::join!(arrive(&you, "lanhe", &backs[0]), arrive(&they, "lanhe", &backs[1]));
    let mut both = [one.status.as_u16(), two.status.as_u16()];
    both.sort_unstable();
    assert_eq!((both, world.count(LINKS).await), ([201, 409], 2));
}

#[tokio::test]
async fn who_is_blocked_comes_in_through_no_issuer() {
    let (world, issuer) = world().await;
    let (who, _) = linked(&world, &issuer, "u-1").await;
    let whose = subject(&world, &who).await;
    let browser = world.visitor();
    let back = issuer.admits(&go(&browser, "/session/linked/lanhe").await, "u-1");
    let block = move |tx: &mut kit::db::Tx| vault::change_standing(tx, whose, Standing::Blocked);
    world.app.db().write(block).await.unwrap();
    assert_eq!(refusal(&arrive(&browser, "lanhe", &back).await), (409, "link-unknown".into()), "while on the way, too");
    assert_eq!(refusal(&enter(&world.visitor(), &issuer, "u-1").await), (409, "link-unknown".into()));
}

#[tokio::test]
async fn a_session_that_ended_on_the_way_links_nothing() {
    let (world, issuer) = world().await;
    let me = world.applicant(&Applicant::new("both")).await;
    give(&me, "linked-sign-in").await.ok();
    let back = issuer.admits(&go(&me, "/me/link/lanhe").await, "u-1");
    me.post("/session/end", serde_json::json!({})).await.ok();
    let refused = arrive(&me, "lanhe", &back).await;
    assert!(refused.status == 409 || refused.status == 401, "{}", refused.text);
    assert_eq!((world.count(LINKS).await, issuer.redeemed().len()), (0, 0));
}
