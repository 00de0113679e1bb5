//! Rosters: lists of colleagues as spreadsheets, in and out.

mod attack;
mod export;
pub mod file;
pub mod killed;
pub mod program;

use crate::colleague::{account, colleague, invite};
use crate::people::Applicant;
use crate::sourcing::{id, text};
use crate::world::{Answer, Browser, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A list as csv, as programs write it in English.
pub fn csv(rows: &[(&str, &str)]) -> Vec<u8> {
    let rows = rows.iter().map(|(email, duties)| format!("{email},\"{duties}\"\r\n"));
    format!("E-mail,Duties\r\n{}", rows.collect::<String>()).into_bytes()
}

/// Hands a file in.
pub async fn hand_in(owner: &Browser, id: &str, name: &str, content: &[u8]) -> Answer {
    owner.upload("/company/imports", &[("id", id)], &[("sheet", name, content)]).await
}

/// Hands a list in, and answers its address.
async fn list(owner: &Browser, rows: &[(&str, &str)]) -> String {
    let made = hand_in(owner, &id(), "名册.csv", &csv(rows)).await.ok().json();
    format!("/company/imports/{}", text(&made, "id"))
}

/// The owner's word.
async fn confirm(owner: &Browser, list: &str) -> Answer {
    owner.post(&format!("{list}/confirmation"), json!({})).await
}

/// So many e-mails that nobody has.
fn strangers(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("stranger{n}@roster.example")).collect()
}

/// What becomes of each row: its outcome while there is none yet, what is foreseen.
fn fates(page: &Value) -> Vec<String> {
    let fate = |row: &Value| match &row["foreseen"] {
        Value::Null => text(row, "outcome"),
        foreseen => text(foreseen, "plan"),
    };
    page["rows"].as_array().unwrap().iter().map(fate).collect()
}

fn whys(page: &Value) -> Vec<String> {
    let rows = page["rows"].as_array().unwrap().iter();
    rows.flat_map(|row| row["why"].as_array().unwrap().clone()).map(|why| why.as_str().unwrap().to_owned()).collect()
}

/// Invitations that wait.
const INVITED: &str = "SELECT count(*) FROM invitation WHERE state = 'waiting'";
/// Subjects whose keys are gone, or go.
const DESTROYED: &str = "SELECT count(*) FROM subject WHERE standing = 'destroyed'";
/// Addresses and cells that are kept of lists.
const KEPT: &str = "SELECT count(*) FROM member_import_row WHERE email IS NOT NULL OR typed IS NOT NULL";

#[tokio::test]
async fn an_owner_sees_what_each_row_does_and_confirms_it() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let one = colleague(&world, &owner, &["viewer"]).await;
    let (known, own) = (email(&owner, &one).await, email(&owner, &owner).await);
    let waiting = Applicant::new("buyer").email;
    invite(&world, &owner, &waiting, &["viewer"]).await;
    let rows = [
        ("Ｗａｎｇ＠example.cn", "采购经办、财务"),
        (known.as_str(), "bidder; Project manager"),
        (own.as_str(), "viewer"),
        (waiting.as_str(), "只读"),
        ("nobody", "只读"),
        ("zhao@example.cn", "董事长"),
        ("wang@example.cn", "只读"),
        ("", "只读"),
        ("li@example.cn", ""),
    ];
    let list = list(&owner, &rows).await;
    let before = world.count("SELECT count(*) FROM event WHERE kind <> 'roster.changed'").await;
    let page = owner.get(&list).await.ok().json();
    assert_eq!(
        fates(&page),
        ["invite", "change", "refuse", "same", "broken", "broken", "broken", "broken", "broken"],
        "{page}"
    );
    assert_eq!(
        whys(&page),
        ["oneself", "email:email", "duties:duty-unknown", "email:repeated", "email:required", "duties:required"]
    );
    assert_eq!(page["rows"][0]["email"], "wang@example.cn", "full-width letters are what they look like");
    assert_eq!(page["rows"][4]["typed"], json!({"email": "nobody", "duties": "只读"}), "as it was typed");
    assert_eq!(page["rows"][4]["number"], 6, "as the spreadsheet counts");
    assert_eq!(
        world.count("SELECT count(*) FROM event WHERE kind <> 'roster.changed'").await,
        before,
        "a look is no act"
    );
    let shown = owner.page(&list).await.ok().text;
    assert!(shown.contains("确认，邀请 1 位、更改 1 位的职责") && !shown.contains('⟦'), "{shown}");
    confirm(&owner, &list).await.ok();
    world.settle().await;
    let page = owner.get(&list).await.ok().json();
    assert_eq!(page["import"]["state"], "done", "{page}");
    assert_eq!(fates(&page)[..4], ["invited", "changed", "refused", "same"]);
    let people = owner.get("/company/people").await.ok().json();
    let invited = people["invitations"].as_array().unwrap();
    let new = invited.iter().find(|one| one["email"] == "wang@example.cn").unwrap();
    assert_eq!(new["duties"], json!(["buyer", "finance"]));
    let changed = people["members"].as_array().unwrap().iter().find(|one| one["email"] == known.as_str()).unwrap();
    assert_eq!(changed["duties"], json!(["project-manager", "bidder"]));
    let letters = world.messages().into_iter().filter(|one| one.to.contains("wang@example.cn")).count();
    assert_eq!(letters, 1);
    assert!(world.messages().iter().any(|one| one.text.contains("你确认的成员名册已经办完")), "the owner is told");
    assert!(world.messages().iter().any(|one| one.text.contains("更改了你的职责")), "and who was changed");
    let told = one.page("/me/accesses").await.ok().text;
    assert!(!told.contains('⟦'), "{told}");
}

/// By which e-mail whoever sits at this browser is reached.
async fn email(owner: &Browser, whose: &Browser) -> String {
    let account = account(whose).await;
    let people = owner.get("/company/people").await.ok().json();
    let found = people["members"].as_array().unwrap().iter().find(|one| one["account"] == account.as_str());
    text(found.unwrap(), "email")
}

#[tokio::test]
async fn who_is_invited_by_a_list_joins_like_anybody_who_is_invited() {
    let world = World::new().await;
    let (owner, who) = (world.member("buyer").await, Applicant::new("buyer"));
    let list = list(&owner, &[(&who.email, "buyer")]).await;
    confirm(&owner, &list).await.ok();
    world.settle().await;
    let link = crate::colleague::link(&world, &who.email);
    let (done, browser) = crate::colleague::register(&world, &who, &link).await;
    done.ok();
    let mine = browser.get("/company/people").await.ok().json();
    let own = mine["members"].as_array().unwrap().iter().find(|one| one["is_self"] == true).unwrap().clone();
    assert_eq!(own["duties"], json!(["buyer"]));
}

#[tokio::test]
async fn the_same_list_again_invites_nobody_twice() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let rows = [("qian@example.cn", "viewer"), ("sun@example.cn", "buyer")];
    for round in 0..3 {
        let list = list(&owner, &rows).await;
        for _ in 0..2 {
            confirm(&owner, &list).await.ok();
        }
        world.settle().await;
        let counts = owner.get(&list).await.ok().json()["import"]["counts"].clone();
        let fresh = if round == 0 { ["invited", "same"] } else { ["same", "invited"] };
        assert_eq!((&counts[fresh[0]], &counts[fresh[1]]), (&json!(2), &json!(0)), "{counts}");
    }
    assert_eq!(world.count(INVITED).await, 2);
    assert_eq!(world.messages().iter().filter(|one| one.to.contains("sun@example.cn")).count(), 1);
    let refused = list(&owner, &[("qian@example.cn", "finance")]).await;
    assert_eq!(whys(&owner.get(&refused).await.ok().json()), ["invited-otherwise"]);
}

#[tokio::test]
async fn invitations_keep_their_limits_and_the_list_waits() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let strangers = strangers(33);
    let rows: Vec<_> = strangers.iter().map(|email| (email.as_str(), "viewer")).collect();
    let list = list(&owner, &rows).await;
    confirm(&owner, &list).await.ok();
    world.settle().await;
    let page = owner.get(&list).await.ok().json();
    assert_eq!((&page["import"]["state"], &page["import"]["counts"]["invited"]), (&json!("running"), &json!(30)));
    assert!(page["import"]["next_at"].is_string(), "{page}");
    let shown = owner.page(&list).await.ok().text;
    assert!(shown.contains("30/33") && shown.contains("下一批"), "{shown}");
    let refused = owner.post("/company/invitations", crate::colleague::invitation("x@example.cn", &["viewer"])).await;
    assert_eq!(refused.status, 429, "it is the same limit");
    let other = hand_in(&owner, &id(), "b.csv", &csv(&[("y@example.cn", "viewer")])).await;
    assert_eq!((other.status.as_u16(), other.code()), (409, "import-running".into()));
    for invited in [31, 32, 33] {
        world.pass(SignedDuration::from_mins(10)).await;
        let page = owner.get(&list).await.ok().json();
        assert_eq!(page["import"]["counts"]["invited"], invited, "{page}");
    }
    world.settle().await;
    assert_eq!(owner.get(&list).await.ok().json()["import"]["state"], "done");
    assert_eq!(world.count(INVITED).await, 33);
}

#[tokio::test]
async fn it_can_be_stopped_in_the_middle_and_handed_in_again() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    let strangers = strangers(32);
    let rows: Vec<_> = strangers.iter().map(|email| (email.as_str(), "viewer")).collect();
    let first = list(&owner, &rows).await;
    confirm(&owner, &first).await.ok();
    world.settle().await;
    for _ in 0..2 {
        let stopped = owner.post(&format!("{first}/stop"), json!({})).await.ok().json();
        assert_eq!((&stopped["state"], &stopped["counts"]["left"]), (&json!("stopped"), &json!(2)));
    }
    world.pass(SignedDuration::from_hours(2)).await;
    assert_eq!(world.count(INVITED).await, 30, "nothing goes on");
    assert_eq!((confirm(&owner, &first).await.status.as_u16()), 409);
    let second = list(&owner, &rows).await;
    confirm(&owner, &second).await.ok();
    world.settle().await;
    let counts = owner.get(&second).await.ok().json()["import"]["counts"].clone();
    assert_eq!((&counts["same"], &counts["invited"]), (&json!(30), &json!(2)), "{counts}");
}

#[tokio::test]
async fn what_is_kept_of_a_list_goes_when_it_is_over_or_nobody_wants_it() {
    let world = World::new().await;
    let owner = world.member("buyer").await;
    world.stay_signed_in(90).await;
    let rows = [("qian@example.cn", "viewer"), ("nobody", "viewer"), ("sun@example.cn", "owner")];
    let done = list(&owner, &rows).await;
    assert_eq!(world.count(KEPT).await, 3);
    confirm(&owner, &done).await.ok();
    world.settle().await;
    assert_eq!(world.count(KEPT).await, 1, "addresses stand in their invitations, and nowhere else");
    world.pass(SignedDuration::from_hours(25)).await;
    assert_eq!(world.count(KEPT).await, 0, "a day later");
    assert!(owner.page(&done).await.ok().text.contains("内容已销毁于"));
    assert_eq!(owner.get(&format!("{done}/problems.xlsx")).await.status, 404);
    // One that nobody confirms, one that another replaces, one that its owner deletes.
    let late = list(&owner, &[("zhou@example.cn", "viewer")]).await;
    world.pass(SignedDuration::from_hours(24 * 7)).await;
    assert_eq!(world.count(KEPT).await, 0, "after seven days");
    let page = owner.get(&late).await.ok().json();
    assert_eq!((&page["import"]["state"], &page["import"]["reason"]), (&json!("halted"), &json!("late")));
    assert_eq!(confirm(&owner, &late).await.code(), "import-over");
    let replaced = list(&owner, &[("wu@example.cn", "viewer")]).await;
    let removed = list(&owner, &[("zheng@example.cn", "viewer")]).await;
    assert_eq!(owner.get(&replaced).await.ok().json()["import"]["reason"], "replaced");
    world.settle().await;
    let before = world.count(DESTROYED).await;
    for _ in 0..2 {
        owner.post(&format!("{removed}/removal"), json!({})).await.ok();
    }
    world.settle().await;
    assert_eq!(world.count(KEPT).await, 1, "that of the one that was replaced, for a day");
    assert_eq!(confirm(&owner, &removed).await.code(), "import-over");
    assert_eq!(world.count(DESTROYED).await, before + 1, "and so is its key");
    world.pass(SignedDuration::from_hours(24 * 32)).await;
    assert_eq!(world.count("SELECT count(*) FROM member_import").await, 0, "then its numbers go, too");
}
