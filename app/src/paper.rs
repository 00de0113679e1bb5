//! Sheets of A4 (纸面文件): lines that are broken to the page's width, set in one font that has Chinese and Latin. What is on one comes
//! from rooms.

use krilla::Document;
use krilla::geom::{Point, Size};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};

use crate::web::attachment;
use crate::web::text::{Arg, Words};
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Noto Sans CJK SC with the characters of GB 2312; see `app/fonts/README.md`.
const FONT: &[u8] = include_bytes!("../fonts/NotoSansSC-GB2312.otf");

/// A4 in points, and its margin.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 56.0;

/// Why there is no paper.
#[derive(Debug, thiserror::Error)]
#[error("the paper cannot be set: {0}")]
pub struct Unset(pub String);

/// A sheet as a file of this name.
pub fn file(name: &str, pdf: Vec<u8>) -> Response {
    attachment::file("application/pdf", name, pdf)
}

/// A line of the paper: how large, how far in, what it says.
struct Line {
    size: f32,
    indent: f32,
    text: String,
}

/// Sets a sheet as a PDF with this title. The same one gives the same text.
///
/// # Errors
/// [`Unset`] when the font cannot be read or the file not be written.
pub fn set(title: &str, sheet: Sheet) -> Result<Vec<u8>, Unset> {
    let font = Font::new(FONT.to_vec().into(), 0).ok_or_else(|| Unset("the font".to_owned()))?;
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).language("zh-CN".to_owned()));
    let mut rest = sheet.0.into_iter().peekable();
    while rest.peek().is_some() {
        let size = Size::from_wh(WIDTH, HEIGHT).ok_or_else(|| Unset("the page".to_owned()))?;
        let mut page = document.start_page_with(PageSettings::new(size));
        let mut surface = page.surface();
        let mut y = MARGIN;
        while let Some(line) = rest.next_if(|line| y + line.size * 1.6 < HEIGHT - MARGIN) {
            y += line.size * 1.6;
            draw(&mut surface, &font, &line, y);
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|why| Unset(format!("{why:?}")))
}

fn draw(surface: &mut Surface<'_>, font: &Font, line: &Line, y: f32) {
    let at = Point::from_xy(MARGIN + line.indent, y);
    surface.draw_text(at, font.clone(), line.size, &line.text, false, TextDirection::LeftToRight);
}

/// Lines, none wider than the page.
#[derive(Default)]
pub struct Sheet(Vec<Line>);

impl Sheet {
    /// A little room.
    pub fn gap(&mut self) {
        self.0.push(Line { size: 7.0, indent: 0.0, text: String::new() });
    }

    /// A text of one or several lines, of this size and so far in. It is broken between words, and between any two characters of Chinese.
    pub fn add(&mut self, size: f32, indent: f32, text: &str) {
        text.split('\n').for_each(|line| self.line(size, indent, line));
    }

    fn line(&mut self, size: f32, indent: f32, text: &str) {
        let room = (WIDTH - 2.0 * MARGIN - indent) / size;
        let (mut line, mut width) = (String::new(), 0.0);
        for word in words(text) {
            let wide: f32 = word.chars().map(em).sum();
            if width + wide > room && !line.is_empty() {
                self.0.push(Line { size, indent, text: line.trim_end().to_owned() });
                (line, width) = (String::new(), 0.0);
            }
            if !(line.is_empty() && word == " ") {
                line.push_str(word);
                width += wide;
            }
        }
        self.0.push(Line { size, indent, text: line });
    }
}

/// Words of a sheet, each in both languages.
pub struct Both<'a> {
    words: &'a [Words; 2],
    zone: &'a TimeZone,
}

impl<'a> Both<'a> {
    /// With these words; instants in this zone.
    pub fn new(words: &'a [Words; 2], zone: &'a TimeZone) -> Self {
        Self { words, zone }
    }

    /// A text in both.
    pub fn of(&self, key: &str, args: &[(&str, Arg)]) -> [String; 2] {
        self.words.each_ref().map(|words| words.text(key, args))
    }

    /// Beside each other, as a heading has them.
    pub fn beside(&self, key: &str) -> String {
        self.of(key, &[]).join("  ")
    }

    /// What something is, and the something.
    pub fn fact(&self, sheet: &mut Sheet, key: &str, value: &str) {
        sheet.add(10.0, 0.0, &format!("{}: {value}", self.beside(key)));
    }

    /// A text, one language below the other.
    pub fn told(&self, sheet: &mut Sheet, key: &str, args: &[(&str, Arg)]) {
        self.of(key, args).iter().for_each(|line| sheet.add(10.0, 0.0, line));
    }

    /// An instant.
    pub fn time(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M %:z").to_string()
    }
}

/// A sum as it stands on paper.
pub fn money(fen: i64) -> String {
    format!("CNY {}", kit::money::plain(fen))
}

/// What may not be broken: a run of Latin that is not endless, a space, a character of Chinese.
fn words(text: &str) -> Vec<&str> {
    let (mut words, mut start) = (Vec::new(), 0);
    for (at, c) in text.char_indices() {
        let ends = c == ' ' || !c.is_ascii();
        if ends {
            words.extend((start < at).then(|| &text[start..at]));
            start = at + c.len_utf8();
            words.push(&text[at..start]);
        } else if at - start == RUN {
            words.push(&text[start..at]);
            start = at;
        }
    }
    words.extend((start < text.len()).then(|| &text[start..]));
    words
}

/// A longer run of Latin is broken anywhere.
const RUN: usize = 40;

/// How wide a character is, in ems: full width for Chinese, at most so much for Latin.
fn em(c: char) -> f32 {
    if c.is_ascii() { 0.6 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_end_is_broken_and_each_line_stands_for_itself() {
        let mut sheet = Sheet::default();
        sheet.add(10.0, 0.0, &format!("{}\n第二行", "x".repeat(300)));
        let room = (WIDTH - 2.0 * MARGIN) / 10.0;
        assert!(sheet.0.iter().all(|line| line.text.chars().map(em).sum::<f32>() <= room));
        assert_eq!(sheet.0.iter().map(|line| line.text.matches('x').count()).sum::<usize>(), 300);
        assert_eq!(sheet.0.last().unwrap().text, "第二行");
    }

    #[test]
    fn no_line_is_wider_than_the_page_and_none_of_the_text_is_lost() {
        let text =
            "密钥的备份最多保存30天，到期后注销才最终完成。Back-ups of keys are kept for 30 days at most. ".repeat(4);
        let mut sheet = Sheet::default();
        sheet.add(10.0, 14.0, &text);
        let room = (WIDTH - 2.0 * MARGIN - 14.0) / 10.0;
        assert!(sheet.0.len() > 4);
        assert!(sheet.0.iter().all(|line| line.text.chars().map(em).sum::<f32>() <= room));
        let bare = |text: &str| text.replace(' ', "");
        assert_eq!(bare(&sheet.0.iter().map(|line| line.text.as_str()).collect::<String>()), bare(&text));
    }
}
