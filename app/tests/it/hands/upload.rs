//! Commitments first, ciphertexts after: in pieces, cut off and resumed, exchanged, too late; and a server that is killed meanwhile.

use super::uploading::{Tus, refusal};
use super::{Stage, told};
use crate::colleague::colleague;
use crate::failure::faults::{FULL, Faults};
use crate::failure::program::{Program, until};
use crate::sourcing::{id, text};
use crate::world::{Browser, World};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use kit::clock::Clock;
use reqwest::Method;
use sealing::{Commitment, File};
use serde_json::json;
use std::path::PathBuf;

/// What no compression and no chance could make of anything else.
fn bytes(length: usize) -> Vec<u8> {
    let mut state = 20_261_130_u64;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    (0..length).map(next).collect()
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    app::sourcing::tender::document::sha256(bytes)
}

fn file(content: &[u8]) -> File {
    File { name: "方案.pdf".into(), content: content.to_vec().into() }
}

fn parts(world: &World) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(world.app.config().data_dir.join("uploads")).unwrap();
    folder.map(|entry| entry.unwrap().path()).collect()
}

async fn secret(world: &World, provider: &Browser) -> String {
    text(&crate::token::make(world, provider, &["bid"]).await.ok().json(), "secret")
}

#[tokio::test]
async fn a_ciphertext_comes_in_pieces_after_its_commitment_and_is_opened() {
    let mut stage = Stage::new().await;
    let (provider, rival) = (stage.world.member("provider").await, stage.world.member("provider").await);
    let plan = bytes(1_500_000);
    let envelope = stage.seal_with(&provider, 4_200_000, &[file(&plan)]).await;
    let visitor = stage.world.visitor();
    let others = [&visitor, &stage.buyer, &rival];
    let before = stage.told_to_others(&others).await;

    // The commitment gives the receipt; sent twice it is one.
    let bid = id();
    let upload = stage.committed(&provider, &bid, &envelope, 1).await;
    assert_eq!(stage.committed(&provider, &bid, &envelope, 1).await.path, upload.path);
    assert_eq!(refusal(&stage.commit(&provider, &bid, &stage.line_of(5000, 1), 1).await).0, 412, "the first stands");
    let seen = provider.get(&format!("/bids/{bid}")).await.ok().json();
    let receipt = &seen["receipts"][0]["statement"];
    assert_eq!((&seen["bid"]["awaits_ciphertext"], &receipt["ciphertext"]), (&json!(true), &json!("awaited")));
    assert_eq!(receipt["commitment"], json!(stage.commitment(&envelope, 1)));
    assert!(provider.page(&format!("/bids/{bid}")).await.ok().text.contains("密文还没有传完"));
    assert!(provider.page("/").await.ok().text.contains("继续上传"));

    // What tus asks for.
    let spoken = upload.browser.send(upload.browser.request(Method::OPTIONS, &upload.path)).await;
    assert_eq!((spoken.status.as_u16(), spoken.header("tus-version")), (204, "1.0.0"));
    assert!(spoken.header("tus-extension").contains("creation") && spoken.header("tus-max-size") == "1073741824");
    let begun = upload.create(&bid, envelope.len()).await.ok();
    assert_eq!((begun.status.as_u16(), begun.header("location")), (201, &*upload.path));
    assert!(begun.header("upload-expires").ends_with("GMT") && begun.header("tus-resumable") == "1.0.0");
    for length in [1, usize::MAX] {
        assert_eq!(refusal(&upload.create(&bid, length).await), (409, "upload-other-length".into()));
    }
    let endless = upload.request(Method::POST, &format!("/bids/{bid}/uploads")).header("upload-length", "9".repeat(30));
    assert_eq!(refusal(&upload.browser.send(endless).await), (400, "upload-headers".into()));
    let unversioned = provider.request(Method::PATCH, &upload.path).header("x-csrf-token", provider.token().await);
    assert_eq!(
        refusal(&provider.send(unversioned.header("accept", "application/json")).await),
        (412, "tus-version".into())
    );
    let untyped =
        upload.request(Method::PATCH, &upload.path).header("upload-offset", "0").header("content-type", "text/plain");
    assert_eq!(upload.browser.send(untyped).await.status, 415);
    assert_eq!(refusal(&upload.patch(1, b"x").await), (409, "upload-offset".into()));
    let unproved = provider.request(Method::PATCH, &upload.path).header("tus-resumable", "1.0.0");
    let unproved = unproved.header("x-csrf-token", "another").header("upload-offset", "0");
    assert_eq!(upload.browser.send(unproved).await.status, 403);

    // For who cannot send PATCH a POST says that it is meant, and proves what PATCH would have to: a form of another site cannot.
    let meant = |method: &str| upload.meant(method).header("upload-offset", "1");
    let typed = |request: reqwest::RequestBuilder| request.header("content-type", "application/offset+octet-stream");
    let asked = async |request: reqwest::RequestBuilder| refusal(&upload.browser.send(request).await);
    assert_eq!(asked(typed(meant("PATCH")).body("x")).await, (409, "upload-offset".into()));
    assert_eq!(asked(typed(meant("PUT")).body("x")).await, (405, "method-not-allowed".into()));
    assert_eq!(asked(typed(meant("PATCH")).header("x-http-method-override", "DELETE")).await.0, 405);
    assert_eq!(asked(upload.request(Method::POST, &upload.path)).await.0, 405, "nothing is meant");
    let form = provider.request(Method::POST, &upload.path).header("x-http-method-override", "DELETE");
    let form = form.header("tus-resumable", "1.0.0");
    assert_eq!(asked(form.try_clone().unwrap()).await, (403, "csrf".into()));
    let crossing = form.header("x-csrf-token", provider.token().await).header("sec-fetch-site", "cross-site");
    assert_eq!(asked(crossing).await, (403, "cross-site".into()));

    // Nobody else's: not there, and not for a colleague without the duty.
    let theirs = upload.by(&rival).await;
    assert_eq!((theirs.head().await.status.as_u16(), theirs.patch(0, b"x").await.status.as_u16()), (404, 404));
    assert_eq!((theirs.end().await.status.as_u16(), theirs.create(&bid, 1).await.status.as_u16()), (404, 404));
    assert_eq!(rival.send(theirs.meant("DELETE")).await.status, 404);
    let viewer = upload.by(&colleague(&stage.world, &provider, &["viewer"]).await).await;
    assert_eq!((viewer.head().await.status.as_u16(), viewer.patch(0, b"x").await.status.as_u16()), (403, 403));

    // Pieces: one that does not match its sum is not taken, of two at once one is, and of one that is cut off what has come.
    let sum = |bytes: &[u8]| format!("sha256 {}", STANDARD.encode(sha256(bytes)));
    let changed = upload.piece(0, &envelope[1..500_000]).header("upload-checksum", sum(&envelope[..499_999]));
    assert_eq!(refusal(&upload.browser.send(changed).await), (460, "upload-checksum".into()));
    assert_eq!(upload.offset().await, 0);
    let right = upload.piece(0, &envelope[..500_000]).header("upload-checksum", sum(&envelope[..500_000]));
    assert_eq!(upload.browser.send(right).await.ok().header("upload-offset"), "500000");
    let next = &envelope[500_000..700_000];
    let (one, two) = tokio::join!(upload.patch(500_000, next), upload.patch(500_000, next));
    let mut both = [one.status.as_u16(), two.status.as_u16()];
    both.sort_unstable();
    assert!(both[0] == 204 && [409, 423].contains(&both[1]), "{both:?}");
    let (root, secret) = (format!("http://{}", stage.world.address()), secret(&stage.world, &provider).await);
    let cut = upload.begin(&root, &secret, (700_000, 500_000), &envelope[700_000..900_000]).await;
    drop(cut);
    until("what has come is kept", async || (upload.offset().await == 900_000).then_some(())).await;
    assert_eq!(
        refusal(&upload.patch(900_000, &[&envelope[900_000..], b"x"].concat()).await).0,
        413,
        "more than was said"
    );
    let from = usize::try_from(upload.offset().await).unwrap();
    assert_eq!(stage.told_to_others(&others).await, before, "nobody learns that a bid exists");
    assert_eq!(upload.patch(from, &envelope[from..]).await.ok().header("upload-offset"), envelope.len().to_string());
    assert_eq!(upload.offset().await, envelope.len() as u64);
    assert_eq!(refusal(&upload.end().await), (409, "upload-whole".into()));
    let seen = provider.get(&format!("/bids/{bid}")).await.ok().json();
    assert_eq!(seen["bid"]["awaits_ciphertext"], json!(false));
    assert_eq!(parts(&stage.world), Vec::<PathBuf>::new(), "the part is the blob now");
    // Beside the receipt of the commitment, which stays the one that says when, there is one of the ciphertext.
    let acts = [&seen["receipts"][0]["statement"], &seen["receipts"][1]["statement"]];
    assert_eq!((&acts[0]["act"], &acts[1]["act"]), (&json!("arrived"), &json!("submitted")));
    assert_eq!((&acts[0]["ciphertext"], &acts[0]["commitment"]), (&json!(null), &acts[1]["commitment"]));
    assert_eq!(provider.get(&format!("/bids/{bid}/receipt")).await.ok().json(), seen["receipts"][1]);
    assert_eq!(provider.get(&format!("/bids/{bid}/arrival")).await.ok().json(), seen["receipts"][0]);
    assert_eq!(rival.get(&format!("/bids/{bid}/arrival")).await.status, 404);
    assert!(provider.page(&format!("/bids/{bid}")).await.ok().text.contains("密文已收齐"));
    assert_eq!(upload.patch(envelope.len(), b"").await.status, 204, "once more, where it ends");
    assert_eq!(parts(&stage.world), Vec::<PathBuf>::new());
    assert_eq!(stage.world.count("SELECT count(*) FROM bid_arrival").await, 1);
    assert_eq!(stage.told_to_others(&others).await, before);

    // Opened as any other, and downloaded as it was.
    stage.bid(500).await;
    stage.bid(600).await;
    stage.hour().await;
    stage.give(0).await.ok();
    stage.give(1).await.ok();
    assert_eq!(stage.opened().await.iter().map(|bid| bid["price"].clone()).collect::<Vec<_>>(), [500, 600, 4_200_000]);
    let record = stage.buyer.get(&format!("/tenders/{}/opening", stage.tender)).await.ok().json();
    let one = &record["lots"][0]["bids"][2]["files"][0];
    assert_eq!(one["sha256"], json!(hex::encode(sha256(&plan))));
    assert_eq!(parts(&stage.world), Vec::<PathBuf>::new(), "nothing of the opening is left");
    let path = format!("/bid-files/{}", text(one, "id"));
    let answer = stage.buyer.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.headers()["content-length"], plan.len().to_string());
    assert!(answer.bytes().await.unwrap() == plan);
    let proof = format!("/bids/{bid}/arrival/proof");
    let proven = stage.world.again(&provider).await.get(&proof).await.ok();
    let key = text(&proven.json()["receipt"], "key");
    assert_eq!(evidence::verify(&proven.text, &key).unwrap().statement["act"], json!("arrived"));
}

#[tokio::test]
async fn what_was_not_committed_to_is_thrown_away_and_what_is_replaced_is_forgotten() {
    const MB: u64 = 1024 * 1024;
    let world = World::configured(|config| (config.envelope_limit, config.envelope_quota) = (40 * MB, 26 * MB)).await;
    let stage = Stage::within(world, "open").await;
    let provider = stage.world.member("provider").await;
    let (bid, envelope) = (id(), stage.seal_with(&provider, 100, &[file(&bytes(70_000))]).await);
    // A draft, which the platform keeps, takes no price where many hands open.
    let draft = format!("/lots/{}/draft", stage.lot);
    let priced = provider.post(&draft, json!({"version": 0, "price": "1.00"})).await;
    crate::account::refused(&priced, "price", "draft-no-price");
    provider.post(&draft, json!({"version": 0, "note": "两年质保"})).await.ok();
    assert!(provider.page(&format!("/lots/{}/bids/new", stage.lot)).await.ok().text.contains("两年质保"));
    // What is no commitment to an envelope for this place, or to one that is too large.
    let elsewhere = Commitment::to(&envelope, (&stage.tender, &id(), 1)).unwrap().line();
    let unhashed = stage.commitment(&envelope, 1).replace("\"envelope\":\"", "\"envelope\":\"0");
    for line in [elsewhere, unhashed, stage.commitment(&envelope, 2), stage.line_of(0, 1)] {
        assert_eq!(
            refusal(&stage.commit(&provider, &bid, &line, 1).await),
            (409, "commitment-differs".into()),
            "{line}"
        );
    }
    let too_large = stage.commit(&provider, &bid, &stage.line_of(41 * MB, 1), 1).await;
    assert_eq!(refusal(&too_large), (413, "envelope-too-large".into()));
    let too_much = stage.commit(&provider, &bid, &stage.line_of(30 * MB, 1), 1).await;
    assert_eq!(refusal(&too_much), (409, "envelope-quota".into()));
    assert_eq!(stage.world.count("SELECT count(*) FROM bid").await, 0);

    // Another ciphertext of the same length; then the right one.
    let upload = stage.committed(&provider, &bid, &envelope, 1).await;
    let mut exchanged = envelope.clone();
    exchanged[60_000] ^= 1;
    assert_eq!(refusal(&upload.patch(0, &exchanged).await), (422, "upload-differs".into()));
    assert_eq!(upload.offset().await, 0);
    let seen = provider.get(&format!("/bids/{bid}")).await.ok().json();
    assert_eq!(seen["upload"]["refused"], "upload-differs");
    assert!(provider.page(&format!("/bids/{bid}")).await.ok().text.contains("与承诺的哈希不符"));
    upload.patch(0, &envelope).await.ok();
    // Replaced by what is no envelope at all: the one before is forgotten, and so is its upload.
    let garbage = bytes(50_000);
    let line = Commitment::of(50_000, sha256(&garbage), "age1", (&stage.tender, &stage.lot, 2)).line();
    let done = stage.commit(&provider, &bid, &line, 2).await.ok().json();
    assert_eq!(upload.head().await.status, 404);
    let second = Tus::of(&provider, &text(&done, "upload")).await;
    assert_eq!(refusal(&second.patch(0, &garbage).await), (422, "envelope-malformed".into()));
    // Given up by its bidder, and begun anew under another id.
    let piece = second.meant("PATCH").header("content-type", "application/offset+octet-stream");
    let piece = second.browser.send(piece.header("upload-offset", "0").body(garbage[..10_000].to_vec())).await.ok();
    assert_eq!((piece.status.as_u16(), piece.header("upload-offset")), (204, "10000"));
    let given_up = second.browser.send(second.meant("DELETE")).await;
    assert_eq!((given_up.status.as_u16(), second.head().await.status.as_u16()), (204, 404));
    let anew = second.create(&bid, 50_000).await.ok();
    assert_ne!(anew.header("location"), second.path);
    // Replaced once more while a part has come; withdrawn at last.
    let part = Tus::of(&provider, anew.header("location").trim_start_matches("/uploads/")).await;
    part.patch(0, &garbage[..10_000]).await.ok();
    let third = stage.committed(&provider, &bid, &envelope, 3).await;
    assert_eq!(part.patch(10_000, &garbage[10_000..]).await.status, 404);
    third.patch(0, &envelope[..10_000]).await.ok();
    provider.post(&format!("/bids/{bid}/withdrawal"), json!({"version": 3})).await.ok();
    assert_eq!(third.head().await.status, 404);
    stage.world.settle().await;
    assert_eq!(parts(&stage.world), Vec::<PathBuf>::new());
    assert_eq!(stage.world.count("SELECT count(*) FROM bid_upload").await, 0);
    let drafts = "SELECT count(*) FROM bid_draft WHERE length(content) > 0";
    assert_eq!(stage.world.count(drafts).await, 0, "it went with the commitment");
    let left = stage.world.app.blobs().list(app::app::REGION).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
}

/// The deadline of a stage's tender.
async fn deadline(stage: &Stage) -> Timestamp {
    let shown = stage.buyer.get(&format!("/tenders/{}", stage.tender)).await.ok().json();
    text(&shown["tender"], "deadline").parse().unwrap()
}

/// Three bids whose ciphertexts came, and one that is committed to: with its bidder, its envelope, and how long its tender takes bids.
async fn three_and_one(stage: &Stage) -> (Browser, String, Vec<u8>, Timestamp) {
    for fen in [100, 200, 300] {
        stage.bid(fen).await;
    }
    let (provider, bid, deadline) = (stage.world.member("provider").await, id(), deadline(stage).await);
    let envelope = stage.seal(&provider, 400).await;
    stage.world.until(deadline - SignedDuration::from_secs(60)).await;
    let provider = stage.world.again(&provider).await;
    (provider, bid, envelope, deadline)
}

#[tokio::test]
async fn without_grace_a_ciphertext_that_has_not_come_at_the_deadline_does_not_count() {
    let stage = Stage::new().await;
    let (provider, bid, envelope, deadline) = three_and_one(&stage).await;
    let upload = stage.committed(&provider, &bid, &envelope, 1).await;
    upload.patch(0, &envelope[..2000]).await.ok();
    stage.world.clock.set(deadline);
    assert_eq!(refusal(&upload.patch(2000, &envelope[2000..]).await), (410, "upload-ended".into()));
    assert_eq!(upload.head().await.status, 410);
    stage.world.settle().await;
    assert_eq!(stage.state().await, "closed");
    assert_eq!(upload.head().await.status, 410);
    let seen = provider.get(&format!("/bids/{bid}")).await.ok().json();
    assert_eq!(seen["bid"]["state"], "incomplete");
    assert!(told(&provider, "密文没有按时传完").await);
    assert!(provider.page(&format!("/bids/{bid}")).await.ok().text.contains("不计入投标家数"));
    assert_eq!(parts(&stage.world), Vec::<PathBuf>::new());
    assert_eq!(stage.world.count("SELECT count(*) FROM opening_box").await, 3);
}

#[tokio::test]
async fn with_grace_the_commitment_decides_and_nothing_opens_before_the_grace_is_over() {
    let mut stage = Stage::within(World::new().await, "quotation").await;
    let (provider, bid, envelope, deadline) = three_and_one(&stage).await;
    let page = provider.page(&format!("/tenders/{}", stage.tender)).await.ok().text;
    assert!(page.contains("截止后10分钟内传完"), "who bids is told of it");
    let upload = stage.committed(&provider, &bid, &envelope, 1).await;
    upload.patch(0, &envelope[..2000]).await.ok();
    // Past the deadline nobody commits any more, and what was committed to goes on.
    stage.world.until(deadline + SignedDuration::from_mins(9)).await;
    let late = stage.commit(&provider, &bid, &stage.line_of(5000, 2), 2).await;
    assert_eq!(refusal(&late), (409, "deadline-passed".into()));
    assert_eq!(stage.state().await, "published");
    let tender = stage.tender.parse().unwrap();
    let early = app::sourcing::tender::key::release(&stage.world.app, tender).await;
    assert_eq!(early.err().unwrap().code, "opening-not-yet");
    upload.patch(2000, &envelope[2000..]).await.ok();
    stage.world.until(deadline + SignedDuration::from_mins(10)).await;
    assert_eq!(stage.state().await, "closed");
    assert_eq!(stage.world.count("SELECT count(*) FROM opening_box").await, 4, "all four count");
    for at in 0..2 {
        stage.officers[at].0 = stage.world.again(&stage.officers[at].0).await;
        stage.give(at).await.ok();
    }
    // A quotation's record is not everybody's.
    let buyer = stage.world.again(&stage.buyer).await;
    let record = buyer.get(&format!("/tenders/{}/opening", stage.tender)).await.ok().json();
    let bids = record["lots"][0]["bids"].as_array().unwrap();
    let prices: Vec<_> = bids.iter().map(|bid| bid["price"].clone()).collect();
    assert_eq!(prices, [100, 200, 300, 400]);
}

#[tokio::test]
async fn a_server_that_is_killed_or_has_no_room_loses_nothing_that_it_has_acknowledged() {
    const MB: usize = 1024 * 1024;
    let stage = Stage::within(World::timed(Clock::system()).await, "open").await;
    let Some(faults) = Faults::ready(stage.world.folder.path()) else { return };
    let (provider, bid) = (stage.world.member("provider").await, id());
    let secret = secret(&stage.world, &provider).await;
    // No envelope: to seal one takes a program for tests longer than all the rest.
    let envelope = bytes(20 * MB);
    let place = (&*stage.tender, &*stage.lot, 1);
    let line = Commitment::of(envelope.len() as u64, sha256(&envelope), "age1", place).line();
    let done = stage.commit(&provider, &bid, &line, 1).await.ok().json();
    let upload = Tus::of(&provider, &text(&done, "upload")).await;
    let program = Program::start(&stage.world, |command| faults.under(command)).await;
    let there = upload.by(&provider.at_root(&program.root)).await;
    there.patch(0, &envelope[..MB]).await.ok();
    // The disk is full: said so, and the offset is what it was.
    faults.fail("write", "/uploads/", FULL);
    assert_eq!(refusal(&there.patch(MB, &envelope[MB..4 * MB]).await), (507, "upload-no-room".into()));
    assert_eq!(there.offset().await, MB as u64);
    faults.end();
    // Killed in the middle of a piece: what it had noted is there, and the rest is sent from where it says.
    let line = there.begin(&program.root, &secret, (MB, envelope.len() - MB), &envelope[MB..14 * MB]).await;
    let noted = until("some of it is noted", async || Some(there.offset().await).filter(|at| *at > MB as u64)).await;
    drop(program);
    drop(line);
    let program = Program::start(&stage.world, |command| faults.under(command)).await;
    let there = upload.by(&provider.at_root(&program.root)).await;
    let from = there.offset().await;
    assert!(from >= noted, "{from} of {noted}");
    let from = usize::try_from(from).unwrap();
    // Every byte is what was sent: the hash of the whole holds, and only then it is seen that it is no envelope.
    assert_eq!(refusal(&there.patch(from, &envelope[from..]).await), (422, "envelope-malformed".into()));
    drop(program);
    assert_eq!(upload.offset().await, 0);
}
