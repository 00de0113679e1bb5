//! Ids: a UUID that knows what it is the id of, so that a company's cannot be passed where a tender's belongs.

use crate::random::Random;
use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use uuid::Uuid;

/// The id of a `T`: 16 bytes in the database, the hyphenated form in addresses and JSON.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// An id that sorts by the time it was made (UUIDv7): for rows whose age is no secret.
    pub fn v7(at: Timestamp, random: &Random) -> Self {
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        Self::from(uuid::Builder::from_unix_timestamp_millis(millis, &random.bytes()).into_uuid())
    }

    /// No id that [`Id::v7`] makes at this instant or later sorts before this one: for finding rows by their time.
    pub fn v7_from(at: Timestamp) -> Self {
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        Self::from(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
    }

    /// An id that tells nothing (UUIDv4): for persons.
    pub fn v4(random: &Random) -> Self {
        Self::from(uuid::Builder::from_random_bytes(random.bytes()).into_uuid())
    }

    /// The id that a name has wherever and however often it is asked for (UUIDv8, RFC 9562, 5.8): the first bytes of a SHA-256.
    pub fn named(name: &[u8]) -> Self {
        let hash = digest(&SHA256, name);
        let bytes = std::array::from_fn(|at| hash.as_ref()[at]);
        Self::from(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// The id that these bytes are.
    #[inline]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self::from(Uuid::from_bytes(bytes))
    }

    /// The 16 bytes, as stored.
    #[inline]
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The same id, seen as the id of something else: an object that shares its owner's id.
    pub fn cast<U>(self) -> Id<U> {
        Id::from(self.0)
    }
}

impl<T> From<Uuid> for Id<T> {
    fn from(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.0.as_u128() == other.0.as_u128()
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    /// As the bytes do, by one number: sorting and looking up hundreds of ids is what a page of personal data costs.
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.as_u128().cmp(&other.0.as_u128())
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}
/// Only the hyphenated form of 36 characters: one thing has one address.
impl<T> FromStr for Id<T> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hyphenated: uuid::fmt::Hyphenated = text.parse()?;
        Ok(Self::from(hyphenated.into_uuid()))
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}
impl<T> JsonSchema for Id<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "uuid", "examples": ["01980000-0000-7000-8000-000000000001"]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_and_sort_by_time() {
        let random = Random::seeded(1);
        let at = |second| Timestamp::from_second(second).unwrap();
        let early = Id::<()>::v7(at(1_800_000_000), &random);
        let late = Id::<()>::v7(at(1_800_000_001), &random);
        assert!(early < late && Id::v7_from(at(1_800_000_000)) <= early && early < Id::v7_from(at(1_800_000_001)));
        assert_eq!(early.to_string().parse::<Id<()>>().unwrap(), early);
        assert!("{0}".parse::<Id<()>>().is_err());
        assert!(early.to_string().replace('-', "").parse::<Id<()>>().is_err());
    }
}
