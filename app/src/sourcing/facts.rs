//! Events of a room, declared as a table: each with its kind, and with the ids and codes that it names.

/// Declares them.
macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $kind:literal { $($field:ident: $type:ty),* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
        #[expect(missing_docs, reason = "the ids are named by what they are of")]
        pub struct $name { $(pub $field: $type),* }
        impl kit::event::Fact for $name { const KIND: &'static str = $kind; }
    )*};
}

pub(crate) use facts;
