//! The copy for reading: one page a language, without script, style or link, that any browser opens from a disk.

use crate::app::App;
use crate::web::Locale;
use crate::web::text::Words;
use askama::Template;
use serde_json::Value;

/// Entries of one kind, under one heading.
pub struct Section {
    word: &'static str,
    entries: Vec<Vec<(String, String)>>,
}

impl Section {
    /// From the same JSON that the machine-readable files hold.
    pub fn new(word: &'static str, entries: &[Value]) -> Self {
        Self { word, entries: entries.iter().map(facts).collect() }
    }
}

/// Names and values, one level deep; what is inside stands as JSON.
fn facts(entry: &Value) -> Vec<(String, String)> {
    let told = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let members = entry.as_object().into_iter().flatten();
    members.filter_map(|(name, value)| Some((name.clone(), told(value)?))).collect()
}

/// A section in the reader's words.
struct Told<'s> {
    heading: String,
    entries: &'s [Vec<(String, String)>],
}

#[derive(Template)]
#[template(path = "trust/export/read.html")]
struct Readable<'s> {
    language: &'static str,
    title: String,
    lead: String,
    none: String,
    sections: Vec<Told<'s>>,
}

/// The page.
///
/// # Panics
/// Never: the template has no filter that can fail.
pub fn page(app: &App, locale: Locale, sections: &[Section]) -> String {
    let words = Words::new(app.catalogue(), locale);
    let told = |section: &'_ Section| words.text(section.word, &[]);
    let page = Readable {
        language: locale.tag(),
        title: words.text("export-title", &[]),
        lead: words.text("export-read-lead", &[("at", app.clock().now().into())]),
        none: words.text("export-read-none", &[]),
        sections: sections.iter().map(|one| Told { heading: told(one), entries: &one.entries }).collect(),
    };
    page.render().expect("the template has no filter that can fail")
}
