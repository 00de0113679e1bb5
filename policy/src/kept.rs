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
