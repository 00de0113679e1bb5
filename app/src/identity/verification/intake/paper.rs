//! A PDF, drawn page by page. Its fonts, scripts, forms, links, attachments and notes stay behind.

use super::{LONGEST, bomb};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{DynamicImage, RgbImage};

/// The longest side of a page, in points: A0 with a margin.
const WIDEST: f32 = 4_000.0;

/// The pages as pictures.
///
/// # Errors
/// `file-encrypted`, `file-packed`, `file-too-many-pages` when there are more than `most`, `file-broken`.
pub fn read(content: &[u8], most: usize) -> Result<Vec<DynamicImage>, &'static str> {
    if memchr::memmem::find(content, b"/Encrypt").is_some() {
        return Err("file-encrypted");
    }
    if bomb::is_one(content, bomb::MOST) {
        return Err("file-packed");
    }
    let pdf = Pdf::new(content.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => "file-encrypted",
        LoadPdfError::Invalid => "file-broken",
    })?;
    let pages = pdf.pages();
    match pages.len() {
        0 => return Err("file-broken"),
        count if count > most => return Err("file-too-many-pages"),
        _ => {}
    }
    let cache = RenderCache::new();
    pages.iter().map(|page| draw(page, &cache)).collect()
}

fn draw<'a>(page: &'a Page<'a>, cache: &RenderCache<'a>) -> Result<DynamicImage, &'static str> {
    let (width, height) = page.render_dimensions();
    let longest = width.max(height);
    if !(1.0..=WIDEST).contains(&longest) || width.min(height) < 1.0 {
        return Err("file-too-many-pixels");
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand pixels are exact")]
    let scale = LONGEST as f32 / longest;
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let drawn = render(page, cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
    // On white nothing shines through: three of the four channels are the picture.
    let rgb = drawn.data_as_u8_slice().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let picture = RgbImage::from_raw(drawn.width().into(), drawn.height().into(), rgb);
    picture.map(DynamicImage::ImageRgb8).ok_or("file-broken")
}
