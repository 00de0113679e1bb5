//! What a run measures, as its arguments say: `quick`, an engine's name, names of figures. Without names all are measured.

use std::time::Duration;

/// What to measure, and for how long.
pub struct Plan {
    /// Shorter, once instead of three times, and without the largest database: to see that everything works.
    pub quick: bool,
    words: Vec<String>,
}

/// The engines, as arguments and figures name them.
pub const ENGINES: [&str; 2] = ["sqlite", "postgresql"];

impl Plan {
    /// From the program's arguments.
    pub fn new(arguments: impl Iterator<Item = String>) -> Self {
        let (quick, words): (Vec<_>, Vec<_>) = arguments.partition(|word| word == "quick");
        Self { quick: !quick.is_empty(), words }
    }

    /// Whether this engine is measured.
    pub fn measures(&self, engine: &str) -> bool {
        let mut engines = self.words.iter().filter(|word| ENGINES.contains(&word.as_str())).peekable();
        engines.peek().is_none() || engines.any(|word| word == engine)
    }

    /// Whether any of these figures is wanted.
    pub fn wants(&self, figures: &[&str]) -> bool {
        let mut names = self.words.iter().filter(|word| !ENGINES.contains(&word.as_str())).peekable();
        names.peek().is_none() || names.any(|name| figures.contains(&name.as_str()))
    }

    /// How long one case is measured in one round.
    pub fn time(&self) -> Duration {
        if self.quick { Duration::from_millis(300) } else { Duration::from_secs(1) }
    }

    /// How often every case is measured; the median counts.
    pub fn rounds(&self) -> usize {
        if self.quick { 1 } else { 3 }
    }

    /// How long the program runs before its memory is read.
    pub fn rest(&self) -> Duration {
        Duration::from_secs(if self.quick { 5 } else { 60 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(words: &[&str]) -> Plan {
        Plan::new(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn no_name_means_all() {
        let all = plan(&["quick"]);
        assert!(all.quick && all.measures("sqlite") && all.wants(&["list"]));
        let one = plan(&["postgresql", "unit-bid"]);
        assert!(!one.measures("sqlite") && one.measures("postgresql"));
        assert!(one.wants(&["list", "unit-bid"]) && !one.wants(&["list"]));
    }
}
