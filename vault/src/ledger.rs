//! Openings of concurrent pages are recorded together: one transaction compares the standing of all their subjects and
//! appends all their rows.

use std::sync::Arc;

use kit::{
    db::{self, Db},
    gather::Gather,
};
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
    gather: Gather<Record, Result<Outcome, db::Error>>,
    figures: Arc<Figures>,
}

impl Ledger {
    pub fn new(db: Db, versions: Versions) -> Ledger {
        let figures = Arc::<Figures>::default();
        let noted = figures.clone();
        let gather = Gather::new(TOGETHER, move |records: Vec<Record>| {
            noted.together.observe(records.len() as f64);
            Box::pin(write(db.clone(), versions, records))
        });
        Ledger { gather, figures }
    }

    /// Answers when the record is durable, whether its page still waits or not. Whoever does not get `Ok` may not
    /// decrypt.
    pub async fn append(&self, record: Record) -> Result<Generations, Error> {
        let recorded = self.gather.ask(record).await.unwrap_or(Err(db::Error::Closed));
        let recorded = recorded.map_err(Error::Db).and_then(|outcome| outcome.map_err(Error::Refused));
        self.figures.note(&recorded);
        recorded
    }

    pub fn figures(&self) -> &Figures {
        &self.figures
    }
}

/// All or none: a failure of the database is everybody's.
async fn write(db: Db, versions: Versions, records: Vec<Record>) -> Vec<Result<Outcome, db::Error>> {
    let count = records.len();
    match db.write::<_, db::Error>(move |tx| append(tx, &records, versions)).await {
        Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error); count],
    }
}
