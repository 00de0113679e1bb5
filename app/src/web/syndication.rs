//! Parts of an Atom feed (RFC 4287) that the rooms with a feed share.

use super::text::Locale;
use super::{Context, Error};
use atom_syndication as atom;
use jiff::Timestamp;

/// The media type.
pub const ATOM: &str = "application/atom+xml";

/// How long others may keep a feed: they ask again each time.
pub const ANEW: &str = "public, max-age=0, must-revalidate";

/// An instant as feeds have it.
///
/// # Errors
/// 500 for one that they cannot have.
pub fn instant(at: Timestamp) -> Result<atom::FixedDateTime, Error> {
    at.to_string().parse().map_err(Error::fault)
}

/// Plain text.
pub fn plain(text: &str) -> atom::Text {
    atom::Text::plain(legal(text))
}

/// Somebody by their name.
pub fn person(name: &str, uri: Option<String>) -> atom::Person {
    atom::Person { name: legal(name), uri, ..atom::Person::default() }
}

/// A link.
pub fn link(rel: &str, href: String, mime_type: &str) -> atom::Link {
    atom::Link { rel: rel.to_owned(), href, mime_type: Some(mime_type.to_owned()), ..atom::Link::default() }
}

/// Without the signs that XML 1.0 cannot hold (2.2).
pub fn legal(text: &str) -> String {
    let is_legal = |sign: char| matches!(sign, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}');
    text.chars().filter(|sign| is_legal(*sign)).collect()
}

/// The tag of the language that a feed's address names, if it names one.
pub fn language(context: &Context) -> Option<&'static str> {
    let mut pairs = url::form_urlencoded::parse(context.query.as_bytes());
    let tag = pairs.find(|(name, _)| name == "lang").map(|(_, tag)| tag.into_owned())?;
    Locale::of(&tag).map(Locale::tag)
}

/// The feed as it is served.
///
/// # Errors
/// 500 when it cannot be written.
pub fn written(feed: &atom::Feed) -> Result<String, Error> {
    let bytes = feed.write_to(Vec::new()).map_err(Error::fault)?;
    String::from_utf8(bytes).map_err(Error::fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn whatever_a_title_holds_is_read_back(title in "[<>&\"'\\]\u{0}\u{8}\u{FFFE}招标 ]{0,20}|.{0,20}") {
            let entry = atom::Entry { title: plain(&title), id: "urn:uuid:0".into(), ..atom::Entry::default() };
            let feed = atom::Feed { entries: vec![entry], ..atom::Feed::default() };
            let read = atom::Feed::read_from(written(&feed).expect("written").as_bytes()).expect("well-formed");
            let bare = |text: &str| text.chars().filter(|sign| !sign.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(bare(&read.entries[0].title.value), bare(&legal(&title)));
        }
    }
}
