//! The certificate on paper: one statement in two languages on A4, with the hash by which the log names it. The paper shows
//! it; what proves it is the signed file.

use crate::web::text::Words;
use evidence::Receipt;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use krilla::Document;
use krilla::geom::{Point, Size};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use serde_json::Value;

/// Noto Sans CJK SC with the characters of GB 2312; see `app/fonts/README.md`.
const FONT: &[u8] = include_bytes!("../../../fonts/NotoSansSC-GB2312.otf");

/// A4 in points, and its margin.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 56.0;

/// Why there is no paper.
#[derive(Debug, thiserror::Error)]
#[error("the certificate cannot be set: {0}")]
pub struct Unset(String);

/// A line of the paper: how large, how far in, what it says.
struct Line {
    size: f32,
    indent: f32,
    text: String,
}

/// What the paper says of a certificate, in both languages.
pub struct Paper {
    pub receipt: Receipt,
    /// Chinese first.
    pub words: [Words; 2],
    pub zone: TimeZone,
}

/// Sets the certificate. The same one gives the same text.
///
/// # Errors
/// [`Unset`] when the font cannot be read or the file not be written.
pub fn set(paper: &Paper) -> Result<Vec<u8>, Unset> {
    let font = Font::new(FONT.to_vec().into(), 0).ok_or_else(|| Unset("the font".to_owned()))?;
    let mut document = Document::new();
    let title = paper.label("cancellation-certificate");
    document.set_metadata(Metadata::new().title(title).language("zh-CN".to_owned()));
    let mut rest = paper.lines()?.into_iter().peekable();
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

/// The statement's instants, in the order in which they come, by the keys of their labels.
const TIMES: [(&str, &str); 4] = [
    ("requested_at", "cancellation-requested-at"),
    ("erased_at", "cancellation-ended-at"),
    ("keys_destroyed_at", "cancellation-keys-at"),
    ("final_at", "cancellation-final-at"),
];

impl Paper {
    fn lines(&self) -> Result<Vec<Line>, Unset> {
        let mut sheet = Sheet::default();
        sheet.add(20.0, 0.0, &self.label("cancellation-certificate"));
        sheet.add(11.0, 0.0, &self.text("operator"));
        sheet.add(9.0, 0.0, &self.text("cancellation"));
        sheet.gap();
        for (name, label) in TIMES {
            sheet.add(11.0, 0.0, &format!("{}  {}", self.label(label), self.time(&self.receipt.statement[name])));
        }
        sheet.add(9.0, 14.0, &self.label("cancellation-final-why"));
        sheet.gap();
        sheet.add(13.0, 0.0, &self.label("cancellation-deleted"));
        for one in self.list("deleted") {
            sheet.add(10.0, 14.0, &format!("{} × {}", titled(&one["title"]), one["count"]));
        }
        sheet.gap();
        sheet.add(13.0, 0.0, &self.label("cancellation-kept"));
        for one in self.list("kept") {
            let law = one["law"].as_str().unwrap_or_default();
            sheet.add(10.0, 14.0, &format!("{}  → {}", titled(&one["title"]), self.time(&one["until"])));
            sheet.add(8.0, 28.0, law);
        }
        sheet.gap();
        for one in self.list("recipients") {
            sheet.add(10.0, 0.0, &titled(&one["title"]));
        }
        if !self.list("third_parties").is_empty() {
            sheet.add(10.0, 0.0, &self.label("cancellation-third-parties-text"));
        }
        for one in self.list("third_parties") {
            let address = one["account"].as_str().unwrap_or_default();
            sheet.add(10.0, 14.0, &format!("{}  {address}", titled(&one["name"])));
        }
        sheet.add(10.0, 0.0, &titled(&self.receipt.statement["stays"]));
        sheet.gap();
        sheet.add(10.0, 0.0, &self.label("cancellation-certificate-proves"));
        let hash = self.receipt.sha256().map_err(|flaw| Unset(flaw.to_string()))?;
        sheet.add(8.0, 0.0, &format!("SHA-256 {hash}"));
        sheet.add(8.0, 0.0, &self.receipt.key);
        Ok(sheet.0)
    }

    /// A text in both languages.
    fn label(&self, key: &str) -> String {
        let [zh, en] = self.words.each_ref().map(|words| words.text(key, &[]));
        format!("{zh}  {en}")
    }

    fn text(&self, name: &str) -> String {
        self.receipt.statement.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    fn list(&self, name: &str) -> &[Value] {
        self.receipt.statement.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn time(&self, value: &Value) -> String {
        let at = value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
        at.map_or_else(String::new, |at| {
            at.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%d %H:%M %:z").to_string()
        })
    }
}

fn titled(title: &Value) -> String {
    let part = |language: &str| title[language].as_str().unwrap_or_default().to_owned();
    format!("{}  {}", part("zh"), part("en"))
}

/// Lines, none wider than the page.
#[derive(Default)]
struct Sheet(Vec<Line>);

impl Sheet {
    fn gap(&mut self) {
        self.0.push(Line { size: 7.0, indent: 0.0, text: String::new() });
    }

    /// Breaks between words, and between any two characters of Chinese.
    fn add(&mut self, size: f32, indent: f32, text: &str) {
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

/// What may not be broken: a run of Latin, a space, a character of Chinese.
fn words(text: &str) -> Vec<&str> {
    let (mut words, mut start) = (Vec::new(), 0);
    for (at, c) in text.char_indices() {
        let ends = c == ' ' || !c.is_ascii();
        if ends {
            words.extend((start < at).then(|| &text[start..at]));
            start = at + c.len_utf8();
            words.push(&text[at..start]);
        }
    }
    words.extend((start < text.len()).then(|| &text[start..]));
    words
}

/// How wide a character is, in ems: full width for Chinese, at most so much for Latin.
fn em(c: char) -> f32 {
    if c.is_ascii() { 0.6 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

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
