//! Verification: handed in step by step, reviewed by one at a time, mended where it was refused.

mod apart;
mod appeal;
mod attest;
mod bank;
pub mod demand;
mod document;
mod level;
mod opening;
mod own;
pub mod person;
mod recheck;
mod review;
mod sample;
mod scanner;
mod twin;

use crate::people::Applicant;
use crate::world::{Answer, Browser, World};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};
use serde_json::{Value, json};

/// The company's own case.
pub const CASE: &str = "/company/verification/company";

/// A photo, and in it where it was taken and with what: a segment that viewers do not show.
pub fn photo() -> Vec<u8> {
    let picture = RgbImage::from_fn(640, 400, |x, y| Rgb([(x % 251) as u8, (y % 241) as u8, 200]));
    let mut plain = Vec::new();
    JpegEncoder::new(&mut plain).write_image(&picture, 640, 400, ExtendedColorType::Rgb8).unwrap();
    let note = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0 GPS 31.2304N Canon EOS 5D";
    let length = u16::try_from(note.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], b"\xff\xe1", &length, note, &plain[2..]].concat()
}

/// Hands a file in for a step.
pub async fn give(member: &Browser, step: &str, content: &[u8]) -> Answer {
    member.upload(&format!("{CASE}/steps/{step}"), &[], &[("pages", "周小舟的执照.jpg", content)]).await
}

/// A company that has handed everything in: its member, and the address of the case on the desk.
pub async fn handed_in(world: &World, side: &str) -> (Browser, String) {
    let member = world.applicant(&Applicant::new(side)).await;
    let case = hand_in(&member).await;
    (member, case)
}

/// Hands in every step, and the case. Answers its address on the desk.
pub async fn hand_in(member: &Browser) -> String {
    for step in ["licence", "letter"] {
        give(member, step, &photo()).await.ok();
    }
    let case = member.post(&format!("{CASE}/handing-in"), json!({})).await.ok().json();
    format!("/desk/verifications/{}", case["id"].as_str().expect("an id"))
}

/// Every step is accepted.
pub fn accepted() -> Value {
    json!({
        "licence": "accept", "licence_checks": ["name", "code", "valid"],
        "letter": "accept", "letter_checks": ["seal", "person", "scope"],
    })
}

/// The licence is accepted, the letter is not.
pub fn one_refused() -> Value {
    json!({
        "licence": "accept", "licence_checks": ["name", "code", "valid"],
        "letter": "refuse", "letter_reason": "授权书没有盖章，请盖章后重新拍摄",
    })
}

/// Another reviewer.
pub async fn second(world: &World) -> Browser {
    world.operator_of("13900139001", "second@operator.example").await
}

/// The pages of a step, as a reader has them.
pub fn pages(case: &Value, step: &str) -> Vec<Value> {
    let steps = case["steps"].as_array().expect("steps");
    let found = steps.iter().find(|one| one["step"] == step).expect("the step");
    found["pages"].as_array().expect("pages").clone()
}

/// The status and the code of a refusal.
pub fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}
