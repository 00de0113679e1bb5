//! Openings of concurrent pages are recorded together: one transaction compares the standing of all their subjects and
//! appends all their rows.

use std::sync::Arc;

use kit::db::{Db, Shared};
use policy::Versions;

use crate::{
    Error, Figures,
    opening::{Generations, Outcome, Record, append},
};

/// How many records one transaction takes at most. More would make all pages wait for one flush at the same time, while
/// nobody has anything to do; fewer pay more often for what a transaction costs, whoever shares it.
const TOGETHER: usize = 32;

/// The one way into the table `opening`.
pub struct Ledger {
    shared: Shared<Record, Outcome>,
    figures: Arc<Figures>,
}

impl Ledger {
    pub fn new(db: &Db, versions: Versions) -> Ledger {
        let figures = Arc::<Figures>::default();
        let noted = figures.clone();
        let shared = Shared::writing(db, TOGETHER, move |tx, records: &[Record]| {
            noted.together.observe(records.len() as f64);
            append(tx, records, versions)
        });
        Ledger { shared, figures }
    }

    /// Answers when the record is durable, whether its page still waits or not. Whoever does not get `Ok` may not
    /// decrypt.
    pub async fn append(&self, record: Record) -> Result<Generations, Error> {
        let recorded = self.shared.ask(record).await.map_err(Error::Db);
        let recorded = recorded.and_then(|outcome| outcome.map_err(Error::Refused));
        self.figures.note(&recorded);
        recorded
    }

    pub fn figures(&self) -> &Figures {
        &self.figures
    }
}
