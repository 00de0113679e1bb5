//! The certificate on paper: one statement in two languages on A4, with the hash by which the log names it. The paper shows
//! it; what proves it is the signed file.

use crate::paper::{self, Sheet, Unset};
use crate::web::text::Words;
use evidence::Receipt;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

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
    paper::set(&paper.label("cancellation-certificate"), paper.sheet()?)
}

/// The statement's instants, in the order in which they come, by the keys of their labels.
const TIMES: [(&str, &str); 4] = [
    ("requested_at", "cancellation-requested-at"),
    ("erased_at", "cancellation-ended-at"),
    ("keys_destroyed_at", "cancellation-keys-at"),
    ("final_at", "cancellation-final-at"),
];

impl Paper {
    fn sheet(&self) -> Result<Sheet, Unset> {
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
        Ok(sheet)
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
