//! The same on the command line, offline: `ziyun seal`, `ziyun officer`.

use super::Stage;
use crate::sourcing::{id, text};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PASSPHRASE: &str = "四个随便的词 horse battery\n";

#[expect(clippy::disallowed_methods, reason = "what the environment has of ours is taken away")]
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ziyun"));
    // What the tests are told is no setting of the program's.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ZIYUN_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn ziyun(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = command(folder, arguments).spawn().unwrap();
    // Who refuses at once has closed its end before anything is read.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    child.wait_with_output().unwrap()
}

#[track_caller]
fn told(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn an_envelope_is_delivered_on_the_command_line_and_a_kill_is_gone_on_from() {
    let stage = Stage::new().await;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| std::fs::write(folder.path().join(name), text).unwrap();
    let provider = stage.world.member("provider").await;
    write("form.json", provider.get(&format!("/lots/{}/bids/new", stage.lot)).await.ok().text.as_bytes());
    let made = crate::token::make(&stage.world, &provider, &["bid"]).await.ok().json();
    write("token", text(&made, "secret").as_bytes());
    write("方案.pdf", &vec![7; 400_000]);
    let seal = ["seal", "form.json", "--price", "4.00", "--delivery-days", "30", "方案.pdf"];
    let sealed = told(&ziyun(folder.path(), &seal, ""));
    assert_eq!(text(&sealed, "delivery"), "envelope.ziyun.json");
    let to = format!("http://{}", stage.world.address());
    let deliver =
        ["deliver", "envelope.ziyun.json", "--to", &to, "--token", "token", "--tries", "3"].map(str::to_owned);
    // In small pieces, killed after some of them; then the same command goes on, and once more finds nothing to do.
    let slow = [&deliver[..], &["--piece".to_owned(), "1024".to_owned()]].concat();
    let mut child = command(folder.path(), &slow.iter().map(String::as_str).collect::<Vec<_>>()).spawn().unwrap();
    let received = "SELECT coalesce(max(received), 0) FROM bid_upload";
    let some = async || Some(stage.world.count(received).await).filter(|count| *count > 0);
    let come = crate::failure::program::until("some of it has come", some).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let envelope = std::fs::metadata(folder.path().join("envelope.ziyun")).unwrap().len();
    assert!((come as u64) < envelope && stage.world.count(received).await < envelope as i64);
    for _ in 0..2 {
        let (here, arguments) = (folder.path().to_owned(), deliver.clone());
        let run = move || ziyun(&here, &arguments.iter().map(String::as_str).collect::<Vec<_>>(), "");
        let done = told(&tokio::task::spawn_blocking(run).await.unwrap());
        let seen = provider.get(&format!("/bids/{}", text(&done, "bid"))).await.ok().json();
        assert_eq!((&seen["bid"]["awaits_ciphertext"], &seen["bid"]["version"]), (&json!(false), &json!(1)));
    }
    assert_eq!(stage.world.count("SELECT count(*) FROM bid").await, 1);
    let receipt = std::fs::read_to_string(folder.path().join("envelope.ziyun.receipt.json")).unwrap();
    let key = text(&serde_json::from_str(&receipt).unwrap(), "key");
    assert_eq!(evidence::verify(&receipt, &key).unwrap().statement["act"], json!("arrived"));
}

#[tokio::test]
async fn bids_are_sealed_and_opened_on_the_command_line() {
    let mut stage = Stage::new().await;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    // Two bids by the library, one by the command, with a file.
    stage.bid(500).await;
    stage.bid(600).await;
    let provider = stage.world.member("provider").await;
    write("form.json", &provider.get(&format!("/lots/{}/bids/new", stage.lot)).await.ok().text);
    write("方案.pdf", "%PDF-1.7");
    let seal = ["seal", "form.json", "--price", "4.00", "--delivery-days", "30", "方案.pdf"];
    let sealed = told(&ziyun(folder.path(), &seal, ""));
    let envelope = std::fs::read(folder.path().join("envelope.ziyun")).unwrap();
    let (bid, line) = (id(), text(&sealed, "commitment"));
    let path = format!("/lots/{}/envelopes", stage.lot);
    let files: [(&str, &str, &[u8]); 1] = [("envelope", "e", &envelope)];
    provider.upload(&path, &[("id", &bid), ("commitment", &line)], &files).await.ok();
    // An officer's key: made, proved; a weak passphrase and a wrong one are refused.
    assert!(!ziyun(folder.path(), &["officer", "new"], "short\n").status.success());
    let made = told(&ziyun(folder.path(), &["officer", "new", "--work", "2"], PASSPHRASE));
    assert!(text(&made, "recipient").starts_with("age1"));
    assert!(!ziyun(folder.path(), &["officer", "new"], PASSPHRASE).status.success(), "a file is there");
    let enrolled = super::enrol_anew(&stage.officers[1].0, &text(&made, "recipient")).await;
    write("line.json", &enrolled.to_string());
    assert!(!ziyun(folder.path(), &["officer", "prove", "line.json"], "another passphrase\n").status.success());
    let answer = told(&ziyun(folder.path(), &["officer", "prove", "line.json"], PASSPHRASE));
    let proof = format!("/me/opening-key/{}/proof", text(&enrolled, "id"));
    stage.officers[1].0.post(&proof, answer).await.ok();

    // The tender is sealed to the keys of before: the first officer takes the share out with the file of theirs.
    stage.hour().await;
    let page = stage.officers[0].0.get(&format!("/me/openings/{}", stage.tender)).await.ok();
    write("sheet.json", &page.text);
    assert!(!ziyun(folder.path(), &["officer", "share", "sheet.json"], PASSPHRASE).status.success(), "another's key");
    let kept = sealing::keeping::keep(&stage.officers[0].1, PASSPHRASE.trim(), 2).unwrap();
    std::fs::write(folder.path().join("own.age"), kept).unwrap();
    let share = ["officer", "share", "--key", "own.age", "sheet.json"];
    let answer = told(&ziyun(folder.path(), &share, PASSPHRASE));
    stage.officers[0].0.post(&format!("/me/openings/{}", stage.tender), answer).await.ok();
    stage.give(1).await.ok();
    let opened = stage.opened().await;
    assert_eq!(opened.iter().map(|bid| bid["price"].clone()).collect::<Vec<_>>(), [json!(400), json!(500), json!(600)]);
    let provider = stage.world.again(&provider).await;
    let own = provider.get(&format!("/tenders/{}/opening", stage.tender)).await.ok().json();
    assert_eq!(own["lots"][0]["bids"][0]["files"][0]["name"], "方案.pdf");
}
