//! Values on their way to a statement, and cells on their way back.

use super::Error;
use crate::id::Id;
use jiff::Timestamp;

/// A parameter of a statement. There are only these types: BIGINT, TEXT, BYTEA and NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// NULL of any type.
    Null,
    /// BIGINT: numbers, minor units of money, instants in µs, 0 and 1.
    Int(i64),
    /// TEXT.
    Text(String),
    /// BYTEA: ids, hashes, sealed values.
    Bytes(Vec<u8>),
}

/// The parameters of a statement in the order of `$1`, `$2`, …
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::db::Value::from($value)),*][..] };
}

macro_rules! from_value {
    ($($from:ty, $value:ident => $make:expr;)*) => {
        $(impl From<$from> for Value { fn from($value: $from) -> Self { $make } })*
    };
}

from_value! {
    i64, v => Value::Int(v);
    i32, v => Value::Int(v.into());
    u32, v => Value::Int(v.into());
    bool, v => Value::Int(v.into());
    &str, v => Value::Text(v.to_owned());
    &String, v => Value::Text(v.clone());
    String, v => Value::Text(v);
    &[u8], v => Value::Bytes(v.to_vec());
    &Vec<u8>, v => Value::Bytes(v.clone());
    Vec<u8>, v => Value::Bytes(v);
    Timestamp, v => Value::Int(v.as_microsecond());
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}
impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}
impl<T> From<Id<T>> for Value {
    fn from(id: Id<T>) -> Self {
        Self::Bytes(id.as_bytes().to_vec())
    }
}
impl<V: Into<Value>> From<Option<V>> for Value {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A column of a row, borrowed from the engine.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    /// NULL.
    Null,
    /// BIGINT (an int4 result is widened).
    Int(i64),
    /// TEXT.
    Text(&'a str),
    /// BYTEA.
    Bytes(&'a [u8]),
}

impl Cell<'_> {
    fn kind(self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "BIGINT",
            Self::Text(_) => "TEXT",
            Self::Bytes(_) => "BYTEA",
        }
    }
}

/// A row being read: each [`Row::next`] takes the following column of the SELECT list.
pub struct Row<'a> {
    cells: &'a dyn Fn(usize) -> Result<Cell<'a>, Error>,
    at: usize,
}

impl<'a> Row<'a> {
    pub(super) fn new(cells: &'a dyn Fn(usize) -> Result<Cell<'a>, Error>) -> Self {
        Self { cells, at: 0 }
    }

    /// The next column.
    ///
    /// # Errors
    /// [`Error::Column`] when it holds something else.
    #[expect(clippy::should_implement_trait, reason = "a row yields columns of different types")]
    pub fn next<T: FromCell>(&mut self) -> Result<T, Error> {
        let index = self.at;
        self.at += 1;
        let cell = (self.cells)(index)?;
        T::from_cell(cell).ok_or(Error::Column { index, expected: std::any::type_name::<T>(), found: cell.kind() })
    }
}

/// What a stored code means.
///
/// # Errors
/// [`Error::Engine`] for one that nobody knows.
pub fn coded<T>(code: &str, from: impl FnOnce(&str) -> Option<T>) -> Result<T, Error> {
    from(code).ok_or_else(|| Error::Engine(format!("unknown code {code}")))
}

/// What a column can be read as.
pub trait FromCell: Sized {
    /// The value, or `None` when the cell holds something else.
    fn from_cell(cell: Cell<'_>) -> Option<Self>;
}

macro_rules! from_cell {
    ($($to:ty, $pattern:pat => $make:expr;)*) => {
        $(impl FromCell for $to {
            fn from_cell(cell: Cell<'_>) -> Option<Self> { if let $pattern = cell { $make } else { None } }
        })*
    };
}

from_cell! {
    i64, Cell::Int(v) => Some(v);
    i32, Cell::Int(v) => v.try_into().ok();
    u32, Cell::Int(v) => v.try_into().ok();
    u64, Cell::Int(v) => v.try_into().ok();
    bool, Cell::Int(v) => Some(v != 0);
    String, Cell::Text(v) => Some(v.to_owned());
    Vec<u8>, Cell::Bytes(v) => Some(v.to_vec());
    Timestamp, Cell::Int(v) => Timestamp::from_microsecond(v).ok();
}

impl FromCell for Value {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        Some(match cell {
            Cell::Null => Self::Null,
            Cell::Int(number) => Self::Int(number),
            Cell::Text(text) => Self::Text(text.to_owned()),
            Cell::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
        })
    }
}
impl<const N: usize> FromCell for [u8; N] {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Bytes(bytes) = cell { bytes.try_into().ok() } else { None }
    }
}
impl<T> FromCell for Id<T> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        <[u8; 16]>::from_cell(cell).map(Id::from_bytes)
    }
}
impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Null = cell { Some(None) } else { T::from_cell(cell).map(Some) }
    }
}
