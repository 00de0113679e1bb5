//! Files are decoded apart: what breaks a decoder ends its process, and neither the platform nor the request.

use super::{CASE, give, pages, photo};
use crate::account::refused;
use crate::people::Applicant;
use crate::world::World;
use std::os::unix::fs::PermissionsExt;

/// Zeros as LZW has them (PDF 32000-1, 7.4.4): codes of 9 to 12 bits, each one zero longer than the one before, from the
/// beginning again when the table is full. A round is 5 KB and unpacks to 7 MB.
fn zeros(rounds: usize) -> Vec<u8> {
    const CLEAR: u32 = 256;
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0_u32);
    let mut emit = |code: u32, width: u32| {
        held = held << width | code;
        bits += width;
        while bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    };
    for round in 0..rounds {
        emit(CLEAR, if round == 0 { 9 } else { 12 });
        for code in 0..3_836 {
            let entries = 258 + u32::saturating_sub(code, 1);
            let width = 9 + [511, 1023, 2047].iter().filter(|size| entries >= **size).count() as u32;
            emit(if code == 0 { 0 } else { 257 + code }, width);
        }
    }
    emit(257, 12);
    emit(0, 7);
    bytes
}

/// A paper of one page with this content, packed by this filter.
fn paper(filter: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n\
         3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R>>\nendobj\n\
         4 0 obj\n<</Filter/{filter}/Length {}>>\nstream\n",
        content.len()
    );
    [head.as_bytes(), content, b"\nendstream\nendobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF\n"].concat()
}

#[tokio::test]
async fn a_paper_that_fills_the_memory_ends_its_own_process_alone() {
    let world = World::new().await;
    let member = world.applicant(&Applicant::new("provider")).await;
    give(&member, "licence", &paper("LZWDecode", &zeros(1))).await.ok();
    let bomb = paper("LZWDecode", &zeros(400));
    assert!(bomb.len() < 3_000_000, "{} bytes", bomb.len());
    refused(&give(&member, "letter", &bomb).await, "pages", "file-packed");
    give(&member, "letter", &photo()).await.ok();
    let case = member.get(CASE).await.ok().json()["case"].clone();
    assert_eq!((pages(&case, "licence").len(), pages(&case, "letter").len()), (1, 1));
}

#[tokio::test]
async fn whatever_the_process_does_is_a_refusal_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for (script, rule) in [
        ("kill -ABRT $$", "file-packed"),
        ("exit 101", "file-broken"),
        ("printf unheard-of; exit 3", "file-broken"),
        ("printf file-encrypted; exit 3", "file-encrypted"),
        ("printf rubbish; exit 0", "file-broken"),
        ("exit 0", "file-broken"),
    ] {
        let program = folder.path().join("drawer");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        let world = World::configured(|config| config.drawer.clone_from(&program)).await;
        let member = world.applicant(&Applicant::new("provider")).await;
        refused(&give(&member, "licence", &photo()).await, "pages", rule);
    }
}
