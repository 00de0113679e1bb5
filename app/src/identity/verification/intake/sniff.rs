//! What a file is, told by its content and never by its name.

use image::ImageFormat;

/// What can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A photo or a scan.
    Photo(ImageFormat),
    /// A PDF.
    Paper,
}

/// Where other kinds of files begin: found inside a picture, they make it two files at once.
const BEGINNINGS: [&[u8]; 7] =
    [b"%PDF-", b"PK\x03\x04\x14\x00", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"<!DOCTYPE html", b"<script", b"<?php"];

/// The most bytes after a PDF's end: line ends, not a file.
const AFTER_END: usize = 1024;

/// What a file is.
///
/// # Errors
/// `file-kind`: none of ours; `file-heic`: a photo of a kind that browsers do not show; `file-two`: two files in one.
pub fn kind(content: &[u8]) -> Result<Kind, &'static str> {
    let kind = match infer::get(content).map(|found| found.mime_type()) {
        Some("image/jpeg") => Kind::Photo(ImageFormat::Jpeg),
        Some("image/png") => Kind::Photo(ImageFormat::Png),
        Some("application/pdf") => Kind::Paper,
        Some("image/heif" | "image/heic" | "image/avif") => return Err("file-heic"),
        _ => return Err("file-kind"),
    };
    let is_two = match kind {
        Kind::Photo(format) => has_another(content) || (format == ImageFormat::Png && !ends_with_its_end(content)),
        Kind::Paper => !content.starts_with(b"%PDF-") || goes_on_after_its_end(content) || has_archive(content),
    };
    if is_two { Err("file-two") } else { Ok(kind) }
}

fn has_another(content: &[u8]) -> bool {
    BEGINNINGS.iter().any(|beginning| memchr::memmem::find(content, beginning).is_some())
}

/// An archive beside the pages. (Attachments of a PDF are packed, and go with all that is not drawn.)
fn has_archive(content: &[u8]) -> bool {
    BEGINNINGS[1..4].iter().any(|beginning| memchr::memmem::find(content, beginning).is_some())
}

/// A PNG ends with its chunk `IEND`, whose check sum is always the same (PNG 3rd edition, 11.2.5).
fn ends_with_its_end(content: &[u8]) -> bool {
    content.ends_with(b"\0\0\0\0IEND\xaeB`\x82")
}

fn goes_on_after_its_end(content: &[u8]) -> bool {
    memchr::memmem::rfind(content, b"%%EOF").is_none_or(|end| content.len() - end > AFTER_END)
}
