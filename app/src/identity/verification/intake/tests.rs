//! Files that are what they say, and files that are not.

use super::*;
use image::{ExtendedColorType, Rgb, RgbImage};
use std::io::Write;

fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x % 251) as u8, (y % 241) as u8, 90]))
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encode(&picture(width, height)).unwrap()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut content = Vec::new();
    let (picture, encoder) = (picture(width, height), image::codecs::png::PngEncoder::new(&mut content));
    encoder.write_image(&picture, width, height, ExtendedColorType::Rgb8).unwrap();
    content
}

/// A PDF of so many pages.
fn pdf(pages: usize) -> Vec<u8> {
    let mut document = krilla::Document::new();
    for _ in 0..pages {
        document.start_page_with(krilla::page::PageSettings::from_wh(595.0, 842.0).unwrap()).finish();
    }
    document.finish().unwrap()
}

/// A JPEG with an APP1 segment: Exif with a place, and how the camera was held (6: a quarter turn to the right).
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let mut tiff = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    tiff.extend(b"GPSLatitude 31.2304 Canon EOS");
    let length = u16::try_from(tiff.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, &tiff, &jpeg[2..]].concat()
}

fn drawn(content: &[u8]) -> Result<Vec<Drawn>, &'static str> {
    one(&Bytes::copy_from_slice(content), PAGES)
}

#[test]
fn photos_and_papers_become_pages_without_anything_beside_the_pixels() {
    for content in [jpeg(900, 600), png(900, 600), with_exif(&jpeg(900, 600))] {
        let pages = drawn(&content).unwrap();
        assert_eq!(pages.len(), 1);
        let kept = &pages[0].content;
        assert!(kept.starts_with(b"\xff\xd8\xff") && !kept.windows(4).any(|four| four == b"Exif"));
        assert!(!kept.windows(5).any(|five| five == b"Canon"));
    }
    let turned = &drawn(&with_exif(&jpeg(900, 600))).unwrap()[0];
    assert_eq!((turned.width, turned.height), (600, 900), "upright as the camera was held");
    let paper = drawn(&pdf(3)).unwrap();
    assert_eq!(paper.len(), 3);
    assert!(paper.iter().all(|page| page.height == LONGEST && page.content.starts_with(b"\xff\xd8\xff")));
    let large = &drawn(&jpeg(5000, 2500)).unwrap()[0];
    assert_eq!((large.width, large.height), (LONGEST, LONGEST / 2));
}

#[test]
fn what_is_not_what_it_says_is_refused_with_its_rule() {
    let with = |content: &[u8], more: &[u8]| [content, more].concat();
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1";
    let cases: [(&str, Vec<u8>); 12] = [
        ("file-kind", b"<html><script>alert(1)</script>".to_vec()),
        ("file-kind", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec()),
        ("file-kind", b"MZ\x90\0\x03".to_vec()),
        ("file-kind", Vec::new()),
        ("file-heic", heic.to_vec()),
        ("file-two", with(&jpeg(300, 300), b"PK\x03\x04\x14\x00\x08\x00archive")),
        ("file-two", with(&png(300, 300), b"<?php system($_GET['c']); ?>")),
        ("file-two", with(&png(300, 300), &pdf(1))),
        ("file-two", with(&pdf(1), &vec![0; 5000])),
        ("file-broken", jpeg(300, 300)[..120].to_vec()),
        ("file-broken", b"%PDF-1.7 nothing %%EOF".to_vec()),
        ("file-too-small", jpeg(200, 900)),
    ];
    for (number, (rule, content)) in cases.iter().enumerate() {
        assert_eq!(drawn(content).err(), Some(*rule), "case {number}");
    }
    assert_eq!(drawn(&vec![0xff; LARGEST + 1]).err(), Some("file-too-large"));
    assert_eq!(drawn(&pdf(PAGES + 1)).err(), Some("file-too-many-pages"));
}

#[test]
fn what_grows_when_it_is_opened_is_refused_before_it_is_opened() {
    // A head that claims two hundred thousand pixels a side.
    let mut huge = png(300, 300);
    huge[16..24].copy_from_slice(&[0, 3, 13, 64, 0, 3, 13, 64]);
    assert!(["file-too-many-pixels", "file-broken"].contains(&drawn(&huge).unwrap_err()));
    let packed = |content: &[u8]| {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(content).unwrap();
        packer.finish().unwrap()
    };
    const MOST: u64 = 1024 * 1024;
    let once = packed(&vec![0; 3 * 1024 * 1024]);
    let twice = packed(&once);
    for (content, is_bomb) in [(once, true), (twice, true), (packed(b"a page"), false)] {
        let object = format!("%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode/Length {}>>\nstream\n", content.len());
        let paper = [object.as_bytes(), &content, b"\nendstream\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"].concat();
        assert_eq!(bomb::is_one(&paper, MOST), is_bomb, "{} bytes", paper.len());
    }
    let locked = [b"%PDF-1.7\ntrailer<</Encrypt 5 0 R/Root 1 0 R>>\n%%EOF\n".as_slice()].concat();
    assert_eq!(drawn(&locked).err(), Some("file-encrypted"));
}

#[test]
fn the_mark_is_all_over_the_page_and_in_it() {
    let white = RgbImage::from_pixel(1200, 1600, Rgb([255; 3]));
    let marked = mark::marked(&encode(&white).unwrap(), "REVIEW ONLY 0a1b2c3d 2026-11-23 09:00").unwrap();
    let marked = image::load_from_memory(&marked).unwrap().into_rgb8();
    assert_eq!(marked.dimensions(), white.dimensions());
    for (left, top) in [(0, 0), (600, 0), (0, 800), (600, 800)] {
        let part = image::imageops::crop_imm(&marked, left, top, 600, 800).to_image();
        let inked = part.pixels().filter(|pixel| pixel.0[1] < 220).count();
        assert!(inked > 1000 && inked < 600 * 800 / 4, "{inked} dots at {left}, {top}");
    }
    let other = mark::marked(&encode(&white).unwrap(), "REVIEW ONLY 99999999 2026-11-23 09:01").unwrap();
    assert_ne!(image::load_from_memory(&other).unwrap().into_rgb8(), marked, "who looks, and when");
}
