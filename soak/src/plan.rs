//! What a run is asked to do, and where its randomness comes from.

use kit::random::Random;
use std::path::PathBuf;

/// A run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The program that is killed.
    pub program: PathBuf,
    /// A PostgreSQL server on which two databases are made and dropped again; without one the databases are embedded.
    pub server: Option<String>,
    /// How often the program is killed.
    pub rounds: u64,
    /// What the moments of the kills and everything that is done follow from.
    pub seed: u64,
}

impl Plan {
    /// The database's name in the summary.
    pub fn database(&self) -> &'static str {
        if self.server.is_some() { "postgres" } else { "sqlite" }
    }

    /// The randomness of one part of one round: the same in each run with this seed, whatever the others draw.
    pub fn chance(&self, round: u64, part: Part) -> Random {
        let part = match part {
            Part::Kill => 0,
            Part::Buyer => 1,
            Part::Clerk => 2,
            Part::Registrar => 3,
            Part::Importer => 4,
            Part::Provider(number) => 16 + number as u64,
        };
        Random::seeded(self.seed.wrapping_mul(1_000_003).wrapping_add(round).wrapping_mul(1_009).wrapping_add(part))
    }
}

/// Who draws.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// The moment of the kill.
    Kill,
    /// Who publishes tenders.
    Buyer,
    /// Who moves deadlines.
    Clerk,
    /// Who registers.
    Registrar,
    /// Who imports.
    Importer,
    /// Who bids.
    Provider(usize),
}

/// Draws a number of milliseconds, for a moment between two.
pub fn between(random: &Random, least: u64, most: u64) -> std::time::Duration {
    std::time::Duration::from_millis(least + random.below(most - least))
}
