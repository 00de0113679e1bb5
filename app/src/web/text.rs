//! Words in the reader's language: Fluent texts that every room brings along, Chinese first, English complete.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use unic_langid::LanguageIdentifier;

/// A language that the whole interface exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum Locale {
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Locale {
    /// Both, Chinese first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The language tag for `lang` attributes and headers.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The locale that a tag such as `zh`, `zh-CN` or `en-GB` means.
    pub fn of(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next()?.trim();
        if language.eq_ignore_ascii_case("zh") {
            Some(Self::Zh)
        } else if language.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// The one of two texts that is in this language.
    pub fn pick<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// The first language of an `Accept-Language` header that we have; Chinese otherwise.
    pub fn accepted(header: &str) -> Self {
        header.split(',').filter_map(|part| Self::of(part.split(';').next()?)).next().unwrap_or_default()
    }
}

/// The texts of one room in both languages, as `.ftl` source.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    /// Simplified Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

/// All texts of the program.
pub struct Catalogue {
    zh: Language,
    en: Language,
    zone: TimeZone,
}

struct Language {
    bundle: FluentBundle<FluentResource>,
    /// Messages without variables, formatted once.
    plain: HashMap<String, String>,
}

impl Catalogue {
    /// Puts the rooms' texts together; instants inside texts are told in this zone.
    ///
    /// # Panics
    /// When a text is malformed or two rooms use one key: a fault of the program, found by its first test.
    pub fn new(texts: &[Texts], zone: TimeZone) -> Self {
        let zh: Vec<_> = texts.iter().map(|texts| texts.zh).collect();
        let en: Vec<_> = texts.iter().map(|texts| texts.en).collect();
        Self { zh: Language::new(Locale::Zh, &zh), en: Language::new(Locale::En, &en), zone }
    }

    fn language(&self, locale: Locale) -> &Language {
        match locale {
            Locale::Zh => &self.zh,
            Locale::En => &self.en,
        }
    }
}

impl Language {
    fn new(locale: Locale, sources: &[&str]) -> Self {
        let tag: LanguageIdentifier = locale.tag().parse().expect("our language tags are well formed");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        let mut keys = Vec::new();
        for source in sources {
            let resource = FluentResource::try_new((*source).to_owned())
                .unwrap_or_else(|(_, errors)| panic!("malformed texts ({locale:?}): {errors:?}"));
            keys.extend(keys_of(source));
            bundle.add_resource(resource).unwrap_or_else(|errors| panic!("texts given twice: {errors:?}"));
        }
        let mut language = Self { bundle, plain: HashMap::new() };
        for key in keys {
            let mut errors = Vec::new();
            let pattern = language.bundle.get_message(key).and_then(|message| message.value());
            let Some(pattern) = pattern else { continue };
            let text = language.bundle.format_pattern(pattern, None, &mut errors).into_owned();
            if errors.is_empty() {
                language.plain.insert(key.to_owned(), text);
            }
        }
        language
    }

    fn text(&self, key: &str, args: &[(&str, Arg)], zone: &TimeZone) -> Option<String> {
        if let Some(text) = self.plain.get(key) {
            return Some(text.clone());
        }
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut values = FluentArgs::new();
        for (name, value) in args {
            values.set((*name).to_owned(), value.as_fluent(zone));
        }
        Some(self.bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned())
    }
}

/// The keys that a source declares: the words before ` =` at the start of a line.
pub fn keys_of(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let key = line.split(" =").next()?;
        let named = key.len() < line.len() && key.starts_with(|c: char| c.is_ascii_lowercase());
        (named && !key.contains(' ')).then_some(key)
    })
}

/// A value inside a text: a number chooses the plural form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Arg {
    /// A whole number.
    Number(i64),
    /// An instant, told to the second in the installation's zone.
    Instant(Timestamp),
    /// Anything else.
    Text(String),
}

impl Arg {
    fn as_fluent(&self, zone: &TimeZone) -> FluentValue<'_> {
        match self {
            Self::Number(number) => FluentValue::from(*number),
            Self::Instant(at) => {
                FluentValue::from(at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string())
            }
            Self::Text(text) => FluentValue::from(text.as_str()),
        }
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}
impl From<Timestamp> for Arg {
    fn from(at: Timestamp) -> Self {
        Self::Instant(at)
    }
}
impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// The catalogue, opened at one language.
#[derive(Clone)]
pub struct Words {
    catalogue: Arc<Catalogue>,
    /// The reader's language.
    pub locale: Locale,
}

impl Words {
    /// Opens the catalogue.
    pub fn new(catalogue: Arc<Catalogue>, locale: Locale) -> Self {
        Self { catalogue, locale }
    }

    /// The text of a key; the key in brackets when there is none, which no test lets pass.
    pub fn text(&self, key: &str, args: &[(&str, Arg)]) -> String {
        self.find(key, args).unwrap_or_else(|| format!("⟦{key}⟧"))
    }

    /// The text of a key, if there is one.
    pub fn find(&self, key: &str, args: &[(&str, Arg)]) -> Option<String> {
        self.catalogue.language(self.locale).text(key, args, &self.catalogue.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(locale: Locale) -> Words {
        let texts = Texts {
            zh: "greeting = 您好\nbids = 共 { $n } 份投标\n",
            en: "greeting = Hello\nbids = { $n ->\n    [one] one bid\n   *[other] { $n } bids\n}\n",
        };
        Words::new(Arc::new(Catalogue::new(&[texts], TimeZone::get("Asia/Shanghai").unwrap())), locale)
    }

    #[test]
    fn texts_speak_both_languages_and_count() {
        assert_eq!(words(Locale::Zh).text("greeting", &[]), "您好");
        assert_eq!(words(Locale::Zh).text("bids", &[("n", 3i64.into())]), "共 3 份投标");
        assert_eq!(words(Locale::En).text("bids", &[("n", 1i64.into())]), "one bid");
        assert_eq!(words(Locale::En).text("bids", &[("n", 2i64.into())]), "2 bids");
        let late = [("n", "2026-11-23T01:30:00.5Z".parse::<Timestamp>().unwrap().into())];
        assert_eq!(words(Locale::Zh).text("bids", &late), "共 2026-11-23 09:30:00 份投标");
        assert_eq!(words(Locale::En).text("absent", &[]), "⟦absent⟧");
    }

    #[test]
    fn the_readers_first_known_language_is_taken() {
        assert_eq!(Locale::accepted("fr;q=1, en-GB;q=0.8, zh;q=0.5"), Locale::En);
        assert_eq!(Locale::accepted(""), Locale::Zh);
    }
}
