//! The control register: what it says of each clause, and what it measured. That each named test goes red when its control is switched off
//! is `switched_off`.

use crate::account::{changed, refused};
use crate::command::{err, folder, out, ziyun};
use crate::people::Applicant;
use crate::world::{World, sabotaged};
use app::app::App;
use app::config::Config;
use app::web::{Room, Routes, Texts};
use jiff::SignedDuration;
use kit::clock::Clock;
use kit::random::Random;
use serde_json::{Value, json};

/// The clause with this number.
fn clause<'a>(clauses: &'a Value, id: &str) -> &'a Value {
    let found = clauses.as_array().unwrap().iter().find(|clause| clause["id"] == id);
    found.unwrap_or_else(|| panic!("no clause {id}"))
}

#[tokio::test]
async fn anybody_reads_what_stands_behind_each_promise() {
    let world = World::new().await;
    world.member("buyer").await;
    world.pass(SignedDuration::from_mins(11)).await;
    let page = world.visitor().page("/trust").await.ok();
    assert_eq!(page.header("set-cookie"), "");
    assert!(!page.text.contains('⟦'), "every figure has its word");
    for text in ["先记录，后解密，再显示", "openings::if_the_opening_cannot_be_recorded_nothing_is_opened", "已守住"]
    {
        assert!(page.text.contains(text), "{text} is missing");
    }
    let trust = world.visitor().get("/trust").await.ok().json();
    assert_eq!(trust["clauses"].as_array().unwrap().len(), policy::CLAUSES.len());
    let kept = clause(&trust["clauses"], "0.1");
    assert_eq!((&kept["state"], &kept["missing"]), (&json!("kept"), &json!("")));
    assert_eq!(kept["evidence"]["figures"]["agreements"], json!({ "accounts": 2, "without": 0 }));
    assert_eq!(clause(&trust["clauses"], "4.3")["evidence"], Value::Null, "nothing keeps it, nothing shows it");
    assert!(trust["collected"].as_array().unwrap().iter().any(|one| one["field"] == "手机号"));
    assert!(world.visitor().page("/trust?lang=en").await.ok().text.contains("recorded first, then decrypted"));
}

#[tokio::test]
async fn a_broken_promise_and_old_evidence_show() {
    let world = World::new().await;
    world.member("buyer").await;
    world.settle().await;
    let evidence = async |id: &str| {
        let trust = world.visitor().get("/trust").await.ok().json();
        clause(&trust["clauses"], id)["evidence"].clone()
    };
    assert_eq!((&evidence("2.1").await["holds"], &evidence("2.1").await["fresh"]), (&json!(true), &json!(true)));
    let clear =
        |tx: &mut kit::db::Tx| tx.execute("UPDATE account SET phone = $1", kit::values![b"13800138000".as_slice()]);
    world.app.db().write::<_, kit::db::Error>(clear).await.unwrap();
    assert_eq!(evidence("2.1").await["holds"], true, "measured every ten minutes");
    world.pass(SignedDuration::from_mins(11)).await;
    assert_eq!(evidence("2.1").await["holds"], false, "a value in the clear is found");
    assert!(world.visitor().page("/trust").await.ok().text.contains("证据不符"));
    world.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(evidence("0.1").await["fresh"], false, "nobody has measured for a day");
}

#[tokio::test]
async fn no_bid_moves_what_everybody_reads() {
    let world = World::new().await;
    let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
    let (_, lot) = crate::sourcing::published(&world, &buyer).await;
    world.pass(SignedDuration::from_mins(11)).await;
    let before = world.visitor().get("/trust").await.ok().json();
    crate::sourcing::bid(&provider, &lot, "300").await;
    world.pass(SignedDuration::from_mins(11)).await;
    let after = world.visitor().get("/trust").await.ok().json();
    assert_eq!(before["figures"], after["figures"]);
}

#[test]
fn the_command_prints_the_register_with_and_without_a_database() {
    let here = folder();
    let output = ziyun(here.path(), &["clauses", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", err(&output));
    assert!(err(&output).contains("without evidence"), "{}", err(&output));
    let clauses: Value = serde_json::from_str(&out(&output)).unwrap();
    let names: Vec<_> = clause(&clauses, "7.1").as_object().unwrap().keys().map(String::as_str).collect();
    for name in ["id", "state", "missing", "controls", "tests", "evidence"] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    assert_eq!(clause(&clauses, "7.1")["evidence"], Value::Null);
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0, "nothing is made");
    let output = ziyun(here.path(), &["clauses", "--data", "nowhere"]).output().unwrap();
    assert!(out(&output).contains("3.5   kept"), "{}", out(&output));
}

#[tokio::test]
async fn a_purpose_that_the_policy_does_not_have_stops_the_start() {
    sabotaged();
    static STRANGE: Room =
        Room { purposes: &["advertising"], ..Room::new("strange", Routes::new, Texts { zh: "", en: "" }) };
    let here = folder();
    let clock = Clock::system();
    let opened = App::open(Config::under(here.path()), clock, Random::seeded(1), &[&STRANGE]).await;
    assert!(opened.err().expect("it does not start").to_string().contains("no purpose named advertising"));
}

#[tokio::test]
async fn registration_takes_no_other_field() {
    let world = World::new().await;
    let who = Applicant::new("buyer");
    for field in ["name", "surname", "id_number", "birthday", "department", "title"] {
        let answer = world.visitor().post("/registrations", changed(who.form(), field, json!("周"))).await;
        refused(&answer, field, "unknown-field");
    }
}
