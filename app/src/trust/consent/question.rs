//! The question about one function, in plain words: what, which data, who gets them, until when. Its text is what is
//! hashed and kept with the answer, and the page shows exactly its lines.

use crate::web::Locale;
use crate::web::text::{Arg, Words};
use aws_lc_rs::digest::{SHA256, digest};
use policy::PurposeEntry;
use schemars::JsonSchema;
use serde::Serialize;

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The person, for themselves.
    Person,
    /// A company, for its people.
    Company,
}

/// A question as it is shown.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ConsentQuestion")]
pub struct Question {
    /// What the function is called.
    pub title: String,
    /// What it is about, line by line.
    pub lines: Vec<Line>,
    /// The language of the words.
    pub language: &'static str,
    /// SHA-256 of title and lines, each `label: value` on a line of its own: what an answer carries and the ledger keeps.
    pub text_sha256: String,
    /// The policy's version that it is asked under: the one that whoever answers has accepted.
    pub version: &'static str,
}

/// A line of a question.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ConsentQuestionLine")]
pub struct Line {
    /// Which side of it.
    pub label: String,
    /// In plain words.
    pub words: String,
}

impl Question {
    /// The question about a function, in the words' language.
    pub fn new(asked: Asked, purpose: &'static PurposeEntry, words: &Words) -> Self {
        let locale = words.locale;
        let uses: Vec<_> = purpose.rows().collect();
        let fields = uses.iter().filter_map(|row| policy::field_named(row.field));
        let recipients = uses.iter().filter_map(|row| policy::recipient_named(row.recipient));
        let kept = fields.clone().map(|field| {
            let (name, class) = (local(locale, field.zh, field.en), field.retention.entry());
            let args = [("field", Arg::from(name)), ("time", Arg::from(local(locale, class.zh, class.en)))];
            words.text("consent-kept-line", &args)
        });
        let months = [("n", Arg::from(i64::from(purpose.consent_months.unwrap_or(0))))];
        let mut lines = vec![
            ("consent-what", local(locale, purpose.zh, purpose.en).to_owned()),
            ("consent-fields", listed(locale, fields.map(|field| local(locale, field.zh, field.en).to_owned()))),
            ("consent-recipients", listed(locale, recipients.map(|one| local(locale, one.zh, one.en).to_owned()))),
            ("consent-kept", listed(locale, kept)),
            ("consent-until", words.text("consent-until-months", &months)),
            ("consent-basis", words.text("consent-basis-words", &[])),
            ("consent-end", words.text("consent-end-words", &[])),
        ];
        if asked == Asked::Company {
            lines.push(("consent-effect", words.text("consent-effect-words", &[])));
        } else if purpose.company_authorises {
            lines.push(("consent-company", words.text("consent-company-words", &[])));
        }
        let lines =
            lines.into_iter().map(|(label, text)| Line { label: words.text(label, &[]), words: text }).collect();
        let title = title(purpose.id, words);
        Self { title, lines, language: locale.tag(), text_sha256: String::new(), version: policy::current().id }
            .hashed()
    }

    /// The same, asked of somebody who has accepted this version.
    pub fn under(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    /// The whole of it, as it is kept with the answer.
    pub fn text(&self) -> String {
        let lines = self.lines.iter().map(|line| format!("{}: {}", line.label, line.words));
        std::iter::once(self.title.clone()).chain(lines).collect::<Vec<_>>().join("\n")
    }

    fn hashed(self) -> Self {
        Self { text_sha256: hex::encode(digest(&SHA256, self.text().as_bytes()).as_ref()), ..self }
    }
}

/// The question that a person is asked about a function, by its purpose; none for what is no additional function.
pub fn asked_of(purpose: &str, words: &Words) -> Option<Question> {
    let purpose = policy::additional().find(|one| one.id == purpose)?;
    Some(Question::new(Asked::Person, purpose, words))
}

/// What a function is called.
pub fn title(purpose: &str, words: &Words) -> String {
    words.find(&format!("consent-function-{purpose}"), &[]).unwrap_or_else(|| purpose.to_owned())
}

fn local<'t>(locale: Locale, zh: &'t str, en: &'t str) -> &'t str {
    match locale {
        Locale::Zh => zh,
        Locale::En => en,
    }
}

/// Each once, in the order of the matrix.
fn listed(locale: Locale, all: impl Iterator<Item = String>) -> String {
    let mut once: Vec<String> = Vec::new();
    for one in all {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    once.join(local(locale, "；", "; "))
}
