//! A flat JSON object: every name with its values, as they were written. Nothing is dropped and nothing rounded: a name
//! that is given twice is found by the parser of its field, a number keeps all its digits.

use super::error::Error;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Names and values, in their order; of a list each value.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Flat {
    /// Each name with its values.
    pub fields: Vec<(String, Vec<String>)>,
}

impl Flat {
    /// Reads an object.
    ///
    /// # Errors
    /// 400 `json` when it is none, `json-nested` when a value is an object, or a list with anything but texts, numbers,
    /// true, false and null.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let members: Members<'_> = serde_json::from_slice(body).map_err(|_| Error::malformed("json"))?;
        let fields = members.0.into_iter().map(|(name, value)| Ok((name, values(value)?)));
        Ok(Self { fields: fields.collect::<Result<_, Error>>()? })
    }
}

fn values(value: &RawValue) -> Result<Vec<String>, Error> {
    if !value.get().starts_with('[') {
        return Ok(vec![text(value)?]);
    }
    let list: Vec<&RawValue> = serde_json::from_str(value.get()).map_err(|_| Error::malformed("json"))?;
    list.into_iter().map(text).collect()
}

/// A text without its quotes, and everything else as it stands.
fn text(value: &RawValue) -> Result<String, Error> {
    match value.get() {
        quoted if quoted.starts_with('"') => serde_json::from_str(quoted).map_err(|_| Error::malformed("json")),
        nested if nested.starts_with(['{', '[']) => Err(Error::malformed("json-nested")),
        "null" => Ok(String::new()),
        bare => Ok(bare.to_owned()),
    }
}

/// What an object holds, names that are there twice too.
struct Members<'b>(Vec<(String, &'b RawValue)>);

impl<'b> Deserialize<'b> for Members<'b> {
    fn deserialize<D: Deserializer<'b>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Collect)
    }
}

struct Collect;

impl<'b> Visitor<'b> for Collect {
    type Value = Members<'b>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'b>>(self, mut map: M) -> Result<Members<'b>, M::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Vec<(String, Vec<String>)>, &'static str> {
        Flat::read(body.as_bytes()).map(|flat| flat.fields).map_err(|error| error.code)
    }

    #[test]
    fn values_are_as_they_were_written() {
        let body = r#"{"price": 90071992547409.93, "ids": ["a", 1, true, null], "note": "\u4e2d\"", "none": null}"#;
        let one = |name: &str, values: &[&str]| (name.to_owned(), values.iter().map(|&v| v.to_owned()).collect());
        let fields = [
            one("price", &["90071992547409.93"]),
            one("ids", &["a", "1", "true", ""]),
            one("note", &["中\""]),
            one("none", &[""]),
        ];
        assert_eq!(read(body), Ok(fields.to_vec()));
    }

    #[test]
    fn a_name_twice_is_there_twice() {
        let names = read(r#"{"a": 1, "b": 2, "\u0061": 3}"#).unwrap().into_iter().map(|(name, _)| name);
        assert_eq!(names.collect::<Vec<_>>(), ["a", "b", "a"]);
    }

    #[test]
    fn what_is_no_flat_object_is_refused() {
        for body in ["", "[]", "1", "\"a\"", "{\"a\": 1,}", "{\"a\": 1} {}", "{\"a\": NaN}", "{\"a\": \"\\ud800\"}"] {
            assert_eq!(read(body), Err("json"), "{body}");
        }
        let deep = format!("{{\"a\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for body in ["{\"a\": {}}", "{\"a\": [[1]]}", "{\"a\": [{}]}", &deep] {
            assert_eq!(read(body), Err("json-nested"), "{}", &body[..10]);
        }
    }
}
