//! Documents of the demo's companies: drawn here, so that nobody's real papers are needed. ASCII, as the letters are.

use super::client::Failed;
use font8x8::legacy::BASIC_LEGACY;
use image::{ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

const WHITE: Rgb<u8> = Rgb([252, 251, 247]);
const INK: Rgb<u8> = Rgb([38, 42, 46]);
const RED: Rgb<u8> = Rgb([190, 40, 40]);

/// A page with these lines, in a frame; sealed in red or not.
pub(super) fn page(lines: &[&str], sealed: bool) -> Result<Vec<u8>, Failed> {
    let mut picture = RgbImage::from_pixel(1000, 700, WHITE);
    for at in 30..970 {
        [30, 669].into_iter().for_each(|y| picture.put_pixel(at, y, INK));
    }
    for at in 30..670 {
        [30, 969].into_iter().for_each(|x| picture.put_pixel(x, at, INK));
    }
    for (row, line) in (0_u32..).zip(lines) {
        write(&mut picture, line, (70, 80 + row * 56), if row == 0 { 4 } else { 2 });
    }
    if sealed {
        seal(&mut picture);
    }
    let mut content = Vec::new();
    picture.write_to(&mut Cursor::new(&mut content), ImageFormat::Png).map_err(Failed::because)?;
    Ok(content)
}

fn write(picture: &mut RgbImage, text: &str, (left, top): (u32, u32), scale: u32) {
    for (place, byte) in (0_u32..).zip(text.bytes()) {
        let Some(glyph) = BASIC_LEGACY.get(usize::from(byte)) else { continue };
        for (y, bits) in (0_u32..).zip(glyph) {
            for x in (0..8).filter(|x| bits >> x & 1 == 1) {
                let (x, y) = (left + (place * 8 + x) * scale, top + y * scale);
                let dots = (0..scale).flat_map(|dx| (0..scale).map(move |dy| (x + dx, y + dy)));
                dots.filter(|(x, y)| *x < 970 && *y < 670).for_each(|(x, y)| picture.put_pixel(x, y, INK));
            }
        }
    }
}

/// A round seal, lower right.
fn seal(picture: &mut RgbImage) {
    for (x, y) in (0..160_i32).flat_map(|x| (0..160_i32).map(move |y| (x, y))) {
        let distance = (x - 80).pow(2) + (y - 80).pow(2);
        if (66 * 66..74 * 74).contains(&distance) || distance < 18 * 18 {
            picture.put_pixel(780 + x.unsigned_abs(), 480 + y.unsigned_abs(), RED);
        }
    }
}
