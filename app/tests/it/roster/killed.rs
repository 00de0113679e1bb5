//! The process is killed while it carries a list out: each row is done once all the same.

use super::{INVITED, confirm, csv, hand_in, strangers};
use crate::failure::program::Program;
use crate::sourcing::{id, text};
use crate::world::{Browser, World};
use kit::clock::Clock;
use serde_json::Value;
use std::time::{Duration, Instant};

/// How often it is killed.
pub const TIMES: usize = 6;

/// Waits until a list is done.
pub async fn until_done(there: &Browser, list: &str) -> Value {
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        let page = there.get(list).await.ok().json();
        if page["import"]["state"] == "done" || Instant::now() >= patience {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn each_row_is_done_once_however_often_the_process_is_killed() {
    let world = World::timed(Clock::system()).await;
    let owner = world.member("buyer").await;
    let mut program = Program::start(&world, |_| {}).await;
    let there = owner.at_root(&program.root);
    let strangers = strangers(29);
    let rows: Vec<_> = strangers.iter().map(|email| (email.as_str(), "viewer")).collect();
    let made = hand_in(&there, &id(), "a.csv", &csv(&rows)).await.ok().json();
    let list = format!("/company/imports/{}", text(&made, "id"));
    confirm(&there, &list).await.ok();
    for _ in 0..TIMES {
        drop(program);
        program = Program::start(&world, |_| {}).await;
    }
    let page = until_done(&owner.at_root(&program.root), &list).await;
    assert_eq!(page["import"]["counts"]["invited"], 29, "{page}");
    assert_eq!(world.count(INVITED).await, 29);
    let events = "SELECT count(*) FROM event WHERE kind = 'people.invitation'";
    assert_eq!(world.count(events).await, 29);
}
