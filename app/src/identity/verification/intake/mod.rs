//! What is handed in becomes pages: pictures that are drawn anew, pixel by pixel, so that nothing of the file is kept but
//! what one sees. What a camera or an office program notes beside (place, device, author, history), scripts, attachments and
//! a second file behind the first go with the file itself.

mod apart;
mod bomb;
mod clamd;
pub mod mark;
mod paper;
mod photo;
mod sniff;

use crate::web::{Broken, Error, Upload};
pub use apart::serve;
use bytes::Bytes;
use clamd::Verdict;
use image::{DynamicImage, ImageEncoder, codecs::jpeg::JpegEncoder, imageops::FilterType};
use sniff::Kind;
use std::net::SocketAddr;
use std::path::Path;
use tokio::sync::Semaphore;

/// The largest file, in bytes.
pub const LARGEST: usize = 8 * 1024 * 1024;

/// The most pages of a step.
pub const PAGES: usize = 6;

/// The longest side of a page, in pixels: A4 at some 200 dots an inch.
const LONGEST: u32 = 2_200;

/// The shortest side of a page: on less nobody reads a licence.
const SHORTEST: u32 = 240;

/// Quality of the pages, as JPEG has it.
const QUALITY: u8 = 82;

/// How many files are drawn at a time: a page of a large one takes some hundred megabytes.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A page, drawn anew: a JPEG without any metadata.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The JPEG.
    pub content: Bytes,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Draws the pages of some files, in order, each in a process of its own. A scanner, where there is one, has looked at each
/// before anything else does.
///
/// # Errors
/// The first rule that a file breaks, with its name; 503 `scanner-silent` while the scanner does not answer; 500.
pub async fn draw(
    files: Vec<Upload>,
    scanner: Option<SocketAddr>,
    drawer: &Path,
) -> Result<Result<Vec<Drawn>, Broken>, Error> {
    if let Err(rule) = is_clean(&files, scanner).await? {
        return Ok(Err(rule));
    }
    let mut pages = Vec::new();
    for file in files {
        let _turn = TURNS.acquire().await.map_err(Error::fault)?;
        match apart::draw(drawer, file.content, PAGES - pages.len().min(PAGES)).await? {
            Ok(drawn) => pages.extend(drawn),
            Err(rule) => return Ok(Err(Broken::rule(rule).with("file", file.name.as_str()))),
        }
    }
    Ok(Ok(pages))
}

/// Whether a scanner, where there is one, knows nothing against files.
///
/// # Errors
/// The rule that the first infected one breaks, with its name; 503 `scanner-silent` while the scanner does not answer.
pub async fn is_clean(files: &[Upload], scanner: Option<SocketAddr>) -> Result<Result<(), Broken>, Error> {
    let Some(scanner) = scanner else { return Ok(Ok(())) };
    for file in files {
        match clamd::look(scanner, &file.content).await {
            Ok(Verdict::Clean) => {}
            Ok(Verdict::Found) => return Ok(Err(Broken::rule("file-virus").with("file", file.name.as_str()))),
            Err(why) => {
                tracing::warn!(%why, "clamd gives no verdict: nothing is taken in");
                return Err(Error::unavailable("scanner-silent"));
            }
        }
    }
    Ok(Ok(()))
}

/// The pages of one file, at most so many.
fn one(content: &Bytes, left: usize) -> Result<Vec<Drawn>, &'static str> {
    pictures(content, left)?.into_iter().map(page).collect()
}

fn pictures(content: &Bytes, left: usize) -> Result<Vec<DynamicImage>, &'static str> {
    if content.len() > LARGEST {
        return Err("file-too-large");
    }
    if left == 0 {
        return Err("file-too-many-pages");
    }
    match sniff::kind(content)? {
        Kind::Photo(format) => Ok(vec![photo::read(content, format)?]),
        Kind::Paper => paper::read(content, left),
    }
}

/// Small enough to be looked at, large enough to be read.
fn page(picture: DynamicImage) -> Result<Drawn, &'static str> {
    if picture.width().min(picture.height()) < SHORTEST {
        return Err("file-too-small");
    }
    let is_long = picture.width().max(picture.height()) > LONGEST;
    let picture = if is_long { picture.resize(LONGEST, LONGEST, FilterType::Triangle) } else { picture };
    let picture = picture.into_rgb8();
    let content = encode(&picture).map_err(|_| "file-broken")?;
    Ok(Drawn { content: content.into(), width: picture.width(), height: picture.height() })
}

/// A JPEG of nothing but pixels.
fn encode(picture: &image::RgbImage) -> image::ImageResult<Vec<u8>> {
    let mut content = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut content, QUALITY);
    encoder.write_image(picture, picture.width(), picture.height(), image::ExtendedColorType::Rgb8)?;
    Ok(content)
}

#[cfg(test)]
mod tests;
