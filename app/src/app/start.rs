//! What the program says when it cannot start.

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {why}")]
pub struct StartError {
    what: &'static str,
    why: String,
}

impl StartError {
    /// Names the store and what is wrong with it.
    pub fn new(what: &'static str, why: impl std::fmt::Display) -> Self {
        Self { what, why: why.to_string() }
    }
}
