//! Values and errors between this module and PostgreSQL's client.

use super::{Cell, Error, Value};
use std::error::Error as StdError;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{Format, FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked};

pub(super) fn references<'v>(values: impl IntoIterator<Item = &'v Value>) -> Vec<&'v (dyn ToSql + Sync)> {
    values.into_iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// The same for a text that the server has not seen: it infers types as it does for a prepared one, and reads words. Bytes go as they are.
pub(super) fn typed<'v>(values: impl IntoIterator<Item = &'v Value>) -> Vec<(&'v (dyn ToSql + Sync), Type)> {
    let of = |value: &'v Value| match value {
        Value::Bytes(_) => (value as &(dyn ToSql + Sync), Type::BYTEA),
        _ => (value as &(dyn ToSql + Sync), Type::UNKNOWN),
    };
    values.into_iter().map(of).collect()
}

impl Value {
    /// Whether it goes as a word that the server reads: for what the server is to infer, and for a type of another kind, as it went there
    /// the first time. What a statement takes the first time it takes the third.
    fn is_word_for(&self, ty: &Type) -> bool {
        match self {
            Self::Int(_) => !matches!(*ty, Type::INT4 | Type::INT8),
            Self::Text(_) => *ty == Type::UNKNOWN || !<&str as ToSql>::accepts(ty),
            Self::Null | Self::Bytes(_) => false,
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if self.is_word_for(ty) => number.to_string().to_sql(&Type::TEXT, out),
            Self::Text(text) if self.is_word_for(ty) => text.to_sql(&Type::TEXT, out),
            Self::Int(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Self::Int(number) => number.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Bytes(bytes) if *ty == Type::BYTEA => bytes.to_sql(ty, out),
            other => Err(format!("{other:?} cannot be sent as {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, ty: &Type) -> Format {
        if self.is_word_for(ty) { Format::Text } else { Format::Binary }
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Cell::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Cell::Int(i32::from_sql(ty, raw)?.into()),
            Type::BYTEA => Cell::Bytes(raw),
            _ => Cell::Text(std::str::from_utf8(raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Cell::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::BYTEA | Type::TEXT | Type::VARCHAR | Type::NAME)
    }
}

pub(super) fn cause(error: &tokio_postgres::Error) -> Error {
    let text = describe(error);
    match error.code() {
        Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED => {
            Error::Again(text)
        }
        Some(code) if code.code().starts_with("23") => Error::Constraint(text),
        // A broken connection, a server that ends or starts, a server whose disk fails.
        Some(code) if ["08", "57P", "58"].iter().any(|class| code.code().starts_with(class)) => Error::Gone(text),
        Some(code) if *code == SqlState::DISK_FULL => Error::Full,
        // Too many connections, no memory, or a time limit of the server's own.
        Some(code) if code.code().starts_with("53") || *code == SqlState::QUERY_CANCELED => Error::Busy(text),
        Some(_) => Error::Engine(text),
        None if error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>()) => {
            Error::Gone(text)
        }
        None => Error::Engine(text),
    }
}

/// The server's own words: the client's `Display` says only "db error". Never the `DETAIL`, which quotes the row.
pub(super) fn describe(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{}: {}", db.code().code(), db.message()),
        None => match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}
