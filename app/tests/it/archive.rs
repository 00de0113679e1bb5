//! The archive of a tender that has ended: what is in it, for whom, what its verification notices, and when it goes.

use crate::amendment::{material_form, stage};
use crate::command::{folder, out, ziyun};
use crate::evaluation::{Scene, refused};
use crate::sourcing::{bid, id, text};
use crate::termination;
use crate::world::{Browser, World};
use jiff::SignedDuration;
use kit::db::Tx;
use kit::id::Id;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub type Files = BTreeMap<String, Vec<u8>>;

fn page(tender: &str) -> String {
    format!("/tenders/{tender}/archive")
}

/// Has one made: its id, and its bytes.
pub async fn made(world: &World, who: &Browser, tender: &str) -> (String, Vec<u8>) {
    let asked = who.post(&page(tender), json!({"id": id()})).await.ok().json();
    assert_eq!((&asked["state"], &asked["step"]), (&json!("asked"), &json!(0)));
    // Twice the log has to show something first.
    for _ in 0..8 {
        world.settle().await;
        let seen = who.get(&page(tender)).await.ok().json()["archives"][0].clone();
        if seen["state"] == "ready" {
            let archive = text(&seen, "id");
            let (status, bytes) = fetched(who, &archive).await;
            let sha256 = hex::encode(app::sourcing::tender::document::sha256(&bytes));
            assert_eq!((status, seen["sha256"].as_str()), (200, Some(sha256.as_str())));
            return (archive, bytes);
        }
        world.pass(SignedDuration::from_secs(30)).await;
    }
    panic!("it is never ready: {}", who.get(&page(tender)).await.text);
}

async fn fetched(who: &Browser, archive: &str) -> (u16, Vec<u8>) {
    let request = who.request(Method::GET, &format!("/archives/{archive}")).header("accept", "application/json");
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
}

/// Its files, by their names.
pub fn unpacked(bytes: &[u8]) -> Files {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Files::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

fn packed(files: &Files) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// What `ziyun verify` says with this key: line by line, the verdict last.
fn verified(archive: &[u8], key: &str) -> (bool, Vec<Value>) {
    let here = folder();
    std::fs::write(here.path().join("archive.zip"), archive).unwrap();
    std::fs::write(here.path().join("log.pub"), key).unwrap();
    let output = ziyun(here.path(), &["verify", "--key", "log.pub", "archive.zip"]).output().unwrap();
    let lines = out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (output.status.success(), lines)
}

fn count(files: &Files, begin: &str, end: &str) -> usize {
    files.keys().filter(|name| name.starts_with(begin) && name.ends_with(end)).count()
}

fn told(files: &Files, name: &str) -> String {
    String::from_utf8(files[name].clone()).unwrap()
}

fn read(files: &Files, name: &str) -> Value {
    serde_json::from_slice(&files[name]).unwrap()
}

#[tokio::test]
async fn the_buyer_gets_the_whole_and_a_bidder_its_own_and_nobody_else_any() {
    let scene = Scene::new(4).await;
    let (world, tender) = (&scene.world, scene.tender.as_str());
    refused(&scene.buyer.get(&page(tender)).await, "archive-not-yet");
    refused(&scene.buyer.post(&page(tender), json!({"id": id()})).await, "archive-not-yet");
    scene.conclude().await;
    scene.stand_still().await;
    scene.award(&scene.bids[0], None).await.ok();
    let shown = scene.buyer.page(&page(tender)).await.ok().text;
    assert!(shown.contains("全部投标文件") && !shown.contains('⟦'), "{shown}");
    let (whole, bytes) = made(world, &scene.buyer, tender).await;
    let (own, of_bidder) = made(world, &scene.providers[1], tender).await;
    let (all, theirs) = (unpacked(&bytes), unpacked(&of_bidder));
    for name in ["README.txt", "tender/versions/1.json", "opening/record.json", "log/checkpoint.txt", "log/log.pub"] {
        assert!(all.contains_key(name) && theirs.contains_key(name), "{name}: {:?}", theirs.keys());
    }
    assert!(all["opening/record.pdf"].starts_with(b"%PDF") && all["lots/1/evaluation-report.pdf"].starts_with(b"%PDF"));
    assert!(!theirs.keys().any(|name| name.contains("evaluation-report")), "the report is the buyer's");
    assert_eq!((count(&all, "lots/1/letters/", ".pdf"), count(&theirs, "lots/1/letters/", ".pdf")), (3, 1));
    assert_eq!((count(&all, "receipts/", ""), count(&theirs, "receipts/", "")), (3, 1));
    assert_eq!(count(&all, "log/events/", "tender.lot-awarded.json"), 1);
    assert_eq!(count(&theirs, "log/events/", "evaluation.concluded.json"), 0);
    let notes = |files: &Files| told(files, "opening/record.json").matches("两年质保").count();
    assert_eq!((notes(&all), notes(&theirs)), (3, 1), "others' remarks are not a bidder's to read");
    // No person stands in it, as far as the tests know any.
    let everybody: Vec<_> = world.messages().into_iter().map(|message| message.to).collect();
    for (name, bytes) in all.iter().filter(|(name, _)| name.ends_with(".json")) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!everybody.iter().any(|to| text.contains(to.as_str())), "{name} tells of a person");
    }
    assert_eq!(read(&all, "manifest.json")["receipt"]["statement"]["left_out"].as_array().unwrap().len(), 4);

    // Of another it is as if there were none.
    let stranger = &scene.experts[0];
    assert_eq!(stranger.get(&page(tender)).await.status, 404);
    assert_eq!(stranger.post(&page(tender), json!({"id": id()})).await.status, 404);
    for (who, archive) in [(stranger, &whole), (&scene.providers[1], &whole), (&scene.buyer, &own)] {
        assert_eq!(fetched(who, archive).await.0, 404);
    }
    assert_eq!(fetched(&world.visitor(), &whole).await.0, 401);
    // The form of another's archive brings nothing to light.
    assert_eq!(scene.providers[2].post(&page(tender), json!({"id": whole})).await.status, 404);

    let key = world.visitor().request(Method::GET, "/log/key").send().await.unwrap().text().await.unwrap();
    differences(&bytes, &of_bidder, &key);
}

/// What is sound is told file by file; of what is not, the first difference.
fn differences(bytes: &[u8], of_bidder: &[u8], key: &str) {
    let all = unpacked(bytes);
    let (ok, lines) = verified(bytes, key);
    assert!(ok && lines.len() == all.len() + 1, "{lines:?}");
    assert_eq!(lines.last().unwrap()["kind"], "tender-archive");
    let of = |name: &str| lines.iter().find(|line| line["entry"] == name).unwrap()["checked"].clone();
    assert_eq!(of("manifest.json"), json!(["signature", "log"]));
    assert_eq!(of("lots/1/evaluation-report.json"), json!(["hash", "log"]));
    assert_eq!(of("awards.json"), json!(["hash"]));
    let receipt = all.keys().find(|name| name.starts_with("receipts/")).unwrap();
    assert_eq!(of(receipt), json!(["hash", "signature", "log"]));
    assert!(verified(of_bidder, key).0 && verified(&packed(&all), key).0, "packing anew changes nothing");

    let reason = |change: &dyn Fn(&mut Files)| {
        let mut files = all.clone();
        change(&mut files);
        let (ok, lines) = verified(&packed(&files), key);
        assert!(!ok);
        (lines.last().unwrap()["reason"].as_str().unwrap().to_owned(), lines.len())
    };
    let (why, lines) = reason(&|files| files.get_mut("awards.json").unwrap()[1] ^= 1);
    assert_eq!((why.as_str(), lines), ("awards.json was changed", 3), "the list and README.txt held before");
    assert!(reason(&|files| files.get_mut("awards.json").unwrap().push(b' ')).0.starts_with("awards.json was changed"));
    assert_eq!(reason(&|files| drop(files.remove("questions.json"))).0, "questions.json is missing");
    assert_eq!(reason(&|files| drop(files.insert("z.json".into(), vec![]))).0, "z.json is not in the manifest");
    let unproven = |files: &mut Files| {
        let list = read(files, "manifest.json")["receipt"].to_string();
        files.insert("manifest.json".to_owned(), list.into_bytes());
    };
    assert!(reason(&unproven).0.starts_with("manifest.json"), "the list without its proof");
    let swapped = |files: &mut Files| {
        let other = unpacked(of_bidder)["manifest.json"].clone();
        files.insert("manifest.json".to_owned(), other);
    };
    reason(&swapped);
    let other = evidence::Signer::from_seed(&[5; 32]).public_key();
    assert!(!verified(bytes, &other).0, "another's key");
}

#[tokio::test]
async fn every_version_is_in_it_it_is_made_once_and_it_goes_after_thirty_days() {
    let world = World::new().await;
    let (buyer, providers, tender, lots) = stage(&world).await;
    bid(&providers[0], &lots[0], "100").await;
    let form = material_form(&buyer, &tender, &[1]).await;
    let typed = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(_) => "1".to_owned(),
        other => other.to_string(),
    };
    let fields: Vec<_> = form.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), typed(value))).collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let file: (&str, &str, &[u8]) = ("documents", "补充/说明.pdf", b"%PDF-1.7");
    buyer.upload(&format!("/tenders/{tender}/amendment"), &fields, &[file]).await.ok();
    let end = termination::form(&buyer, &tender, &[1, 2]).await;
    buyer.post(&format!("/tenders/{tender}/termination"), end).await.ok();
    world.settle().await;

    let wanted = json!({"id": id()});
    buyer.post(&page(&tender), wanted.clone()).await.ok();
    assert_eq!(buyer.post(&page(&tender), wanted).await.ok().json()["state"], "asked", "sent twice, it is one");
    refused(&buyer.post(&page(&tender), json!({"id": id()})).await, "archive-under-way");
    // What a kill leaves: another job for the same archive, and a file that nobody goes on with.
    let again = |tx: &mut Tx| {
        let id: [u8; 16] = tx.one("SELECT id FROM tender_archive", &[], |row| row.next())?;
        let now = tx.now();
        kit::job::enqueue(tx, "archive.make", &id, now).map(drop)
    };
    world.app.db().write::<_, kit::db::Error>(again).await.unwrap();
    let rest = world.app.config().data_dir.join("archives");
    std::fs::create_dir_all(&rest).unwrap();
    let rest = rest.join(format!("{}-x.zip", Id::<()>::from_bytes([7; 16])));
    std::fs::write(&rest, b"PK").unwrap();
    for _ in 0..4 {
        world.pass(SignedDuration::from_secs(30)).await;
    }
    assert!(!rest.exists(), "it is swept");
    let ready = buyer.get(&page(&tender)).await.ok().json()["archives"].clone();
    assert_eq!((ready.as_array().unwrap().len(), &ready[0]["state"]), (1, &json!("ready")));
    let files = async || world.app.blobs().list("default").await.unwrap().len();
    let before = files().await;
    let bytes = fetched(&buyer, &text(&ready[0], "id")).await.1;
    let all = unpacked(&bytes);
    let summary = |version: u8| text(&read(&all, &format!("tender/versions/{version}.json")), "summary");
    assert!(summary(2).contains("备件改为原厂件") && !summary(1).contains("备件改为原厂件"), "{}", summary(1));
    assert_eq!(read(&all, "tender/versions/1.json")["documents"], json!([]));
    assert_eq!(count(&all, "tender/documents/", "说明.pdf"), 1, "a name leads nowhere: {:?}", all.keys());
    assert!(told(&all, "tender/amendments/1.json").contains("added"), "with its differences");
    assert_eq!(read(&all, "terminations.json").as_array().map(Vec::len), Some(1));
    assert_eq!(count(&all, "receipts/", ""), 0, "what was never opened is nobody's to know");
    let (_, own) = made(&world, &providers[0], &tender).await;
    assert_eq!(count(&unpacked(&own), "receipts/", ""), 1, "but its bidder's");
    // Another takes the place of the one before.
    let (second, _) = made(&world, &buyer, &tender).await;
    assert_eq!(files().await, before + 1, "the first file is gone");
    world.stay_signed_in(100).await;
    world.pass(SignedDuration::from_hours(24 * 29)).await;
    assert_eq!(fetched(&buyer, &second).await.0, 200);
    world.pass(SignedDuration::from_hours(25)).await;
    assert_eq!(fetched(&buyer, &second).await.0, 404);
    assert_eq!((files().await, world.count("SELECT count(*) FROM tender_archive").await), (before - 1, 0));
    assert_eq!(world.count("SELECT count(*) FROM tender_archive_entry").await, 0);
}
