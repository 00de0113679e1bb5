//! The process is killed while it carries a list out: each company is prepared once, and its person written to once, all the same.

use super::{PREPARED, csv, hand_in, row};
use crate::failure::program::Program;
use crate::people::Applicant;
use crate::roster::killed::{TIMES, until_done};
use crate::sourcing::{id, text};
use crate::world::World;
use kit::clock::Clock;
use serde_json::json;
use std::process::Command;

/// The operator's people of a world have no second factor.
fn offered(command: &mut Command) {
    command.env("ZIYUN_OPERATOR_SECOND_FACTOR", "offered");
}

#[tokio::test]
async fn each_company_is_prepared_once_however_often_the_process_is_killed() {
    let world = World::timed(Clock::system()).await;
    let operator = world.operator().await;
    let mut program = Program::start(&world, offered).await;
    let there = operator.at_root(&program.root);
    let rows: Vec<_> = (0..29).map(|_| row(&Applicant::new("both"))).collect();
    let made = hand_in(&there, &id(), "a.csv", &csv(&rows)).await.ok().json();
    let list = format!("/desk/company-lists/{}", text(&made, "id"));
    there.post(&format!("{list}/confirmation"), json!({})).await.ok();
    for _ in 0..TIMES {
        drop(program);
        program = Program::start(&world, offered).await;
    }
    let page = until_done(&operator.at_root(&program.root), &list).await;
    assert_eq!(page["import"]["counts"]["invited"], 29, "{page}");
    assert_eq!(world.count(PREPARED).await, 29);
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'prepared.changed'").await, 29);
}
