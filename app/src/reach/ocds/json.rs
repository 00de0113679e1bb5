//! JSON whose numbers stay the text that they were written as: money never becomes a float on the way.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// How deep values may lie in each other. serde_json refuses deeper ones of its own; this reader asks it anew at each level.
const DEEPEST: usize = 100;

/// A JSON value.
#[derive(Clone, Debug)]
pub enum Node {
    /// Members by name.
    Object(BTreeMap<String, Node>),
    /// Values in order.
    List(Vec<Node>),
    /// A text, number, `true`, `false` or `null`, as it was written.
    Leaf(Box<RawValue>),
}

impl Node {
    /// Reads a text.
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn read(text: &str) -> serde_json::Result<Node> {
        let whole: &RawValue = serde_json::from_str(text)?;
        Self::of(whole, 0)
    }

    fn of(raw: &RawValue, depth: usize) -> serde_json::Result<Node> {
        if depth > DEEPEST {
            return Err(serde_json::Error::custom("values lie too deep in each other"));
        }
        Ok(match raw.get().as_bytes().first() {
            Some(b'{') => {
                let members: BTreeMap<String, &RawValue> = members(raw.get())?;
                let read = |(name, value): (String, &RawValue)| Self::of(value, depth + 1).map(|value| (name, value));
                Self::Object(members.into_iter().map(read).collect::<serde_json::Result<_>>()?)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(raw.get())?;
                Self::List(items.into_iter().map(|item| Self::of(item, depth + 1)).collect::<serde_json::Result<_>>()?)
            }
            _ => Self::Leaf(raw.to_owned()),
        })
    }

    /// A text as a value.
    pub fn text_of(text: &str) -> Node {
        let quoted = serde_json::to_string(text).unwrap_or_else(|_| "null".to_owned());
        Self::Leaf(RawValue::from_string(quoted).expect("a text in quotes is JSON"))
    }

    /// A member; none where this is no object, or the member is `null`.
    pub fn get(&self, name: &str) -> Option<&Node> {
        let Self::Object(members) = self else { return None };
        members.get(name).filter(|value| !value.is_null())
    }

    /// The value at a path of members: `tender/title`.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('/').try_fold(self, |node, name| node.get(name))
    }

    /// The values of a list; of what is none, none.
    pub fn items(&self) -> &[Node] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The values of a member that is a list.
    pub fn list(&self, name: &str) -> &[Node] {
        self.get(name).map_or(&[], Node::items)
    }

    /// A text.
    pub fn text(&self) -> Option<String> {
        let Self::Leaf(raw) = self else { return None };
        serde_json::from_str(raw.get()).ok()
    }

    /// A number, as it was written.
    pub fn number(&self) -> Option<&str> {
        let Self::Leaf(raw) = self else { return None };
        let is_number = raw.get().starts_with(|first: char| first == '-' || first.is_ascii_digit());
        is_number.then(|| raw.get())
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Leaf(raw) if raw.get() == "null")
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }
}

/// The members of an object; where a name stands twice the last counts, as it does for most readers.
fn members(text: &str) -> serde_json::Result<BTreeMap<String, &RawValue>> {
    serde_json::from_str(text)
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(members) => members.serialize(serializer),
            Self::List(items) => items.serialize(serializer),
            Self::Leaf(raw) => raw.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::of(&raw, 0).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_as_they_were_written() {
        let text = r#"{"a":12345678901234567890.10,"b":[1e2,-0.00,{"c":"\u00e9"}],"d":null}"#;
        let node = Node::read(text).expect("JSON");
        assert_eq!(node.at("a").and_then(Node::number), Some("12345678901234567890.10"));
        assert_eq!(node.list("b")[2].get("c").and_then(Node::text).as_deref(), Some("é"));
        assert_eq!(node.get("d").map(Node::is_null), None);
        assert_eq!(serde_json::to_string(&node).expect("JSON"), text);
    }

    #[test]
    fn what_is_no_json_or_too_deep_is_refused() {
        for text in ["", "{", "{\"a\":1}}", "nul", "[1,]"] {
            assert!(Node::read(text).is_err(), "{text}");
        }
        assert!(Node::read(&format!("{}{}", "[".repeat(5_000), "]".repeat(5_000))).is_err());
    }
}
