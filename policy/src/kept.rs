//! How long what is kept outlives its use, beside the classes of the matrix.

/// How long back-ups of keys are kept: `retention.toml`.
#[derive(Debug)]
pub struct KeyBackup {
    /// Days from its making.
    pub days: u32,
    /// As it is told.
    pub zh: &'static str,
    /// As it is told.
    pub en: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
}

/// A table with rows of persons: `retention.toml`.
#[derive(Debug)]
pub struct KeptTable {
    /// Its name.
    pub name: &'static str,
    /// The columns that name a person, or hold a sealed or hashed value of theirs.
    pub columns: &'static [&'static str],
    /// The class of the matrix, or `journey`.
    pub class: &'static str,
    /// What ends its rows.
    pub ends: &'static str,
}
