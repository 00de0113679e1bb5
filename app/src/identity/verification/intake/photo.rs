//! A photo or a scan, decoded within limits.

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The longest side that is decoded, in pixels: more than the sensors of phones have.
const WIDEST: u32 = 16_000;

/// The most memory of a decoded picture, in bytes: some sixty megapixels.
const MEMORY: u64 = 256 * 1024 * 1024;

/// The picture, upright: how the camera was held is noted in the file, and goes with it.
///
/// # Errors
/// `file-too-many-pixels`, `file-broken`.
pub fn read(content: &[u8], format: ImageFormat) -> Result<DynamicImage, &'static str> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(WIDEST);
    limits.max_image_height = Some(WIDEST);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(content), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(rule)?;
    if decoder.total_bytes() > MEMORY {
        return Err("file-too-many-pixels");
    }
    let orientation = decoder.orientation().map_err(rule)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(rule)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn rule(error: image::ImageError) -> &'static str {
    if matches!(error, image::ImageError::Limits(_)) { "file-too-many-pixels" } else { "file-broken" }
}
