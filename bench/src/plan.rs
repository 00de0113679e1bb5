//! What a run measures, as its arguments say: `quick`, an engine's name, names of parts and figures. Without names all are
//! measured.

use crate::part;
use std::time::Duration;

/// What to measure, and for how long.
pub struct Plan {
    /// Shorter, once instead of three times, and without the largest database: to see that everything works.
    pub quick: bool,
    /// Only to list the names.
    pub names: bool,
    engines: Vec<String>,
    figures: Vec<&'static str>,
}

/// The engines, as arguments and figures name them.
pub const ENGINES: [&str; 2] = ["sqlite", "postgresql"];

impl Plan {
    /// From the program's arguments.
    ///
    /// # Errors
    /// A word that names nothing: a run that measures nothing would look like one that went well.
    pub fn new(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut plan = Self { quick: false, names: false, engines: Vec::new(), figures: Vec::new() };
        for word in arguments {
            match word.as_str() {
                "quick" => plan.quick = true,
                "names" => plan.names = true,
                engine if ENGINES.contains(&engine) => plan.engines.push(word),
                name => plan.figures.extend(meant(name)?),
            }
        }
        Ok(plan)
    }

    /// Whether this engine is measured.
    pub fn measures(&self, engine: &str) -> bool {
        self.engines.is_empty() || self.engines.iter().any(|one| one == engine)
    }

    /// Whether any of these figures is wanted.
    pub fn wants(&self, figures: &[&str]) -> bool {
        self.figures.is_empty() || self.figures.iter().any(|name| figures.contains(name))
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

/// The figures that a word names: one, or all of a part.
fn meant(word: &str) -> Result<Vec<&'static str>, String> {
    let of = |(part, figures): (&'static str, Vec<&'static str>)| {
        if part == word { figures } else { figures.into_iter().filter(|name| *name == word).collect() }
    };
    let found: Vec<_> = part::all().flat_map(of).collect();
    if found.is_empty() {
        return Err(format!("there is no part and no figure {word}; `names` lists them"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(words: &[&str]) -> Plan {
        Plan::new(words.iter().map(|word| (*word).to_owned())).unwrap()
    }

    #[test]
    fn no_name_means_all() {
        let all = plan(&["quick"]);
        assert!(all.quick && all.measures("sqlite") && all.wants(&["list"]));
        let one = plan(&["postgresql", "unit-bid"]);
        assert!(!one.measures("sqlite") && one.measures("postgresql"));
        assert!(one.wants(&["list", "unit-bid"]) && !one.wants(&["list"]));
    }

    #[test]
    fn a_part_is_all_its_figures_and_a_word_that_names_nothing_is_refused() {
        let part = plan(&["records", "search-1m"]);
        assert!(part.wants(&["record-get-8"]) && part.wants(&["search-1m"]) && !part.wants(&["search-10k"]));
        assert!(Plan::new(["record-gte".to_owned()].into_iter()).is_err());
    }
}
