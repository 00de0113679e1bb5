//! The watermark of a page that is looked at: who looks, and when, all over it. It is drawn into the picture, so that it
//! stays with every copy of what was on the screen.

use super::encode;
use font8x8::legacy::BASIC_LEGACY;
use image::{ImageFormat, Rgb, RgbImage};

/// A line stands in every so many heights of a character.
const LINES: u32 = 9;

/// How much of the ink one sees, of 256: enough to be read, little enough to read what is under it.
const INK: u16 = 92;

/// The page with this text all over it, as a JPEG. Characters other than ASCII are left out.
///
/// # Errors
/// When the page is none of ours.
pub fn marked(page: &[u8], text: &str) -> image::ImageResult<Vec<u8>> {
    let mut picture = image::load_from_memory_with_format(page, ImageFormat::Jpeg)?.into_rgb8();
    mark(&mut picture, text);
    encode(&picture)
}

fn mark(picture: &mut RgbImage, text: &str) {
    let (width, height) = picture.dimensions();
    let scale = (width / 560).max(1);
    let text = format!("{text}     ");
    let line = u32::try_from(text.len()).unwrap_or(1) * 8 * scale;
    let step = 8 * scale * LINES;
    for row in 0..=height / step {
        // Each line begins elsewhere, so that no cut goes between them.
        let shift = (row * line * 2 / 5) % line;
        for start in (0..width + line).step_by(line.max(1) as usize) {
            write(picture, &text, (i64::from(start) - i64::from(shift), i64::from(row * step + step / 3)), scale);
        }
    }
}

/// Writes a text with its upper left corner here; what is outside the picture is left out.
fn write(picture: &mut RgbImage, text: &str, (left, top): (i64, i64), scale: u32) {
    for (place, byte) in text.bytes().enumerate() {
        let Some(glyph) = BASIC_LEGACY.get(usize::from(byte)) else { continue };
        let start = left + (place as i64) * 8 * i64::from(scale);
        for (y, bits) in glyph.iter().enumerate() {
            for x in (0..8).filter(|x| bits >> x & 1 == 1) {
                dot(picture, (start + x * i64::from(scale), top + y as i64 * i64::from(scale)), scale);
            }
        }
    }
}

fn dot(picture: &mut RgbImage, (left, top): (i64, i64), scale: u32) {
    for (x, y) in (0..scale).flat_map(|x| (0..scale).map(move |y| (left + i64::from(x), top + i64::from(y)))) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { continue };
        if let Some(pixel) = picture.get_pixel_mut_checked(x, y) {
            blend(pixel);
        }
    }
}

/// Red on what is light, and on what is dark.
fn blend(pixel: &mut Rgb<u8>) {
    const COLOUR: [u16; 3] = [200, 40, 40];
    for (channel, colour) in pixel.0.iter_mut().zip(COLOUR) {
        let mixed = (u16::from(*channel) * (256 - INK) + colour * INK) / 256;
        *channel = u8::try_from(mixed).unwrap_or(u8::MAX);
    }
}
