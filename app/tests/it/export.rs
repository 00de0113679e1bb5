//! The export: a copy of everything, for its own person, once.

use crate::account::refused;
use crate::command::{folder, out, ziyun};
use crate::consent::switch_on;
use crate::people::{Applicant, PASSWORD};
use crate::world::{Browser, World};
use jiff::SignedDuration;
use kit::db::Tx;
use kit::id::Id;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use vault::{Standing, Subject};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The files of an archive, by name.
type Files = BTreeMap<String, Vec<u8>>;

/// What the form sends.
pub fn wanted() -> Value {
    json!({ "id": crate::sourcing::id(), "current": PASSWORD })
}

/// Asks for a copy and has it made. Answers where it is downloaded.
async fn made(world: &World, me: &Browser) -> String {
    let copy = me.post("/me/export", wanted()).await.ok().json();
    assert_eq!((&copy["state"], &copy["step"]), (&json!("asked"), &json!(0)));
    world.settle().await;
    format!("/me/export/{}/download", copy["id"].as_str().unwrap())
}

/// Takes a copy: status and bytes.
async fn take(me: &Browser, path: &str) -> (u16, Vec<u8>) {
    let request = me.request(Method::POST, path).header("x-csrf-token", me.token().await);
    let answer = request.header("accept", "application/json").send().await.unwrap();
    (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
}

fn unpacked(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

async fn states(me: &Browser) -> Vec<String> {
    let page = me.get("/me/export").await.ok().json();
    page["copies"].as_array().unwrap().iter().map(|copy| copy["state"].as_str().unwrap().to_owned()).collect()
}

async fn files(world: &World) -> usize {
    world.app.blobs().list("default").await.unwrap().len()
}

/// Whose data they are, of the only member.
async fn subject(world: &World) -> Id<Subject> {
    let sql = "SELECT subject FROM account WHERE operator = 0 ORDER BY created_at LIMIT 1";
    world.app.db().read::<_, kit::db::Error>(move |tx| tx.one(sql, &[], |row| row.next())).await.unwrap()
}

async fn leave(world: &World) {
    let subject = subject(world).await;
    let unit = move |tx: &mut Tx| vault::change_standing(tx, subject, Standing::Destroyed);
    world.app.db().write::<_, vault::Error>(unit).await.unwrap();
}

#[tokio::test]
async fn a_copy_holds_everything_is_encrypted_meanwhile_and_is_had_once() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let me = world.applicant(&who).await;
    switch_on(&me, "remembered-search").await;
    me.get("/me").await.ok();
    let path = made(&world, &me).await;
    assert_eq!(states(&me).await, ["ready"]);
    let blobs = world.app.blobs().list("default").await.unwrap();
    let lying = world.app.blobs().get("default", blobs[0]).await.unwrap();
    assert!(!lying.starts_with(b"PK") && lying.starts_with(b"age-encryption.org"));
    assert_eq!(me.get(&path).await.status, 405, "a link that is followed hands nothing over");
    let (status, archive) = take(&me, &path).await;
    assert_eq!(status, 201);
    let files_of_it = unpacked(&archive);
    let json = |name: &str| serde_json::from_slice::<Value>(&files_of_it[name]).unwrap();
    let value = |field: &str| json("data.json").as_array().unwrap().iter().find(|one| one["field"] == field).cloned();
    assert_eq!(value("phone").unwrap()["value"], format!("+86{}", who.phone));
    assert_eq!(value("email").unwrap()["value"], who.email);
    assert_eq!(value("ip").unwrap()["uses"].as_array().unwrap().len(), 3, "with every permitted use");
    assert_eq!(json("account.json")["company"], who.company);
    assert_eq!(json("agreements.json").as_array().unwrap().len(), 1);
    let consent = json("consents.json")[0].clone();
    assert_eq!((&consent["purpose"], &consent["act"]), (&json!("remembered-search"), &json!("given")));
    assert!(files_of_it.contains_key(consent["receipt"].as_str().unwrap()));
    let purposes: Vec<_> = json("accesses.json").as_array().unwrap().iter().map(|one| one["purpose"].clone()).collect();
    assert!(purposes.contains(&json!("export")) && purposes.contains(&json!("account")), "{purposes:?}");
    for name in ["read.zh.html", "read.en.html"] {
        let text = String::from_utf8(files_of_it[name].clone()).unwrap();
        assert!(text.contains(&who.email) && !text.contains('⟦') && !text.contains("<script"), "{text}");
    }
    assert_eq!(take(&me, &path).await.0, 404, "a second time");
    world.settle().await;
    assert_eq!((states(&me).await, files(&world).await), (vec!["fetched".to_owned()], 0));
    assert_eq!(world.count("SELECT count(*) FROM data_export WHERE identity IS NOT NULL").await, 0, "nor is the key");
    assert_eq!(world.count("SELECT count(*) FROM event WHERE kind = 'export.changed'").await, 4, "the denied one too");
    assert!(world.messages().iter().any(|message| message.to == who.email && message.text.contains("副本已经生成")));
}

#[tokio::test]
async fn a_copy_proves_offline_that_nothing_in_it_was_changed() {
    let world = World::new().await;
    let me = world.member("both").await;
    let path = made(&world, &me).await;
    let (_, archive) = take(&me, &path).await;
    let here = folder();
    let verified = |archive: &[u8]| {
        std::fs::write(here.path().join("copy.zip"), archive).unwrap();
        let output = ziyun(here.path(), &["verify", "copy.zip"]).current_dir(here.path()).output().unwrap();
        let told: Value = serde_json::from_str(&out(&output)).unwrap();
        (output.status.success(), told["reason"].as_str().unwrap_or_default().to_owned())
    };
    assert!(verified(&archive).0);
    let again = |change: &dyn Fn(&mut Files)| {
        let mut files = unpacked(&archive);
        change(&mut files);
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(&bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    assert!(verified(&again(&|_| {})).0, "packing anew changes nothing");
    let (ok, why) = verified(&again(&|files| files.get_mut("data.json").unwrap().push(b' ')));
    assert_eq!((ok, why.as_str()), (false, "data.json was changed"));
    let (ok, why) = verified(&again(&|files| drop(files.remove("accesses.json"))));
    assert_eq!((ok, why.as_str()), (false, "accesses.json is missing"));
    let (ok, why) = verified(&again(&|files| drop(files.insert("more.json".to_owned(), Vec::new()))));
    assert_eq!((ok, why.as_str()), (false, "more.json is not in the manifest"));
    let forged = again(&|files| {
        let manifest = String::from_utf8(files["manifest.json"].clone()).unwrap();
        files.insert("manifest.json".to_owned(), manifest.replace("2026-11", "2026-10").into_bytes());
    });
    assert!(!verified(&forged).0, "the manifest itself");
}

#[tokio::test]
async fn a_stolen_link_opens_nothing_and_its_person_reads_of_the_attempt() {
    let world = World::new().await;
    let (me, thief) = (world.member("both").await, world.member("both").await);
    let path = made(&world, &me).await;
    assert_eq!(take(&thief, &path).await.0, 404);
    assert_eq!(take(&world.visitor(), &path).await.0, 401);
    assert_eq!(states(&thief).await, Vec::<String>::new());
    let told = me.get("/me/accesses").await.ok().json()["others"].to_string();
    assert!(told.contains("\"opened\":false"), "{told}");
    assert_eq!(take(&me, &path).await.0, 201, "it is still there for its person");
}

#[tokio::test]
async fn asking_needs_the_password_and_one_is_made_at_a_time() {
    let world = World::new().await;
    let me = world.member("both").await;
    let wrong = json!({ "id": crate::sourcing::id(), "current": "nicht das richtige" });
    refused(&me.post("/me/export", wrong).await, "current", "current-password");
    let page = me.submit("/me/export", &[("id", &crate::sourcing::id()), ("current", "")]).await;
    assert!(page.status == 422 && page.text.contains("不能为空") && !page.text.contains('⟦'), "{}", page.text);
    let first = wanted();
    me.post("/me/export", first.clone()).await.ok();
    assert_eq!(me.post("/me/export", first).await.ok().json()["state"], "asked", "sent twice, asked once");
    let second = me.post("/me/export", wanted()).await;
    assert_eq!((second.status.as_u16(), second.code().as_str()), (409, "export-under-way"));
    assert_eq!(me.post("/me/export", wanted()).await.status, 429, "three copies are enough for a while");
}

#[tokio::test]
async fn a_copy_that_nobody_fetches_goes_after_three_days() {
    let world = World::new().await;
    let me = world.member("both").await;
    let path = made(&world, &me).await;
    world.stay_signed_in(5).await;
    world.pass(SignedDuration::from_hours(71)).await;
    assert_eq!((states(&me).await, files(&world).await), (vec!["ready".to_owned()], 1));
    world.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(take(&me, &path).await.0, 404, "before anybody has swept");
    world.settle().await;
    assert_eq!((states(&me).await, files(&world).await), (vec!["ended".to_owned()], 0));
}

#[tokio::test]
async fn who_leaves_meanwhile_stops_it_and_takes_a_finished_one_along() {
    let world = World::new().await;
    let me = world.member("both").await;
    me.post("/me/export", wanted()).await.ok();
    leave(&world).await;
    world.settle().await;
    assert_eq!((states(&me).await, files(&world).await), (vec!["ended".to_owned()], 0));

    let world = World::new().await;
    let me = world.member("both").await;
    let path = made(&world, &me).await;
    leave(&world).await;
    assert_eq!(take(&me, &path).await.0, 404, "the key opens for nobody");
    world.settle().await;
    assert_eq!((states(&me).await, files(&world).await), (vec!["ended".to_owned()], 0));
}

#[tokio::test]
async fn a_job_that_runs_again_makes_no_second_copy() {
    let world = World::new().await;
    let me = world.member("both").await;
    let path = made(&world, &me).await;
    let again = |tx: &mut Tx| {
        let id: [u8; 16] = tx.one("SELECT id FROM data_export", &[], |row| row.next())?;
        let now = tx.now();
        kit::job::enqueue(tx, "export.make", &id, now).map(drop)
    };
    world.app.db().write::<_, kit::db::Error>(again).await.unwrap();
    world.settle().await;
    assert_eq!(files(&world).await, 1);
    assert_eq!(take(&me, &path).await.0, 201);
}
