//! Which tables hold rows of persons, and what ends them.

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
